// One carrier: the second SBC that faces it, and the far end that takes (and makes) its calls.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "config/provider.h"
#include "provider/bridge.h"
#include "provider/event.h"
#include "ua/agent.h"
#include "ua/answerer.h"
#include "ua/caller.h"

namespace trunkbox::provider {

class Carrier {
  public:
    struct Setup {
        const config::CarrierConfig& config;
        std::string domain;
        Duration answer_timeout = 60s;
        net::Ip ip;
        wire::Recorder* recorder = nullptr;
        Tell tell;
        Opened opened{};
        std::function<void(const std::string& carrier, const ua::CallReport&)> took{};  // each call at the far end
    };
    [[nodiscard]] static trunkbox::Result<std::unique_ptr<Carrier>> open(sofia::Loop& loop, Setup setup);
    Carrier(const Carrier&) = delete;
    Carrier& operator=(const Carrier&) = delete;

    void connect(const net::Endpoint& proxy) { proxy_ = proxy; }
    [[nodiscard]] const std::string& name() const { return setup_.config.carrier.name; }
    [[nodiscard]] net::Endpoint inside() const { return inside_->local(); }
    [[nodiscard]] net::Endpoint outside() const { return outside_->local(); }
    [[nodiscard]] net::Endpoint far_end() const { return far_end_->local(); }

    // A call that comes in from this carrier's network. The caller ends with the carrier.
    [[nodiscard]] trunkbox::Result<void> call_in(const std::string& from, const std::string& to, Duration duration,
                                                 const std::string& digits,
                                                 std::function<void(const ua::CallReport&)> done);
    void hang_up();
    [[nodiscard]] std::size_t live() const { return bridges_.size(); }

  private:
    explicit Carrier(Setup setup) : setup_(std::move(setup)) {}
    [[nodiscard]] ua::AnswerPlan behaviour() const;
    void from_inside(const ua::Agent::Incoming& incoming);
    void from_outside(const ua::Agent::Incoming& incoming);
    void bridge(const ua::Agent::Incoming& incoming, Face arrival, const std::string& host,
                const net::Endpoint& first_hop);

    Setup setup_;
    std::unique_ptr<ua::Agent> inside_, outside_, far_end_;
    std::unique_ptr<ua::Answerer> answerer_;
    std::map<std::uint64_t, std::unique_ptr<ua::Caller>> callers_;
    std::map<std::uint64_t, std::shared_ptr<Bridge>> bridges_;
    std::uint64_t next_ = 0;
    net::Endpoint proxy_;
};

}  // namespace trunkbox::provider
