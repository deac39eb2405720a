// The proxy between a caller and an edge that is only pretended: what it sends there and what comes back.
#include "provider/proxy.h"

#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "requests.h"
#include "sip/dialog.h"
#include "sip/uri.h"
#include "ua/call.h"

using namespace trunkbox;
using namespace trunkbox::provider;
using sip::call::End;

namespace {

const net::Ip here = net::Ip::v4(0x7f000001);

config::ProviderConfig two_desks(Duration ring_for) {
    auto config = *config::read_provider_config(config::default_provider_config(), "default.json");
    config.listen = {here, 0};
    config.directory = {};
    auto add = [&](auto row) { REQUIRE(config.directory.add(std::move(row)).has_value()); };
    add(centrex::Tenant{.name = "acme"});
    add(centrex::User{.id = {"acme", "alice"}, .ring_for = ring_for});
    add(centrex::Phone{.id = {"acme", "app"}, .uri = "sip:app@192.0.2.15", .home_user = "alice"});
    add(centrex::Phone{.id = {"acme", "desk"}, .uri = "sip:desk@192.0.2.14", .home_user = "alice"});
    add(centrex::Number{numbering::E164::parse("+33199000001").value(), {"acme", "alice"}});
    return config;
}

struct Stage {
    sofia::Library library;
    sofia::Loop loop{library};
    config::ProviderConfig config;
    Lookup lookup{config.directory};
    Accounts accounts{"provider.example.com", {1, 2}};
    Registrar registrar{accounts, {}};
    lcr::Table routes = lcr::Table::compile({}).value();
    std::unique_ptr<ua::Agent> edge, outside;
    std::unique_ptr<Proxy> proxy;
    std::vector<std::string> told;
    std::map<std::string, std::pair<sip::TransactionId, std::string>> rung;  // by the user that the INVITE is for
    std::vector<std::string> seen;                                           // at the edge: "CANCEL app", "ACK app", "BYE app"
    std::function<void(const std::string& user)> on_cancel{};
    std::shared_ptr<ua::Call> call;
    std::optional<sip::call::Outcome> outcome;
    std::vector<int> progress;

    explicit Stage(Duration ring_for = 60s) : config(two_desks(ring_for)) {
        edge = open();
        outside = open();
        proxy = std::move(*Proxy::open(loop, {.config = config,
                                              .routes = routes,
                                              .directory = lookup,
                                              .registrar = registrar,
                                              .edge = edge->local(),
                                              .second_sbcs = {},
                                              .tell = [this](const Event& event) { told.push_back(event.text); }}));
        edge->on_request([this](const auto& incoming) { take(incoming); });
        edge->on_cancelled([this](sip::TransactionId id) {
            for (const auto& [user, invite] : rung)
                if (invite.first == id) {
                    seen.push_back("CANCEL " + user);
                    if (on_cancel) return on_cancel(user);
                    return answer(user, 487);
                }
        });
    }
    ~Stage() {
        if (call) call->forget();
    }
    std::unique_ptr<ua::Agent> open() {
        auto agent = ua::Agent::open(loop, {.listen = {here, 0}});
        REQUIRE(agent.has_value());
        return std::move(*agent);
    }
    void take(const ua::Agent::Incoming& incoming) {
        const auto& message = *incoming.message;
        auto uri = sip::UriView::parse(message.request_uri());
        REQUIRE(uri.has_value());
        auto user = std::string(uri->user);
        if (message.method() == "INVITE") {
            rung[user] = {incoming.id, std::string(message.bytes())};
            return;
        }
        seen.push_back(fmt::format("{} {}", message.method(), user));
        if (incoming.id != 0) edge->respond(incoming.id, sip::Message::response_to(message, 200));
    }
    void answer(const std::string& user, int status) {
        const auto& [id, bytes] = rung.at(user);
        auto response = sip::Message::response_to(sip::MessageView::read(bytes), status);
        response.set("To", fmt::format("{};tag={}", response.get("To"), user));
        response.add("Contact", fmt::format("<{}>", edge->uri(user)));
        edge->respond(id, response);
    }
    void dial(const std::string& number = "+33199000001") {
        sip::call::CallerSetup setup;
        setup.uri = fmt::format("sip:{}@provider.example.com", number);
        setup.to = "<" + setup.uri + ">";
        setup.from = "<sip:+442079460777@provider.example.com>";
        setup.contact = "<" + outside->uri() + ">";
        setup.call_id = outside->call_id();
        call = ua::Call::dial(*outside, setup, proxy->local(),
                              {.progress = [this](const auto& p) { progress.push_back(p.status); },
                               .ended = [this](const auto& o) { outcome = o; }});
    }
    template <class Condition>
    void until(Condition condition) {
        REQUIRE(loop.run_until(condition, 30s));
    }
    [[nodiscard]] bool saw(std::string_view what) const { return std::ranges::find(seen, what) != seen.end(); }
    void ring_both() {
        dial();
        until([&] { return rung.size() == 2; });
    }
};

}  // namespace

TEST_CASE("both phones of a user ring, the caller hears of both, and the first answer ends the other") {
    Stage stage;
    stage.ring_both();
    CHECK(stage.told.at(0) == "+33199000001 rings alice at app, alice at desk");
    stage.answer("app", 180);
    stage.answer("desk", 183);
    stage.until([&] { return stage.progress.size() == 2; });
    stage.answer("desk", 200);
    stage.until([&] { return stage.saw("CANCEL app") && stage.saw("ACK desk"); });
    stage.call->apply(sip::call::HangUp{});
    stage.until([&] { return stage.outcome.has_value(); });
    CHECK(stage.outcome->end == End::completed);
    CHECK(stage.saw("BYE desk"));
    CHECK_FALSE(stage.saw("BYE app"));
}

