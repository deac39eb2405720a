// The whole provider and a phone, over real sockets in one loop.
#include "provider/provider.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "ua/answerer.h"
#include "ua/caller.h"
#include "ua/registrant.h"
#include "ua/trunk.h"

using namespace trunkbox;
using namespace trunkbox::provider;
using sip::call::End;

namespace {

const net::Ip loopback = net::Ip::v4(0x7f000001);

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

struct World {
    sofia::Library library;
    sofia::Loop loop{library};
    std::vector<std::string> seen;  // each datagram that reached the phone
    std::vector<Event> events;
    std::vector<std::pair<std::string, ua::CallReport>> taken;  // calls at the carriers' far ends
    std::unique_ptr<ua::Agent> phone;
    std::unique_ptr<Provider> provider;

    // `change` may alter the configuration before the provider opens.
    explicit World(const std::function<void(config::ProviderConfig&)>& change = {}) {
        auto agent = ua::Agent::open(loop, {.listen = {loopback, 0}, .admit = [this](const wire::Datagram& datagram) {
                                                seen.emplace_back(datagram.bytes);
                                                return true;
                                            }});
        REQUIRE(agent.has_value());
        phone = std::move(*agent);
        // The desk of the directory is our phone.
        std::string text(config::default_provider_config());
        const std::string desk = "127.0.0.1:5072";
        text.replace(text.find(desk), desk.size(), phone->local().text());
        auto config = config::read_provider_config(text, "default.json");
        REQUIRE(config.has_value());
        config->listen = {loopback, 0};
        for (auto& carrier : config->carriers) carrier.behaviour.ring = 20ms;
        if (change) change(*config);
        auto opened = Provider::open(
            loop, std::move(*config),
            {.environment = [](std::string_view) -> std::optional<std::string> { return std::nullopt; },
             .tell = [this](Event event) { events.push_back(std::move(event)); },
             .took = [this](const auto& name, const auto& report) { taken.emplace_back(name, report); }});
        REQUIRE(opened.has_value());
        provider = std::move(*opened);
    }
    template <class Condition>
    void until(Condition condition) {
        REQUIRE(loop.run_until(condition, 15s));
    }
    ua::Trunk trunk(std::string password = {}) {
        auto profile = provider->profile("acme", "acme.secret");
        CHECK_FALSE(profile.password.empty());
        return {profile.profile, sip::Login{"acme", password.empty() ? profile.password : password}};
    }
    ua::CallPlan plan(const std::string& dialled, const ua::Trunk& trunk) {
        auto target = trunk.target(dialled);
        REQUIRE(target.has_value());
        ua::CallPlan plan;
        plan.setup = trunk.caller(*target);
        plan.first_hop = provider->listen();
        plan.duration = 300ms;
        plan.audio = {.local = loopback, .source = media::Tone{}, .seed = {1, 2}};
        return plan;
    }
    ua::CallReport call(ua::CallPlan plan) {
        std::optional<ua::CallReport> report;
        auto caller = ua::Caller::place(*phone, std::move(plan), [&](const auto& r) { report = r; });
        REQUIRE(caller.has_value());
        until([&] { return report.has_value() && provider->live() == 0; });
        return *report;
    }
    [[nodiscard]] std::size_t told(std::string_view kind) const {
        return static_cast<std::size_t>(
            std::count_if(events.begin(), events.end(), [&](const Event& e) { return e.kind == kind; }));
    }
    // Nothing of the inside may stand in what the phone has seen (RFC 5853 section 3.1).
    void check_topology() const {
        CHECK_FALSE(seen.empty());
        for (const auto& datagram : seen) {
            CAPTURE(datagram);
            for (const auto& [address, station] : provider->stations()) {
                if (address == provider->listen()) continue;
                CHECK_FALSE(contains(datagram, fmt::format(":{}", address.port)));
            }
            CHECK(count(datagram, "Via:") == 1);
            for (const char* name : {"Record-Route", "trunkbox proxy", "trunkbox sbc", "trunkbox carrier", "north", "south"})
                CHECK_FALSE(contains(datagram, name));
        }
    }
};

const std::string far = "+442079460123";

}  // namespace

