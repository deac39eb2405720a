#include "centrex/resolve.h"

#include <algorithm>

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::centrex;
using numbering::E164;

namespace {

E164 number(std::string_view text) {
    return E164::parse(text).value();
}
Time at(std::string_view clock) {
    return parse_rfc3339("2026-11-22T" + std::string(clock) + "Z").value();
}
Name acme(std::string name) {
    return {"acme", std::move(name)};
}

// alice sits at desk-214; desk-7 is a hot desk; bob has no phone of his own.
MapFacts office() {
    MapFacts facts;
    REQUIRE(facts.add(Tenant{.name = "acme", .domain = "acme.example.com", .region = "FR"}));
    REQUIRE(facts.add(User{.id = acme("alice"), .display_name = "Alice", .ring_for = 20s}));
    REQUIRE(facts.add(User{.id = acme("bob")}));
    REQUIRE(facts.add(Phone{.id = acme("desk-214"),
                            .uri = "sip:desk-214@192.0.2.14",
                            .site = "paris",
                            .home_user = "alice",
                            .hot_desk = true,
                            .emergency_cli = number("+33199000999")}));
    REQUIRE(facts.add(Phone{.id = acme("desk-7"),
                            .uri = "sip:desk-7@192.0.2.7",
                            .site = "lyon",
                            .hot_desk = true,
                            .emergency_cli = number("+33199000998")}));
    REQUIRE(facts.add(Number{number("+33199000001"), acme("alice")}));
    REQUIRE(facts.add(Number{number("+33199000002"), acme("bob")}));
    return facts;
}

Resolution ask(const Facts& facts, std::string_view e164, std::string_view clock = "10:00:00") {
    return resolve(facts, {.number = number(e164), .at = at(clock)});
}

// "ring desk-214" or the outcome and no phone.
std::string rings(const Facts& facts, std::string_view e164, std::string_view clock = "10:00:00") {
    auto resolution = ask(facts, e164, clock);
    std::string text(name(resolution.outcome));
    for (const auto& leg : resolution.legs) text += " " + leg.phone;
    return text;
}

bool log_in(MapFacts& facts, std::string phone, std::string user, std::string_view clock) {
    return facts.log_in({.phone = acme(std::move(phone)), .user = std::move(user), .since = at(clock)})
        .has_value();
}

}  // namespace

TEST_CASE("a number rings its user's home phone") {
    auto facts = office();
    auto resolution = ask(facts, "+33199000001");
    CHECK(resolution.outcome == Outcome::ring);
    CHECK(resolution.tenant == "acme");
    REQUIRE(resolution.legs.size() == 1);
    CHECK(resolution.legs[0].user == "alice");
    CHECK(resolution.legs[0].phone == "desk-214");
    CHECK(resolution.legs[0].site == "paris");
    CHECK(resolution.legs[0].uri == "sip:desk-214@192.0.2.14");
    CHECK(resolution.legs[0].after == 0s);
    CHECK(resolution.legs[0].ring_for == 20s);
    CHECK(resolution.emergency.value().cli == number("+33199000999"));
    std::string steps;
    for (const auto& step : resolution.why) steps += step.name + " ";
    CHECK(steps == "number login home emergency ");
}

TEST_CASE("a number follows its user to the phone they log in at, and back") {
    auto facts = office();
    REQUIRE(log_in(facts, "desk-7", "alice", "09:00:00"));
    CHECK(rings(facts, "+33199000001", "08:59:59") == "ring desk-214");
    CHECK(rings(facts, "+33199000001", "09:00:00") == "ring desk-7");
    auto moved = ask(facts, "+33199000001");
    CHECK(moved.emergency.value().cli == number("+33199000998"));
    CHECK(moved.emergency.value().site == "lyon");
    CHECK(std::ranges::find(moved.why, "login", &Step::name)->text ==
          "'alice' is logged in at phone 'desk-7' since 2026-11-22T09:00:00Z");
    REQUIRE(facts.log_out(acme("desk-7"), at("11:00:00")));
    CHECK(rings(facts, "+33199000001", "10:59:59") == "ring desk-7");
    CHECK(rings(facts, "+33199000001", "11:00:00") == "ring desk-214");
    CHECK_FALSE(facts.log_out(acme("desk-7"), at("11:30:00")));
}

TEST_CASE("a home phone belongs to whoever is logged in there") {
    auto facts = office();
    CHECK(rings(facts, "+33199000002") == "no_phone");
    REQUIRE(log_in(facts, "desk-214", "bob", "09:00:00"));
    CHECK(rings(facts, "+33199000002") == "ring desk-214");
    CHECK(rings(facts, "+33199000001") == "no_phone");
    auto alone = ask(facts, "+33199000001");
    CHECK(alone.why.back().text ==
          "phone 'desk-214' is theirs, but 'bob' is logged in there since 2026-11-22T09:00:00Z");
    CHECK_FALSE(alone.emergency);
    CHECK(user_at(facts, acme("desk-214"), at("10:00:00")).value().id.name == "bob");
    CHECK(user_at(facts, acme("desk-214"), at("08:00:00")).value().id.name == "alice");
    CHECK_FALSE(user_at(facts, acme("desk-7"), at("08:00:00")));
    CHECK_FALSE(user_at(facts, acme("desk-8"), at("08:00:00")));
}

