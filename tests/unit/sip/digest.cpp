#include "sip/digest.h"

#include <doctest/doctest.h>

namespace trunkbox::sip::digest {
namespace {

// RFC 7616 section 3.9.1.
constexpr std::string_view example_nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
constexpr std::string_view example_cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

std::string example_challenge(std::string_view algorithm) {
    return "Digest realm=\"http-auth@example.org\",\r\n qop=\"auth, auth-int\", algorithm=" + std::string(algorithm) +
           ", nonce=\"" + std::string(example_nonce) + "\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
}

Credentials example_answer(std::string_view algorithm) {
    auto challenge = Challenge::parse(example_challenge(algorithm), false);
    REQUIRE(challenge);
    return answer(*challenge, "Mufasa", "Circle of Life", "GET", "/dir/index.html", example_cnonce, 1);
}

TEST_CASE("digest: hashes are lower-case hex") {
    CHECK(hash(Algorithm::md5, "") == "d41d8cd98f00b204e9800998ecf8427e");
    CHECK(hash(Algorithm::sha256, "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("digest: the examples of RFC 7616 section 3.9.1") {
    CHECK(example_answer("MD5").response == "8ca523f5e9506fed4657c9700eebdbec");
    CHECK(example_answer("SHA-256").response ==
          "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
    CHECK(example_answer("MD5").nc == "00000001");
}

TEST_CASE("digest: what we answer, we verify, and only that") {
    for (auto algorithm : {Algorithm::md5, Algorithm::sha256}) {
        auto sent = example_answer(name(algorithm));
        auto received = Credentials::parse(sent.text());
        REQUIRE(received);
        CHECK(received->uri == "/dir/index.html");
        auto secret = ha1(algorithm, "Mufasa", "http-auth@example.org", "Circle of Life");
        CHECK(verify(*received, "GET", secret));
        CHECK_FALSE(verify(*received, "PUT", secret));
        CHECK_FALSE(verify(*received, "GET", ha1(algorithm, "Mufasa", "http-auth@example.org", "circle of life")));
        received->response.pop_back();
        CHECK_FALSE(verify(*received, "GET", secret));
        received->response.clear();
        CHECK_FALSE(verify(*received, "GET", secret));
    }
}

TEST_CASE("digest: upper-case hex in a response is the same number") {
    auto sent = example_answer("MD5");
    for (char& c : sent.response) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
    CHECK(verify(sent, "GET", ha1(Algorithm::md5, "Mufasa", "http-auth@example.org", "Circle of Life")));
}

TEST_CASE("digest: without qop the form of RFC 2069") {
    auto challenge = Challenge::parse("Digest realm=\"example.com\", nonce=\"abc\"", true);
    REQUIRE(challenge);
    CHECK(challenge->proxy);
    CHECK_FALSE(challenge->qop_auth);
    CHECK(challenge->algorithm == Algorithm::md5);
    auto sent = answer(*challenge, "alice", "secret", "REGISTER", "sip:example.com", "unused", 1);
    CHECK(sent.qop.empty());
    CHECK(sent.text().find("cnonce") == std::string::npos);
    auto ha2 = hash(Algorithm::md5, "REGISTER:sip:example.com");
    auto secret = hash(Algorithm::md5, "alice:example.com:secret");
    CHECK(sent.response == hash(Algorithm::md5, secret + ":abc:" + ha2));
    CHECK(verify(sent, "REGISTER", secret));
}

TEST_CASE("digest: quoted-pairs in realm and user survive the round trip") {
    auto challenge = Challenge::parse(R"(digest realm="a \"b\" \\c, d" , nonce="n=1,2" ,stale=TRUE)", false);
    REQUIRE(challenge);
    CHECK(challenge->realm == R"(a "b" \c, d)");
    CHECK(challenge->nonce == "n=1,2");
    CHECK(challenge->stale);
    auto again = Challenge::parse(challenge->text(), false);
    REQUIRE(again);
    CHECK(again->realm == challenge->realm);
    CHECK(again->stale);
    auto sent = Credentials::parse(answer(*challenge, "o\"brien", "x", "INVITE", "sip:a@example.com", "c", 1).text());
    REQUIRE(sent);
    CHECK(sent->user == "o\"brien");
    CHECK(verify(*sent, "INVITE", ha1(Algorithm::md5, "o\"brien", challenge->realm, "x")));
}

TEST_CASE("digest: the topmost challenge that can be answered (RFC 8760 section 2.4)") {
    std::string_view sha512 = "Digest realm=\"r\", nonce=\"1\", algorithm=SHA-512-256, qop=\"auth\"";
    std::string_view sha256 = "Digest realm=\"r\", nonce=\"2\", algorithm=SHA-256, qop=\"auth\"";
    std::string_view md5 = "Digest realm=\"r\", nonce=\"3\", algorithm=MD5, qop=\"auth\"";
    auto chosen = choose(std::vector{sha512, sha256, md5}, false);
    REQUIRE(chosen);
    CHECK(chosen->nonce == "2");
    CHECK(choose(std::vector{md5, sha256}, false)->nonce == "3");
    auto none = choose(std::vector<std::string_view>{sha512, "Basic realm=\"r\""}, false);
    REQUIRE_FALSE(none);
    CHECK(none.error().text() ==
          "no challenge to answer among 'SHA-512-256', 'Basic'; offer Digest with MD5 or SHA-256");
    CHECK_FALSE(choose({}, false));
}

TEST_CASE("digest: challenges that cannot be answered are errors") {
    for (std::string_view value : {
             "", " ", "Digest", "Basic realm=\"r\"", "Bearer realm=\"r\", scope=\"sip\"", "Digest nonce=\"n\"", "Digest realm=\"r\"",
             "Digest realm=\"r\", nonce=\"n\", algorithm=MD5-sess", "Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"",
             "Digest realm=\"r\", nonce=\"n\", nonce=\"m\"", "Digest realm", "Digest =x, realm=\"r\"",
             "Digest realm=\"r\", Digest realm=\"s\""}) {
        CAPTURE(value);
        CHECK_FALSE(Challenge::parse(value, false));
    }
}

TEST_CASE("digest: credentials that cannot be right are errors or do not verify") {
    std::string base = "Digest username=\"a\", realm=\"r\", nonce=\"n\", uri=\"sip:x\", response=\"00\"";
    REQUIRE(Credentials::parse(base));
    CHECK_FALSE(verify(*Credentials::parse(base), "INVITE", ""));
    CHECK_FALSE(Credentials::parse(base + ", qop=auth, nc=00000001"));
    CHECK_FALSE(Credentials::parse(base + ", qop=auth, cnonce=\"c\", nc=1"));
    CHECK_FALSE(Credentials::parse(base + ", qop=auth, cnonce=\"c\", nc=0000000g"));
    CHECK_FALSE(Credentials::parse(base + ", algorithm=AKAv1-MD5"));
    CHECK_FALSE(Credentials::parse("NoOneKnowsThisScheme opaque-data=here"));
    CHECK_FALSE(Credentials::parse("Digest username=\"a\", realm=\"r\", nonce=\"n\", uri=\"sip:x\""));
    auto integrity = Credentials::parse(base + ", qop=auth-int, cnonce=\"c\", nc=00000001");
    REQUIRE(integrity);
    CHECK_FALSE(verify(*integrity, "INVITE", ha1(Algorithm::md5, "a", "r", "p")));
}

}  // namespace
}  // namespace trunkbox::sip::digest
