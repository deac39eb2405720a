// The provider's proxy (RFC 3261 section 16) and registrar: compares the routes of all carriers and takes the best,
// re-routes when it fails, and delivers inbound calls to the phone that the directory names.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "centrex/resolve.h"
#include "config/provider.h"
#include "lcr/evaluate.h"
#include "provider/event.h"
#include "provider/lookup.h"
#include "provider/registrar.h"
#include "ua/agent.h"

namespace trunkbox::provider {

class Proxy {
  public:
    struct Setup {
        const config::ProviderConfig& config;
        const lcr::Table& routes;
        Lookup& directory;
        Registrar& registrar;
        net::Endpoint edge;                                 // its inside
        std::map<std::string, net::Endpoint> second_sbcs;   // their insides, by carrier
        wire::Recorder* recorder = nullptr;
        Tell tell;
    };
    [[nodiscard]] static Result<std::unique_ptr<Proxy>> open(sofia::Loop& loop, Setup setup);
    Proxy(const Proxy&) = delete;
    Proxy& operator=(const Proxy&) = delete;
    [[nodiscard]] net::Endpoint local() const { return agent_->local(); }
    // The proxy must listen before the others can be told where it is; these come after.
    void connect(const net::Endpoint& edge, std::map<std::string, net::Endpoint> second_sbcs) {
        setup_.edge = edge;
        setup_.second_sbcs = std::move(second_sbcs);
    }

  private:
    // Where one INVITE may go, and how far it has got.
    struct Target {
        std::string name;  // carrier or phone
        std::string uri;   // request-URI
        std::string route; // "" for none
        net::Endpoint hop;
    };
    struct Routing;
    explicit Proxy(Setup setup) : setup_(std::move(setup)) {}
    void take(const ua::Agent::Incoming& incoming);
    void take_register(const ua::Agent::Incoming& incoming);
    void route_invite(const ua::Agent::Incoming& incoming);
    [[nodiscard]] std::vector<Target> outbound(const numbering::E164& number, const sip::MessageView& invite);
    // Where the directory says that a number rings; nothing when it is not one of ours.
    [[nodiscard]] Result<std::optional<centrex::Resolution>> find(const numbering::E164& number);
    [[nodiscard]] std::vector<Target> inbound(const numbering::E164& number, const centrex::Resolution& resolution,
                                              const sip::MessageView& invite);
    [[nodiscard]] Target to_phone(const centrex::Leg& leg) const;
    void try_next(const std::shared_ptr<Routing>& routing);
    void heard(const std::shared_ptr<Routing>& routing, const ua::Reply& reply);
    void failed(const std::shared_ptr<Routing>& routing, const ua::Reply& reply);
    void forward_in_dialog(const ua::Agent::Incoming& incoming);
    void respond(const ua::Agent::Incoming& incoming, sip::Message response);
    void tell(std::string kind, std::string text, output::Record detail);

    Setup setup_;
    std::unique_ptr<ua::Agent> agent_;
    std::map<sip::TransactionId, std::shared_ptr<Routing>> routings_;  // by the INVITE that came in
};

}  // namespace trunkbox::provider
