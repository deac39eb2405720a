// The rounds of a call through a directory, and that they end.
#include "provider/delivery.h"

#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace trunkbox;
using namespace trunkbox::provider;
using centrex::Outcome;
using numbering::E164;

namespace {

E164 e164(const std::string& text) { return E164::parse(text).value(); }

// A tenant whose people have a phone each, and whatever forwards, groups and barrings a test gives them.
class Office final : public centrex::Facts {
  public:
    std::map<std::string, centrex::User> users{};
    std::map<std::string, std::vector<centrex::Forward>> forwarded{};
    std::map<std::string, centrex::Group> groups{};
    std::map<E164, centrex::Number> numbers{};
    std::optional<centrex::Barring> barred{};

    void add(const std::string& name, std::string_view number = {}) {
        users[name] = {.id = {"acme", name}};
        if (!number.empty()) assign(number, "user:" + name);
    }
    void assign(std::string_view number, const std::string& target) {
        auto parsed = e164(std::string(number));
        numbers.insert_or_assign(parsed, centrex::Number{.e164 = parsed, .user = {"acme", target.substr(5)}, .target = target});
    }
    void forward(const std::string& name, std::string condition, std::string to) {
        forwarded[name].push_back({.condition = std::move(condition), .to = std::move(to)});
    }

    std::optional<centrex::Number> number(const E164& number) const override {
        auto found = numbers.find(number);
        return found == numbers.end() ? std::nullopt : std::optional(found->second);
    }
    std::optional<centrex::User> user(const centrex::Name& user) const override {
        auto found = users.find(user.name);
        return found == users.end() ? std::nullopt : std::optional(found->second);
    }
    std::optional<centrex::Phone> phone(const centrex::Name&) const override { return std::nullopt; }
    std::vector<centrex::Phone> home_phones(const centrex::Name& user) const override {
        return {{.id = {"acme", "desk-" + user.name}, .uri = "sip:" + user.name + "@192.0.2.1"}};
    }
    std::optional<centrex::Login> last_login(const centrex::Name&, Time) const override { return std::nullopt; }
    std::optional<centrex::Login> last_login_of(const centrex::Name&, Time) const override { return std::nullopt; }
    std::vector<centrex::Forward> forwards(const centrex::Name& user) const override {
        auto found = forwarded.find(user.name);
        return found == forwarded.end() ? std::vector<centrex::Forward>{} : found->second;
    }
    std::optional<centrex::Group> group(const centrex::Name& group) const override {
        auto found = groups.find(group.name);
        return found == groups.end() ? std::nullopt : std::optional(found->second);
    }
    std::optional<centrex::Barring> barring(const centrex::Name&) const override { return barred; }
    std::string region(const std::string& tenant) const override { return tenant == "acme" ? "FR" : ""; }
};

const std::string alices = "+33199000001";
const std::string far = "+442079460123";

// What a round says, to its outcome: "+33199000001 rings bob at desk-bob: 'alice' did not answer (ring)".
std::string round(Delivery& delivery, const Office& office) {
    auto resolution = delivery.ask(office, Time{});
    if (!resolution) return "not ours";
    return fmt::format("{} ({})", describe(delivery, *resolution), centrex::name(resolution->outcome));
}

}  // namespace

