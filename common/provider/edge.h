// The provider's edge SBC: judges every datagram from its bytes, knows its customers, hides the inside (RFC 5853).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/provider.h"
#include "provider/accounts.h"
#include "provider/bridge.h"
#include "provider/event.h"
#include "provider/lookup.h"
#include "sbc/judge.h"
#include "ua/agent.h"

namespace trunkbox::provider {

class Edge {
  public:
    struct Setup {
        const config::ProviderConfig& config;
        Accounts& accounts;
        Lookup& directory;
        wire::Recorder* recorder = nullptr;
        Tell tell;
        Opened opened{};
    };
    // Binds the outside as the config says, the inside to a free port of the same address. All references outlive it.
    [[nodiscard]] static trunkbox::Result<std::unique_ptr<Edge>> open(sofia::Loop& loop, Setup setup);
    Edge(const Edge&) = delete;
    Edge& operator=(const Edge&) = delete;

    // Where the proxy and registrar is; calls are taken from then on.
    void connect(const net::Endpoint& proxy) { proxy_ = proxy; }
    [[nodiscard]] net::Endpoint outside() const { return outside_->local(); }
    [[nodiscard]] net::Endpoint inside() const { return inside_->local(); }
    void hang_up();
    [[nodiscard]] std::size_t live() const { return bridges_.size(); }

  private:
    explicit Edge(Setup setup) : setup_(std::move(setup)), judge_(setup_.config.policy) {}
    [[nodiscard]] bool admit(const wire::Datagram& datagram);
    void remember(const wire::Datagram& datagram);
    void from_outside(const ua::Agent::Incoming& incoming);
    void from_inside(const ua::Agent::Incoming& incoming);
    void pass_register(const ua::Agent::Incoming& incoming);
    void answer_options(const ua::Agent::Incoming& incoming);
    void call_out(const ua::Agent::Incoming& incoming);
    void call_in(const ua::Agent::Incoming& incoming);
    void forget_invite(sip::TransactionId id);
    void bridge(Bridge::Plan plan, const ua::Agent::Incoming& incoming);
    // The trunk that a request comes from; null when it was challenged.
    [[nodiscard]] const config::TrunkConfig* customer(const ua::Agent::Incoming& incoming);
    [[nodiscard]] sip::call::CallerSetup onward(const sip::MessageView& invite, const std::string& number,
                                                const numbering::E164& shown) const;
    // What the call shows as its caller; nothing when it was refused.
    [[nodiscard]] std::optional<numbering::E164> shown(const ua::Agent::Incoming& incoming, const config::TrunkConfig& trunk);
    void respond(ua::Agent& agent, const ua::Agent::Incoming& incoming, sip::Message response);
    void tell(std::string kind, std::string text, output::Record detail);

    Setup setup_;
    sbc::Judge judge_;
    std::unique_ptr<ua::Agent> outside_, inside_;
    net::Endpoint proxy_;
    std::map<std::uint64_t, std::shared_ptr<Bridge>> bridges_;
    std::uint64_t next_bridge_ = 0;
    std::map<sip::TransactionId, std::shared_ptr<std::string>> locating_;  // INVITEs whose phones are being looked up
};

}  // namespace trunkbox::provider
