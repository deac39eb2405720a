#include "config/trunk_profile.h"

#include "config/files.h"
#include "config/secret.h"
#include "numbering/e164.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::config;

namespace {

constexpr std::string_view whole = R"({
  // what the provider gave us
  "version": 1, "name": "acme", "mode": "gin",
  "registrar": "sip.example.com:5070", "outbound_proxy": "sip:192.0.2.1;lr",
  "aor": "sip:acme@example.com", "contact_user": "pbx",
  "credentials": {"username": "acme", "realm": "example.com", "password_file": "acme.secret"},
  "region": "FR", "number_ranges": ["+33199000000-+33199000999", "+33199002000"],
  "identity_header": "p-preferred-identity", "codecs": ["PCMU", "G722"], "expires": 600,
  "supports": ["100rel", "timer"], "test_numbers": {"echo": "01 99 00 09 00"}
})";

// The smallest profile with one more member, or with one in place of another.
std::string with(std::string_view member) {
    return R"({"version": 1, "name": "a", "registrar": "sip:example.com", "aor": "sip:a@example.com",)"
           "\n" +
           std::string(member) + "}";
}

std::string problem(std::string_view text) {
    auto profile = read_trunk_profile(text, "t.json");
    return profile ? std::string("(no error)") : profile.error().text();
}

// A directory of its own that is gone at the end.
class Scratch {
  public:
    Scratch() {
        std::string name = std::filesystem::temp_directory_path() / "trunkbox-XXXXXX";
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    [[nodiscard]] std::string path(const std::string& name = {}) const {
        return name.empty() ? path_ : path_ + "/" + name;
    }
    std::string write(const std::string& name, std::string_view text, std::filesystem::perms mode) const {
        std::ofstream(path(name)) << text;
        std::filesystem::permissions(path(name), mode);
        return path(name);
    }

  private:
    std::string path_;
};

constexpr auto owner_only = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;

}  // namespace

TEST_CASE("a whole trunk profile is read") {
    auto read = read_trunk_profile(whole, "/etc/trunkbox/trunks/acme.json");
    REQUIRE(read);
    const auto& profile = *read;
    CHECK(profile.name == "acme");
    CHECK(profile.mode == sip::TrunkMode::gin);
    CHECK(profile.registrar == "sip:sip.example.com:5070");
    CHECK(profile.outbound_proxy == "sip:192.0.2.1;lr");
    CHECK(profile.aor == "sip:acme@example.com");
    CHECK(profile.contact_user == "pbx");
    CHECK(profile.credentials.value().password_file == "/etc/trunkbox/trunks/acme.secret");
    CHECK(profile.number_ranges.at(0) == sip::NumberSpan{"+33199000000", "+33199000999"});
    CHECK(profile.number_ranges.at(1) == sip::NumberSpan{"+33199002000", "+33199002000"});
    CHECK(profile.identity_header == sip::IdentityHeader::p_preferred);
    CHECK(profile.codecs == std::vector<std::string>{"PCMU", "G722"});
    CHECK(profile.expires == 600s);
    CHECK(profile.supports == std::vector<std::string>{"100rel", "timer"});
    CHECK(profile.test_numbers.at("echo") == "+33199000900");
}

TEST_CASE("a small profile has the usual answers for the rest") {
    auto profile = read_trunk_profile(with("\"mode\": \"registration\""), "t.json").value();
    CHECK(profile.codecs == std::vector<std::string>{"PCMA", "PCMU"});
    CHECK(profile.expires == 3600s);
    CHECK_FALSE(profile.credentials);
    CHECK(profile.identity_header == sip::IdentityHeader::p_asserted);
}

TEST_CASE("a written profile reads back the same") {
    for (const auto& text :
         {std::string(whole), with("\"expires\": 1"),
          with("\"credentials\": {\"username\": \"\\u00e9\\\"\", \"password_env\": \"P\"}")}) {
        auto profile = read_trunk_profile(text, "t.json").value();
        auto written = write_trunk_profile(profile);
        CHECK(read_trunk_profile(written, "t.json").value() == profile);
        CHECK(write_trunk_profile(read_trunk_profile(written, "t.json").value()) == written);
    }
}

