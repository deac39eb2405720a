#include "ua/call.h"

#include "base/text.h"

namespace trunkbox::ua {

using namespace sip::call;

std::shared_ptr<Call> Call::dial(Agent& agent, CallerSetup setup, const net::Endpoint& first_hop,
                                 Observer observer) {
    auto call_id = setup.call_id;
    auto step = sip::call::dial(std::move(setup), agent.seed(), agent.loop().now());
    std::shared_ptr<Call> call(new Call(agent, std::move(step.state), std::move(observer)));
    call->first_hop_ = first_hop;
    agent.adopt(call, call_id, 0);
    call->carry_out(std::move(step.actions));
    return call;
}

std::shared_ptr<Call> Call::take(Agent& agent, CalledSetup setup, const Agent::Incoming& invite, Observer observer) {
    auto step = invited(std::move(setup), invite.id, *invite.message, agent.seed(), agent.loop().now());
    bool refused = step.state.phase == Phase::ended;
    std::shared_ptr<Call> call(new Call(agent, std::move(step.state), refused ? Observer{} : std::move(observer)));
    agent.adopt(call, std::string(invite.message->value(sip::HeaderName::call_id)), invite.id);
    call->carry_out(std::move(step.actions));
    return refused ? nullptr : call;
}

void Call::apply(const Event& event) {
    auto alive = shared_from_this();
    auto step = on(std::move(state_), event, agent_.loop().now());
    state_ = std::move(step.state);
    carry_out(std::move(step.actions));
}

void Call::carry_out(Actions actions) {
    auto alive = shared_from_this();
    for (auto& action : actions) std::visit([&](auto& a) { act(a); }, action);
    arm();
}

void Call::act(Send& send) {
    auto purpose = send.purpose;
    auto reply = [weak = weak_from_this(), purpose](const Reply& r) {
        if (auto call = weak.lock()) call->replied(purpose, r);
    };
    if (purpose == Purpose::invite) {
        invite_ = agent_.request(std::move(send.message), *first_hop_, reply);
        return;
    }
    agent_.locate(send.next_hop,
                  [this, weak = weak_from_this(), message = send.message, reply](Result<net::Endpoint> to) {
                      auto call = weak.lock();
                      if (!call) return;
                      if (to)
                          agent_.request(message, *to, reply);
                      else
                          reply(Reply{nullptr, sip::TransactionLayer::Failed::Why::transport, to.error().text()});
                  });
}

void Call::act(const SendAck& ack) {
    agent_.locate(ack.next_hop, [this, weak = weak_from_this(), message = ack.message](auto to) {
        if (auto call = weak.lock(); call && to) agent_.send_ack(message, *to);
    });
}

void Call::act(const Respond& respond) { agent_.respond(respond.id, respond.message); }

void Call::act(const CancelInvite&) { agent_.cancel(invite_); }

void Call::act(const Progress& progress) {
    if (observer_.progress) observer_.progress(progress);
}

void Call::act(const Established& established) {
    if (observer_.established) observer_.established(established);
}

void Call::act(const Offered& offered) {
    if (observer_.offered)
        observer_.offered(offered);
    else
        apply(RefuseOffer{offered.id, 488});
}

void Call::act(const Ended& ended) {
    timer_ = {};
    // Late repeats of a 2xx, a BYE or an ACK still find the call for as long as a transaction may live.
    linger_ = agent_.loop().after(state_.timing.ack_wait(), [this] { forget(); });
    auto observer = std::exchange(observer_, {});
    auto outcome = ended.outcome;
    if (outcome.detail.empty()) outcome.detail = unreachable_;
    if (observer.ended) observer.ended(outcome);
}

void Call::replied(Purpose purpose, const Reply& reply) {
    if (reply.message != nullptr) return apply(Response{purpose, reply.message});
    if (unreachable_.empty()) unreachable_ = reply.detail;
    apply(NoResponse{purpose, reply.why});
}

void Call::arm() {
    auto due = deadline(state_);
    if (!due) {
        timer_ = {};
        return;
    }
    timer_ = agent_.loop().at(*due, [weak = weak_from_this()] {
        if (auto call = weak.lock()) call->apply(Tick{});
    });
}

void Call::forget() {
    observer_ = {};
    timer_ = {};
    agent_.release(this);
}

}  // namespace trunkbox::ua
