#include "sip/registration.h"

#include <deque>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace trunkbox;
using namespace trunkbox::sip;
using namespace trunkbox::sip::registration;

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

Setup setup(Mode mode) {
    Setup setup;
    setup.mode = mode;
    setup.registrar = "sip:example.com";
    setup.aor = "sip:acme@example.com";
    setup.contact = "sip:acme@192.0.2.1:5060";
    setup.call_id = "reg-1";
    setup.expires = 600;
    setup.login = Login{"acme", "s3cret"};
    return setup;
}

struct Bench {
    State state;
    Time now{1'000s};
    Actions out;
    std::deque<std::string> kept;

    explicit Bench(Setup wanted) { take(start(std::move(wanted), {3, 4}, now)); }

    void take(Step step) {
        state = std::move(step.state);
        out = std::move(step.actions);
    }
    void event(const Event& event) { take(on(std::move(state), event, now)); }
    void answer(const Message& request, int status, const Headers& headers = {}) {
        kept.push_back(request.bytes());
        auto response = Message::response_to(MessageView::read(kept.back()), status);
        for (const auto& [name, value] : headers) response.add(name, value);
        kept.push_back(response.bytes());
        auto view = MessageView::read(kept.back());
        event(Response{&view});
    }
    void run(Duration duration) {
        auto until = now + duration;
        Actions all;
        while (deadline(state) && *deadline(state) <= until) {
            now = *deadline(state);
            event(Tick{});
            all.insert(all.end(), out.begin(), out.end());
        }
        now = until;
        out = std::move(all);
    }
    template <class T>
    [[nodiscard]] T only() const {
        std::vector<T> found;
        for (const auto& action : out)
            if (const auto* match = std::get_if<T>(&action)) found.push_back(*match);
        REQUIRE(found.size() == 1);
        return found.front();
    }
    [[nodiscard]] Message sent() const { return only<Send>().message; }
    [[nodiscard]] Outcome outcome() const { return only<Ended>().outcome; }
};

const Headers challenge{{"WWW-Authenticate", R"(Digest realm="example.com", nonce="n1", algorithm=MD5, qop="auth")"}};

Headers bound(int expires) {
    return {{"Contact", fmt::format("<sip:acme@192.0.2.1:5060>;expires={}", expires)}};
}

}  // namespace

TEST_CASE("register once") {
    Bench bench(setup(Mode::once));
    auto request = bench.sent();
    CHECK(request.method == "REGISTER");
    CHECK(request.uri == "sip:example.com");
    CHECK(request.get("To") == "<sip:acme@example.com>");
    CHECK(request.get("From").starts_with("<sip:acme@example.com>;tag="));
    CHECK(request.get("Contact") == "<sip:acme@192.0.2.1:5060>;expires=600");
    CHECK(request.get("CSeq") == "1 REGISTER");
    bench.now += 1s;
    bench.answer(request, 100);
    CHECK(bench.out.empty());
    bench.answer(request, 200,
                 {{"Contact", "<sip:other@192.0.2.9>;expires=5, <SIP:acme@192.0.2.1:5060>;expires=300"}});
    auto outcome = bench.outcome();
    CHECK(outcome.end == End::done);
    CHECK(outcome.registered);
    CHECK(outcome.status == 200);
    CHECK(outcome.expires == 300);
    REQUIRE(outcome.bindings.size() == 2);
    CHECK(outcome.bindings[0] == Binding{"sip:other@192.0.2.9", 5});
    CHECK(*outcome.answered_at - *outcome.started_at == 1s);
    CHECK_FALSE(deadline(bench.state).has_value());
    bench.answer(request, 200);
    CHECK(bench.out.empty());
}

