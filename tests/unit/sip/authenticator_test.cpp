#include "sip/authenticator.h"

#include <deque>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace trunkbox;
using namespace trunkbox::sip;
using Verdict = Authenticator::Verdict;

namespace {

std::string response(int status, std::initializer_list<std::string> challenges) {
    std::string text = fmt::format("SIP/2.0 {} Go Away\r\n", status);
    for (const auto& challenge : challenges)
        text += fmt::format("{}: {}\r\n", status == 407 ? "Proxy-Authenticate" : "WWW-Authenticate", challenge);
    return text + "\r\n";
}

std::string challenge_of(std::string_view algorithm, std::string_view nonce, bool stale = false) {
    return fmt::format(R"(Digest realm="example.com", nonce="{}", algorithm={}, qop="auth"{})", nonce, algorithm,
                       stale ? ", stale=TRUE" : "");
}

Verdict challenge(Authenticator& authenticator, const std::string& text) {
    return authenticator.challenged(MessageView::read(text));
}

Message register_request() {
    Message request;
    request.method = "REGISTER";
    request.uri = "sip:example.com";
    return request;
}

}  // namespace

TEST_CASE("nothing is signed before the first challenge") {
    Authenticator authenticator(Login{"acme", "s3cret"});
    IdSource ids({1, 2});
    auto request = register_request();
    authenticator.sign(request, ids);
    CHECK(request.headers.empty());
}

TEST_CASE("credentials verify on the server's side, for each algorithm, and their count grows") {
    for (auto algorithm : {digest::Algorithm::md5, digest::Algorithm::sha256}) {
        Authenticator authenticator(Login{"acme", "s3cret"});
        IdSource ids({1, 2});
        CHECK(challenge(authenticator, response(401, {challenge_of(digest::name(algorithm), "n1")})) == Verdict::retry);
        for (const char* count : {"00000001", "00000002"}) {
            auto request = register_request();
            authenticator.sign(request, ids);
            auto credentials = digest::Credentials::parse(request.get("Authorization"));
            REQUIRE(credentials.has_value());
            CHECK(credentials->nc == count);
            CHECK(credentials->nonce == "n1");
            CHECK(credentials->algorithm == algorithm);
            CHECK(digest::verify(*credentials, "REGISTER", digest::ha1(algorithm, "acme", "example.com", "s3cret")));
            CHECK_FALSE(digest::verify(*credentials, "REGISTER", digest::ha1(algorithm, "acme", "example.com", "x")));
        }
    }
}

TEST_CASE("a proxy's challenge is answered in a proxy's header") {
    Authenticator authenticator(Login{"acme", "s3cret"});
    IdSource ids({1, 2});
    CHECK(challenge(authenticator, response(407, {challenge_of("MD5", "n1")})) == Verdict::retry);
    auto request = register_request();
    authenticator.sign(request, ids);
    CHECK(request.get("Authorization").empty());
    CHECK_FALSE(request.get("Proxy-Authorization").empty());
}

TEST_CASE("the first challenge that can be answered is taken (RFC 8760 section 2.4)") {
    Authenticator authenticator(Login{"acme", "s3cret"});
    IdSource ids({1, 2});
    CHECK(challenge(authenticator, response(401, {"Bearer realm=\"x\"", challenge_of("SHA-512-256", "n0"),
                                                  challenge_of("SHA-256", "n1"), challenge_of("MD5", "n2")})) == Verdict::retry);
    auto request = register_request();
    authenticator.sign(request, ids);
    CHECK(digest::Credentials::parse(request.get("Authorization"))->nonce == "n1");
}

TEST_CASE("a second challenge is a refusal, unless it says stale or a request got through") {
    Authenticator authenticator(Login{"acme", "s3cret"});
    CHECK(challenge(authenticator, response(401, {challenge_of("MD5", "n1")})) == Verdict::retry);
    SUBCASE("refused") {
        CHECK(challenge(authenticator, response(401, {challenge_of("MD5", "n2")})) == Verdict::wrong_login);
    }
    SUBCASE("stale") {
        CHECK(challenge(authenticator, response(401, {challenge_of("MD5", "n2", true)})) == Verdict::retry);
        CHECK(challenge(authenticator, response(401, {challenge_of("MD5", "n3")})) == Verdict::wrong_login);
    }
    SUBCASE("stale without end") {
        int answered = 0;
        while (answered < 100 &&
               challenge(authenticator, response(401, {challenge_of("MD5", "n2", true)})) == Verdict::retry)
            ++answered;
        CHECK(answered >= 1);
        CHECK(answered <= 5);
    }
    SUBCASE("accepted") {
        authenticator.accepted();
        CHECK(challenge(authenticator, response(401, {challenge_of("MD5", "n2")})) == Verdict::retry);
    }
}

TEST_CASE("what cannot be answered") {
    Authenticator nobody;
    CHECK(challenge(nobody, response(401, {challenge_of("MD5", "n1")})) == Verdict::no_login);
    Authenticator authenticator(Login{"acme", "s3cret"});
    for (std::string text : {response(401, {}), response(401, {""}), response(401, {"Digest"}),
                             response(401, {"Digest realm=\"x"}), response(401, {"Basic realm=\"x\""}),
                             response(401, {challenge_of("SHA-999", "n")}), std::string("nonsense"), std::string()}) {
        CAPTURE(text);
        CHECK(challenge(authenticator, text) == Verdict::not_understood);
    }
    IdSource ids({1, 2});
    auto request = register_request();
    authenticator.sign(request, ids);
    CHECK(request.headers.empty());
}

TEST_CASE("each verdict is explained, but for the one that needs no words") {
    CHECK(explain(Verdict::retry).empty());
    for (auto verdict : {Verdict::no_login, Verdict::wrong_login, Verdict::not_understood})
        CHECK(explain(verdict).starts_with("the far end "));
}