TEST_CASE("a call through all stations: digest, cheapest carrier, voice and digits; the inside is hidden") {
    World world;
    auto plan = world.plan(far, world.trunk());
    plan.digits = "42#";
    auto report = world.call(std::move(plan));
    CHECK(report.outcome.end == End::completed);
    CHECK(report.outcome.status == 200);
    CHECK(report.audio.directions() == "both");
    CHECK(report.audio.received.packets > 5);
    REQUIRE(world.taken.size() == 1);
    const auto& [carrier, theirs] = world.taken.front();
    CHECK(carrier == "north");
    CHECK(contains(theirs.to, far));
    CHECK(contains(theirs.from, "+33199000000"));
    CHECK(theirs.audio.digits == "42#");
    CHECK(theirs.audio.directions() == "both");
    CHECK(theirs.call_id != report.call_id);
    CHECK(world.told("routed") == 1);
    CHECK(world.told("rerouted") == 0);
    world.check_topology();
}

TEST_CASE("a wrong password, none, and a stranger are refused, and no carrier hears of it") {
    World world;
    auto wrong = world.call(world.plan(far, world.trunk("wrong")));
    CHECK(wrong.outcome.end == End::refused);
    CHECK(wrong.outcome.status == 407);
    CHECK(contains(wrong.outcome.detail, "refused the user name or password"));
    auto nobody = world.trunk();
    nobody.login.reset();
    CHECK(world.call(world.plan(far, nobody)).outcome.status == 407);
    auto stranger = world.trunk();
    stranger.login->user = "stranger";
    CHECK(world.call(world.plan(far, stranger)).outcome.status == 407);
    CHECK(world.taken.empty());
    CHECK(world.told("call") == 0);
    world.check_topology();
}

TEST_CASE("a static trunk needs no digest") {
    World world([](auto& config) { config.trunks.front().addresses = {loopback}; });
    auto trunk = world.trunk();
    CHECK(trunk.profile.mode == sip::TrunkMode::static_);
    trunk.login.reset();
    auto report = world.call(world.plan(far, trunk));
    CHECK(report.outcome.status == 200);
    CHECK(world.taken.size() == 1);
}

TEST_CASE("a carrier that fails is followed by the next; the last failure is the caller's") {
    int north = 503, south = 200, expected = 200;
    SUBCASE("the second takes it") {}
    SUBCASE("both out of order") { south = expected = 503; }
    SUBCASE("the second is busy") { south = expected = 486; }
    World world([&](auto& config) {
        config.carriers[0].behaviour.status = north;
        config.carriers[1].behaviour.status = south;
    });
    auto report = world.call(world.plan(far, world.trunk()));
    CHECK(report.outcome.status == expected);
    CHECK(world.told("rerouted") == 1);
    REQUIRE(world.taken.size() == 2);
    CHECK(world.taken[0].first == "north");
    CHECK(world.taken[1].first == "south");
    world.check_topology();
}

TEST_CASE("busy is busy: no other carrier is tried") {
    World world([](auto& config) { config.carriers[0].behaviour.status = 486; });
    auto report = world.call(world.plan(far, world.trunk()));
    CHECK(report.outcome.status == 486);
    CHECK(world.told("rerouted") == 0);
    CHECK(world.taken.size() == 1);
}

TEST_CASE("a CANCEL passes all stations and reaches the carrier") {
    World world([](auto& config) {
        for (auto& carrier : config.carriers) carrier.behaviour.ring = 60s;
    });
    std::optional<ua::CallReport> report;
    auto caller =
        ua::Caller::place(*world.phone, world.plan(far, world.trunk()), [&](const auto& r) { report = r; });
    REQUIRE(caller.has_value());
    world.until([&] {
        return std::any_of(world.seen.begin(), world.seen.end(), [](const auto& d) { return d.starts_with("SIP/2.0 180 "); });
    });
    (*caller)->hang_up();
    world.until([&] { return report && !world.taken.empty() && world.provider->live() == 0; });
    CHECK(report->outcome.end == End::cancelled);
    CHECK(report->outcome.status == 487);
    CHECK(world.taken.front().second.outcome.end == End::cancelled);
    CHECK(world.taken.size() == 1);
    CHECK(world.told("rerouted") == 0);
    world.check_topology();
}

TEST_CASE("numbers that lead nowhere") {
    World world;
    auto plan = world.plan("sip:nobody@provider.example.com", world.trunk());
    CHECK(world.call(plan).outcome.status == 484);
    plan = world.plan("sip:+49301234567@provider.example.com", world.trunk());
    CHECK(world.call(plan).outcome.status == 404);
    auto setup = world.plan(far, world.trunk()).setup;
    setup.offer = "nonsense";
    setup.call_id = world.phone->call_id();
    setup.contact = "<" + world.phone->uri() + ">";
    std::optional<sip::call::Outcome> outcome;
    auto call = ua::Call::dial(*world.phone, setup, world.provider->listen(), {.ended = [&](const auto& o) { outcome = o; }});
    world.until([&] { return outcome.has_value(); });
    CHECK(outcome->status == 488);
    CHECK(world.taken.empty());
}