TEST_CASE("what a registrar says of expiry") {
    Bench bench(setup(Mode::once));
    SUBCASE("in the header") {
        bench.answer(bench.sent(), 200, {{"Contact", "<sip:acme@192.0.2.1:5060>"}, {"Expires", "120"}});
        CHECK(bench.outcome().expires == 120);
    }
    SUBCASE("nothing: what was asked for") {
        bench.answer(bench.sent(), 200, {{"Contact", "<sip:acme@192.0.2.1:5060>"}});
        CHECK(bench.outcome().expires == 600);
    }
    SUBCASE("no contact at all") {
        bench.answer(bench.sent(), 200, {{"Expires", "90"}});
        CHECK(bench.outcome().registered);
        CHECK(bench.outcome().expires == 90);
    }
    SUBCASE("nonsense") {
        bench.answer(bench.sent(), 200, {{"Contact", "<sip:acme@192.0.2.1:5060>;expires=99999999999"},
                                         {"Expires", "soon"}});
        CHECK(bench.outcome().expires == 600);
    }
    SUBCASE("other contacts only: that is no registration") {
        bench.answer(bench.sent(), 200, {{"Contact", "<sip:acme@192.0.2.1:5999>;expires=60"}, {"Contact", "<<"}});
        CHECK(bench.outcome().end == End::refused);
        CHECK_FALSE(bench.outcome().registered);
        CHECK(bench.outcome().detail == "the registrar said yes, but our contact is not among its bindings");
    }
}

TEST_CASE("a challenge, and what may go wrong with it") {
    auto wanted = setup(Mode::once);
    SUBCASE("answered") {
        Bench bench(wanted);
        auto first = bench.sent();
        bench.answer(first, 401, challenge);
        auto again = bench.sent();
        CHECK(again.get("CSeq") == "2 REGISTER");
        CHECK(again.get("Call-ID") == first.get("Call-ID"));
        CHECK(again.get("From") == first.get("From"));
        CHECK(again.get("Authorization").find(R"(username="acme")") != std::string_view::npos);
        SUBCASE("and taken") {
            bench.answer(again, 200, bound(600));
            CHECK(bench.outcome().registered);
        }
        SUBCASE("and refused") {
            bench.answer(again, 401, challenge);
            CHECK(bench.outcome().end == End::refused);
            CHECK(bench.outcome().status == 401);
            CHECK(bench.outcome().detail == "the far end refused the user name or password");
        }
        SUBCASE("and stale, for ever") {
            auto stale = challenge;
            stale.front().second += ", stale=true";
            int sent = 2;
            while (!bench.state.ended && sent < 100) {
                bench.answer(bench.sent(), 401, stale);
                ++sent;
            }
            CHECK(sent > 2);
            CHECK(sent < 10);
        }
        SUBCASE("a repeated answer to the first request is not an answer to the second") {
            bench.answer(first, 401, challenge);
            CHECK(bench.out.empty());
            bench.answer(again, 200, bound(600));
            CHECK(bench.outcome().registered);
        }
    }
    SUBCASE("without a login") {
        wanted.login.reset();
        Bench bench(wanted);
        bench.answer(bench.sent(), 401, challenge);
        CHECK(bench.outcome().detail == "the far end asks for a user name and password");
    }
}

TEST_CASE("423 raises the expiry, three times at most") {
    Bench bench(setup(Mode::once));
    SUBCASE("raised") {
        for (int i = 1; i <= 3; ++i) {
            bench.answer(bench.sent(), 423, {{"Min-Expires", fmt::format("{}", 1000 * i)}});
            CHECK(bench.sent().get("Contact") == fmt::format("<sip:acme@192.0.2.1:5060>;expires={}", 1000 * i));
        }
        bench.answer(bench.sent(), 423, {{"Min-Expires", "9000"}});
        CHECK(bench.outcome().end == End::refused);
        CHECK(bench.outcome().status == 423);
    }
    SUBCASE("not higher, not a number, not there") {
        for (const Headers& headers :
             {Headers{{"Min-Expires", "600"}}, Headers{{"Min-Expires", "more"}}, Headers{}}) {
            Bench one(setup(Mode::once));
            one.answer(one.sent(), 423, headers);
            CHECK(one.outcome().status == 423);
        }
    }
    SUBCASE("after a challenge, and challenged anew") {
        bench.answer(bench.sent(), 401, challenge);
        bench.answer(bench.sent(), 423, {{"Min-Expires", "1000"}});
        CHECK_FALSE(bench.sent().get("Authorization").empty());
        bench.answer(bench.sent(), 401, challenge);
        bench.answer(bench.sent(), 200, bound(1000));
        CHECK(bench.outcome().expires == 1000);
    }
}