TEST_CASE("who let it ring is forwarded as they wished, each by what their phone said") {
    Office office;
    office.add("alice", alices);
    office.add("bob");
    office.forward("alice", "cfnr", "user:bob");
    office.forward("alice", "cfb", far);
    office.forward("alice", "cfnrc", "voicemail:alice");
    office.forward("bob", "cfb", far);
    Delivery delivery(e164(alices), std::nullopt);
    CHECK(round(delivery, office) == "+33199000001 rings alice at desk-alice (ring)");
    SUBCASE("rang out, then busy") {
        CHECK(delivery.learn({{.user = "alice", .rang = true}}));
        CHECK(round(delivery, office) == "+33199000001 rings bob at desk-bob: 'alice' did not answer (ring)");
        CHECK(delivery.learn({{.user = "bob", .status = 486, .rang = true}}));
        CHECK(round(delivery, office) == "+33199000001 goes on to +442079460123: 'bob' is busy (forwarded)");
        CHECK(delivery.round() == 3);
    }
    SUBCASE("busy") {
        CHECK(delivery.learn({{.user = "alice", .status = 600}}));
        CHECK(round(delivery, office) == "+33199000001 goes on to +442079460123: 'alice' is busy (forwarded)");
    }
    SUBCASE("not there") {
        int status = 0;
        SUBCASE("no answer at all") { status = 0; }
        SUBCASE("timed out") { status = 408; }
        SUBCASE("unavailable") { status = 480; }
        SUBCASE("out of order") { status = 503; }
        SUBCASE("does not take the call") { status = 488; }
        CHECK(delivery.learn({{.user = "alice", .status = status}}));
        CHECK(round(delivery, office) == "+33199000001 rings nobody: 'alice' is not reachable (voicemail)");
    }
    SUBCASE("declined for all") { CHECK_FALSE(delivery.learn({{.user = "alice", .status = 603}})); }
    SUBCASE("nothing was tried") { CHECK_FALSE(delivery.learn({})); }
}

TEST_CASE("of a user's phones a busy one says most, and then one that rang") {
    Office office;
    office.add("alice", alices);
    Delivery delivery(e164(alices), std::nullopt);
    (void)delivery.ask(office, Time{});
    SUBCASE("busy") {
        CHECK(delivery.learn({{.user = "alice"}, {.user = "alice", .status = 486}, {.user = "alice", .rang = true}}));
        CHECK(round(delivery, office) == "+33199000001 rings nobody: 'alice' is busy (busy)");
    }
    SUBCASE("rang") {
        CHECK(delivery.learn({{.user = "alice", .status = 503}, {.user = "alice", .status = 408, .rang = true}}));
        CHECK(round(delivery, office) == "+33199000001 rings nobody: 'alice' did not answer (no_answer)");
    }
    SUBCASE("gone") {
        CHECK(delivery.learn({{.user = "alice"}, {.user = "alice", .status = 408}}));
        CHECK(round(delivery, office) == "+33199000001 rings nobody: 'alice' is not reachable (no_phone)");
    }
}

TEST_CASE("a group: members who cannot be had are passed over, and then comes its overflow") {
    Office office;
    for (const auto* name : {"alice", "bob", "carol"}) office.add(name);
    office.assign(alices, "group:x");
    office.numbers.at(e164(alices)).target = "group:sales";
    office.groups["sales"] = {.id = {"acme", "sales"}, .sequential = true, .members = {"alice", "bob", "carol"}};
    Delivery delivery(e164(alices), std::nullopt);
    CHECK(round(delivery, office) ==
          "+33199000001 rings alice at desk-alice, then bob at desk-bob, then carol at desk-carol (ring)");
    SUBCASE("somebody is left") {
        CHECK(delivery.learn({{.user = "alice", .status = 600}}));
        CHECK(round(delivery, office) == "+33199000001 rings bob at desk-bob, then carol at desk-carol: 'alice' is busy (ring)");
    }
    SUBCASE("everybody is busy") {
        CHECK(delivery.learn(
            {{.user = "alice", .status = 486}, {.user = "bob", .status = 486}, {.user = "carol", .status = 486}}));
        CHECK(round(delivery, office).ends_with("(busy)"));
    }
    SUBCASE("one let it ring") {
        CHECK(delivery.learn(
            {{.user = "alice", .status = 486}, {.user = "bob", .rang = true}, {.user = "carol", .status = 480}}));
        CHECK(round(delivery, office).ends_with("(no_answer)"));
    }
    SUBCASE("overflow") {
        office.groups["sales"].overflow = "voicemail:alice";
        CHECK(delivery.learn({{.user = "alice"}, {.user = "bob"}, {.user = "carol"}}));
        CHECK(round(delivery, office).ends_with("(voicemail)"));
    }
}

