#include "config/directory.h"

#include "centrex/resolve.h"

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::config;

namespace {

Result<centrex::MapFacts> read(std::string_view text) {
    auto document = read_json(text, "d.json");
    if (!document) return tl::unexpected(document.error());
    return read_directory(document->root());
}

std::string problem(std::string_view text) {
    auto facts = read(text);
    return facts ? std::string("(no error)") : facts.error().text();
}

// One tenant with alice and a desk, and one more member.
std::string with(std::string_view member) {
    return R"({"tenants": [{"name": "acme", "region": "FR"}], "users": [{"name": "alice"}],)"
           R"("phones": [{"name": "desk-7", "contact": "sip:desk-7@192.0.2.7", "hot_desk": true}],)"
           "\n" +
           std::string(member) + "}";
}

}  // namespace

TEST_CASE("a directory is read and resolves") {
    auto facts = read(R"({
      "tenants": [{"name": "acme", "domain": "acme.example.com", "region": "FR"}],
      "users": [{"name": "alice", "display_name": "Alice", "ring_for": 20}, {"name": "bob", "tenant": "acme"}],
      "phones": [
        {"name": "desk-214", "site": "paris", "home": "alice", "contact": "sip:desk-214@127.0.0.1:5072",
         "emergency_cli": "01 99 00 09 99"},
        {"name": "desk-7", "hot_desk": true, "contact": "sip:desk-7@127.0.0.1:5073"}],
      "numbers": [{"number": "01.99.00.00.01", "user": "alice"}, {"number": "+33199000002", "user": "bob"}],
      "logins": [{"phone": "desk-7", "user": "bob", "since": "2026-11-22T08:58:11Z", "until": "2026-11-22T18:00:00Z"}]
    })");
    REQUIRE(facts);
    auto noon = parse_rfc3339("2026-11-22T12:00:00Z").value();
    auto alice = resolve(*facts, {.number = numbering::E164::parse("+33199000001").value(), .at = noon});
    REQUIRE(alice.legs.size() == 1);
    CHECK(alice.legs[0].uri == "sip:desk-214@127.0.0.1:5072");
    CHECK(alice.legs[0].ring_for == 20s);
    CHECK(alice.emergency.value().cli.text() == "+33199000999");
    auto bob = resolve(*facts, {.number = numbering::E164::parse("+33199000002").value(), .at = noon});
    CHECK(bob.legs.at(0).phone == "desk-7");
    CHECK(resolve(*facts, {.number = numbering::E164::parse("+33199000002").value(), .at = noon + 7h}).outcome == centrex::Outcome::no_phone);
    CHECK(read("{}").value().numbers().empty());
}

TEST_CASE("directory errors have the place of the row") {
    CHECK(problem("[]") == "d.json:1:1: expected an object, got array");
    CHECK(problem(R"({"user": []})") == "d.json:1:2: key 'user' is not known; did you mean 'users'?");
    CHECK(problem(R"({"users": [{"name": "alice"}]})").starts_with("d.json:1:12: tenant '' is not known"));
    CHECK(problem(R"({"tenants": [{"name": "a", "region": "XX"}]})").starts_with("d.json:1:14: region 'XX'"));
    CHECK(problem(R"({"tenants": [{"name": "a"}, {"name": "b"}], "users": [{"name": "u"}]})") ==
          "d.json:1:55: key 'tenant' is missing; add it to this object");
    CHECK(problem(with(R"("numbers": [{"number": "01 99", "user": "alice"}])"))
              .starts_with("d.json:2:24: number '01 99'"));
    CHECK(problem(with(R"("numbers": [{"user": "alice"}])"))
              .starts_with("d.json:2:13: key 'number' is missing"));
    CHECK(problem(with(R"("numbers": [{"number": "+33199000001", "user": "alic"}])")) ==
          "d.json:2:13: user 'alic' is not known; did you mean 'alice'?");
    CHECK(problem(with(R"("numbers": [{"number": "+33199000001", "user": "alice"},
 {"number": "0199000001", "user": "alice"}])"))
              .starts_with("d.json:3:2: number '+33199000001' belongs to 'alice'"));
    CHECK(problem(with(R"("logins": [{"phone": "desk-8", "user": "alice"}])")) ==
          "d.json:2:12: phone 'desk-8' is not known; did you mean 'desk-7'?");
    CHECK(problem(with(R"("logins": [{"phone": "desk-7", "user": "alice", "since": "today"}])"))
              .starts_with("d.json:2:58: 'today' is not a time"));
    CHECK(problem(with(R"("logins": [7])")) == "d.json:2:12: expected an object, got number");
    CHECK(problem(R"({"tenants": [{"name": "a"}], "phones": [{"name": "p", "contact": "tel:+33199000001"}]})")
              .find("is not a SIP URI") != std::string::npos);
    CHECK(problem(R"({"tenants": [{"name": "a"}], "phones": [{"name": "p", "contact": "nonsense"}]})") !=
          "(no error)");
}