TEST_CASE("a registration that is kept is refreshed in time") {
    struct Row {
        int granted;
        Duration after;
    };
    for (const auto& row : {Row{600, 540s}, Row{100, 50s}, Row{3600, 3540s}, Row{1, 1s}, Row{0, 1s}}) {
        auto granted = row.granted;
        auto after = row.after;
        CAPTURE(granted);
        Bench bench(setup(Mode::keep));
        bench.answer(bench.sent(), 200, bound(granted));
        CHECK(bench.only<Registered>().outcome.expires == static_cast<std::uint32_t>(granted));
        REQUIRE(deadline(bench.state).has_value());
        CHECK(*deadline(bench.state) - bench.now == after);
        bench.run(after);
        CHECK(bench.sent().get("CSeq") == "2 REGISTER");
        CHECK_FALSE(deadline(bench.state).has_value());
    }
}

TEST_CASE("a refresh that is lost is tried again, later and later") {
    Bench bench(setup(Mode::keep));
    bench.answer(bench.sent(), 401, challenge);
    bench.answer(bench.sent(), 200, bound(600));
    bench.run(540s);
    CHECK_FALSE(bench.sent().get("Authorization").empty());
    for (auto wait : {4s, 8s, 16s, 32s, 64s, 128s, 256s, 300s, 300s}) {
        bench.event(NoResponse{TransactionLayer::Failed::Why::timeout});
        auto lost = bench.only<Lost>();
        CHECK(lost.outcome.end == End::timeout);
        CHECK_FALSE(lost.outcome.registered);
        CHECK(lost.retry_at - bench.now == wait);
        bench.run(wait);
        CHECK(bench.sent().method == "REGISTER");
    }
    SUBCASE("Retry-After is heeded, within bounds") {
        bench.answer(bench.sent(), 503, {{"Retry-After", "17 (maintenance)"}});
        CHECK(bench.only<Lost>().retry_at - bench.now == 17s);
        bench.run(17s);
        bench.answer(bench.sent(), 503, {{"Retry-After", "0"}});
        CHECK(bench.only<Lost>().retry_at - bench.now == 1s);
        bench.run(1s);
        bench.answer(bench.sent(), 503, {{"Retry-After", "4000000000"}});
        CHECK(bench.only<Lost>().retry_at - bench.now == 3600s);
        bench.run(3600s);
        bench.answer(bench.sent(), 503, {{"Retry-After", "-1"}});
        CHECK(bench.only<Lost>().retry_at - bench.now == 300s);
    }
    SUBCASE("a password that was refused for a while is tried again in full") {
        bench.answer(bench.sent(), 401, challenge);
        bench.answer(bench.sent(), 401, challenge);
        CHECK(bench.only<Lost>().outcome.status == 401);
        bench.run(600s);
        bench.answer(bench.sent(), 401, challenge);
        bench.answer(bench.sent(), 200, bound(600));
        CHECK(bench.only<Registered>().outcome.registered);
    }
    SUBCASE("and it stands again") {
        bench.answer(bench.sent(), 200, bound(600));
        CHECK(bench.only<Registered>().outcome.registered);
        CHECK(*deadline(bench.state) - bench.now == 540s);
        CHECK(bench.state.failures == 0);
    }
}

TEST_CASE("a first failure ends a registration that was to be kept: it is set up wrongly") {
    Bench refused(setup(Mode::keep));
    refused.answer(refused.sent(), 403);
    CHECK(refused.outcome().end == End::refused);
    Bench silent(setup(Mode::keep));
    silent.event(NoResponse{TransactionLayer::Failed::Why::timeout});
    CHECK(silent.outcome().end == End::timeout);
    Bench cut(setup(Mode::keep));
    cut.event(NoResponse{TransactionLayer::Failed::Why::transport});
    CHECK(cut.outcome().end == End::unreachable);
    CHECK(cut.outcome().status == 0);
}

