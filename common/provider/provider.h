// A whole provider in one process: edge SBC, registrar, proxy, a second SBC for each carrier, the carriers.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/provider.h"
#include "config/secret.h"
#include "provider/carrier.h"
#include "provider/edge.h"
#include "provider/event.h"
#include "provider/lookup.h"
#include "provider/proxy.h"
#include "sofia/loop.h"

namespace trunkbox::provider {

class Provider {
  public:
    struct Options {
        config::Environment environment;   // for passwords by reference
        wire::Recorder* recorder = nullptr;
        Tell tell{};
        Opened opened{};
        // Each call that a carrier's far end took.
        std::function<void(const std::string& carrier, const ua::CallReport&)> took{};
    };
    // Everything is bound when it returns. Errors: Fault::input for routes that cannot be compared, Fault::system for
    // sockets and passwords.
    [[nodiscard]] static trunkbox::Result<std::unique_ptr<Provider>> open(sofia::Loop& loop,
                                                                          config::ProviderConfig config,
                                                                          Options options);
    Provider(const Provider&) = delete;
    Provider& operator=(const Provider&) = delete;

    [[nodiscard]] net::Endpoint listen() const { return edge_->outside(); }
    // For the customer's side; the password is in `password` and only referred to in the profile.
    struct Profile {
        sip::TrunkProfile profile;
        std::string password;
    };
    [[nodiscard]] Profile profile(const std::string& trunk, const std::string& password_file) const;
    [[nodiscard]] const std::string& first_trunk() const { return config_.trunks.front().name; }
    [[nodiscard]] bool has_trunks() const { return !config_.trunks.empty(); }

    [[nodiscard]] Carrier* carrier(const std::string& name);
    // The directory of the configuration may be edited while calls run; the next call sees it.
    [[nodiscard]] centrex::MapFacts& directory() { return config_.directory; }
    // Every signalling address with the name of its station, from the edge inwards.
    [[nodiscard]] std::vector<std::pair<net::Endpoint, std::string>> stations() const;

    // Reads the route table again, if the configuration names one; calls in progress keep the carriers they have, the
    // next ones go by the new table. On an error the old one stays.
    [[nodiscard]] trunkbox::Result<void> reload_routes();

    void hang_up();
    [[nodiscard]] std::size_t live() const;

  private:
    Provider(config::ProviderConfig config, Options options, lcr::Table routes, IdSource::Seed seed);
    [[nodiscard]] trunkbox::Result<void> add_accounts();
    [[nodiscard]] trunkbox::Result<void> open_stations(sofia::Loop& loop);

    config::ProviderConfig config_;
    Options options_;
    lcr::Table routes_;
    IdSource ids_;
    Lookup lookup_;
    Accounts accounts_;
    Registrar registrar_;
    std::map<std::string, std::string> passwords_;  // by trunk
    std::unique_ptr<Proxy> proxy_;
    std::unique_ptr<Edge> edge_;
    std::vector<std::unique_ptr<Carrier>> carriers_;
};

}  // namespace trunkbox::provider
