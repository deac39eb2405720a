#include "provider/provider.h"

#include <algorithm>

#include <fmt/format.h>

#include "store/routes.h"
#include "wire/seed.h"

namespace trunkbox::provider {

namespace {

// Every carrier of the table must be one that calls can be sent to.
trunkbox::Result<void> check_carriers(const lcr::Table& routes, const config::ProviderConfig& config) {
    for (const auto& carrier : routes.carriers()) {
        auto known = std::ranges::any_of(config.carriers, [&](const auto& c) { return c.carrier.name == carrier.name; });
        if (!known)
            return failure(Fault::input, routes.name(), fmt::format("carrier '{}' is not configured", carrier.name),
                           "name it under 'carriers'");
    }
    return {};
}

trunkbox::Result<lcr::Table> open_routes(const config::ProviderConfig& config) {
    if (!config.routes.empty()) {
        auto routes = store::open_routes(config.routes);
        if (!routes) return routes;
        if (auto good = check_carriers(*routes, config); !good) return tl::unexpected(good.error());
        return routes;
    }
    std::vector<lcr::CarrierDecks> decks;
    for (const auto& carrier : config.carriers) decks.push_back({carrier.carrier, carrier.decks});
    return lcr::Table::compile(std::move(decks));
}

}  // namespace

trunkbox::Result<std::unique_ptr<Provider>> Provider::open(sofia::Loop& loop, config::ProviderConfig config,
                                                           Options options) {
    auto routes = open_routes(config);
    if (!routes) return tl::unexpected(routes.error());
    std::unique_ptr<Provider> provider(
        new Provider(std::move(config), std::move(options), std::move(*routes), wire::system_seed()));
    if (const auto& place = provider->config_.directory_place; !place.empty())
        if (auto found = provider->lookup_.open(place); !found) return tl::unexpected(found.error());
    if (auto added = provider->add_accounts(); !added) return tl::unexpected(added.error());
    if (auto opened = provider->open_stations(loop); !opened) return tl::unexpected(opened.error());
    return provider;
}

Provider::Provider(config::ProviderConfig config, Options options, lcr::Table routes, IdSource::Seed seed)
    : config_(std::move(config)),
      options_(std::move(options)),
      routes_(std::move(routes)),
      ids_(seed),
      lookup_(config_.directory),
      accounts_(config_.domain, {ids_.next(), ids_.next()}),
      registrar_(accounts_, {.least = config_.least_expires, .most = config_.most_expires}) {}

trunkbox::Result<void> Provider::add_accounts() {
    for (const auto& trunk : config_.trunks) {
        auto password = ids_.token();
        if (trunk.credentials) {
            auto secret = config::read_secret(*trunk.credentials, options_.environment);
            if (!secret) return tl::unexpected(secret.error());
            password = std::move(*secret);
        }
        accounts_.add(trunk.username, password, trunk.algorithm);
        passwords_[trunk.name] = std::move(password);
    }
    return {};
}

trunkbox::Result<void> Provider::open_stations(sofia::Loop& loop) {
    auto edge = Edge::open(loop, {.config = config_,
                                  .accounts = accounts_,
                                  .directory = lookup_,
                                  .recorder = options_.recorder,
                                  .tell = options_.tell,
                                  .opened = options_.opened});
    if (!edge) return tl::unexpected(edge.error());
    edge_ = std::move(*edge);
    auto proxy = Proxy::open(loop, {.config = config_,
                                    .routes = routes_,
                                    .directory = lookup_,
                                    .registrar = registrar_,
                                    .edge = edge_->inside(),
                                    .second_sbcs = {},
                                    .recorder = options_.recorder,
                                    .tell = options_.tell});
    if (!proxy) return tl::unexpected(proxy.error());
    proxy_ = std::move(*proxy);
    std::map<std::string, net::Endpoint> second_sbcs;
    for (const auto& config : config_.carriers) {
        auto carrier = Carrier::open(loop, {.config = config,
                                            .domain = config_.domain,
                                            .answer_timeout = config_.answer_timeout,
                                            .ip = config_.listen.ip,
                                            .recorder = options_.recorder,
                                            .tell = options_.tell,
                                            .opened = options_.opened,
                                            .took = options_.took});
        if (!carrier) return tl::unexpected(carrier.error());
        (*carrier)->connect(proxy_->local());
        second_sbcs[config.carrier.name] = (*carrier)->inside();
        carriers_.push_back(std::move(*carrier));
    }
    proxy_->connect(edge_->inside(), std::move(second_sbcs));
    edge_->connect(proxy_->local());
    return {};
}

trunkbox::Result<void> Provider::reload_routes() {
    if (config_.routes.empty())
        return failure(Fault::input, "", "the configuration names no route table", "name one as 'routes'");
    auto routes = open_routes(config_);
    if (!routes) return tl::unexpected(routes.error());
    routes_ = std::move(*routes);
    return {};
}

Provider::Profile Provider::profile(const std::string& trunk, const std::string& password_file) const {
    Profile out;
    for (const auto& config : config_.trunks) {
        if (config.name != trunk) continue;
        auto& profile = out.profile;
        profile.name = config.name;
        profile.mode = config.addresses.empty() ? sip::TrunkMode::registration : sip::TrunkMode::static_;
        profile.registrar = "sip:" + config_.domain;
        profile.outbound_proxy = "sip:" + listen().text();
        profile.aor = fmt::format("sip:{}@{}", config.username, config_.domain);
        profile.credentials =
            sip::CredentialsReference{.username = config.username, .realm = config_.domain, .password_file = password_file};
        for (const auto& range : config.numbers) profile.number_ranges.push_back({range.first.text(), range.last.text()});
        profile.region = config.region;
        profile.test_numbers = config.test_numbers;
        out.password = passwords_.at(config.name);
    }
    return out;
}

Carrier* Provider::carrier(const std::string& name) {
    for (auto& carrier : carriers_)
        if (carrier->name() == name) return carrier.get();
    return nullptr;
}

std::vector<std::pair<net::Endpoint, std::string>> Provider::stations() const {
    std::vector<std::pair<net::Endpoint, std::string>> out{
        {edge_->outside(), "edge"}, {edge_->inside(), "edge"}, {proxy_->local(), "proxy"}};
    for (const auto& carrier : carriers_) {
        out.emplace_back(carrier->inside(), "sbc-" + carrier->name());
        out.emplace_back(carrier->outside(), "sbc-" + carrier->name());
        out.emplace_back(carrier->far_end(), "carrier-" + carrier->name());
    }
    return out;
}

void Provider::hang_up() {
    edge_->hang_up();
    for (auto& carrier : carriers_) carrier->hang_up();
}

std::size_t Provider::live() const {
    auto live = edge_->live();
    for (const auto& carrier : carriers_) live += carrier->live();
    return live;
}

}  // namespace trunkbox::provider
