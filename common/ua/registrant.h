// Carries a registration out on an agent.
#pragma once

#include <functional>
#include <memory>

#include "sip/registration.h"
#include "ua/agent.h"

namespace trunkbox::ua {

class Registrant {
  public:
    struct Observer {
        std::function<void(const sip::registration::Outcome&)> registered{};  // kept: each time it stands anew
        std::function<void(const sip::registration::Lost&)> lost{};           // kept: a refresh failed
        std::function<void(const sip::registration::Outcome&)> ended{};       // once
    };

    // The agent outlives it. Empty call_id and contact in the setup are filled in.
    Registrant(Agent& agent, sip::registration::Setup setup, const net::Endpoint& first_hop, Observer observer);
    Registrant(const Registrant&) = delete;
    Registrant& operator=(const Registrant&) = delete;

    // Removes a kept binding; `ended` follows.
    void stop();

  private:
    void apply(const sip::registration::Event& event);
    void carry_out(sip::registration::Actions actions);
    void act(sip::registration::Send& send);
    void act(const sip::registration::Registered& registered);
    void act(const sip::registration::Lost& lost);
    void act(const sip::registration::Ended& ended);

    Agent& agent_;
    net::Endpoint first_hop_;
    Observer observer_;
    sip::registration::State state_;
    std::string transport_error_;
    sofia::Timer timer_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // replies may come after us
};

}  // namespace trunkbox::ua
