#include "centrex/kept_facts.h"

#include <doctest/doctest.h>

#include "centrex/resolve.h"

using namespace trunkbox;
using namespace trunkbox::centrex;
using numbering::E164;

namespace {

const Time noon = parse_rfc3339("2026-11-22T12:00:00Z").value();

// Says something else for each name and time, and counts how often it is asked.
class Counted final : public Facts {
  public:
    std::optional<Number> number(const E164& e164) const override {
        ++asked;
        return Number{e164, {"acme", "user-" + e164.digits().substr(9)}};
    }
    std::optional<User> user(const Name& user) const override {
        ++asked;
        if (user.name == "nobody") return std::nullopt;
        return User{.id = user, .display_name = "the " + user.name};
    }
    std::optional<Phone> phone(const Name& phone) const override {
        ++asked;
        return Phone{.id = phone, .uri = "sip:" + phone.name + "@192.0.2.1"};
    }
    std::vector<Phone> home_phones(const Name& user) const override {
        ++asked;
        return {Phone{.id = {user.tenant, "desk-of-" + user.name}}, Phone{.id = {user.tenant, "second-of-" + user.name}}};
    }
    std::optional<Login> last_login(const Name& phone, Time at) const override {
        ++asked;
        return Login{.phone = phone, .user = "guest", .since = at - 1h};
    }
    std::optional<Login> last_login_of(const Name& user, Time at) const override {
        ++asked;
        return Login{.phone = {user.tenant, "desk-7"}, .user = user.name, .since = at - 2h};
    }
    std::string address(const Phone& phone) const override {
        ++asked;
        return phone.site + " " + phone.location;
    }
    std::string region(const std::string& tenant) const override {
        ++asked;
        return tenant == "acme" ? "FR" : "GB";
    }
    mutable int asked = 0;
};

}  // namespace

TEST_CASE("kept facts are those that were asked for, and are asked once") {
    const Counted counted;
    const KeptFacts kept(counted);
    for (int times = 0; times < 3; ++times) {
        CHECK(kept.user({"acme", "alice"})->display_name == "the alice");
        CHECK(kept.user({"other", "alice"})->id.tenant == "other");
        CHECK_FALSE(kept.user({"acme", "nobody"}));
        CHECK(kept.phone({"acme", "alice"})->uri == "sip:alice@192.0.2.1");
        CHECK(kept.home_phones({"acme", "alice"})[1].id.name == "second-of-alice");
        CHECK(kept.last_login({"acme", "desk-7"}, noon)->since == noon - 1h);
        CHECK(kept.last_login({"acme", "desk-7"}, noon + 1h)->since == noon);
        CHECK(kept.last_login_of({"acme", "desk-7"}, noon)->since == noon - 2h);
        CHECK(kept.address({.id = {"acme", "desk-7"}, .site = "paris", .location = "hall"}) == "paris hall");
        CHECK(kept.address({.id = {"acme", "desk-8"}, .site = "paris"}) == "paris ");
        CHECK(kept.region("acme") == "FR");
        CHECK(kept.region("other") == "GB");
    }
    CHECK(counted.asked == 12);
}

TEST_CASE("a number is asked for each time") {
    const Counted counted;
    const KeptFacts kept(counted);
    const auto number = E164::parse("+33199000001").value();
    CHECK(kept.number(number)->user.name == "user-01");
    CHECK(kept.number(number)->user.name == "user-01");
    CHECK(counted.asked == 2);
}

TEST_CASE("no more facts than a bound are kept") {
    const Counted counted;
    const KeptFacts kept(counted, 6);
    const Name alice{"acme", "alice"}, bob{"acme", "bob"}, carol{"acme", "carol"};
    // Two phones and the answer itself: three of the six each.
    static_cast<void>(kept.home_phones(alice));
    static_cast<void>(kept.home_phones(bob));
    static_cast<void>(kept.home_phones(alice));
    CHECK(counted.asked == 2);
    CHECK(kept.home_phones(carol)[0].id.name == "desk-of-carol");
    CHECK(counted.asked == 3);
    CHECK(kept.home_phones(alice)[0].id.name == "desk-of-alice");
    CHECK(counted.asked == 4);
    // What is larger than the bound is answered all the same.
    const KeptFacts narrow(counted, 1);
    CHECK(narrow.home_phones(alice).size() == 2);
    CHECK(narrow.home_phones(alice)[0].id.name == "desk-of-alice");
}

TEST_CASE("where a number rings is the same with kept facts") {
    const Counted counted;
    const KeptFacts kept(counted);
    for (const char* text : {"+33199000001", "+33199000002", "+33199000001"}) {
        const Call call{.number = E164::parse(text).value(), .at = noon};
        const auto with = resolve(kept, call), without = resolve(counted, call);
        CHECK(with.outcome == without.outcome);
        REQUIRE(with.legs.size() == without.legs.size());
        for (std::size_t i = 0; i < with.legs.size(); ++i) CHECK(with.legs[i].phone == without.legs[i].phone);
        REQUIRE(with.why.size() == without.why.size());
        for (std::size_t i = 0; i < with.why.size(); ++i) CHECK(with.why[i].text == without.why[i].text);
    }
}
