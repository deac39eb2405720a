#include "ua/pinger.h"

#include "bench.h"
#include "ua/registrant.h"

using namespace trunkbox;
using namespace trunkbox::ua;
using namespace trunkbox::ua::test;

TEST_CASE("pings are sent, counted and timed") {
    Bench bench;
    auto here = bench.agent();
    auto there = bench.agent();
    std::vector<Probe> probes;
    std::optional<PingReport> report;
    Pinger pinger(*here, {.uri = there->uri(), .first_hop = there->local(), .count = 3, .interval = 20ms},
                  [&](const auto& probe) { probes.push_back(probe); }, [&](const auto& r) { report = r; });
    bench.until([&] { return report.has_value(); });
    CHECK(report->sent == 3);
    CHECK(report->received == 3);
    CHECK(report->loss() == 0);
    CHECK(report->status == 200);
    CHECK(report->server == "trunkbox");
    CHECK(report->rtts.size() == 3);
    REQUIRE(probes.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(probes[i].number == i + 1);
    for (auto rtt : report->rtts) {
        CHECK(rtt > Duration{0});
        CHECK(rtt < 5s);
    }
}

TEST_CASE("pings to a silent peer are lost after their wait, to a dead port at once") {
    Bench bench;
    auto here = bench.agent();
    Peer silent(bench.loop);
    auto hop = silent.socket.local();
    std::string expected = "no answer within 0.1 s";
    SUBCASE("silent") {}
    SUBCASE("dead") {
        hop = bench.dead_port();
        expected = "connection refused";
    }
    std::optional<PingReport> report;
    Pinger pinger(*here, {.uri = "sip:" + hop.text(), .first_hop = hop, .count = 2, .interval = 10ms, .wait = 100ms},
                  {}, [&](const auto& r) { report = r; });
    bench.until([&] { return report.has_value(); });
    CHECK(report->sent == 2);
    CHECK(report->received == 0);
    CHECK(report->loss() == 1);
    CHECK(report->status == 0);
    CHECK(report->error.find(expected) != std::string::npos);
}

TEST_CASE("a refusal is an answer, too; and stop counts no probe that is under way") {
    Bench bench;
    auto here = bench.agent();
    auto there = bench.agent();
    Peer silent(bench.loop);
    there->on_request([&](const Agent::Incoming& incoming) {
        there->respond(incoming.id, sip::Message::response_to(*incoming.message, 404));
    });
    std::optional<PingReport> report;
    SUBCASE("404") {
        Pinger pinger(*here, {.uri = there->uri(), .first_hop = there->local()}, {},
                      [&](const auto& r) { report = r; });
        bench.until([&] { return report.has_value(); });
        CHECK(report->received == 1);
        CHECK(report->status == 404);
    }
    SUBCASE("stopped") {
        int done = 0;
        Pinger pinger(*here, {.uri = "sip:x", .first_hop = silent.socket.local(), .count = 0, .interval = 20ms}, {},
                      [&](const auto& r) {
                          report = r;
                          ++done;
                      });
        bench.until([&] { return silent.heard.size() >= 2; });
        pinger.stop();
        pinger.stop();
        bench.idle(60ms);
        CHECK(done == 1);
        CHECK(report->sent == 0);
        CHECK(report->loss() == 0);
    }
}

namespace {

// A registrar that grants what is asked for, without a password.
void grant(Agent& agent, std::vector<std::string>& contacts) {
    agent.on_request([&](const Agent::Incoming& incoming) {
        auto contact = std::string(incoming.message->value(sip::HeaderName::contact));
        contacts.push_back(contact);
        auto response = sip::Message::response_to(*incoming.message, 200);
        if (contact.find("expires=0") == std::string::npos) response.add("Contact", contact);
        agent.respond(incoming.id, response);
    });
}

sip::registration::Setup registration(const Agent& here, const Agent& there) {
    return {.mode = sip::registration::Mode::keep,
            .registrar = there.uri(),
            .aor = "sip:acme@example.com",
            .contact = here.uri("acme"),
            .expires = 1};
}

}  // namespace

TEST_CASE("a registrant keeps its binding, refreshes it, and removes it when stopped") {
    Bench bench;
    auto here = bench.agent();
    auto there = bench.agent();
    std::vector<std::string> contacts;
    grant(*there, contacts);
    int registered = 0;
    std::optional<sip::registration::Outcome> ended;
    Registrant registrant(*here, registration(*here, *there), there->local(),
                          {.registered = [&](const auto&) { ++registered; }, .ended = [&](const auto& o) { ended = o; }});
    bench.until([&] { return registered == 2; });
    CHECK(contacts.size() == 2);
    CHECK(contacts.front() == fmt::format("<{}>;expires=1", here->uri("acme")));
    registrant.stop();
    bench.until([&] { return ended.has_value(); });
    CHECK(ended->end == sip::registration::End::done);
    CHECK(contacts.back() == fmt::format("<{}>;expires=0", here->uri("acme")));
}

TEST_CASE("a registrant at a dead port says so, and one that is gone hears nothing more") {
    Bench bench;
    auto here = bench.agent();
    auto there = bench.agent();
    auto nobody = bench.dead_port();
    std::optional<sip::registration::Outcome> ended;
    Registrant registrant(*here, registration(*here, *there), nobody, {.ended = [&](const auto& o) { ended = o; }});
    bench.until([&] { return ended.has_value(); });
    CHECK(ended->end == sip::registration::End::unreachable);
    CHECK(ended->detail.find("connection refused") != std::string::npos);

    std::vector<std::string> contacts;
    grant(*there, contacts);
    bool heard = false;
    auto second = std::make_unique<Registrant>(
        *here, registration(*here, *there), there->local(),
        Registrant::Observer{.registered = [&](const auto&) { heard = true; }, .ended = [&](const auto&) { heard = true; }});
    second.reset();
    bench.until([&] { return contacts.size() == 1; });
    bench.idle(50ms);
    CHECK_FALSE(heard);
}
