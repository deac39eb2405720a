#include "ua/answerer.h"

#include <fmt/format.h>

#include "sip/dialog.h"
#include "sip/name_addr.h"

namespace trunkbox::ua {

struct Answerer::Taken {
    std::uint64_t number;
    AnswerPlan plan;
    std::string call_id, from, to, offer;
    std::shared_ptr<Call> call;
    std::unique_ptr<Audio> audio;
    std::optional<std::string> description;  // our answer, once made (early media says it twice)
    std::string problem;
    sofia::Timer timer;
};

namespace {

std::string uri_of(std::string_view address) {
    auto parsed = sip::NameAddr::parse(address);
    return std::string(parsed ? parsed->uri : address);
}

// No stranger's call may fill the machine.
constexpr std::size_t most_calls = 10'000;

}  // namespace

Answerer::Answerer(Agent& agent, AnswerPlan plan, std::function<void(const CallReport&)> taken)
    : agent_(agent), plan_(std::move(plan)), taken_(std::move(taken)) {
    agent_.on_request([this](const Agent::Incoming& incoming) { take(incoming); });
}

Answerer::~Answerer() {
    for (auto& [number, taken] : calls_)
        if (taken->call) taken->call->forget();
    agent_.on_request({});
}

void Answerer::take(const Agent::Incoming& incoming) {
    if (incoming.id == 0) return;
    const auto& message = *incoming.message;
    bool in_dialog = !sip::tag_of(message.value(sip::HeaderName::to)).empty();
    if (in_dialog) return agent_.respond(incoming.id, sip::Message::response_to(message, 481));
    if (message.method() == "INVITE") return invite(incoming);
    if (message.method() == "OPTIONS") return options(incoming);
    auto response = sip::Message::response_to(message, 405);
    response.add("Allow", sip::call::allowed_methods);
    agent_.respond(incoming.id, response);
}

void Answerer::options(const Agent::Incoming& incoming) {
    // Section 11.2: what an INVITE would get now.
    int status = plan_.status == 200 || plan_.status >= 600 ? 200 : plan_.status;
    auto response = sip::Message::response_to(*incoming.message, status, status == 200 ? std::string{} : plan_.reason);
    response.set("To", fmt::format("{};tag={}", response.get("To"), agent_.ids().token()));
    response.add("Allow", sip::call::allowed_methods);
    response.add("Accept", "application/sdp");
    agent_.respond(incoming.id, response);
}

void Answerer::invite(const Agent::Incoming& incoming) {
    const auto& message = *incoming.message;
    auto number = ++arrived_;
    auto taken = std::make_unique<Taken>();
    taken->number = number;
    taken->plan = choose_ ? choose_(message) : plan_;
    if (calls_.size() >= most_calls) taken->plan.status = 503;
    taken->call_id = message.value(sip::HeaderName::call_id);
    taken->from = uri_of(message.value(sip::HeaderName::from));
    taken->to = message.request_uri();
    taken->offer = message.body();
    auto* borrowed = taken.get();
    calls_[number] = std::move(taken);
    Call::Observer observer{
        .progress = {},
        .established = [this, borrowed](const auto& e) { established(*borrowed, e); },
        .offered = [this, borrowed](const auto& e) { offered(*borrowed, e); },
        .ended = [this, number](const auto& e) { ended(number, e); },
    };
    sip::call::CalledSetup setup{.contact = "<" + agent_.uri() + ">",
                                 .headers = borrowed->plan.headers,
                                 .timing = borrowed->plan.timing};
    auto call = Call::take(agent_, std::move(setup), incoming, std::move(observer));
    if (!call) {  // refused for what it requires
        calls_.erase(number);
        return;
    }
    borrowed->call = std::move(call);
    if (borrowed->plan.delay > Duration{0})
        borrowed->timer = agent_.loop().after(borrowed->plan.delay, [this, borrowed] { respond_first(*borrowed); });
    else
        respond_first(*borrowed);
}

void Answerer::respond_first(Taken& taken) {
    const auto& plan = taken.plan;
    if (plan.status == 200) {
        auto config = plan.audio;
        config.seed = agent_.seed();
        if (!plan.media) config.capabilities.direction = media::Direction::inactive;
        auto audio = Audio::open(agent_.loop(), std::move(config));
        if (!audio) return taken.call->apply(sip::call::Reject{503, "No Media Port"});
        taken.audio = std::move(*audio);
        auto description = taken.offer.empty() ? Result<std::string>(taken.audio->offer())
                                               : taken.audio->answer(taken.offer);
        if (!description) {
            // RFC 3261 section 21.4.26: the Warning says why nothing in the offer will do.
            auto warning = fmt::format("399 {} {}", agent_.advertised().text(), sip::quote(description.error().what));
            return taken.call->apply(sip::call::Reject{488, {}, {{"Warning", warning}}});
        }
        taken.description = *description;
    }
    if (plan.ring <= Duration{0}) return decide(taken);
    bool early = plan.early_media && taken.description;
    taken.call->apply(sip::call::Ring{early ? 183 : 180, early ? *taken.description : std::string{}});
    if (early) taken.audio->begin();
    taken.timer = agent_.loop().after(plan.ring, [this, &taken] { decide(taken); });
}

void Answerer::decide(Taken& taken) {
    if (taken.plan.status != 200)
        taken.call->apply(sip::call::Reject{taken.plan.status, taken.plan.reason});
    else
        accept(taken);
}

void Answerer::accept(Taken& taken) {
    taken.call->apply(sip::call::Accept{taken.description.value_or("")});
    if (taken.audio) taken.audio->begin();
}

void Answerer::established(Taken& taken, const sip::call::Established& established) {
    // An INVITE without an offer: the ACK carries the answer to ours.
    if (taken.audio && taken.offer.empty()) {
        auto accepted = taken.audio->accept(established.body);
        if (!accepted) taken.problem = accepted.error().text();
    }
    if (taken.plan.duration > Duration{0})
        taken.timer = agent_.loop().after(taken.plan.duration, [audio = taken.audio.get(), call = taken.call] {
            // RFC 3261 section 15.1.1: no more media once the BYE is on its way.
            if (audio) audio->stop();
            call->apply(sip::call::HangUp{});
        });
}

void Answerer::offered(Taken& taken, const sip::call::Offered& offered) {
    if (!taken.audio) return taken.call->apply(sip::call::RefuseOffer{offered.id, 488});
    auto answer = offered.body.empty() ? Result<std::string>(taken.audio->offer()) : taken.audio->answer(offered.body);
    if (answer)
        taken.call->apply(sip::call::AnswerOffer{offered.id, *answer});
    else
        taken.call->apply(sip::call::RefuseOffer{offered.id, 488});
}

void Answerer::ended(std::uint64_t number, const sip::call::Outcome& outcome) {
    auto node = calls_.extract(number);
    if (node.empty()) return;
    auto& taken = *node.mapped();
    if (taken.audio) taken.audio->stop();
    CallReport report{.call_id = taken.call_id,
                      .from = taken.from,
                      .to = taken.to,
                      .outcome = outcome,
                      .wanted_media = taken.plan.media,
                      .audio = taken.audio ? taken.audio->report() : AudioReport{},
                      .problem = taken.problem};
    if (taken_) taken_(report);
}

void Answerer::hang_up() {
    // A call that ends takes itself out of the map.
    std::vector<std::shared_ptr<Call>> live;
    for (auto& [number, taken] : calls_) {
        if (taken->audio) taken->audio->stop();
        live.push_back(taken->call);
    }
    for (auto& call : live) call->apply(sip::call::HangUp{});
}

}  // namespace trunkbox::ua
