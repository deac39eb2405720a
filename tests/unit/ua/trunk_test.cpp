#include "ua/trunk.h"

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::ua;

namespace {

Trunk acme() {
    Trunk trunk;
    trunk.profile.name = "acme";
    trunk.profile.registrar = "sip:sip.example.com:5070";
    trunk.profile.aor = "sip:acme@example.com";
    trunk.profile.region = "FR";
    trunk.login = sip::Login{"acme", "s3cret"};
    return trunk;
}

}  // namespace

TEST_CASE("what is dialled becomes a request-URI at the registrar") {
    auto trunk = acme();
    CHECK(*trunk.target("+44 20 7946 0123") == "sip:+442079460123@sip.example.com:5070");
    CHECK(*trunk.target("01 99 00 00 01") == "sip:+33199000001@sip.example.com:5070");
    CHECK(*trunk.target("sip:100@192.0.2.1:5090") == "sip:100@192.0.2.1:5090");
    for (const char* dialled : {"", "abc", "+", "+44x", "sip:", "sip:@", "sips:a@b", "+4420794601234567890"}) {
        CAPTURE(dialled);
        auto wrong = trunk.target(dialled);
        CHECK_FALSE(wrong.has_value());
    }
    CHECK(trunk.target("abc").error().fault == Fault::usage);
}

TEST_CASE("where requests go first") {
    auto trunk = acme();
    CHECK(trunk.first_hop() == "sip:sip.example.com:5070");
    trunk.profile.outbound_proxy = "sip:192.0.2.1;lr";
    CHECK(trunk.first_hop() == "sip:192.0.2.1;lr");
}

TEST_CASE("the identity that a trunk shows") {
    auto trunk = acme();
    auto setup = trunk.caller("sip:+442079460123@example.com");
    CHECK(setup.uri == "sip:+442079460123@example.com");
    CHECK(setup.to == "<sip:+442079460123@example.com>");
    CHECK(setup.from == "<sip:acme@example.com>");
    REQUIRE(setup.headers.size() == 1);
    CHECK(setup.headers.front() ==
          std::pair<std::string, std::string>{"P-Asserted-Identity", "<sip:acme@example.com>"});
    CHECK(setup.login == trunk.login);

    trunk.profile.identity_header = sip::IdentityHeader::p_preferred;
    setup = trunk.caller("sip:x@example.com", "sip:+33199000002@example.com");
    CHECK(setup.from == "<sip:+33199000002@example.com>");
    CHECK(setup.headers.front() ==
          std::pair<std::string, std::string>{"P-Preferred-Identity", "<sip:+33199000002@example.com>"});
    for (auto none : {sip::IdentityHeader::from, sip::IdentityHeader::none}) {
        trunk.profile.identity_header = none;
        CHECK(trunk.caller("sip:x@example.com").headers.empty());
    }
}

TEST_CASE("a registration of a trunk") {
    auto trunk = acme();
    trunk.profile.expires = 90'500ms;
    auto setup = trunk.registration(sip::registration::Mode::once, "sip:acme@192.0.2.1:5060");
    REQUIRE(setup.has_value());
    CHECK(setup->registrar == "sip:sip.example.com:5070");
    CHECK(setup->aor == "sip:acme@example.com");
    CHECK(setup->contact == "sip:acme@192.0.2.1:5060");
    CHECK(setup->expires == 91);
    CHECK(setup->login == trunk.login);
    for (auto mode : {sip::TrunkMode::static_, sip::TrunkMode::gin}) {
        trunk.profile.mode = mode;
        auto none = trunk.registration(sip::registration::Mode::once, "sip:acme@192.0.2.1");
        REQUIRE_FALSE(none.has_value());
        CHECK(none.error().fault == Fault::usage);
        CHECK(none.error().text().find("acme") != std::string::npos);
    }
}

TEST_CASE("the user part of our Contact") {
    auto trunk = acme();
    CHECK(trunk.contact_user() == "acme");
    trunk.profile.contact_user = "pbx";
    CHECK(trunk.contact_user() == "pbx");
}

TEST_CASE("where profiles are looked for, and a profile that is not there") {
    auto with = [](std::map<std::string, std::string> variables) {
        return [variables](std::string_view name) -> std::optional<std::string> {
            auto found = variables.find(std::string(name));
            return found == variables.end() ? std::nullopt : std::optional(found->second);
        };
    };
    CHECK(trunk_directories(with({{"XDG_CONFIG_HOME", "/x"}, {"HOME", "/h"}})) ==
          std::vector<std::string>{"./trunks", "/x/trunkbox/trunks", "/etc/trunkbox/trunks"});
    CHECK(trunk_directories(with({{"HOME", "/h"}})) ==
          std::vector<std::string>{"./trunks", "/h/.config/trunkbox/trunks", "/etc/trunkbox/trunks"});
    CHECK(trunk_directories(with({})) == std::vector<std::string>{"./trunks", "/etc/trunkbox/trunks"});
    for (const char* name : {"", "no-such-trunk", "/no/such/file.json", "/"}) {
        CAPTURE(name);
        CHECK_FALSE(load_trunk(name, with({})).has_value());
    }
}
