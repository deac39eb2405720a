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
        auto found = borrowed->calls_.find(id);
        if (found == borrowed->calls_.end()) return;
        auto routing = found->second.routing;  // which may end here
        routing->cancel();
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

void Proxy::route_invite(const ua::Agent::Incoming& incoming) {
    const auto& invite = *incoming.message;
    auto number = dialled_number(invite, {});
    if (!number) return respond(incoming, Message::response_to(invite, 484));
    if (parse_integer<unsigned>(invite.value(HeaderName::max_forwards)) == 0u)
        return respond(incoming, Message::response_to(invite, 483));
    // The edge vouches for what its customers show; what a carrier says of a caller is not held against ours.
    auto shown = incoming.from == setup_.edge ? asserted_numbers(invite, {}) : std::vector<numbering::E164>{};
    Call call{.delivery = Delivery(*number, shown.empty() ? std::nullopt : std::optional(shown.front()))};
    auto way = find_way(call.delivery, invite);
    if (way.targets.empty()) return respond(incoming, Message::response_to(invite, way.status));
    call.outside = way.outside;
    call.routing = std::make_shared<Routing>(
        *agent_, incoming.id, invite,
        Routing::Observer{.failed = [this](const Routing& routing, std::size_t branch, const ua::Reply& reply) {
                              if (routing.target(branch).user.empty()) return carrier_failed(routing, branch, reply);
                              // Section 16.7 step 5: a 6xx ends the search, wherever it comes from.
                              return reply.message != nullptr && reply.message->status() >= 600;
                          },
                          .answered = [this](const Routing& routing) { calls_.erase(routing.id()); },
                          .finished = [this](Routing& routing) { finished(routing); }});
    auto routing = call.routing;
    calls_.emplace(incoming.id, std::move(call));
    routing->fork(std::move(way.targets));
}

Proxy::Way Proxy::find_way(Delivery& delivery, const sip::MessageView& invite) {
    std::optional<centrex::Resolution> found;
    const auto now = agent_->loop().now();
    const auto number = delivery.number();
    auto asked = setup_.directory.ask(now, [&](const centrex::Facts& facts) { found = delivery.ask(facts, now); });
    if (!asked) {
        tell("directory", asked.error().text(), {{"number", number.text()}, {"status", 503}});
        return {.status = 503};
    }
    auto way = found ? inbound(delivery, *found, invite) : Way{.targets = outbound(number, invite), .outside = true};
    if (way.targets.empty() && way.status != 403)
        tell("refused", fmt::format("{}: no route", number.text()), {{"number", number.text()}, {"status", way.status}});
    return way;
}