TEST_CASE("an inbound call rings the user's desk, and the inside is hidden there, too") {
    World world;
    std::optional<ua::CallReport> ours, theirs;
    ua::AnswerPlan plan;
    plan.audio = {.local = loopback, .source = media::Tone{}, .seed = {3, 4}};
    ua::Answerer desk(*world.phone, plan, [&](const auto& r) { ours = r; });
    auto called = world.provider->carrier("south")->call_in("+442079460777", "+33199000001", 300ms, "7",
                                                            [&](const auto& r) { theirs = r; });
    REQUIRE(called.has_value());
    world.until([&] { return ours && theirs && world.provider->live() == 0; });
    CHECK(theirs->outcome.status == 200);
    CHECK(theirs->audio.directions() == "both");
    CHECK(ours->audio.digits == "7");
    CHECK(contains(ours->from, "+442079460777"));
    CHECK(world.told("delivered") == 1);
    world.check_topology();
    CHECK(world.provider->carrier("nobody") == nullptr);
}

TEST_CASE("the trunk registers, is listed, and is gone again") {
    World world;
    auto trunk = world.trunk();
    auto registered = [&](sip::registration::Mode mode) {
        auto setup = trunk.registration(mode, world.phone->uri("acme"));
        REQUIRE(setup.has_value());
        std::optional<sip::registration::Outcome> outcome;
        ua::Registrant registrant(*world.phone, *setup, world.provider->listen(),
                                  {.ended = [&](const auto& o) { outcome = o; }});
        world.until([&] { return outcome.has_value(); });
        return *outcome;
    };
    using enum sip::registration::Mode;
    CHECK(registered(once).registered);
    auto listed = registered(query);
    REQUIRE(listed.bindings.size() == 1);
    CHECK(listed.bindings.front().uri == world.phone->uri("acme"));
    CHECK(registered(remove).status == 200);
    CHECK(registered(query).bindings.empty());
    trunk.login->password = "wrong";
    CHECK(registered(once).status == 401);
    world.check_topology();
}

TEST_CASE("what is malformed or hostile is refused at the edge, told with its rule, and outlived") {
    World world;
    auto to = world.provider->listen();
    for (std::string text : {std::string("INVITE sip:x SIP/2.0\r\n\r\n"), std::string("\0\1\2", 3), std::string(),
                             std::string(60'000, 'A'), "OPTIONS sip:x SIP/2.0\r\nVia: " + std::string(30'000, 'v'),
                             std::string("SIP/2.0 200 OK\r\n\r\n"), std::string("BYE")})
        world.phone->send_raw(to, text);
    world.until([&] { return world.told("refused") > 0; });
    for (const auto& event : world.events) {
        if (event.kind != "refused") continue;
        CHECK(event.station == "edge");
        CHECK(event.detail.find("rule") != nullptr);
    }
    CHECK(world.call(world.plan(far, world.trunk())).outcome.status == 200);
}

TEST_CASE("the profile that a customer is given holds no password") {
    World world;
    auto profile = world.provider->profile("acme", "acme.secret");
    CHECK(profile.profile.credentials->password_file == "acme.secret");
    CHECK(profile.profile.outbound_proxy == "sip:" + world.provider->listen().text());
    CHECK(profile.profile.registrar == "sip:provider.example.com");
    CHECK(world.provider->profile("nobody", "x").password.empty());
}

TEST_CASE("a provider that cannot open says why") {
    sofia::Library library;
    sofia::Loop loop(library);
    auto config = *config::read_provider_config(config::default_provider_config(), "default.json");
    Provider::Options options{.environment = [](std::string_view) -> std::optional<std::string> { return std::nullopt; }};
    SUBCASE("an address that is not ours") {
        config.listen = *net::Endpoint::parse("192.0.2.1:5080");
        auto opened = Provider::open(loop, config, options);
        REQUIRE_FALSE(opened.has_value());
        CHECK(opened.error().fault == Fault::system);
    }
    SUBCASE("a password that is not there") {
        config.listen = {loopback, 0};
        config.trunks.front().credentials = sip::CredentialsReference{.username = "acme", .password_env = "ABSENT"};
        auto opened = Provider::open(loop, config, options);
        REQUIRE_FALSE(opened.has_value());
        CHECK(contains(opened.error().text(), "ABSENT"));
    }
}