TEST_CASE("the later login takes the phone, and the user") {
    auto facts = office();
    REQUIRE(log_in(facts, "desk-7", "alice", "09:00:00"));
    REQUIRE(log_in(facts, "desk-7", "bob", "10:00:00"));
    CHECK(rings(facts, "+33199000001", "09:30:00") == "ring desk-7");
    CHECK(rings(facts, "+33199000001", "10:00:00") == "ring desk-214");
    CHECK(rings(facts, "+33199000002", "10:00:00") == "ring desk-7");
    // bob forgets to log out and moves on: desk-7 is nobody's again.
    REQUIRE(log_in(facts, "desk-214", "bob", "11:00:00"));
    CHECK(rings(facts, "+33199000002", "11:00:00") == "ring desk-214");
    CHECK_FALSE(user_at(facts, acme("desk-7"), at("11:00:00")));
    CHECK_FALSE(login_at(facts, acme("desk-7"), at("11:00:00")));
    CHECK(rings(facts, "+33199000001", "11:00:00") == "no_phone");
}

TEST_CASE("a login ends by itself") {
    auto facts = office();
    REQUIRE(facts.log_in(
        {.phone = acme("desk-7"), .user = "alice", .since = at("09:00:00"), .until = at("17:00:00")}));
    CHECK(rings(facts, "+33199000001", "16:59:59") == "ring desk-7");
    CHECK(rings(facts, "+33199000001", "17:00:00") == "ring desk-214");
    REQUIRE(log_in(facts, "desk-7", "bob", "18:00:00"));
    REQUIRE(facts.log_out(acme("desk-7"), at("18:00:00")));
    CHECK(rings(facts, "+33199000002", "18:00:00") == "no_phone");
    CHECK(log_in(facts, "desk-7", "bob", "18:00:00"));
}

TEST_CASE("several home phones ring at once") {
    auto facts = office();
    REQUIRE(facts.add(Phone{.id = acme("app"), .uri = "sip:app@192.0.2.15", .home_user = "alice"}));
    CHECK(rings(facts, "+33199000001") == "ring app desk-214");
    REQUIRE(log_in(facts, "app", "alice", "09:00:00"));
    CHECK(rings(facts, "+33199000001") == "ring app");
    CHECK_FALSE(ask(facts, "+33199000001").emergency);
    CHECK_FALSE(user_at(facts, acme("desk-214"), at("09:00:00")));
}

TEST_CASE("a number that nobody has is unallocated") {
    auto facts = office();
    auto resolution = ask(facts, "+33199000003");
    CHECK(resolution.outcome == Outcome::unallocated);
    CHECK(resolution.tenant.empty());
    CHECK(resolution.why.at(0).text == "+33199000003 belongs to nobody");
    CHECK(rings(MapFacts{}, "+33199000001") == "unallocated");
}

TEST_CASE("rows that contradict the directory are refused") {
    auto facts = office();
    auto problem = [](const Result<void>& result) {
        return result ? std::string("(no error)") : result.error().text();
    };
    CHECK(problem(facts.add(Tenant{.name = "acme"})) == "tenant 'acme' is there already; names are unique");
    CHECK(problem(facts.add(Tenant{})).starts_with("tenant has no name"));
    CHECK(problem(facts.add(User{.id = {"acne", "carol"}})) ==
          "tenant 'acne' is not known; did you mean 'acme'?");
    CHECK(problem(facts.add(User{.id = acme("bob")})).starts_with("user 'bob' is there already"));
    CHECK(problem(facts.add(Phone{.id = acme("p"), .uri = "sip:p@192.0.2.1", .home_user = "alic"})) ==
          "user 'alic' is not known; did you mean 'alice'?");
    CHECK(problem(facts.add(Phone{.id = acme("p")})).starts_with("phone 'p' has no contact"));
    CHECK(problem(facts.add(Number{number("+33199000001"), acme("bob")}))
              .starts_with("number '+33199000001' belongs to 'alice' already"));
    CHECK(problem(facts.add(Number{number("+33199000003"), acme("carol")}))
              .starts_with("user 'carol' is not known"));
    auto login = [](std::string phone, std::string user, std::string_view clock) {
        return Login{.phone = acme(std::move(phone)), .user = std::move(user), .since = at(clock)};
    };
    CHECK(problem(facts.log_in(login("desk-8", "alice", "09:00:00"))) ==
          "phone 'desk-8' is not known; did you mean 'desk-7'?");
    CHECK(
        problem(facts.log_in(login("desk-7", "carol", "09:00:00"))).starts_with("user 'carol' is not known"));
    REQUIRE(facts.add(Phone{.id = acme("lobby"), .uri = "sip:lobby@192.0.2.1", .home_user = "bob"}));
    CHECK(problem(facts.log_in(login("lobby", "alice", "09:00:00")))
              .starts_with("phone 'lobby' is not a hot desk"));
    CHECK(problem(facts.log_in(login("lobby", "bob", "09:00:00"))) == "(no error)");
    CHECK(problem(facts.log_in(login("desk-7", "bob", "09:00:00"))).find("has the time of another") !=
          std::string::npos);
    CHECK(
        problem(
            facts.log_in(
                {.phone = acme("desk-7"), .user = "alice", .since = at("09:00:00"), .until = at("09:00:00")}))
            .find("ends before it begins") != std::string::npos);
    CHECK(problem(facts.log_out(acme("desk-8"), at("09:00:00"))).starts_with("phone 'desk-8' is not known"));
    // Tenants do not see each other.
    REQUIRE(facts.add(Tenant{.name = "other"}));
    CHECK(problem(facts.add(Number{number("+33199000003"), {"other", "alice"}}))
              .starts_with("user 'alice' is not known"));
}