TEST_CASE("Stop removes a kept binding") {
    Bench bench(setup(Mode::keep));
    SUBCASE("that stands") {
        bench.answer(bench.sent(), 200, bound(600));
        bench.event(Stop{});
        CHECK(bench.sent().get("Contact") == "<sip:acme@192.0.2.1:5060>;expires=0");
        auto removal = bench.sent();
        bench.event(Stop{});
        CHECK(bench.out.empty());
        bench.answer(removal, 200);
        CHECK(bench.outcome().end == End::done);
        CHECK_FALSE(bench.outcome().registered);
    }
    SUBCASE("while a refresh is out: its answer is not the removal's") {
        bench.answer(bench.sent(), 200, bound(600));
        bench.run(540s);
        auto refresh = bench.sent();
        bench.event(Stop{});
        auto removal = bench.sent();
        bench.answer(refresh, 503);
        CHECK(bench.out.empty());
        bench.answer(removal, 200);
        CHECK(bench.outcome().end == End::done);
    }
    SUBCASE("that the registrar does not answer for") {
        bench.answer(bench.sent(), 200, bound(600));
        bench.event(Stop{});
        bench.event(NoResponse{TransactionLayer::Failed::Why::timeout});
        CHECK(bench.outcome().end == End::timeout);
    }
    SUBCASE("that never was") {
        bench.event(Stop{});
        CHECK(bench.outcome().end == End::done);
    }
}

TEST_CASE("a query carries no contact and reports all bindings") {
    Bench bench(setup(Mode::query));
    CHECK(bench.sent().get("Contact").empty());
    bench.answer(bench.sent(), 200,
                 {{"Contact", "<sip:acme@192.0.2.1:5060>;expires=20, \"Desk, two\" <sip:b@192.0.2.2>;expires=30"}});
    CHECK(bench.outcome().end == End::done);
    CHECK(bench.outcome().bindings.size() == 2);
    CHECK(bench.outcome().registered);
    CHECK(bench.outcome().expires == 20);
    Bench none(setup(Mode::query));
    none.answer(none.sent(), 200);
    CHECK(none.outcome().end == End::done);
    CHECK_FALSE(none.outcome().registered);
}

TEST_CASE("removal") {
    SUBCASE("of this contact") {
        Bench bench(setup(Mode::remove));
        CHECK(bench.sent().get("Contact") == "<sip:acme@192.0.2.1:5060>;expires=0");
        bench.answer(bench.sent(), 200);
        CHECK(bench.outcome().end == End::done);
        CHECK_FALSE(bench.outcome().registered);
    }
    SUBCASE("of all") {
        Bench bench(setup(Mode::remove_all));
        CHECK(bench.sent().get("Contact") == "*");
        CHECK(bench.sent().get("Expires") == "0");
    }
    SUBCASE("of this user and host at any port: a query first") {
        auto wanted = setup(Mode::remove);
        wanted.any_port = true;
        Bench bench(wanted);
        CHECK(bench.sent().get("Contact").empty());
        bench.answer(bench.sent(), 401, challenge);
        CHECK(bench.sent().get("Contact").empty());
        SUBCASE("then the ones that are ours") {
            bench.answer(bench.sent(), 200,
                         {{"Contact", "<sip:acme@192.0.2.1:5071;ob>;expires=9, <sip:acme@192.0.2.7:5060>"},
                          {"Contact", "<sip:other@192.0.2.1:5060>, <sip:acme@192.0.2.1>"}});
            auto bytes = bench.sent().bytes();
            CHECK(bytes.find("Contact: <sip:acme@192.0.2.1:5071;ob>;expires=0\r\n"
                             "Contact: <sip:acme@192.0.2.1>;expires=0\r\n") != std::string::npos);
            CHECK(bytes.find("other@") == std::string::npos);
            CHECK(bytes.find("192.0.2.7") == std::string::npos);
            bench.answer(bench.sent(), 200, {{"Contact", "<sip:acme@192.0.2.7:5060>"}});
            CHECK(bench.outcome().end == End::done);
            CHECK(bench.outcome().bindings.size() == 1);
        }
        SUBCASE("none: done at once") {
            bench.answer(bench.sent(), 200, {{"Contact", "<sip:acme@192.0.2.7:5060>"}});
            CHECK(bench.outcome().end == End::done);
        }
    }
}

TEST_CASE("answers that are not understood leave it waiting") {
    Bench bench(setup(Mode::once));
    for (const char* text : {"", "x", "SIP/2.0 200 OK\r\n\r\n", "SIP/2.0 200 OK\r\nCSeq: 9 REGISTER\r\n\r\n",
                             "SIP/2.0 2x0 OK\r\nCSeq: 1 REGISTER\r\n\r\n"}) {
        CAPTURE(text);
        auto view = MessageView::read(text);
        bench.event(Response{&view});
        CHECK(bench.out.empty());
        CHECK_FALSE(bench.state.ended);
    }
}