TEST_CASE("profile errors have their place and their remedy") {
    CHECK(problem(with("\"registar\": \"x\"")) ==
          "t.json:2:1: key 'registar' is not known; did you mean 'registrar'?");
    CHECK(problem(R"({"version": 1, "name": "a"})").starts_with("t.json:1:1: key 'registrar' is missing"));
    CHECK(problem(with("\"mode\": \"statik\"")) ==
          "t.json:2:9: mode 'statik' is not known; did you mean 'static'?");
    CHECK(problem(with("\"credentials\": {\"username\": \"a\", \"password\": \"hunter2\"}")) ==
          "t.json:2:46: a password does not stand in a profile; put it into a file of mode 600 and name that "
          "as "
          "'password_file'");
    CHECK(problem(with("\"credentials\": {\"username\": \"a\"}"))
              .starts_with("t.json:2:16: credentials need one of"));
    CHECK(problem(with("\"credentials\": {\"password_env\": \"P\"}"))
              .starts_with("t.json:2:16: key 'username' is missing"));
    CHECK(
        problem(
            with("\"credentials\": {\"username\": \"a\", \"password_env\": \"P\", \"password_file\": \"f\"}"))
            .find("need one of") != std::string::npos);
    CHECK(problem(with("\"outbound_proxy\": \"sip:a@example.com\"")).find("a server has none") !=
          std::string::npos);
    CHECK(problem(with("\"outbound_proxy\": \"\""))
              .starts_with("t.json:2:19: expected text, got an empty string"));
    CHECK(problem(with("\"outbound_proxy\": \"sip:[2001:db8::1\"")).starts_with("t.json:2:19: "));
    CHECK(problem(with("\"contact_user\": \"a\\r\\nVia: x\"")).find("control character") !=
          std::string::npos);
    CHECK(problem(with("\"number_ranges\": [\"+33199000999-+33199000000\"]"))
              .starts_with("t.json:2:19: range"));
    CHECK(problem(with("\"number_ranges\": \"+33199000000\"")).starts_with("t.json:2:18: expected an array"));
    CHECK(problem(with("\"region\": \"france\""))
              .starts_with("t.json:2:11: region 'france' is not two capital"));
    CHECK(problem(with("\"expires\": 0")).starts_with("t.json:2:12: expires is not whole seconds"));
    CHECK(problem(with("\"expires\": 0.5")).starts_with("t.json:2:12: expires is not whole seconds"));
    CHECK(problem(with("\"expires\": 1e12")).starts_with("t.json:2:12: "));
    CHECK(problem(with("\"supports\": [\"100 rel\"]")).starts_with("t.json:2:14: '100 rel' is not a token"));
    CHECK(
        problem(with("\"test_numbers\": {\"echo\": \"01 99\"}")).starts_with("t.json:2:26: number '01 99'"));
    CHECK(problem(with("\"test_numbers\": [1]")).starts_with("t.json:2:17: expected an object, got array"));
    CHECK(problem(R"({"version": 1, "name": "a", "registrar": "sip:example.com", "aor": "tel:+33199000001"})")
              .find("is not a SIP URI") != std::string::npos);
    CHECK(problem(R"({"version": 1, "name": "../a", "registrar": "sip:example.com", "aor": "sip:a@b"})")
              .find("is not a token") != std::string::npos);
    CHECK(problem("").starts_with("t.json: document is empty"));
}

