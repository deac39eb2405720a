// The provider's proxy (RFC 3261 section 16) and registrar: compares the routes of all carriers and takes the best,
// re-routes when it fails, and delivers inbound calls to the phones that the directory names, one round after another.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "centrex/resolve.h"
#include "config/provider.h"
#include "lcr/evaluate.h"
#include "provider/delivery.h"
#include "provider/event.h"
#include "provider/lookup.h"
#include "provider/registrar.h"
#include "provider/routing.h"
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
    struct Call {
        Delivery delivery;
        bool outside = false;  // the round under way is one of carriers
        std::shared_ptr<Routing> routing{};
    };
    using Targets = std::vector<Routing::Target>;
    explicit Proxy(Setup setup) : setup_(std::move(setup)) {}
    void take(const ua::Agent::Incoming& incoming);
    void take_register(const ua::Agent::Incoming& incoming);
    void route_invite(const ua::Agent::Incoming& incoming);
    // Where a call goes now: carriers or phones, or the status that refuses it.
    struct Way {
        Targets targets{};
        bool outside = false;
        int status = 404;
        std::optional<centrex::Outcome> outcome{};
    };
    [[nodiscard]] Way find_way(Delivery& delivery, const sip::MessageView& invite);
    [[nodiscard]] Way inbound(const Delivery& delivery, const centrex::Resolution& resolution, const sip::MessageView& invite);
    [[nodiscard]] Targets outbound(const numbering::E164& number, const sip::MessageView& invite);
    // A phone that has registered is reached wherever it is; one that has not, where the directory says.
    void add_phone(Targets& targets, const centrex::Leg& leg) const;
    [[nodiscard]] bool carrier_failed(const Routing& routing, std::size_t branch, const ua::Reply& reply);
    void finished(Routing& routing);
    void forward_in_dialog(const ua::Agent::Incoming& incoming);
    void respond(const ua::Agent::Incoming& incoming, sip::Message response);
    void tell(std::string kind, std::string text, output::Record detail);

    Setup setup_;
    std::unique_ptr<ua::Agent> agent_;
    std::map<sip::TransactionId, Call> calls_;  // that ring; by the INVITE that came in
};

}  // namespace trunkbox::provider