TEST_CASE("a directory that leads on for ever ends") {
    Office office;
    for (int i = 0; i < 20; ++i) {
        office.add(fmt::format("u{}", i), i == 0 ? alices : std::string{});
        office.forward(fmt::format("u{}", i), "cfnr", fmt::format("user:u{}", i + 1));
    }
    Delivery delivery(e164(alices), std::nullopt);
    int rounds = 0;
    for (bool more = true; more; ++rounds) {
        auto resolution = delivery.ask(office, Time{});
        REQUIRE(resolution);
        REQUIRE(resolution->legs.size() == 1);
        CHECK(resolution->legs[0].user == fmt::format("u{}", rounds));
        more = delivery.learn({{.user = resolution->legs[0].user, .rang = true}});
    }
    CHECK(rounds == Delivery::most_rounds);
}

TEST_CASE("two who send each other their calls are cut off") {
    Office office;
    office.add("alice", alices);
    office.add("bob");
    office.forward("alice", "cfnr", "user:bob");
    office.forward("bob", "cfnr", "user:alice");
    Delivery delivery(e164(alices), std::nullopt);
    (void)delivery.ask(office, Time{});
    CHECK(delivery.learn({{.user = "alice", .rang = true}}));
    CHECK(round(delivery, office) == "+33199000001 rings bob at desk-bob: 'alice' did not answer (ring)");
    CHECK(delivery.learn({{.user = "bob", .rang = true}}));
    CHECK(round(delivery, office) == "+33199000001 rings nobody: 'bob' did not answer (loop)");
    CHECK_FALSE(delivery.learn({{.user = "bob", .rang = true}}));  // nothing new
}

TEST_CASE("what a caller must not call") {
    Office office;
    office.add("alice", alices);
    office.barred = centrex::Barring{.name = "home-only", .deny = {"+"}, .allow = {"+33"}};
    Delivery out(e164(far), e164(alices));
    CHECK(round(out, office) == "not ours");
    office.users["alice"].barring = "home-only";
    Delivery denied(e164(far), e164(alices));
    auto resolution = denied.ask(office, Time{});
    REQUIRE(resolution);
    CHECK(resolution->outcome == Outcome::barred);
    CHECK(resolution->why.back().text == "'alice' must not call +442079460123: 'home-only' denies +");
    CHECK(refusal(resolution->outcome) == 403);
    Delivery allowed(e164("+33140000000"), e164(alices));
    CHECK(round(allowed, office) == "not ours");
    Delivery unknown(e164(far), std::nullopt);
    CHECK(round(unknown, office) == "not ours");
    Delivery stranger(e164(far), e164("+442079460777"));
    CHECK(round(stranger, office) == "not ours");
    // Help is never barred, and neither are colleagues.
    office.barred = centrex::Barring{.name = "nothing", .deny = {"+"}};
    Delivery help(e164("+33112"), e164(alices));
    CHECK(round(help, office) == "not ours");
    Delivery colleague(e164(alices), e164(alices));
    CHECK(round(colleague, office) == "+33199000001 rings alice at desk-alice (ring)");
    office.numbers.at(e164(alices)).state = "ported_out";
    Delivery gone(e164(alices), e164(alices));
    CHECK(round(gone, office).ends_with("(barred)"));
}

TEST_CASE("what a caller hears of a number that rings nothing") {
    CHECK(refusal(Outcome::busy) == 486);
    CHECK(refusal(Outcome::no_answer) == 480);
    CHECK(refusal(Outcome::voicemail) == 480);
    CHECK(refusal(Outcome::resting) == 410);
    CHECK(refusal(Outcome::loop) == 482);
    CHECK(refusal(Outcome::unallocated) == 404);
    for (int status : {404, 408, 480, 486, 503, 600}) CHECK(is_availability(status));
    for (int status : {302, 403, 488, 500, 603}) CHECK_FALSE(is_availability(status));
}