TEST_CASE("an answer that crossed the CANCEL: who called acknowledges it and hangs it up, and goes on with the first") {
    Stage stage;
    stage.on_cancel = [&](const auto& user) { stage.answer(user, 200); };
    stage.ring_both();
    stage.answer("app", 200);
    stage.until([&] { return stage.saw("BYE desk"); });
    CHECK(stage.saw("CANCEL desk"));
    CHECK(stage.saw("ACK desk"));
    CHECK(stage.saw("ACK app"));
    CHECK_FALSE(stage.saw("BYE app"));
    CHECK_FALSE(stage.outcome.has_value());
    stage.call->apply(sip::call::HangUp{});
    stage.until([&] { return stage.outcome.has_value(); });
    CHECK(stage.outcome->answered);
    CHECK(stage.saw("BYE app"));
}

TEST_CASE("the caller's CANCEL reaches every phone; one that answers all the same is hung up") {
    Stage stage;
    int expected = 487;
    SUBCASE("they obey") {}
    SUBCASE("one answers") {
        expected = 0;
        stage.on_cancel = [&](const auto& user) { stage.answer(user, user == "app" ? 200 : 487); };
    }
    stage.ring_both();
    stage.answer("app", 180);
    stage.until([&] { return !stage.progress.empty(); });
    stage.call->apply(sip::call::HangUp{});
    stage.until([&] { return stage.outcome && stage.saw("CANCEL app") && stage.saw("CANCEL desk"); });
    CHECK(stage.outcome->end == End::cancelled);
    CHECK(stage.outcome->status == expected);
    CHECK(stage.saw("BYE app") == (expected == 0));
}

TEST_CASE("refusals: the best goes back when all have refused, a decline for all at once") {
    Stage stage;
    stage.ring_both();
    int expected = 0;
    SUBCASE("one is busy, one is gone: the user is busy") {
        stage.answer("desk", 503);
        stage.answer("app", 486);
        expected = 486;
    }
    SUBCASE("what the directory cannot say better is passed on") {
        stage.answer("desk", 480);
        stage.answer("app", 488);
        expected = 488;
    }
    SUBCASE("a decline") {
        stage.answer("app", 603);
        stage.until([&] { return stage.saw("CANCEL desk"); });
        expected = 603;
    }
    stage.until([&] { return stage.outcome.has_value(); });
    CHECK(stage.outcome->end == End::refused);
    CHECK(stage.outcome->status == expected);
}

TEST_CASE("phones that ring out are cancelled, and ones that are silent, too") {
    Stage stage(100ms);
    stage.ring_both();
    std::string outcome = "+33199000001 rings nobody: 'alice' is not reachable";
    SUBCASE("rings") {
        // At the last moment, so that it need not come in time.
        stage.on_cancel = [&](const auto& user) {
            stage.answer(user, 180);
            stage.answer(user, 487);
        };
        outcome = "+33199000001 rings nobody: 'alice' did not answer";
    }
    SUBCASE("does not even ring") {}
    stage.until([&] { return stage.outcome.has_value(); });
    CHECK(stage.outcome->status == 480);
    CHECK(stage.saw("CANCEL app"));
    CHECK(stage.saw("CANCEL desk"));
    REQUIRE(stage.told.size() == 3);
    CHECK(stage.told[1] == outcome);
}

TEST_CASE("a phone with several bindings rings at all of them") {
    Stage stage;
    stage.accounts.add("desk", "s3cret", sip::digest::Algorithm::sha256);
    IdSource ids({5, 6});
    test::Views view;
    sip::Authenticator authenticator(sip::Login{"desk", "s3cret"});
    auto request = test::register_request("desk", "<sip:one@192.0.2.1>, <sip:two@192.0.2.2>");
    auto challenge = stage.registrar.take(view(request), stage.loop.now());
    REQUIRE(authenticator.challenged(view(challenge.response)) == sip::Authenticator::Verdict::retry);
    authenticator.sign(request, ids);
    REQUIRE(stage.registrar.take(view(request), stage.loop.now()).bindings == 2);
    stage.dial();
    stage.until([&] { return stage.rung.size() == 3; });
    for (const auto* user : {"app", "one", "two"}) CHECK(stage.rung.contains(user));
    stage.answer("two", 200);
    stage.until([&] { return stage.saw("CANCEL app") && stage.saw("CANCEL one"); });
}

TEST_CASE("an INVITE that may go no further") {
    Stage stage;
    sip::Message invite;
    invite.method = "INVITE";
    invite.uri = "sip:+33199000001@provider.example.com";
    invite.add("From", "<sip:a@example.com>;tag=1");
    invite.add("To", "<sip:+33199000001@provider.example.com>");
    invite.add("Call-ID", "x");
    invite.add("CSeq", "1 INVITE");
    invite.add("Max-Forwards", "0");
    int status = 0;
    stage.outside->request(invite, stage.proxy->local(), [&](const ua::Reply& reply) {
        if (reply.message != nullptr) status = reply.message->status();
    });
    stage.until([&] { return status >= 200; });
    CHECK(status == 483);
    CHECK(stage.rung.empty());
}
