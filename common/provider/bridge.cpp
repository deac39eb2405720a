#include "provider/bridge.h"

namespace trunkbox::provider {

using namespace sip::call;

namespace {

std::vector<std::pair<std::string, std::string>> reason_header(const Outcome& outcome) {
    if (outcome.q850.empty()) return {};
    return {{"Reason", outcome.q850}};
}

// An observer's callback that does nothing once the bridge has gone: its calls may live on.
template <class Event>
std::function<void(const Event&)> safely(const std::shared_ptr<Bridge>& bridge, void (Bridge::*member)(const Event&)) {
    return [weak = std::weak_ptr(bridge), member](const Event& event) {
        if (auto alive = weak.lock()) ((*alive).*member)(event);
    };
}

}  // namespace

Reject refusal(const Outcome& outcome) {
    switch (outcome.end) {
        case End::refused:
            // A challenge of the inside is none of the caller's business.
            if (outcome.status == 401 || outcome.status == 407) return {403};
            return {outcome.status, outcome.reason, reason_header(outcome)};
        case End::timeout:
        case End::unanswered: return {408};
        case End::unreachable: return {503};
        case End::cancelled:
        case End::completed:
        case End::no_ack: return {480};
    }
    return {500};
}

std::shared_ptr<Bridge> Bridge::open(Plan plan, const ua::Agent::Incoming& invite,
                                     std::function<void(const Result&)> done) {
    std::shared_ptr<Bridge> bridge(new Bridge(std::move(plan), std::move(done)));
    if (!bridge->take(invite)) return nullptr;
    auto outside = bridge->plan_.arrival == Face::outside ? bridge->plan_.in.local() : bridge->plan_.out.local();
    auto inside = bridge->plan_.arrival == Face::outside ? bridge->plan_.out.local() : bridge->plan_.in.local();
    auto relay = Relay::open(bridge->plan_.in.loop(), outside.ip, inside.ip, bridge->plan_.recorder);
    if (!relay) {
        bridge->in_->apply(Reject{503, "No Media Port"});
        return nullptr;
    }
    bridge->relay_ = std::move(*relay);
    if (bridge->plan_.anchored)
        for (auto face : {Face::outside, Face::inside}) bridge->plan_.anchored(bridge->relay_->local(face));
    auto offer = bridge->onward_offer(std::string(invite.message->body()));
    if (!offer) {
        bridge->in_->apply(Reject{488});
        return nullptr;
    }
    bridge->dial(*offer);
    return bridge;
}

Bridge::~Bridge() {
    if (in_ && !in_->ended()) in_->forget();
    if (out_ && !out_->ended()) out_->forget();
}

bool Bridge::take(const ua::Agent::Incoming& invite) {
    auto self = shared_from_this();
    in_ = ua::Call::take(plan_.in, plan_.called, invite,
                         {.progress = {},
                          .established = safely(self, &Bridge::acknowledged),
                          .offered = safely(self, &Bridge::offered_by_caller),
                          .ended = safely(self, &Bridge::in_ended)});
    return in_ != nullptr;
}

// A caller without an offer gets one in the answer; the far end is offered what we can relay.
trunkbox::Result<std::string> Bridge::onward_offer(const std::string& offer) {
    late_ = offer.empty();
    return late_ ? relay_->offer(other(plan_.arrival)) : relay_->pass(offer, plan_.arrival);
}

void Bridge::dial(const std::string& offer) {
    auto setup = plan_.caller;
    setup.offer = offer;
    auto self = shared_from_this();
    out_ = ua::Call::dial(plan_.out, std::move(setup), plan_.first_hop,
                          {.progress = safely(self, &Bridge::rang),
                           .established = safely(self, &Bridge::answered),
                           .offered = safely(self, &Bridge::offered_by_called),
                           .ended = safely(self, &Bridge::out_ended)});
}

void Bridge::rang(const Progress& progress) {
    std::string body;
    // Early media can be passed on only as the answer to an offer (RFC 3264 section 4).
    if (!progress.body.empty() && !late_)
        if (auto passed = relay_->pass(progress.body, other(plan_.arrival))) body = *passed;
    in_->apply(Ring{progress.status, body});
}

void Bridge::answered(const Established& established) {
    auto passed = relay_->pass(established.body, other(plan_.arrival));
    if (!passed) {
        in_->apply(Reject{502});
        out_->apply(HangUp{});
        return;
    }
    in_->apply(Accept{*passed});
}

void Bridge::acknowledged(const Established& established) {
    // To an offer in the answer, the ACK brings the caller's side of it.
    if (late_ && !established.body.empty()) (void)relay_->pass(established.body, plan_.arrival);
}

void Bridge::offered_by_caller(const Offered& offered) { answer_here(*in_, plan_.arrival, offered); }

void Bridge::offered_by_called(const Offered& offered) { answer_here(*out_, other(plan_.arrival), offered); }

// As the media is anchored here, a later offer is answered here, and the other side need not hear of it.
void Bridge::answer_here(ua::Call& call, Face face, const Offered& offered) {
    auto answer = offered.body.empty() ? relay_->offer(face) : relay_->answer(offered.body, face);
    if (answer)
        call.apply(AnswerOffer{offered.id, *answer});
    else
        call.apply(RefuseOffer{offered.id, 488});
}

void Bridge::hang_up() {
    if (in_ && !in_->ended()) in_->apply(HangUp{});
    if (out_ && !out_->ended()) out_->apply(HangUp{});
}

void Bridge::in_ended(const Outcome& outcome) {
    in_outcome_ = outcome;
    if (out_ && !out_->ended()) out_->apply(HangUp{reason_header(outcome)});
    settle();
}

void Bridge::out_ended(const Outcome& outcome) {
    out_outcome_ = outcome;
    if (in_ && !in_->ended()) {
        if (outcome.answered)
            in_->apply(HangUp{reason_header(outcome)});
        else
            in_->apply(refusal(outcome));
    }
    settle();
}

void Bridge::settle() {
    bool both = in_outcome_ && (out_outcome_ || !out_);
    if (!both || !done_) return;
    auto done = std::exchange(done_, {});
    Result result{out_outcome_.value_or(*in_outcome_), 0, 0};
    if (relay_) {
        result.packets_in = relay_->packets(plan_.arrival);
        result.packets_out = relay_->packets(other(plan_.arrival));
    }
    done(result);
}

}  // namespace trunkbox::provider