Proxy::Targets Proxy::outbound(const numbering::E164& number, const sip::MessageView& invite) {
    lcr::Facts facts{.number = number, .at = agent_->loop().now(), .from = from_number(invite)};
    auto decision = lcr::evaluate(setup_.routes, facts);
    Targets targets;
    if (!decision) {
        tell("refused", decision.error().text(), {{"number", number.text()}});
        return targets;
    }
    output::Value::Array routes;
    for (const auto& candidate : decision->ranked) {
        auto hop = setup_.second_sbcs.find(candidate.carrier);
        if (hop == setup_.second_sbcs.end()) continue;
        targets.push_back({.name = candidate.carrier,
                           .user = "",
                           .uri = fmt::format("sip:{}@{}", number.text(), hop->second.text()),
                           .route = "",
                           .hop = hop->second,
                           .leg = {.after = std::nullopt}});
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

void Proxy::add_phone(Targets& targets, const centrex::Leg& leg) const {
    std::vector<std::string> contacts;
    for (const auto& binding : setup_.registrar.bindings(leg.phone, agent_->loop().now())) contacts.push_back(binding.contact);
    if (contacts.empty()) contacts.push_back(leg.uri);
    for (auto& contact : contacts)
        targets.push_back({.name = leg.phone,
                           .user = leg.user,
                           .uri = std::move(contact),
                           .route = fmt::format("<sip:{};lr>", setup_.edge.text()),
                           .hop = setup_.edge,
                           .leg = {.after = leg.after, .ring_for = leg.ring_for}});
}

Proxy::Way Proxy::inbound(const Delivery& delivery, const centrex::Resolution& resolution, const sip::MessageView& invite) {
    using centrex::Outcome;
    Way way{.status = refusal(resolution.outcome), .outcome = resolution.outcome};
    output::Value::Array why;
    for (const auto& step : resolution.why) why.push_back(Record{{"step", step.name}, {"text", step.text}});
    std::vector<std::string> phones;
    for (const auto& leg : resolution.legs)
        if (!leg.phone.empty()) phones.push_back(leg.phone);
    const bool forbidden = way.status == 403;
    tell(forbidden ? "refused" : "delivered", forbidden ? resolution.why.back().text : describe(delivery, resolution),
         {{"number", delivery.number().text()},
          {"outcome", centrex::name(resolution.outcome)},
          {"round", delivery.round()},
          {"because", delivery.because().empty() ? output::Value{} : output::Value{delivery.because()}},
          {"phones", output::list(phones)},
          {"why", std::move(why)}});
    way.outside = resolution.outcome == Outcome::ported_out || resolution.outcome == Outcome::forwarded;
    if (resolution.outcome == Outcome::ring)
        for (const auto& leg : resolution.legs) add_phone(way.targets, leg);
    else if (resolution.outcome == Outcome::ported_out)
        way.targets = outbound(delivery.number(), invite);
    else if (resolution.outcome == Outcome::forwarded)
        if (auto to = numbering::E164::parse(split_once(resolution.legs.front().uri, ':').second.value_or("")))
            way.targets = outbound(*to, invite);
    return way;
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

bool Proxy::carrier_failed(const Routing& routing, std::size_t branch, const ua::Reply& reply) {
    const auto& state = routing.state();
    auto verdict = lcr::after(attempt_of(reply, state.branches[branch].rang), setup_.routes.settings().reroute);
    if (verdict.next != lcr::Next::reroute) return true;
    if (auto follows = forking::next(state)) {
        const auto& from = routing.target(branch).name;
        const auto& to = routing.target(*follows).name;
        auto said = reply.message != nullptr
                        ? fmt::format("{} {}", reply.message->status(), printable(reply.message->reason()))
                        : std::string("no answer");
        tell("rerouted", fmt::format("{} answered {}; {} is next ({})", from, said, to, verdict.why),
             {{"from", from}, {"to", to}, {"answer", said}, {"why", verdict.why}});
    }
    return false;
}

// A round came to nothing: the directory may know of another.
void Proxy::finished(Routing& routing) {
    auto found = calls_.find(routing.id());
    if (found == calls_.end()) return;
    auto call = std::move(found->second);
    calls_.erase(found);
    const auto& state = routing.state();
    if (state.cancelled) return routing.end(487);
    if (call.outside) return routing.end_with_best(408);
    std::vector<Delivery::Tried> tried;
    for (auto i = state.round; i < state.branches.size(); ++i) {
        const auto& branch = state.branches[i];
        if (forking::is_spent(branch))
            tried.push_back({routing.target(i).user, branch.status, branch.rang});
    }
    if (!call.delivery.learn(tried)) return routing.end_with_best(480);
    auto way = find_way(call.delivery, routing.invite());
    if (way.targets.empty()) {
        auto best = forking::best(state);
        bool says_more = way.outcome == centrex::Outcome::no_phone && best && !is_availability(state.branches[*best].status);
        return says_more ? routing.end_with_best(480) : routing.end(way.status);
    }
    call.outside = way.outside;
    calls_.emplace(routing.id(), std::move(call));
    routing.fork(std::move(way.targets));
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