TEST_CASE("a profile is found by name or file") {
    Scratch first;
    Scratch second;
    first.write("acme.json", whole, owner_only);
    second.write("acme.json", "{}", owner_only);
    second.write("zenith.json", whole, owner_only);
    second.write("readme.txt", "", owner_only);
    std::vector<std::string> directories{first.path("none"), first.path(), second.path()};
    CHECK(find_trunk_profile("acme", directories).value() == first.path("acme.json"));
    CHECK(find_trunk_profile("zenith", directories).value() == second.path("zenith.json"));
    CHECK(find_trunk_profile("./x", directories).value() == "./x");
    CHECK(find_trunk_profile("x.json", {}).value() == "x.json");
    CHECK(find_trunk_profile("acne", directories).error().text() ==
          "no trunk profile 'acne'; did you mean 'acme'?");
    CHECK(find_trunk_profile("other", directories).error().fix == "there are acme, zenith");
    CHECK(find_trunk_profile("acme", {first.path("none")}).error().fix.starts_with("there is none in "));
    CHECK(find_trunk_profile("acme", {}).error().fault == Fault::system);
    CHECK(find_trunk_profile("", {}).error().fault == Fault::usage);
    CHECK(trunk_profile_names(directories) == std::vector<std::string>{"acme", "zenith"});
    CHECK(load_trunk_profile("acme", directories).value().credentials.value().password_file ==
          first.path("acme.secret"));
    CHECK(load_trunk_profile(first.path("no.json"), {}).error().fault == Fault::system);
}

TEST_CASE("files that cannot be read say why") {
    Scratch scratch;
    CHECK(read_file(scratch.write("a", "text", owner_only)).value() == "text");
    CHECK(read_file(scratch.write("empty", "", owner_only)).value().empty());
    CHECK(read_file(scratch.path("none")).error().text() ==
          "cannot read '" + scratch.path("none") + "': no such file; check the path");
    CHECK(read_file(scratch.path()).error().what.find("it is a directory") != std::string::npos);
    CHECK(read_file(scratch.write("big", std::string(101, 'x'), owner_only), 100)
              .error()
              .what.find("larger than 100") != std::string::npos);
    CHECK(read_file(scratch.path("big"), 101).value().size() == 101);
    CHECK(read_file("/dev/zero", 1 << 20).error().what.find("larger than") != std::string::npos);
    CHECK(read_file(std::string("a\0b", 3)).error().fault == Fault::system);
    CHECK(read_file(scratch.path("a") + "/b").error().fault == Fault::system);
    auto deck = read_deck_file(scratch.write("d.csv", "prefix,rate\n44,0.01\n", owner_only));
    CHECK(deck.value().size() == 1);
    CHECK(read_deck_file(scratch.write("e.csv", "prefix,rate\nx,0.01\n", owner_only)).error().where ==
          scratch.path("e.csv") + ":2:1");
}

TEST_CASE("a secret comes from a closed file or the environment, and stays out of errors") {
    Scratch scratch;
    auto none = [](const std::string&) { return std::optional<std::string>{}; };
    auto file = [&](const std::string& path) {
        return read_secret({.username = "a", .password_file = path}, none);
    };
    CHECK(file(scratch.write("good", "s3cret\n", owner_only)).value() == "s3cret");
    CHECK(file(scratch.write("crlf", " s3 cret \r\n", owner_only)).value() == " s3 cret ");
    auto open = file(scratch.write("open", "s3cret\n", owner_only | std::filesystem::perms::group_read));
    CHECK(open.error().fix == "chmod 600 '" + scratch.path("open") + "'");
    CHECK(open.error().what.find("mode 640") != std::string::npos);
    CHECK_FALSE(file(scratch.write("world", "s3cret\n", owner_only | std::filesystem::perms::others_read)));
    for (const auto& error :
         {file(scratch.write("two", "s3cret\ns3cret\n", owner_only)).error(),
          file(scratch.write("blank", "\n", owner_only)).error(), file(scratch.path("none")).error(),
          file(scratch.path()).error(),
          file(scratch.write("long", "s3cret" + std::string(5000, 'x'), owner_only)).error()}) {
        CHECK(error.fault == Fault::system);
        CHECK(error.text().find("s3cret") == std::string::npos);
    }
    auto environment = [](const std::string& name) {
        return name == "PASS" ? std::optional<std::string>("hidden") : std::nullopt;
    };
    CHECK(read_secret({.username = "a", .password_env = "PASS"}, environment).value() == "hidden");
    CHECK(read_secret({.username = "a", .password_env = "OTHER"}, environment).error().text() ==
          "environment variable 'OTHER' is not set; export it with the password");
    CHECK(read_secret({.username = "a"}, environment).error().what == "no password for user 'a'");
}
