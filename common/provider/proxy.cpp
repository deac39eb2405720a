#include "provider/proxy.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "lcr/reroute.h"
#include "provider/identity.h"
#include "sip/dialog.h"
#include "sip/name_addr.h"

namespace trunkbox::provider {

using output::Record;
using sip::HeaderName;
using sip::Message;

struct Proxy::Routing {
    sip::TransactionId id = 0;
    std::string invite;             // as it came
    std::vector<Target> targets;    // best first
    std::size_t next = 0;
    sip::TransactionId attempt = 0; // the client transaction under way
    bool rang = false;
    bool cancelled = false;
    bool settled = false;           // a final response has gone back
    std::optional<Message> best;    // the refusal to give when nothing else comes
};

Result<std::unique_ptr<Proxy>> Proxy::open(sofia::Loop& loop, Setup setup) {
    std::unique_ptr<Proxy> proxy(new Proxy(std::move(setup)));
    auto agent = ua::Agent::open(loop, {.listen = {proxy->setup_.config.listen.ip, 0},
                                        .user_agent = "trunkbox proxy",
                                        .recorder = proxy->setup_.recorder});
    if (!agent) return tl::unexpected(agent.error());
    proxy->agent_ = std::move(*agent);
    auto* borrowed = proxy.get();
    proxy->agent_->on_request([borrowed](const auto& incoming) { borrowed->take(incoming); });
    proxy->agent_->on_cancelled([borrowed](sip::TransactionId id) {
        auto found = borrowed->routings_.find(id);
        if (found == borrowed->routings_.end()) return;
        found->second->cancelled = true;
        if (found->second->attempt != 0) borrowed->agent_->cancel(found->second->attempt);
    });
    return proxy;
}

void Proxy::tell(std::string kind, std::string text, Record detail) {
    if (setup_.tell) setup_.tell({agent_->loop().now(), "proxy", std::move(kind), std::move(text), std::move(detail)});
}

void Proxy::respond(const ua::Agent::Incoming& incoming, Message response) {
    if (sip::tag_of(response.get("To")).empty() && response.status > 100)
        response.set("To", fmt::format("{};tag={}", response.get("To"), agent_->ids().token()));
    agent_->respond(incoming.id, response);
}

void Proxy::take(const ua::Agent::Incoming& incoming) {
    const auto& message = *incoming.message;
    if (!sip::tag_of(message.value(HeaderName::to)).empty()) return forward_in_dialog(incoming);
    if (incoming.id == 0) return;
    if (message.method() == "REGISTER" && incoming.from == setup_.edge) return take_register(incoming);
    if (message.method() == "INVITE") return route_invite(incoming);
    if (message.method() == "OPTIONS") return respond(incoming, Message::response_to(message, 200));
    respond(incoming, Message::response_to(message, 405));
}

void Proxy::take_register(const ua::Agent::Incoming& incoming) {
    auto answer = setup_.registrar.take(*incoming.message, agent_->loop().now());
    int status = answer.response.status;
    if (answer.changed)
        tell("registered", fmt::format("{} has {} binding{}", printable(answer.user), answer.bindings,
                                       answer.bindings == 1 ? "" : "s"),
             {{"user", answer.user}, {"bindings", answer.bindings}, {"status", status}});
    respond(incoming, std::move(answer.response));
}

namespace {

// What a caller hears of a number that rings nothing now.
int refusal(centrex::Outcome outcome) {
    using enum centrex::Outcome;
    switch (outcome) {
        case busy: return 486;
        case resting: return 410;
        case loop: return 482;
        case no_phone:
        case voicemail:  // whose mailbox is elsewhere
        case closed: return 480;
        case barred:
        case unauthorised: return 403;
        case ring:
        case unallocated:
        case forwarded:
        case emergency:
        case ported_out: return 404;
    }
    return 404;
}

}  // namespace

Result<std::optional<centrex::Resolution>> Proxy::find(const numbering::E164& number) {
    std::optional<centrex::Resolution> found;
    const auto now = agent_->loop().now();
    auto asked = setup_.directory.ask(now, [&](const centrex::Facts& facts) {
        if (facts.number(number)) found = centrex::resolve(facts, {.number = number, .at = now});
    });
    if (!asked) return tl::unexpected(asked.error());
    return found;
}

void Proxy::route_invite(const ua::Agent::Incoming& incoming) {
    const auto& invite = *incoming.message;
    auto number = dialled_number(invite, {});
    if (!number) return respond(incoming, Message::response_to(invite, 484));
    auto routing = std::make_shared<Routing>();
    routing->id = incoming.id;
    routing->invite = invite.bytes();
    auto resolution = find(*number);
    if (!resolution) {
        tell("directory", resolution.error().text(), {{"number", number->text()}, {"status", 503}});
        return respond(incoming, Message::response_to(invite, 503));
    }
    routing->targets = *resolution ? inbound(*number, **resolution, invite) : outbound(*number, invite);
    if (routing->targets.empty()) {
        tell("refused", fmt::format("{}: no route", number->text()), {{"number", number->text()}});
        return respond(incoming, Message::response_to(invite, *resolution ? refusal((*resolution)->outcome) : 404));
    }
    routings_[incoming.id] = routing;
    try_next(routing);
}

std::vector<Proxy::Target> Proxy::outbound(const numbering::E164& number, const sip::MessageView& invite) {
    lcr::Facts facts{.number = number, .at = agent_->loop().now(), .from = from_number(invite)};
    auto decision = lcr::evaluate(setup_.routes, facts);
    std::vector<Target> targets;
    if (!decision) {
        tell("refused", decision.error().text(), {{"number", number.text()}});
        return targets;
    }
    output::Value::Array routes;
    for (const auto& candidate : decision->ranked) {
        auto hop = setup_.second_sbcs.find(candidate.carrier);
        if (hop == setup_.second_sbcs.end()) continue;
        targets.push_back({candidate.carrier, fmt::format("sip:{}@{}", number.text(), hop->second.text()), "",
                           hop->second});
        routes.push_back(Record{{"rank", candidate.rank},
                                {"carrier", candidate.carrier},
                                {"prefix", candidate.prefix.text()},
                                {"cost", candidate.printed_cost},
                                {"currency", candidate.currency().text()},
                                {"source", candidate.source},
                                {"reason", candidate.reason},
                                {"arithmetic", lcr::arithmetic(candidate, *decision)}});
    }
    std::string order;
    for (const auto& target : targets) order += (order.empty() ? "" : ", then ") + target.name;
    tell("routed", fmt::format("{} by {}", number.text(), order.empty() ? "nobody" : order),
         {{"number", number.text()}, {"routes", std::move(routes)}});
    return targets;
}

Proxy::Target Proxy::to_phone(const centrex::Leg& leg) const {
    // A phone that has registered is reached where it is; one that has not, where the directory says.
    auto bindings = setup_.registrar.bindings(leg.phone, agent_->loop().now());
    auto uri = bindings.empty() ? leg.uri : bindings.front().contact;
    return {leg.phone, uri, fmt::format("<sip:{};lr>", setup_.edge.text()), setup_.edge};
}

std::vector<Proxy::Target> Proxy::inbound(const numbering::E164& number, const centrex::Resolution& resolution,
                                          const sip::MessageView& invite) {
    if (resolution.outcome == centrex::Outcome::ported_out) return outbound(number, invite);
    if (resolution.outcome == centrex::Outcome::forwarded) {
        auto to = numbering::E164::parse(split_once(resolution.legs.front().uri, ':').second.value_or(""));
        if (to) return outbound(*to, invite);
    }
    std::vector<Target> targets;
    for (const auto& leg : resolution.legs) targets.push_back(to_phone(leg));
    output::Value::Array why;
    for (const auto& step : resolution.why) why.push_back(Record{{"step", step.name}, {"text", step.text}});
    std::string rings;
    for (const auto& leg : resolution.legs)
        rings += fmt::format("{}{} at {}", rings.empty() ? "" : ", ", leg.user, leg.phone);
    tell("delivered", fmt::format("{} rings {}", number.text(), rings.empty() ? "nobody" : rings),
         {{"number", number.text()},
          {"outcome", centrex::name(resolution.outcome)},
          {"phones", output::list([&] {
               std::vector<std::string> phones;
               for (const auto& leg : resolution.legs) phones.push_back(leg.phone);
               return phones;
           }())},
          {"why", std::move(why)}});
    return targets;
}

void Proxy::try_next(const std::shared_ptr<Routing>& routing) {
    auto view = sip::MessageView::read(routing->invite);
    const auto& target = routing->targets[routing->next++];
    auto request = Message::copy(view);
    request.uri = target.uri;
    request.remove_first("Route");  // ours, if there was one
    if (!target.route.empty()) request.add_first("Route", target.route);
    request.add_first("Record-Route", fmt::format("<{};lr>", agent_->uri()));
    auto hops = parse_integer<unsigned>(request.get("Max-Forwards")).value_or(70);
    if (hops == 0) return respond({routing->id, &view, {}}, Message::response_to(view, 483));
    request.set("Max-Forwards", fmt::format("{}", hops - 1));
    routing->rang = false;
    routing->attempt = agent_->request(std::move(request), target.hop,
                                       [this, routing](const ua::Reply& reply) { heard(routing, reply); });
}

void Proxy::heard(const std::shared_ptr<Routing>& routing, const ua::Reply& reply) {
    int status = reply.message != nullptr ? reply.message->status() : 0;
    if (status == 0 || status >= 300) return failed(routing, reply);
    if (status == 100) return;
    auto response = Message::copy(*reply.message);
    response.remove_first("Via");
    if (status < 200) {
        routing->rang = true;
        if (routing->settled) return;
    } else {
        routing->settled = true;
        routings_.erase(routing->id);
    }
    auto view = sip::MessageView::read(routing->invite);
    respond({routing->id, &view, {}}, std::move(response));
}

namespace {

// What a carrier's failure is to the re-route table.
lcr::Attempt attempt_of(const ua::Reply& reply, bool rang) {
    lcr::Attempt attempt{.rang = rang};
    if (reply.message == nullptr) return attempt;
    attempt.status = reply.message->status();
    // RFC 3326: Reason: Q.850;cause=34
    auto reason = reply.message->value(HeaderName::reason);
    if (istarts_with(reason, "Q.850"))
        if (auto cause = sip::parameter(reason, "cause")) attempt.cause = parse_integer<int>(*cause);
    return attempt;
}

}  // namespace

void Proxy::failed(const std::shared_ptr<Routing>& routing, const ua::Reply& reply) {
    if (routing->settled) return;
    auto view = sip::MessageView::read(routing->invite);
    auto verdict = lcr::after(attempt_of(reply, routing->rang), setup_.routes.settings().reroute);
    const auto& target = routing->targets[routing->next - 1];
    auto said = reply.message != nullptr
                    ? fmt::format("{} {}", reply.message->status(), printable(reply.message->reason()))
                    : std::string("no answer");
    // Section 16.7: of several refusals the first of the best class is given; a later carrier's is as good.
    if (reply.message != nullptr) {
        routing->best = Message::copy(*reply.message);
        routing->best->remove_first("Via");
    }
    bool more = routing->next < routing->targets.size();
    if (verdict.next == lcr::Next::reroute && more && !routing->cancelled) {
        const auto& next = routing->targets[routing->next];
        tell("rerouted", fmt::format("{} answered {}; {} is next ({})", target.name, said, next.name, verdict.why),
             {{"from", target.name}, {"to", next.name}, {"answer", said}, {"why", verdict.why}});
        return try_next(routing);
    }
    routing->settled = true;
    routings_.erase(routing->id);
    respond({routing->id, &view, {}}, routing->best ? *routing->best : Message::response_to(view, 408));
}

// Section 16.4 and 16.6: our Route comes off, and it goes where the next one says.
void Proxy::forward_in_dialog(const ua::Agent::Incoming& incoming) {
    const auto& message = *incoming.message;
    auto request = Message::copy(message);
    auto route = sip::NameAddr::parse(request.get("Route"));
    auto uri = route ? sip::UriView::parse(route->uri) : Result<sip::UriView>{sip::UriView{}};
    bool ours = route && uri && uri->port.value_or(5060) == agent_->local().port;
    if (!ours) {
        if (incoming.id != 0) respond(incoming, Message::response_to(message, 481));
        return;
    }
    request.remove_first("Route");
    auto hops = parse_integer<unsigned>(request.get("Max-Forwards")).value_or(70);
    if (hops == 0) {
        if (incoming.id != 0) respond(incoming, Message::response_to(message, 483));
        return;
    }
    request.set("Max-Forwards", fmt::format("{}", hops - 1));
    auto original = std::make_shared<std::string>(message.bytes());
    agent_->locate(sip::next_hop(request), [this, original, request, id = incoming.id](auto hop) {
        if (!hop) return;
        if (id == 0) return agent_->send_ack(request, *hop);
        agent_->request(request, *hop, [this, original, id](const ua::Reply& reply) {
            auto view = sip::MessageView::read(*original);
            if (reply.message == nullptr) return respond({id, &view, {}}, Message::response_to(view, 408));
            if (reply.message->status() == 100) return;
            auto response = Message::copy(*reply.message);
            response.remove_first("Via");
            agent_->respond(id, response);
        });
    });
}

}  // namespace trunkbox::provider
