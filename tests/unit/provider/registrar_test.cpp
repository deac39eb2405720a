#include "provider/registrar.h"

#include "requests.h"

using namespace trunkbox;
using namespace trunkbox::provider;
using namespace trunkbox::provider::test;

namespace {

struct Bench {
    Accounts accounts{"provider.example.com", {1, 2}};
    Registrar registrar{accounts, {}};
    Views view;
    Time now{1'000s};
    IdSource ids{{3, 4}};
    std::uint32_t cseq = 0;

    Bench() {
        accounts.add("acme", "s3cret", sip::digest::Algorithm::sha256);
        accounts.add("desk", "s3cret", sip::digest::Algorithm::md5);
    }
    // With credentials for a fresh challenge.
    Registrar::Answer take(sip::Message request, const std::string& user = "acme") {
        sip::Authenticator authenticator(sip::Login{user, "s3cret"});
        auto challenge = registrar.take(view(request), now);
        REQUIRE(challenge.response.status == 401);
        CHECK_FALSE(challenge.changed);
        REQUIRE(authenticator.challenged(view(challenge.response)) == sip::Authenticator::Verdict::retry);
        authenticator.sign(request, ids);
        return registrar.take(view(request), now);
    }
    Registrar::Answer contact(std::string_view contact) { return take(register_request("acme", contact, ++cseq)); }
    std::vector<std::string> contacts(const std::string& user = "acme") const {
        std::vector<std::string> found;
        for (const auto& binding : registrar.bindings(user, now)) found.push_back(binding.contact);
        return found;
    }
};

std::vector<std::string> listed(const sip::Message& response) {
    std::vector<std::string> found;
    for (const auto& [name, value] : response.headers)
        if (name == "Contact") found.push_back(value);
    return found;
}

}  // namespace

TEST_CASE("a binding is granted, listed, and gone when its time is over") {
    Bench bench;
    auto answer = bench.contact("<sip:acme@192.0.2.1:5060>;expires=120");
    CHECK(answer.response.status == 200);
    CHECK(answer.changed);
    CHECK(answer.user == "acme");
    CHECK(answer.bindings == 1);
    CHECK(listed(answer.response) == std::vector<std::string>{"<sip:acme@192.0.2.1:5060>;expires=120"});
    bench.now += 20s;
    CHECK(listed(bench.contact("<sip:acme@192.0.2.2>").response) ==
          std::vector<std::string>{"<sip:acme@192.0.2.2>;expires=3600", "<sip:acme@192.0.2.1:5060>;expires=100"});
    bench.now += 100s;
    CHECK(bench.contacts() == std::vector<std::string>{"sip:acme@192.0.2.2"});
    CHECK(bench.contacts("desk").empty());
}

TEST_CASE("a query changes nothing") {
    Bench bench;
    (void)bench.contact("<sip:acme@192.0.2.1>");
    auto answer = bench.take(register_request("acme", {}, ++bench.cseq));
    CHECK(answer.response.status == 200);
    CHECK_FALSE(answer.changed);
    CHECK(listed(answer.response).size() == 1);
}

TEST_CASE("expiry: from the parameter, the header, or ours; at least and at most") {
    Bench bench;
    auto with_header = [&](std::string_view contact, std::string_view expires) {
        auto request = register_request("acme", contact, ++bench.cseq);
        request.add("Expires", expires);
        return bench.take(std::move(request));
    };
    CHECK(listed(with_header("<sip:a@192.0.2.1>", "90").response).front() == "<sip:a@192.0.2.1>;expires=90");
    CHECK(listed(with_header("<sip:a@192.0.2.1>;expires=100", "90").response).front() ==
          "<sip:a@192.0.2.1>;expires=100");
    CHECK(listed(with_header("<sip:a@192.0.2.1>", "99999999").response).front() == "<sip:a@192.0.2.1>;expires=3600");
    CHECK(listed(with_header("<sip:a@192.0.2.1>", "nonsense").response).front() == "<sip:a@192.0.2.1>;expires=3600");
    auto brief = with_header("<sip:b@192.0.2.1>", "59");
    CHECK(brief.response.status == 423);
    CHECK(brief.response.get("Min-Expires") == "60");
    CHECK(bench.contacts().size() == 1);
    CHECK(with_header("<sip:a@192.0.2.1>", "0").response.status == 200);
    CHECK(bench.contacts().empty());
}

TEST_CASE("the star removes all, and stands alone") {
    Bench bench;
    auto star = [&](std::string_view contact, std::string_view expires) {
        auto request = register_request("acme", contact, ++bench.cseq);
        if (!expires.empty()) request.add("Expires", expires);
        return bench.take(std::move(request)).response.status;
    };
    (void)bench.contact("<sip:a@192.0.2.1>, <sip:b@192.0.2.1>");
    CHECK(star("*", "") == 400);
    CHECK(star("*", "60") == 400);
    CHECK(star("*, <sip:a@192.0.2.1>", "0") == 400);
    CHECK(star("<sip:a@192.0.2.1>, *", "0") == 400);
    CHECK(bench.contacts().size() == 2);
    CHECK(star("*", "0") == 200);
    CHECK(bench.contacts().empty());
}

TEST_CASE("what is older than the binding changes nothing (RFC 3261 section 10.3)") {
    Bench bench;
    CHECK(bench.take(register_request("acme", "<sip:a@192.0.2.1>", 5)).response.status == 200);
    CHECK(bench.take(register_request("acme", "<sip:a@192.0.2.1>;expires=0", 5)).response.status == 500);
    CHECK(bench.take(register_request("acme", "<sip:a@192.0.2.1>;expires=0", 4)).response.status == 500);
    CHECK(bench.contacts().size() == 1);
    auto other = register_request("acme", "<sip:a@192.0.2.1>;expires=0", 1);
    other.set("Call-ID", "reg-2");
    CHECK(bench.take(other).response.status == 200);
    CHECK(bench.contacts().empty());
}

TEST_CASE("a contact spelled in another way is the same binding") {
    Bench bench;
    (void)bench.contact("<sip:acme@Phone.Example.com;transport=UDP>");
    (void)bench.contact("<sip:%61cme@phone.example.com;transport=udp>");
    CHECK(bench.contacts().size() == 1);
    (void)bench.contact("<sip:acme@phone.example.com:5061;transport=udp>");
    CHECK(bench.contacts().size() == 2);
}

TEST_CASE("ten contacts, all or nothing") {
    Bench bench;
    std::string ten;
    for (int i = 0; i < 10; ++i) ten += fmt::format("{}<sip:a{}@192.0.2.1>", i == 0 ? "" : ", ", i);
    CHECK(bench.contact(ten).response.status == 200);
    CHECK(bench.contacts().size() == 10);
    CHECK(bench.contact("<sip:b@192.0.2.1>").response.status == 403);
    CHECK(bench.contact("<sip:a0@192.0.2.1>;expires=0, <sip:b@192.0.2.1>, <sip:c@192.0.2.1>").response.status == 403);
    CHECK(bench.contacts().size() == 10);
    CHECK(bench.contact("<sip:a0@192.0.2.1>;expires=0, <sip:b@192.0.2.1>").response.status == 200);
    CHECK(bench.contacts().size() == 10);
    CHECK(bench.contacts().front() == "sip:b@192.0.2.1");
}

TEST_CASE("the Path is kept with the binding (RFC 3327)") {
    Bench bench;
    auto request = register_request("acme", "<sip:a@192.0.2.1>", 1);
    request.add("Path", "<sip:edge.example.com;lr>");
    request.add("Path", "<sip:inner.example.com;lr>, <sip:x.example.com;lr>");
    CHECK(bench.take(request).response.status == 200);
    CHECK(bench.registrar.bindings("acme", bench.now).front().path ==
          std::vector<std::string>{"<sip:edge.example.com;lr>", "<sip:inner.example.com;lr>", "<sip:x.example.com;lr>"});
}

TEST_CASE("broken requests are refused and bind nothing") {
    Bench bench;
    for (std::string_view contact : {"<sip:a@192.0.2.1", "\"x <sip:a@b>", "<>"}) {
        CAPTURE(contact);
        auto request = register_request("acme", contact, ++bench.cseq);
        CHECK(bench.take(request).response.status == 400);
    }
    auto unnumbered = register_request("acme", "<sip:a@192.0.2.1>");
    unnumbered.set("CSeq", "many REGISTER");
    CHECK(bench.take(unnumbered).response.status == 400);
    for (std::string to : {"", "<<", "<tel:+33199000001>", "<sip:provider.example.com>"}) {
        CAPTURE(to);
        auto request = register_request("acme", "<sip:a@192.0.2.1>");
        request.set("To", to);
        CHECK(bench.registrar.take(bench.view(request), bench.now).response.status == 401);
    }
    CHECK(bench.contacts().empty());
}

TEST_CASE("nobody registers for another") {
    Bench bench;
    auto request = register_request("acme", "<sip:thief@192.0.2.66>");
    sip::Authenticator authenticator(sip::Login{"desk", "s3cret"});
    auto challenge = bench.accounts.challenge(bench.view(request), false, "desk", false, bench.now);
    REQUIRE(authenticator.challenged(bench.view(challenge)) == sip::Authenticator::Verdict::retry);
    authenticator.sign(request, bench.ids);
    CHECK(bench.registrar.take(bench.view(request), bench.now).response.status == 401);
    CHECK(bench.contacts().empty());
}
