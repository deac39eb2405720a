#include "unit/sbc/script.h"

using namespace trunkbox;
using namespace trunkbox::sbc;
using namespace trunkbox::sbc::test;

namespace {

Call nth(int n, std::string_view number = "+442079460123") {
    Call call;
    call.id = fmt::format("f{}@192.0.2.1", n);
    call.tag = fmt::format("a{}", n);
    call.branch = fmt::format("z9hG4bK{}-", n);
    call.called = fmt::format("sip:{}@example.com", number);
    return call;
}

Policy spending_of(std::string_view parameter, std::int64_t value, Policy policy = Policy::strict()) {
    policy.rules["F-502"].always.parameters[std::string(parameter)] = value;
    return policy;
}

// The n-th call is asked for, accepted and ended one second later; what F-502 says of it.
std::string brief_call(Script& script, double at, int n, std::string_view number = "+442079460123", double length = 1) {
    Call call = nth(n, number);
    std::string first = outcome(script.at(at, phone, edge, call.request("INVITE", 1)), "F-502");
    script.at(at + 0.1, edge, phone, call.response(200, "INVITE", 1));
    script.at(at + 0.2, phone, edge, call.request("ACK", 1));
    script.at(at + length, phone, edge, call.request("BYE", 2));
    script.at(at + length + 0.1, edge, phone, call.response(200, "BYE", 2));
    return first;
}

}  // namespace

