#include "provider/accounts.h"

#include "requests.h"

using namespace trunkbox;
using namespace trunkbox::provider;
using namespace trunkbox::provider::test;
using Verdict = Accounts::Verdict;
using sip::digest::Algorithm;

namespace {

struct Bench {
    Accounts accounts{"provider.example.com", {1, 2}};
    Views view;
    Time now{1'000s};
    IdSource ids{{3, 4}};

    Bench() {
        accounts.add("acme", "s3cret", Algorithm::sha256);
        accounts.add("old", "s3cret", Algorithm::md5);
    }
    sip::Message challenge(bool proxy = false, const std::string& user = "acme") {
        return accounts.challenge(view(register_request(user)), proxy, user, false, now);
    }
    // The request with the answer to that challenge.
    sip::Message answer(const sip::Message& challenge, const std::string& user = "acme",
                        const std::string& password = "s3cret") {
        sip::Authenticator authenticator(sip::Login{user, password});
        CHECK(authenticator.challenged(view(challenge)) == sip::Authenticator::Verdict::retry);
        auto request = register_request(user);
        authenticator.sign(request, ids);
        return request;
    }
    Accounts::Check check(const sip::Message& request, bool proxy = false, const std::string& user = "acme") {
        return accounts.check(view(request), proxy, user, now);
    }
};

}  // namespace

TEST_CASE("a right answer is good once, then its count has been seen") {
    Bench bench;
    for (const std::string user : {"acme", "old"}) {
        auto request = bench.answer(bench.challenge(false, user), user);
        CHECK(bench.check(request, false, user).verdict == Verdict::good);
        CHECK(bench.check(request, false, user).verdict == Verdict::stale);
        CHECK(bench.check(request, false, user).username == user);
    }
}

TEST_CASE("a nonce serves again with a higher count, and no longer than five minutes") {
    Bench bench;
    auto challenge = bench.challenge();
    sip::Authenticator authenticator(sip::Login{"acme", "s3cret"});
    CHECK(authenticator.challenged(bench.view(challenge)) == sip::Authenticator::Verdict::retry);
    auto signed_request = [&] {
        auto request = register_request();
        authenticator.sign(request, bench.ids);
        return request;
    };
    auto first = signed_request(), second = signed_request(), third = signed_request();
    CHECK(bench.check(first).verdict == Verdict::good);
    CHECK(bench.check(third).verdict == Verdict::good);
    CHECK(bench.check(second).verdict == Verdict::stale);
    bench.now += 5min;
    CHECK(bench.check(signed_request()).verdict == Verdict::stale);
}

TEST_CASE("what is wrong") {
    Bench bench;
    auto challenge = bench.challenge();
    SUBCASE("the password") {
        CHECK(bench.check(bench.answer(challenge, "acme", "wrong")).verdict == Verdict::wrong);
    }
    SUBCASE("the user") {
        CHECK(bench.check(bench.answer(challenge, "nobody"), false, "nobody").verdict == Verdict::wrong);
    }
    SUBCASE("another's account") {
        auto other = bench.answer(bench.challenge(false, "old"), "old");
        CHECK(bench.check(other, false, "acme").verdict == Verdict::wrong);
        CHECK(bench.check(other, false, "").verdict == Verdict::good);
    }
    SUBCASE("the method") {
        auto request = bench.answer(challenge);
        request.method = "INVITE";
        CHECK(bench.check(request).verdict == Verdict::wrong);
    }
    SUBCASE("the header") { CHECK(bench.check(bench.answer(challenge), true).verdict == Verdict::absent); }
    SUBCASE("a nonce of our own making") {
        sip::Message forged = register_request();
        sip::digest::Challenge own{.realm = "provider.example.com", .nonce = "made-up", .qop_auth = true};
        own.algorithm = Algorithm::sha256;
        forged.add("Authorization",
                   sip::digest::answer(own, "acme", "s3cret", "REGISTER", forged.uri, "c", 1).text());
        CHECK(bench.check(forged).verdict == Verdict::stale);
    }
    SUBCASE("a weaker algorithm, or no qop") {
        for (bool weak : {false, true}) {
            auto request = register_request();
            sip::digest::Challenge own{.realm = "provider.example.com", .nonce = "n", .qop_auth = weak};
            own.algorithm = weak ? Algorithm::md5 : Algorithm::sha256;
            request.add("Authorization",
                        sip::digest::answer(own, "acme", "s3cret", "REGISTER", request.uri, "c", 1).text());
            CHECK(bench.check(request).verdict == Verdict::wrong);
        }
    }
    SUBCASE("nothing, or nonsense") {
        CHECK(bench.check(register_request()).verdict == Verdict::absent);
        for (std::string value : {"", "Digest", "Basic YTpi", "Digest username=\"acme", "Digest realm=\"x\"",
                                  "Digest username=\"acme\", realm=\"elsewhere\", nonce=\"n\", uri=\"sip:x\", response=\"0\""}) {
            CAPTURE(value);
            auto request = register_request();
            request.add("Authorization", value);
            CHECK(bench.check(request).verdict == Verdict::absent);
        }
        auto long_one = register_request();
        long_one.add("Authorization", "Digest username=\"" + std::string(50'000, 'a') + "\"");
        CHECK(bench.check(long_one).verdict != Verdict::good);
    }
}

TEST_CASE("a stranger is challenged as a customer is") {
    Bench bench;
    auto known = bench.challenge(false, "acme");
    auto unknown = bench.challenge(false, "nobody");
    CHECK(known.status == 401);
    CHECK(unknown.status == 401);
    auto shape = [](const sip::Message& message) {
        auto challenge = sip::digest::Challenge::parse(message.get("WWW-Authenticate"), false);
        REQUIRE(challenge.has_value());
        auto length = challenge->nonce.size();
        challenge->nonce.clear();
        return fmt::format("{} {}", challenge->text(), length);
    };
    CHECK(shape(known) == shape(unknown));
    CHECK(known.get("WWW-Authenticate") != unknown.get("WWW-Authenticate"));
    auto proxy = bench.challenge(true);
    CHECK(proxy.status == 407);
    CHECK_FALSE(proxy.get("Proxy-Authenticate").empty());
    auto again = bench.accounts.challenge(bench.view(register_request()), false, "acme", true, bench.now);
    CHECK(sip::digest::Challenge::parse(again.get("WWW-Authenticate"), false)->stale);
}
