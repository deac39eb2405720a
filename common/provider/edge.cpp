#include "provider/edge.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "provider/identity.h"
#include "sip/dialog.h"
#include "sip/name_addr.h"

namespace trunkbox::provider {

using output::Record;
using sip::HeaderName;
using sip::Message;

namespace {

// Whose account a request without credentials gives itself out for: that of the user in From, or the one whose number
// it shows as its caller. The challenge has to come in the algorithm of that account.
std::string claimed_account(const sip::MessageView& request, const std::vector<config::TrunkConfig>& trunks) {
    auto from = sip::NameAddr::parse(request.value(HeaderName::from));
    auto uri = from ? sip::UriView::parse(from->uri) : trunkbox::Result<sip::UriView>{sip::UriView{}};
    auto user = uri ? sip::unescape(uri->user) : std::string{};
    if (std::ranges::find(trunks, user, &config::TrunkConfig::username) != trunks.end()) return user;
    auto owner = std::ranges::find_if(trunks, [&](const auto& trunk) { return own_number(request, trunk).has_value(); });
    return owner == trunks.end() ? user : owner->username;
}

}  // namespace

trunkbox::Result<std::unique_ptr<Edge>> Edge::open(sofia::Loop& loop, Setup setup) {
    std::unique_ptr<Edge> edge(new Edge(std::move(setup)));
    auto* borrowed = edge.get();
    const auto& config = edge->setup_.config;
    auto outside = ua::Agent::open(loop, {.listen = config.listen,
                                          .user_agent = "trunkbox edge",
                                          .recorder = edge->setup_.recorder,
                                          .admit = [borrowed](const auto& d) { return borrowed->admit(d); },
                                          .sent = [borrowed](const auto& d) { borrowed->remember(d); }});
    if (!outside) return tl::unexpected(outside.error());
    auto inside = ua::Agent::open(
        loop, {.listen = {config.listen.ip, 0}, .user_agent = "trunkbox edge", .recorder = edge->setup_.recorder});
    if (!inside) return tl::unexpected(inside.error());
    edge->outside_ = std::move(*outside);
    edge->inside_ = std::move(*inside);
    edge->outside_->on_request([borrowed](const auto& incoming) { borrowed->from_outside(incoming); });
    edge->inside_->on_request([borrowed](const auto& incoming) { borrowed->from_inside(incoming); });
    edge->inside_->on_cancelled([borrowed](sip::TransactionId id) { borrowed->forget_invite(id); });
    return edge;
}

void Edge::tell(std::string kind, std::string text, Record detail) {
    if (setup_.tell)
        setup_.tell({outside_->loop().now(), "edge", std::move(kind), std::move(text), std::move(detail)});
}

// Before anything else reads the datagram: the bytes, the addresses, the time.
bool Edge::admit(const wire::Datagram& datagram) {
    sbc::Packet packet{.time = datagram.time, .from = datagram.from, .to = datagram.to, .bytes = datagram.bytes};
    auto view = sip::MessageView::read(datagram.bytes);
    auto verdict = judge_.judge(packet, view);
    if (verdict.action == sbc::Action::accept) return true;
    if (verdict.action == sbc::Action::non_sip) return false;
    if (verdict.action == sbc::Action::reject)
        outside_->send_raw(datagram.from, sbc::rejection(view, verdict, judge_.policy()).bytes());
    auto action = verdict.action == sbc::Action::reject ? fmt::format("rejected with {}", verdict.status)
                                                        : std::string(sbc::name(verdict.action));
    tell("refused",
         fmt::format("{} from {}: {} by rule {}: {}", view.is_request() ? printable(view.method()) : "response",
                     datagram.from.text(), action, verdict.rule, verdict.reason),
         {{"from", datagram.from.text()},
          {"action", sbc::name(verdict.action)},
          {"status", verdict.status == 0 ? output::Value{} : output::Value{verdict.status}},
          {"rule", verdict.rule},
          {"reason", verdict.reason},
          {"offset", verdict.offset}});
    return false;
}

// What goes out belongs to the transactions and dialogs by which the judge knows what may come in.
void Edge::remember(const wire::Datagram& datagram) {
    (void)judge_.judge({.time = datagram.time, .from = datagram.from, .to = datagram.to, .bytes = datagram.bytes});
}

void Edge::respond(ua::Agent& agent, const ua::Agent::Incoming& incoming, Message response) {
    if (sip::tag_of(response.get("To")).empty())
        response.set("To", fmt::format("{};tag={}", response.get("To"), agent.ids().token()));
    agent.respond(incoming.id, response);
}

void Edge::from_outside(const ua::Agent::Incoming& incoming) {
    if (incoming.id == 0) return;  // an ACK of nothing
    const auto& message = *incoming.message;
    auto method = message.method();
    if (!sip::tag_of(message.value(HeaderName::to)).empty())
        return respond(*outside_, incoming, Message::response_to(message, 481));
    if (method == "REGISTER") return pass_register(incoming);
    if (method == "OPTIONS") return answer_options(incoming);
    if (method == "INVITE") return call_out(incoming);
    auto refusal = Message::response_to(message, 405);
    refusal.add("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, REGISTER");
    respond(*outside_, incoming, std::move(refusal));
}

void Edge::answer_options(const ua::Agent::Incoming& incoming) {
    auto response = Message::response_to(*incoming.message, 200);
    response.add("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, REGISTER");
    response.add("Accept", "application/sdp");
    respond(*outside_, incoming, std::move(response));
}

// To the registrar, with the way back through us (RFC 3327 section 5.2).
void Edge::pass_register(const ua::Agent::Incoming& incoming) {
    auto request = Message::copy(*incoming.message);
    auto hops = parse_integer<unsigned>(request.get("Max-Forwards")).value_or(70);
    if (hops == 0) return respond(*outside_, incoming, Message::response_to(*incoming.message, 483));
    request.set("Max-Forwards", fmt::format("{}", hops - 1));
    request.remove("Route");
    request.remove("Via");  // the inside sees one Via, ours: nothing of the customer's network
    request.add("Path", fmt::format("<{};lr>", inside_->uri()));
    auto original = std::make_shared<std::string>(incoming.message->bytes());
    inside_->request(std::move(request), proxy_, [this, original, id = incoming.id](const ua::Reply& reply) {
        auto view = sip::MessageView::read(*original);
        if (reply.message == nullptr)
            return respond(*outside_, {id, &view, {}}, Message::response_to(view, 504));
        if (reply.message->status() < 200) return;
        auto response = Message::response_to(view, reply.message->status(), reply.message->reason());
        using enum HeaderName;
        for (const auto& header : reply.message->headers())
            for (auto passes : {contact, www_authenticate, min_expires, expires, retry_after, date, service_route})
                if (header.name == passes) response.add(sip::spelling(passes), header.value);
        respond(*outside_, {id, &view, {}}, std::move(response));
    });
}

const config::TrunkConfig* Edge::customer(const ua::Agent::Incoming& incoming) {
    const auto& trunks = setup_.config.trunks;
    for (const auto& trunk : trunks)
        if (std::ranges::find(trunk.addresses, incoming.from.ip) != trunk.addresses.end()) return &trunk;
    auto now = outside_->loop().now();
    auto check = setup_.accounts.check(*incoming.message, true, {}, now);
    if (check.verdict == Accounts::Verdict::good)
        for (const auto& trunk : trunks)
            if (trunk.username == check.username) return &trunk;
    auto user = check.username.empty() ? claimed_account(*incoming.message, trunks) : check.username;
    bool stale = check.verdict == Accounts::Verdict::stale;
    respond(*outside_, incoming, setup_.accounts.challenge(*incoming.message, true, user, stale, now));
    return nullptr;
}

sip::call::CallerSetup Edge::onward(const sip::MessageView& invite,
                                    const std::string& number, const numbering::E164& shown) const {
    const auto& domain = setup_.config.domain;
    auto caller = fmt::format("sip:{}@{}", shown.text(), domain);
    sip::call::CallerSetup setup;
    setup.uri = fmt::format("sip:{}@{}", number, domain);
    setup.to = "<" + setup.uri + ">";
    setup.from = wants_privacy(invite) ? "\"Anonymous\" <sip:anonymous@anonymous.invalid>" : "<" + caller + ">";
    setup.headers.emplace_back("P-Asserted-Identity", "<" + caller + ">");
    if (auto privacy = invite.value(HeaderName::privacy); !privacy.empty())
        setup.headers.emplace_back("Privacy", std::string(privacy));
    setup.contact = "<" + inside_->uri() + ">";
    setup.call_id = inside_->call_id();
    setup.timing.answer = rings_as_told;
    return setup;
}

std::optional<numbering::E164> Edge::shown(const ua::Agent::Incoming& incoming, const config::TrunkConfig& trunk) {
    const auto& invite = *incoming.message;
    auto shown = shown_number(setup_.directory, invite, trunk, outside_->loop().now());
    if (!shown) {
        tell("directory", shown.error().text(), {{"trunk", trunk.name}, {"status", 503}});
        respond(*outside_, incoming, Message::response_to(invite, 503));
        return std::nullopt;
    }
    if (shown->refused) {
        const auto instead = shown->number ? shown->number->text() : std::string{};
        tell("caller_id",
             fmt::format("{} may not show {}, which the directory does not assign to {}: {}", trunk.name, shown->refused->text(),
                         trunk.tenant, instead.empty() ? "refused with 403" : "it shows " + instead),
             {{"trunk", trunk.name},
              {"tenant", trunk.tenant},
              {"number", shown->refused->text()},
              {"shows", instead.empty() ? output::Value{} : output::Value{instead}}});
    }
    if (!shown->number) respond(*outside_, incoming, Message::response_to(invite, 403, "Caller Number Not Allowed"));
    return shown->number;
}

void Edge::call_out(const ua::Agent::Incoming& incoming) {
    const auto& invite = *incoming.message;
    const auto* trunk = customer(incoming);
    if (trunk == nullptr) return;
    auto number = dialled_number(invite, trunk->region);
    if (!number) return respond(*outside_, incoming, Message::response_to(invite, 484));
    auto caller = shown(incoming, *trunk);
    if (!caller) return;
    auto setup = onward(invite, number->text(), *caller);
    tell("call", fmt::format("{} calls {}", trunk->name, number->text()),
         {{"trunk", trunk->name},
          {"from", caller->text()},
          {"to", number->text()},
          {"call_id", invite.value(HeaderName::call_id)}});
    bridge({.in = *outside_,
            .out = *inside_,
            .arrival = Face::outside,
            .called = {.contact = "<" + outside_->uri() + ">"},
            .caller = std::move(setup),
            .first_hop = proxy_,
            .recorder = setup_.recorder},
           incoming);
}

void Edge::from_inside(const ua::Agent::Incoming& incoming) {
    if (incoming.id == 0) return;
    const auto& message = *incoming.message;
    bool in_dialog = !sip::tag_of(message.value(HeaderName::to)).empty();
    if (message.method() == "INVITE" && !in_dialog && incoming.from == proxy_) return call_in(incoming);
    respond(*inside_, incoming, Message::response_to(message, in_dialog ? 481 : 403));
}

// Cancelled while its phone was still being looked up.
void Edge::forget_invite(sip::TransactionId id) {
    auto found = locating_.extract(id);
    if (found.empty()) return;
    auto invite = sip::MessageView::read(*found.mapped());
    respond(*inside_, {id, &invite, {}}, Message::response_to(invite, 487));
}

// A call for a customer's phone: its request-URI is the phone's contact.
void Edge::call_in(const ua::Agent::Incoming& incoming) {
    auto keep = std::make_shared<std::string>(incoming.message->bytes());
    std::string uri(incoming.message->request_uri());
    locating_[incoming.id] = keep;
    outside_->locate(uri, [this, keep, uri, id = incoming.id, from = incoming.from](auto phone) {
        auto invite = sip::MessageView::read(*keep);
        ua::Agent::Incoming again{id, &invite, from};
        if (locating_.erase(id) == 0) return;
        if (!phone) return respond(*inside_, again, Message::response_to(invite, 404));
        auto caller = from_number(invite);
        sip::call::CallerSetup setup;
        setup.uri = uri;
        setup.to = sip::without_tag(invite.value(HeaderName::to));
        setup.from = caller ? fmt::format("<sip:{}@{}>", caller->text(), setup_.config.domain)
                            : "\"Anonymous\" <sip:anonymous@anonymous.invalid>";
        setup.contact = "<" + outside_->uri() + ">";
        setup.call_id = outside_->call_id();
        setup.timing.answer = rings_as_told;
        bridge({.in = *inside_,
                .out = *outside_,
                .arrival = Face::inside,
                .called = {.contact = "<" + inside_->uri() + ">"},
                .caller = std::move(setup),
                .first_hop = *phone,
                .recorder = setup_.recorder},
               again);
    });
}

void Edge::bridge(Bridge::Plan plan, const ua::Agent::Incoming& incoming) {
    auto number = ++next_bridge_;
    if (setup_.opened) plan.anchored = [this](const auto& port) { setup_.opened(port, "edge"); };
    auto made = Bridge::open(std::move(plan), incoming, [this, number](const Bridge::Result&) {
        bridges_.erase(number);
    });
    if (made) bridges_[number] = std::move(made);
}

void Edge::hang_up() {
    auto live = bridges_;
    for (auto& [number, bridge] : live) bridge->hang_up();
}

}  // namespace trunkbox::provider