TEST_CASE("F-502 calls in a day, in a minute, at a time and one after another") {
    Script day(spending_of("calls", 3));
    for (int n = 1; n <= 3; ++n) CHECK(brief_call(day, n * 100, n) == "");
    CHECK(brief_call(day, 400, 4) == "alert");
    CHECK(brief_call(day, 500, 5, "+33199000001") == "");
    CHECK(brief_call(day, 90'000, 6) == "");

    Script minute(spending_of("minute", 3));
    for (int n = 1; n <= 3; ++n) CHECK(brief_call(minute, n * 10, n) == "");
    CHECK(brief_call(minute, 40, 4) == "alert");
    CHECK(brief_call(minute, 140, 5) == "");

    Script running(spending_of("running", 2));
    Call calls[] = {nth(1), nth(2), nth(3), nth(4), nth(5)};
    // Until the far end was heard nobody can say what runs.
    CHECK(brief_call(running, 0, 9) == "");
    for (int n = 0; n < 2; ++n) CHECK(said(running.at(10 + n, phone, edge, calls[n].request("INVITE", 1))) == "accept");
    CHECK(outcome(running.at(12, phone, edge, calls[2].request("INVITE", 1)), "F-502") == "alert");
    running.at(13, edge, phone, calls[0].response(486, "INVITE", 1));
    running.at(13.1, phone, edge, calls[1].request("BYE", 2));
    CHECK(outcome(running.at(14, phone, edge, calls[3].request("INVITE", 1)), "F-502") == "");

    Script sequence(spending_of("sequence", 2));
    CHECK(brief_call(sequence, 0, 1) == "");
    CHECK(brief_call(sequence, 70, 2) == "");
    CHECK(brief_call(sequence, 140, 3) == "alert");
    CHECK(brief_call(sequence, 210, 4, "+442079460124") == "");
    CHECK(brief_call(sequence, 280, 5) == "");
}

TEST_CASE("F-502 from the critical percentage on a call is refused, in strict") {
    for (bool strict : {true, false}) {
        Script script(spending_of("minute", 2, strict ? Policy::strict() : Policy::lenient()));
        std::string last;
        for (int n = 1; n <= 4; ++n) last = brief_call(script, n, n);
        CHECK(last == "alert");
        CHECK(brief_call(script, 5, 5) == (strict ? "reject 603" : "alert"));
    }
}

TEST_CASE("F-502 and F-505 calls that last too long") {
    Policy policy = spending_of("minutes", 10);
    policy.rules["F-505"].always.parameters["minutes"] = 20;
    auto ended = [&](double length) {
        Call call;
        Script script(policy);
        CHECK(connect(script, call));
        return said(script.at(3 + length, phone, edge, call.request("BYE", 2)));
    };
    CHECK(ended(600) == "accept");
    CHECK(ended(601) == "accept (alert F-502)");
    CHECK(ended(1201) == "accept (alert F-502) (alert F-505)");
    // Found while it lasts, too.
    Call call;
    Script script(policy);
    CHECK(connect(script, call));
    CHECK(outcome(script.at(1300, phone, edge, call.request("UPDATE", 2)), "F-505") == "alert");
}

TEST_CASE("F-503 a country that is new to an account with habits") {
    Policy policy;
    policy.rules["F-503"].always.parameters["calls"] = 3;
    Script script(policy);
    auto called = [&](int n, std::string_view number) { return outcome(script.at(n * 100, phone, edge, nth(n, number).request("INVITE", 1)), "F-503"); };
    CHECK(called(1, "+442079460123") == "");
    CHECK(called(2, "+33199000001") == "");
    CHECK(called(3, "00442079460124") == "");
    CHECK(called(4, "+442079460125") == "");
    CHECK(called(5, "+4930123456") == "alert");
    CHECK(called(6, "+4930123457") == "");
    CHECK(called(7, "02079460123") == "");
    CHECK(called(8, "+2101234567") == "");
}

TEST_CASE("F-503 calls abroad at night") {
    // 2023-11-14T22:13:20Z and 40 minutes later.
    auto at_night = [](std::int64_t begin, std::int64_t end, std::int64_t shift, double at, std::string_view number = "+442079460123") {
        Policy policy;
        policy.rules["F-503"].always.parameters = {{"begin", begin}, {"end", end}, {"shift", shift}};
        return outcome(Script(policy).at(at, phone, edge, nth(1, number).request("INVITE", 1)), "F-503");
    };
    CHECK(at_night(22, 6, 0, 0) == "alert");
    CHECK(at_night(23, 6, 0, 0) == "");
    CHECK(at_night(23, 6, 60, 0) == "alert");
    CHECK(at_night(0, 6, 60, 2400) == "");
    CHECK(at_night(0, 6, 120, 0) == "alert");
    CHECK(at_night(8, 22, 0, 0) == "");
    CHECK(at_night(0, 0, 0, 0) == "");
    CHECK(at_night(22, 6, 0, 0, "2079460123") == "");
}

TEST_CASE("F-504 one number in many spellings") {
    constexpr std::string_view prefixes[] = {"", "+", "00", "011", "900", "9011", "000"};
    auto sweep = [&](std::size_t count, double pause, bool same_number) {
        Script script;
        std::string last;
        for (std::size_t n = 0; n < count; ++n) {
            std::string number = fmt::format("{}44207946{:04}", prefixes[n], same_number ? 123 : static_cast<int>(n));
            last = outcome(script.at(static_cast<double>(n) * pause, phone, edge, nth(static_cast<int>(n), number).request("INVITE", 1)), "F-504");
        }
        return last;
    };
    CHECK(sweep(5, 10, true) == "drop");
    CHECK(sweep(4, 10, true) == "");
    CHECK(sweep(5, 80, true) == "");
    CHECK(sweep(7, 1, false) == "");
    Script banned;
    for (int n = 0; n < 5; ++n)
        banned.at(n, phone, edge, nth(n, fmt::format("{}442079460123", prefixes[static_cast<std::size_t>(n)])).request("INVITE", 1));
    CHECK(said(banned.at(6, phone, edge, nth(9).request("INVITE", 1))) == "drop A-411");
    Script short_numbers;
    for (int n = 0; n < 7; ++n)
        CHECK(outcome(short_numbers.at(n, phone, edge, nth(n, fmt::format("{}112", prefixes[static_cast<std::size_t>(n)])).request("INVITE", 1)), "F-504") == "");
}

TEST_CASE("F-505 calls of which nearly all last the same") {
    auto last_of = [](auto length) {
        Script script;
        std::string last;
        for (int n = 1; n <= 20; ++n) {
            double at = n * 500;
            Call call = nth(n);
            script.at(at, phone, edge, call.request("INVITE", 1));
            script.at(at + 1, edge, phone, call.response(200, "INVITE", 1));
            script.at(at + 1, phone, edge, call.request("ACK", 1));
            last = outcome(script.at(at + 1 + length(n), phone, edge, call.request("BYE", 2)), "F-505");
        }
        return last;
    };
    CHECK(last_of([](int n) { return 61.0 + n % 2; }) == "alert");
    CHECK(last_of([](int n) { return 61.0 + 3 * n; }) == "");
    CHECK(last_of([](int n) { return n <= 2 ? 100.0 : 61.0; }) == "");
    CHECK(last_of([](int n) { return n <= 1 ? 100.0 : 61.0; }) == "alert");
    CHECK(last_of([](int) { return 5.0; }) == "");
}
