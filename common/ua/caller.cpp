#include "ua/caller.h"

#include "sip/name_addr.h"

namespace trunkbox::ua {

namespace {

std::string uri_in(const std::string& address) {
    auto parsed = sip::NameAddr::parse(address);
    return parsed ? std::string(parsed->uri) : address;
}

// Digits sent into an answer that the far end has not wired through yet would be lost.
constexpr Duration before_digits = 200ms;
// Between asking whether all digits are out.
constexpr Duration digit_check = 50ms;

}  // namespace

Result<std::unique_ptr<Caller>> Caller::place(Agent& agent, CallPlan plan,
                                              std::function<void(const CallReport&)> done) {
    std::unique_ptr<Caller> caller(new Caller(agent, std::move(plan), std::move(done)));
    // Without media a stream is offered all the same: an INVITE without an offer asks the far end for one.
    auto& config = caller->plan_.audio;
    if (!caller->plan_.media) config.capabilities.direction = media::Direction::inactive;
    auto audio = Audio::open(agent.loop(), config);
    if (!audio) return tl::unexpected(audio.error());
    caller->audio_ = std::move(*audio);
    caller->plan_.setup.offer = caller->audio_->offer();
    caller->dial();
    return caller;
}

Caller::~Caller() {
    if (call_) call_->forget();
}

void Caller::dial() {
    auto setup = plan_.setup;
    if (setup.call_id.empty()) plan_.setup.call_id = setup.call_id = agent_.call_id();
    if (setup.contact.empty()) setup.contact = "<" + agent_.uri("trunkbox") + ">";
    Call::Observer observer{
        .progress = [this](const auto& e) { progressed(e); },
        .established = [this](const auto& e) { established(e); },
        .offered = [this](const auto& e) { offered(e); },
        .ended = [this](const auto& e) { ended(e); },
    };
    call_ = Call::dial(agent_, std::move(setup), plan_.first_hop, std::move(observer));
}

void Caller::hang_up() {
    // RFC 3261 section 15.1.1: no more media once the BYE is on its way, however long its answer takes.
    audio_->stop();
    if (call_) call_->apply(sip::call::HangUp{});
}

void Caller::complain(const Error& error) {
    if (problem_.empty()) problem_ = error.text();
}

void Caller::progressed(const sip::call::Progress& progress) {
    // Early media: an answer in a provisional response (RFC 3960). A wrong one is told when the call is answered.
    if (!progress.body.empty()) (void)audio_->accept(progress.body);
}

void Caller::established(const sip::call::Established& established) {
    if (!established.body.empty()) {
        if (auto accepted = audio_->accept(established.body); !accepted && plan_.media) complain(accepted.error());
    } else if (plan_.media && !audio_->flowing()) {
        complain(Error{.what = "the far end answered without a session description"});
    }
    if (!plan_.digits.empty())
        timer_ = agent_.loop().after(before_digits, [this] { talk(); });
    else if (plan_.duration > Duration{0})
        timer_ = agent_.loop().after(plan_.duration, [this] { hang_up(); });
}

void Caller::talk() {
    if (auto sent = audio_->send_digits(plan_.digits); !sent) {
        complain(sent.error());
    }
    auto rest = std::max(Duration{0}, plan_.duration - before_digits);
    if (plan_.duration > Duration{0}) timer_ = agent_.loop().after(rest, [this] { hang_up_when_said(); });
}

void Caller::hang_up_when_said() {
    if (audio_->sending_digits())
        timer_ = agent_.loop().after(digit_check, [this] { hang_up_when_said(); });
    else
        hang_up();
}

void Caller::offered(const sip::call::Offered& offered) {
    if (offered.body.empty()) return call_->apply(sip::call::AnswerOffer{offered.id, audio_->offer()});
    auto answer = audio_->answer(offered.body);
    if (answer)
        call_->apply(sip::call::AnswerOffer{offered.id, *answer});
    else
        call_->apply(sip::call::RefuseOffer{offered.id, 488});
}

void Caller::ended(const sip::call::Outcome& outcome) {
    timer_ = {};
    audio_->stop();
    CallReport report{.call_id = plan_.setup.call_id,
                      .from = uri_in(plan_.setup.from),
                      .to = plan_.setup.uri,
                      .outcome = outcome,
                      .wanted_media = plan_.media,
                      .audio = audio_->report(),
                      .problem = problem_};
    done_(report);
}

}  // namespace trunkbox::ua
