#include "provider/carrier.h"

#include <fmt/format.h>

#include "provider/identity.h"
#include "sip/dialog.h"

namespace trunkbox::provider {

using sip::HeaderName;
using sip::Message;

trunkbox::Result<std::unique_ptr<Carrier>> Carrier::open(sofia::Loop& loop, Setup setup) {
    std::unique_ptr<Carrier> carrier(new Carrier(std::move(setup)));
    auto* borrowed = carrier.get();
    auto open = [&](const std::string& station, std::unique_ptr<ua::Agent>& agent) -> trunkbox::Result<void> {
        auto opened = ua::Agent::open(loop, {.listen = {borrowed->setup_.ip, 0},
                                             .user_agent = "trunkbox " + station,
                                             .recorder = borrowed->setup_.recorder});
        if (!opened) return tl::unexpected(opened.error());
        agent = std::move(*opened);
        return {};
    };
    if (auto opened = open("sbc-" + carrier->name(), carrier->inside_); !opened)
        return tl::unexpected(opened.error());
    if (auto opened = open("sbc-" + carrier->name(), carrier->outside_); !opened)
        return tl::unexpected(opened.error());
    if (auto opened = open("carrier-" + carrier->name(), carrier->far_end_); !opened)
        return tl::unexpected(opened.error());
    carrier->inside_->on_request([borrowed](const auto& incoming) { borrowed->from_inside(incoming); });
    carrier->outside_->on_request([borrowed](const auto& incoming) { borrowed->from_outside(incoming); });
    carrier->answerer_ = std::make_unique<ua::Answerer>(
        *carrier->far_end_, carrier->behaviour(), [borrowed](const ua::CallReport& report) {
            if (borrowed->setup_.tell)
                borrowed->setup_.tell({borrowed->far_end_->loop().now(), "carrier-" + borrowed->name(), "call",
                                       fmt::format("{}: {}", report.to, ua::describe(report.outcome)),
                                       ua::record(report)});
            if (borrowed->setup_.took) borrowed->setup_.took(borrowed->name(), report);
        });
    return carrier;
}

ua::AnswerPlan Carrier::behaviour() const {
    const auto& how = setup_.config.behaviour;
    ua::AnswerPlan plan;
    plan.status = how.status;
    plan.reason = how.reason;
    plan.delay = how.delay;
    plan.ring = how.ring;
    plan.early_media = how.early_media;
    plan.duration = how.duration;
    plan.audio = {.local = setup_.ip,
                  .source = media::Tone{.frequencies = {how.tone}},
                  .echo = how.echo,
                  .recorder = setup_.recorder};
    return plan;
}

void Carrier::from_inside(const ua::Agent::Incoming& incoming) {
    if (incoming.id == 0) return;
    const auto& message = *incoming.message;
    bool in_dialog = !sip::tag_of(message.value(HeaderName::to)).empty();
    if (message.method() != "INVITE" || in_dialog || incoming.from != proxy_)
        return inside_->respond(incoming.id, Message::response_to(message, in_dialog ? 481 : 403));
    bridge(incoming, Face::inside, far_end_->local().text(), far_end_->local());
}

void Carrier::from_outside(const ua::Agent::Incoming& incoming) {
    if (incoming.id == 0) return;
    const auto& message = *incoming.message;
    bool in_dialog = !sip::tag_of(message.value(HeaderName::to)).empty();
    // Only the carrier itself is let in here.
    if (message.method() != "INVITE" || in_dialog || incoming.from != far_end_->local())
        return outside_->respond(incoming.id, Message::response_to(message, in_dialog ? 481 : 403));
    bridge(incoming, Face::outside, setup_.domain, proxy_);
}

void Carrier::bridge(const ua::Agent::Incoming& incoming, Face arrival, const std::string& host,
                     const net::Endpoint& first_hop) {
    auto& in = arrival == Face::inside ? *inside_ : *outside_;
    auto& out = arrival == Face::inside ? *outside_ : *inside_;
    const auto& invite = *incoming.message;
    auto number = dialled_number(invite, {});
    if (!number) return in.respond(incoming.id, Message::response_to(invite, 484));
    sip::call::CallerSetup setup;
    setup.uri = fmt::format("sip:{}@{}", number->text(), host);
    setup.to = "<" + setup.uri + ">";
    auto caller = from_number(invite);
    setup.from = caller ? fmt::format("<sip:{}@{}>", caller->text(), setup_.domain)
                        : "\"Anonymous\" <sip:anonymous@anonymous.invalid>";
    // Another carrier is not in our trust domain: the asserted identity stays here when the caller asks for privacy
    // (RFC 3325 section 7).
    auto identity = invite.value(HeaderName::p_asserted_identity);
    if (!identity.empty() && !wants_privacy(invite)) setup.headers.emplace_back("P-Asserted-Identity", identity);
    setup.contact = "<" + out.uri() + ">";
    setup.call_id = out.call_id();
    setup.timing.answer = arrival == Face::inside ? setup_.answer_timeout : rings_as_told;
    auto key = ++next_;
    auto anchored = [this](const net::Endpoint& port) {
        if (setup_.opened) setup_.opened(port, "sbc-" + name());
    };
    auto made = Bridge::open({.in = in,
                              .out = out,
                              .arrival = arrival,
                              .called = {.contact = "<" + in.uri() + ">"},
                              .caller = std::move(setup),
                              .first_hop = first_hop,
                              .recorder = setup_.recorder,
                              .anchored = anchored},
                             incoming, [this, key](const Bridge::Result&) { bridges_.erase(key); });
    if (made) bridges_[key] = std::move(made);
}

trunkbox::Result<void> Carrier::call_in(const std::string& from, const std::string& to, Duration duration,
                                        const std::string& digits,
                                        std::function<void(const ua::CallReport&)> done) {
    ua::CallPlan plan;
    plan.setup.uri = fmt::format("sip:{}@{}", to, outside_->local().text());
    plan.setup.to = "<" + plan.setup.uri + ">";
    plan.setup.from = fmt::format("<sip:{}@{}>", from, far_end_->local().text());
    plan.setup.contact = "<" + far_end_->uri() + ">";
    plan.setup.timing.answer = setup_.answer_timeout;
    plan.first_hop = outside_->local();
    plan.duration = duration;
    plan.digits = digits;
    plan.audio = {.local = setup_.ip,
                  .source = media::Tone{.frequencies = {setup_.config.behaviour.tone}},
                  .seed = far_end_->seed(),
                  .recorder = setup_.recorder};
    auto key = ++next_;
    auto caller = ua::Caller::place(*far_end_, std::move(plan), std::move(done));
    if (!caller) return tl::unexpected(caller.error());
    callers_[key] = std::move(*caller);
    return {};
}

void Carrier::hang_up() {
    auto live = bridges_;
    for (auto& [key, bridge] : live) bridge->hang_up();
}

}  // namespace trunkbox::provider
