// One call that is really made: the machine of sip/call.h on an agent, with its observer.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "sip/call.h"
#include "ua/agent.h"

namespace trunkbox::ua {

class Call : public std::enable_shared_from_this<Call> {
  public:
    // All called from the loop; each may be empty.
    struct Observer {
        std::function<void(const sip::call::Progress&)> progress{};
        std::function<void(const sip::call::Established&)> established{};
        std::function<void(const sip::call::Offered&)> offered{};
        std::function<void(const sip::call::Outcome&)> ended{};  // exactly once
    };

    // The INVITE goes to `first_hop`, whatever its Route or URI says (an outbound proxy); later requests go where the
    // dialog says.
    static std::shared_ptr<Call> dial(Agent& agent, sip::call::CallerSetup setup, const net::Endpoint& first_hop,
                                      Observer observer);
    // Takes an INVITE; null when it was refused at once (the refusal is sent).
    static std::shared_ptr<Call> take(Agent& agent, sip::call::CalledSetup setup, const Agent::Incoming& invite,
                                      Observer observer);

    // Ring, Accept, Reject, HangUp, AnswerOffer, RefuseOffer.
    void apply(const sip::call::Event& event);
    [[nodiscard]] const sip::call::State& state() const { return state_; }
    [[nodiscard]] bool ended() const { return state_.phase == sip::call::Phase::ended; }

    // Ends it without another word: its messages find nobody any more.
    void forget();

  private:
    friend class Agent;
    Call(Agent& agent, sip::call::State state, Observer observer)
        : agent_(agent), state_(std::move(state)), observer_(std::move(observer)) {}
    void carry_out(sip::call::Actions actions);
    void act(sip::call::Send& send);
    void act(const sip::call::SendAck& ack);
    void act(const sip::call::Respond& respond);
    void act(const sip::call::CancelInvite&);
    void act(const sip::call::Progress& progress);
    void act(const sip::call::Established& established);
    void act(const sip::call::Offered& offered);
    void act(const sip::call::Ended& ended);
    void replied(sip::call::Purpose purpose, const Reply& reply);
    void arm();

    Agent& agent_;
    sip::call::State state_;
    Observer observer_;
    std::optional<net::Endpoint> first_hop_;
    sip::TransactionId invite_ = 0;
    sofia::Timer timer_;
    sofia::Timer linger_;
    std::string unreachable_;
};

}  // namespace trunkbox::ua
