#include "config/provider.h"

#include <chrono>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

using namespace trunkbox;
using namespace trunkbox::config;

namespace {

// A document of one line with this member (or these).
std::string with(std::string_view member) { return fmt::format(R"({{"version": 1, {}}})", member); }
std::string trunk(std::string_view member) {
    return with(fmt::format(R"("trunks": [{{"name": "a", "numbers": ["+33199000000"], {}}}])", member));
}
std::string carrier(std::string_view member) {
    return with(fmt::format(R"("carriers": [{{"name": "n", "rates": [{{"prefix": "44", "rate": "0.01"}}], {}}}])",
                            member));
}

std::string problem(std::string_view text) {
    auto config = read_provider_config(text, "p.json");
    return config ? std::string("(no error)") : config.error().text();
}

ProviderConfig good(const std::string& text) {
    auto config = read_provider_config(text, "p.json");
    REQUIRE_MESSAGE(config.has_value(), problem(text));
    return std::move(*config);
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// A directory of its own, gone at the end.
struct Directory {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / fmt::format("trunkbox-provider-test-{}", ::getpid());
    Directory() { std::filesystem::create_directory(path); }
    ~Directory() { std::filesystem::remove_all(path); }
    void write(const std::string& name, std::string_view text) const { std::ofstream(path / name) << text; }
};

}  // namespace

TEST_CASE("the default document says what the provider does without one") {
    auto config = good(std::string(default_provider_config()));
    CHECK(config.listen.text() == "127.0.0.1:5080");
    CHECK(config.domain == "provider.example.com");
    CHECK(config.least_expires == 60s);
    CHECK(config.most_expires == 3600s);
    CHECK(config.answer_timeout == 60s);
    REQUIRE(config.trunks.size() == 1);
    const auto& acme = config.trunks.front();
    CHECK(acme.name == "acme");
    CHECK(acme.username == "acme");
    CHECK_FALSE(acme.credentials.has_value());
    CHECK(acme.algorithm == sip::digest::Algorithm::sha256);
    CHECK(acme.addresses.empty());
    REQUIRE(acme.numbers.size() == 1);
    CHECK(acme.numbers.front().last.text() == "+33199000999");
    CHECK(acme.region == "FR");
    CHECK(acme.test_numbers.at("echo") == "+442079460999");
    REQUIRE(config.carriers.size() == 2);
    CHECK(config.carriers[0].carrier.name == "north");
    CHECK(config.carriers[0].carrier.priority == 1);
    CHECK(config.carriers[0].behaviour.tone == 440);
    CHECK(config.carriers[1].behaviour.echo);
    REQUIRE(config.carriers[1].decks.size() == 1);
    CHECK(config.carriers[1].decks[0].size() == 4);
    CHECK(config.directory.number(*numbering::E164::parse("+33199000001")).has_value());
    CHECK(lcr::Table::compile({{config.carriers[0].carrier, config.carriers[0].decks},
                               {config.carriers[1].carrier, config.carriers[1].decks}})
              .has_value());
}

TEST_CASE("an empty configuration is one with the defaults") {
    auto config = good(R"({"version": 1})");
    CHECK(config.trunks.empty());
    CHECK(config.carriers.empty());
    CHECK(config.listen.port == 5080);
}

TEST_CASE("what may be said is read") {
    auto config = good(with(R"("listen": "192.0.2.1", "domain": "voice.example.com", "least_expires": "30s",
                               "most_expires": 120, "answer_timeout": "500ms", "sbc": {"policy": "lenient"})"));
    CHECK(config.listen.text() == "192.0.2.1:5060");
    CHECK(config.domain == "voice.example.com");
    CHECK(config.least_expires == 30s);
    CHECK(config.most_expires == 120s);
    CHECK(config.answer_timeout == 500ms);

    auto one = good(trunk(R"("username": "u", "digest": "MD5", "addresses": ["192.0.2.7", "2001:db8::7"],
                             "password_env": "SECRET", "region": "FR", "test_numbers": {"echo": "01 99 00 09 00"})"))
                   .trunks.front();
    CHECK(one.username == "u");
    CHECK(one.algorithm == sip::digest::Algorithm::md5);
    CHECK(one.addresses.size() == 2);
    REQUIRE(one.credentials.has_value());
    CHECK(one.credentials->username == "u");
    CHECK(one.credentials->password_env == "SECRET");
    CHECK(one.test_numbers.at("echo") == "+33199000900");

    auto north = good(carrier(R"("enabled": false, "priority": 3, "behaviour": {"status": 503, "reason": "Sold Out",
                                 "delay": 0.5, "ring": 1, "early_media": true, "echo": true, "tone": 880,
                                 "duration": "2m"})"))
                     .carriers.front();
    CHECK_FALSE(north.carrier.enabled);
    CHECK(north.behaviour.status == 503);
    CHECK(north.behaviour.reason == "Sold Out");
    CHECK(north.behaviour.delay == 500ms);
    CHECK(north.behaviour.ring == 1s);
    CHECK(north.behaviour.early_media);
    CHECK(north.behaviour.tone == 880);
    CHECK(north.behaviour.duration == 120s);
    CHECK(north.decks.front().row(0).line == 1);
}

TEST_CASE("each wrong key and value is an error with its place") {
    for (const auto& text : {
             with(R"("lissen": "127.0.0.1:1")"),
             with(R"("listen": "localhost")"),
             with(R"("listen": "127.0.0.1:65536")"),
             with(R"("listen": 5080)"),
             with(R"("domain": "")"),
             with(R"("domain": "a b")"),
             with(R"("domain": "a\r\nVia: x")"),
             with(R"("least_expires": -1)"),
             with(R"("most_expires": "soon")"),
             with(R"("answer_timeout": null)"),
             with(R"("sbc": "strict")"),
             with(R"("sbc": {"policy": "paranoid"})"),
             with(R"("sbc": {"rules": {"A-401": "explode"}})"),
             with(R"("sbc": {"rules": {"Z-999": "drop"}})"),
             with(R"("sbc": {"rules": ["A-401"]})"),
             with(R"("trunks": {})"),
             with(R"("trunks": [7])"),
             with(R"("trunks": [{"name": "a"}])"),
             with(R"("trunks": [{"numbers": ["+33199000000"]}])"),
             with(R"("trunks": [{"name": "a", "numbers": ["+33199000000"]}, {"name": "a", "numbers": ["+33199000001"]}])"),
             trunk(R"("name": "b")"),
             trunk(R"("username": "a@b")"),
             trunk(R"("digest": "SHA-512")"),
             trunk(R"("addresses": ["example.com"])"),
             trunk(R"("addresses": "192.0.2.1")"),
             trunk(R"("numbers": ["0199"])"),
             trunk(R"("region": 33)"),
             trunk(R"("test_numbers": {"echo": "echo"})"),
             trunk(R"("password": "s3cret")"),
             trunk(R"("password_file": "a", "password_env": "B")"),
             trunk(R"("extra": 1)"),
             with(R"("carriers": [{"name": "n"}])"),
             with(R"("carriers": [{"name": "n", "rates": []}])"),
             with(R"("carriers": [{"name": "n", "rates": [{"prefix": "44"}]}])"),
             with(R"("carriers": [{"name": "n", "rates": [{"rate": "1"}]}])"),
             with(R"("carriers": [{"name": "n", "rates": [{"prefix": "4x", "rate": "1"}]}])"),
             with(R"("carriers": [{"name": "n", "rates": [{"prefix": "44", "rate": "cheap"}]}])"),
             with(R"("carriers": [{"name": "n", "rates": [{"prefix": "44", "rate": "1", "currency": "EURO"}]}])"),
             with(R"("carriers": [{"name": "n", "rates": [{"prefix": "44", "rate": "1", "increment": 0}]}])"),
             with(R"("carriers": [{"name": "n", "rates": [{"prefix": "44", "rate": "1", "minimum": -1}]}])"),
             carrier(R"("priority": -1)"),
             carrier(R"("enabled": "yes")"),
             carrier(R"("deck": "/nowhere/deck.csv")"),
             carrier(R"("decks": [5])"),
             carrier(R"("behaviour": {"status": 180})"),
             carrier(R"("behaviour": {"status": 700})"),
             carrier(R"("behaviour": {"status": "busy"})"),
             carrier(R"("behaviour": {"reason": "a\r\nb"})"),
             carrier(R"("behaviour": {"tone": 5})"),
             carrier(R"("behaviour": {"tone": 48000})"),
             carrier(R"("behaviour": {"delay": "-1s"})"),
             carrier(R"("behaviour": {"echo": 1})"),
             carrier(R"("behaviour": {"rings": 1})"),
             with(R"("directory": [])"),
             with(R"("directory": {"users": [{"nom": "alice"}]})"),
         }) {
        CAPTURE(text);
        auto error = problem(text);
        CAPTURE(error);
        CHECK((contains(error, "p.json:1:") || contains(error, "/nowhere/deck.csv")));
        CHECK_FALSE(contains(error, "\n"));
    }
}

TEST_CASE("errors say how to be rid of them, and no secret") {
    auto literal = problem(trunk(R"("password": "s3cret")"));
    CHECK(contains(literal, "a password does not stand in a configuration"));
    CHECK(contains(literal, "password_file"));
    CHECK_FALSE(contains(literal, "s3cret"));
    CHECK(contains(problem(with(R"("trunks": [{"name": "a"}])")), "a trunk needs 'numbers'"));
    CHECK(contains(problem(with(R"("carriers": [{"name": "n"}])")), "carrier 'n' needs 'rates' or a 'deck'"));
    CHECK(contains(problem(with(R"("lissen": "x")")), "listen"));
}

TEST_CASE("two carriers of one name are an error") {
    auto error = problem(with(R"("carriers": [{"name": "n", "rates": [{"prefix": "44", "rate": "1"}]},
                                              {"name": "n", "rates": [{"prefix": "33", "rate": "1"}]}])"));
    CHECK(contains(error, "carrier 'n' is there already"));
}

TEST_CASE("what is no document") {
    for (std::string text : {"", "{", "[]", "null", "{}", R"({"version": 2})", R"({"version": "1"})", "\xff\xfe{}",
                             R"({"version": 1} x)"}) {
        CAPTURE(text);
        CHECK(contains(problem(text), "p.json"));
    }
    CHECK(contains(problem(std::string(100'000, '[')), "p.json"));
    CHECK(contains(problem(std::string(std::size_t{9} << 20, ' ')), "p.json"));
}

TEST_CASE("every beginning of the default document is an error, and nothing worse") {
    auto whole = default_provider_config();
    auto end = whole.rfind('}');
    for (std::size_t size = 0; size < end; size += 13)
        CHECK_FALSE(read_provider_config(whole.substr(0, size), "p.json").has_value());
}

TEST_CASE("decks and passwords lie beside the document that names them") {
    Directory directory;
    directory.write("deck.csv", "prefix,rate\n44,0.01\n442,0.02\n");
    directory.write("wrong.csv", "prefix,rate\n44,much\n");
    auto file = (directory.path / "p.json").string();
    auto read = [&](std::string_view deck) {
        return read_provider_config(
            fmt::format(R"({{"version": 1,
                "trunks": [{{"name": "a", "numbers": ["+33199000000"], "password_file": "a.secret"}}],
                "carriers": [{{"name": "n", "deck": "{}"}}]}})",
                        deck),
            file);
    };
    auto config = read("deck.csv");
    REQUIRE_MESSAGE(config.has_value(), (config ? "" : config.error().text()));
    REQUIRE(config->carriers.front().decks.size() == 1);
    CHECK(config->carriers.front().decks.front().size() == 2);
    CHECK(config->trunks.front().credentials->password_file == (directory.path / "a.secret").string());
    auto wrong = read("wrong.csv");
    REQUIRE_FALSE(wrong.has_value());
    CHECK(contains(wrong.error().text(), "wrong.csv:2"));
    CHECK_FALSE(read("absent.csv").has_value());
}
