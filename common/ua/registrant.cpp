#include "ua/registrant.h"

namespace trunkbox::ua {

namespace registration = sip::registration;

Registrant::Registrant(Agent& agent, registration::Setup setup, const net::Endpoint& first_hop, Observer observer)
    : agent_(agent), first_hop_(first_hop), observer_(std::move(observer)) {
    if (setup.call_id.empty()) setup.call_id = agent_.call_id();
    auto step = start(std::move(setup), agent_.seed(), agent_.loop().now());
    state_ = std::move(step.state);
    carry_out(std::move(step.actions));
}

void Registrant::stop() { apply(registration::Stop{}); }

void Registrant::apply(const registration::Event& event) {
    auto step = on(std::move(state_), event, agent_.loop().now());
    state_ = std::move(step.state);
    carry_out(std::move(step.actions));
}

void Registrant::carry_out(registration::Actions actions) {
    std::weak_ptr<bool> alive = alive_;
    for (auto& action : actions) {
        std::visit([&](auto& a) { act(a); }, action);
        if (alive.expired()) return;  // the observer let us go
    }
    timer_ = {};
    if (auto due = deadline(state_)) timer_ = agent_.loop().at(*due, [this] { apply(registration::Tick{}); });
}

void Registrant::act(registration::Send& send) {
    agent_.request(std::move(send.message), first_hop_, [this, alive = std::weak_ptr(alive_)](const Reply& reply) {
        if (alive.expired()) return;
        if (reply.message != nullptr) return apply(registration::Response{reply.message});
        transport_error_ = reply.detail;
        apply(registration::NoResponse{reply.why});
    });
}

void Registrant::act(const registration::Registered& registered) {
    if (observer_.registered) observer_.registered(registered.outcome);
}

void Registrant::act(const registration::Lost& lost) {
    auto told = lost;
    if (told.outcome.status == 0 && told.outcome.detail.empty()) told.outcome.detail = transport_error_;
    if (observer_.lost) observer_.lost(told);
}

void Registrant::act(const registration::Ended& ended) {
    auto outcome = ended.outcome;
    if (outcome.status == 0 && outcome.detail.empty()) outcome.detail = transport_error_;
    if (observer_.ended) observer_.ended(outcome);
}

}  // namespace trunkbox::ua
