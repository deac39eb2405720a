#include "provider/demo_stage.h"

#include "wire/seed.h"

namespace trunkbox::provider {

namespace {

net::Endpoint loopback() { return {net::Ip::v4(0x7f000001), 0}; }

}  // namespace

Result<std::unique_ptr<DemoStage>> DemoStage::open(const std::string& pcap) {
    std::unique_ptr<DemoStage> stage(new DemoStage);
    constexpr std::size_t most_messages = 5'000;
    auto recorder = wire::Recorder::open({.pcap = pcap, .keep = most_messages});
    if (!recorder) return tl::unexpected(recorder.error());
    stage->recorder = std::move(*recorder);
    for (auto name : {demo_desk, demo_other_desk})
        if (auto opened = stage->open_phone(std::string(name)); !opened) return tl::unexpected(opened.error());
    if (auto opened = stage->open_provider(); !opened) return tl::unexpected(opened.error());
    if (auto opened = stage->open_pbx(); !opened) return tl::unexpected(opened.error());
    return stage;
}

Result<void> DemoStage::open_phone(const std::string& name) {
    auto agent = ua::Agent::open(loop, {.listen = loopback(), .user_agent = name, .recorder = &*recorder});
    if (!agent) return tl::unexpected(agent.error());
    auto& phone = phones[name];
    phone.agent = std::move(*agent);
    ua::AnswerPlan plan{.ring = 200ms, .audio = {.local = loopback().ip, .recorder = &*recorder}};
    plan.audio.source = media::Tone{.frequencies = {600}};
    phone.answerer = std::make_unique<ua::Answerer>(
        *phone.agent, plan, [&phone](const ua::CallReport& report) { phone.calls.push_back(report); });
    names.emplace_back(phone.agent->local(), name);
    return {};
}

// The provider's own default, but the phones are where ours are, and the cheapest carrier has no channel free.
Result<config::ProviderConfig> DemoStage::config() {
    auto config = config::read_provider_config(config::default_provider_config(), "default");
    if (!config) return config;
    config->listen = loopback();
    centrex::MapFacts directory;
    const std::string tenant = "acme";
    auto emergency = *numbering::E164::parse("+33199000999");
    Result<void> added = directory.add(centrex::Tenant{tenant, "acme.example.com", "FR"});
    auto add = [&](auto row) {
        if (added) added = directory.add(std::move(row));
    };
    add(centrex::User{.id = {tenant, "alice"}, .display_name = "Alice"});
    for (const auto& [name, phone] : phones)
        add(centrex::Phone{.id = {tenant, name},
                           .uri = phone.agent->uri(name),
                           .site = "paris",
                           .home_user = name == demo_desk ? "alice" : "",
                           .hot_desk = name == demo_other_desk,
                           .emergency_cli = emergency});
    add(centrex::Number{*numbering::E164::parse(demo_number), {tenant, "alice"}});
    if (!added) return tl::unexpected(added.error());
    config->directory = std::move(directory);
    for (auto& carrier : config->carriers) {
        if (carrier.carrier.name != "north") continue;
        carrier.behaviour.status = 503;
        carrier.behaviour.ring = Duration{0};
    }
    return config;
}

Result<void> DemoStage::open_provider() {
    auto demo_config = config();
    if (!demo_config) return tl::unexpected(demo_config.error());
    Provider::Options options;
    options.recorder = &*recorder;
    options.tell = [this](Event event) { events.push_back(std::move(event)); };
    options.opened = [this](const net::Endpoint& port, const std::string& station) { names.emplace_back(port, station); };
    options.took = [this](const std::string& carrier, const ua::CallReport& report) {
        taken[carrier].push_back(report);
    };
    auto opened = Provider::open(loop, std::move(*demo_config), std::move(options));
    if (!opened) return tl::unexpected(opened.error());
    provider = std::move(*opened);
    return {};
}

Result<void> DemoStage::open_pbx() {
    auto agent = ua::Agent::open(loop, {.listen = loopback(), .user_agent = "pbx", .recorder = &*recorder});
    if (!agent) return tl::unexpected(agent.error());
    pbx = std::move(*agent);
    auto profile = provider->profile(provider->first_trunk(), "acme.secret");
    trunk.login = sip::Login{profile.profile.credentials->username, profile.password};
    trunk.profile = std::move(profile.profile);
    std::vector<std::pair<net::Endpoint, std::string>> ordered{{pbx->local(), "pbx"}};
    for (auto& station : provider->stations()) ordered.push_back(station);
    ordered.insert(ordered.end(), names.begin(), names.end());
    names = std::move(ordered);
    return {};
}

bool DemoStage::wait(const std::function<bool()>& condition, Duration limit) {
    return loop.run_until(condition, limit);
}

const Event* DemoStage::find(std::string_view kind, std::string_view text) const {
    for (auto i = first_event; i < events.size(); ++i)
        if (events[i].kind == kind && events[i].text.find(text) != std::string::npos) return &events[i];
    return nullptr;
}

}  // namespace trunkbox::provider
