#include "config/sbc_policy.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "sbc/rule.h"

using namespace trunkbox;
using namespace trunkbox::config;
using sbc::Effect;
using sbc::Policy;

namespace {

std::string with(std::string_view members) { return fmt::format("{{\"version\": 1, {}}}", members); }

std::string problem(std::string_view text) {
    auto policy = read_sbc_policy(text, "p.json");
    return policy ? std::string("(no error)") : policy.error().text();
}

Policy good(std::string_view text) {
    auto policy = read_sbc_policy(text, "p.json");
    REQUIRE_MESSAGE(policy.has_value(), problem(text));
    return std::move(*policy);
}

std::vector<std::string> warnings(std::string_view text) {
    auto lint = lint_sbc_policy(text, "p.json");
    REQUIRE_MESSAGE(lint.has_value(), problem(text));
    std::vector<std::string> lines;
    for (const Error& warning : *lint) lines.push_back(warning.text());
    return lines;
}

std::string warning(std::string_view text) {
    auto all = warnings(text);
    CHECK_MESSAGE(all.size() == 1, all.size(), " warnings");
    return all.empty() ? std::string() : all.front();
}

Policy busy_policy() {
    Policy policy = Policy::lenient();
    policy.name = "edge \"one\"\\\n";
    policy.mode = sbc::Mode::observe;
    policy.limits.vias = 12;
    policy.limits.record_routes = 0;
    policy.own = {*sbc::Network::parse("198.51.100.1"), *sbc::Network::parse("[2001:db8::1]:5060")};
    policy.lists.own_domains = {"example.com"};
    policy.lists.schemes = {"sip"};
    policy.lists.scanners.clear();
    policy.lists.codecs = {"PCMA", "opus"};
    policy.rules["M-101"].always.action = {Effect::reject, 480};
    policy.rules["A-401"].inbound.action = {Effect::off, 0};
    policy.rules["S-803"].always.parameters["least"] = 4000;
    policy.rules["S-803"].outbound.parameters["least"] = 2000;
    sbc::Peer carrier{.name = "carrier", .networks = {*sbc::Network::parse("203.0.113.0/28")}, .trusted = true};
    carrier.media = {*sbc::Network::parse("203.0.113.128/25")};
    carrier.rate_exempt = true;
    carrier.numbers = {*numbering::NumberRange::parse("+442079460000-+442079460099")};
    carrier.rules["M-101"].always.action = {Effect::note, 0};
    carrier.rules["S-803"].inbound.parameters["least"] = 3000;
    policy.peers = {carrier, {.name = "phones", .networks = {*sbc::Network::parse("192.0.2.0/24")}}};
    return policy;
}

}  // namespace

TEST_CASE("a printed policy reads back to the same, and nothing in it is in vain") {
    for (const Policy& policy : {Policy::strict(), Policy::lenient(), busy_policy()}) {
        std::string text = print_sbc_policy(policy);
        CHECK(good(text) == policy);
        CHECK(print_sbc_policy(good(text)) == text);
    }
    CHECK(good(print_sbc_policy(Policy::observe())) == Policy::observe());
    CHECK(warnings(print_sbc_policy(Policy::strict())).empty());
    CHECK(warnings(print_sbc_policy(busy_policy())).empty());
    std::string text = print_sbc_policy(Policy::strict());
    for (const sbc::Rule& rule : sbc::rules()) CHECK(text.find(fmt::format("\"{}\": {{", rule.id)) != std::string::npos);
}

TEST_CASE("a policy says what is different from what it is based on") {
    CHECK(good("{\"version\": 1}") == Policy::strict());
    CHECK(good(with("\"based_on\": \"observe\"")) == Policy::observe());
    Policy policy = good(with(R"("name": "mine", "limits": {"header_line": 4096}, "based_on": "lenient", "mode": "observe",
        "lists": {"high_risk_prefixes": [], "scanners": ["Probe"]},
        "rules": {"M-120": "note", "A-401": {"action": "reject 403", "inbound": {"action": "drop"}}, "M-102": "reject 505"})"));
    CHECK(policy.name == "mine");
    CHECK(policy.profile == sbc::Profile::lenient);
    CHECK(policy.mode == sbc::Mode::observe);
    CHECK(policy.limits.header_line == 4096);
    CHECK(policy.limits.header_lines == 256);
    CHECK(policy.lists.scanners == std::vector<std::string>{"probe"});
    CHECK(policy.lists.tools == sbc::Lists{}.tools);
    CHECK(policy.rules.size() == 1);  // what lenient does anyway is no change
    CHECK(policy.rules["A-401"].inbound.action == sbc::Outcome{Effect::drop, 0});
}

TEST_CASE("errors say where and what was meant") {
    CHECK(problem("{\"version\": 1,\n \"rulez\": {}}") == "p.json:2:2: key 'rulez' is not known; did you mean 'rules'?");
    CHECK(problem(with("\"rules\": {\"A-4O1\": \"drop\"}")).find("p.json:1:35: there is no rule 'A-4O1'; did you mean 'A-4") == 0);
    CHECK(problem(with("\"rules\": {\"S-803\": {\"leest\": 1}}")).find("did you mean 'least'?") != std::string::npos);
    CHECK(problem(with("\"rules\": {\"S-803\": {\"least\": 70000}}")).find("from 1 to 65535") != std::string::npos);
    CHECK(problem(with("\"rules\": {\"S-803\": {\"inbound\": {\"acton\": \"drop\"}}}")).find("did you mean 'action'?") != std::string::npos);
    CHECK(problem(with("\"rules\": {\"A-401\": \"deny\"}")).find("'deny' is no action of a rule") != std::string::npos);
    CHECK(problem(with("\"rules\": {\"A-401\": \"strip\"}")).find("nothing to strip") != std::string::npos);
    CHECK(problem(with("\"rules\": {\"A-401\": \"non_sip\"}")).find("'non_sip' is no action") != std::string::npos);
    CHECK(problem(with("\"rules\": {\"P-007\": \"non_sip\"}")) == "(no error)");
    CHECK(problem(with("\"based_on\": \"strickt\"")).find("there is no policy 'strickt'") != std::string::npos);
    CHECK(problem(with("\"limits\": {\"via\": 3}")).find("did you mean 'vias'?") != std::string::npos);
    CHECK(problem(with("\"peers\": {\"a\": {\"networks\": [\"192.0.2.1/24\"]}}")).find("p.json:1:45: '192.0.2.1/24' has bits set") == 0);
    CHECK(problem(with("\"peers\": {\"a\": {\"network\": []}}")).find("did you mean 'networks'?") != std::string::npos);
    CHECK(problem(with("\"peers\": {\"a\": {\"rate\": \"exemt\"}}")).find("did you mean 'exempt'?") != std::string::npos);
    CHECK(problem(with("\"lists\": {\"high_risk_prefixes\": [\"+882\"]}")).find("'+882' is not digits") != std::string::npos);
}

TEST_CASE("what is no policy is an error, whatever it is") {
    for (std::string_view bad :
         {"", "[]", "null", "{}", "{\"version\": 2}", "{\"version\": 1, \"own\": []}", "{\"version\": 1, \"rules\": []}",
          "{\"version\": 1, \"rules\": {\"A-401\": 3}}", "{\"version\": 1, \"rules\": {\"A-401\": null}}",
          "{\"version\": 1, \"lists\": {\"methods\": [\"IN VITE\"]}}", "{\"version\": 1, \"lists\": {\"tools\": [\"\"]}}",
          "{\"version\": 1, \"limits\": {\"vias\": -1}}", "{\"version\": 1, \"peers\": {\"\": {}}}",
          "{\"version\": 1, \"peers\": {\"a\": 1}}", "{\"version\": 1, \"peers\": {\"a\": {\"numbers\": [\"x\"]}}}",
          "{\"version\": 1, \"peers\": {\"a\": {\"trusted\": \"yes\"}}}", "{\"version\": 1"})
        CHECK_MESSAGE(problem(bad) != "(no error)", bad);
    std::string text = print_sbc_policy(busy_policy());
    for (std::size_t i = 0; i + 2 < text.size(); i += 97) CHECK_FALSE(read_sbc_policy(text.substr(0, i), "p.json"));
}

TEST_CASE("lint: a change that changes nothing") {
    CHECK(warning(with("\"rules\": {\"A-401\": \"drop\"}")) == "p.json:1:35: rule A-401 does that already; take it out");
    CHECK(warning(with("\"rules\": {\"S-803\": {\"least\": 1024}}")).find("does that already") != std::string::npos);
    CHECK(warnings(with("\"rules\": {\"A-401\": \"alert\"}")).empty());
    std::string base = "\"own\": {\"addresses\": [\"198.51.100.1\"]}, ";
    std::string peer = base + "\"peers\": {\"a\": {\"networks\": [\"192.0.2.1\"], \"rules\": {\"A-401\": \"drop\"}}}";
    CHECK(warning(with(peer)).find("does that already") != std::string::npos);
    CHECK(warnings(with(peer + ", \"rules\": {\"A-401\": \"alert\"}")).empty());
    CHECK(warning(with(base + "\"rules\": {\"A-401\": {\"action\": \"alert\", \"inbound\": {\"action\": \"alert\"}}}")).find("does that already") != std::string::npos);
}

TEST_CASE("lint: a rule that never applies") {
    std::string own = "\"own\": {\"addresses\": [\"198.51.100.1\"]}, ";
    CHECK(warning(with("\"rules\": {\"I-601\": \"alert\"}")).find("rule I-601 never applies here: 'own' names no address") != std::string::npos);
    CHECK(warnings(with(own + "\"rules\": {\"I-601\": \"alert\"}")).empty());
    CHECK(warning(with(own + "\"rules\": {\"T-701\": {\"inbound\": {\"action\": \"alert\"}}}")).find("the rule looks at what is outbound") != std::string::npos);
    CHECK(warning(with("\"rules\": {\"A-401\": {\"inbound\": {\"action\": \"alert\"}}}")).find("no packet has a direction") != std::string::npos);
    CHECK(warning(with(own + "\"rules\": {\"A-410\": \"drop\"}")).find("no peer is named") != std::string::npos);
    CHECK(warning(with("\"lists\": {\"high_risk_prefixes\": []}, \"rules\": {\"F-501\": \"drop\"}")).find("is empty") != std::string::npos);
}

TEST_CASE("lint: peers that overlap, or are nobody") {
    auto two = [](std::string_view a, std::string_view b) {
        return warnings(with(fmt::format(R"("peers": {{"a": {{"networks": ["{}"]}}, "b": {{"networks": ["{}"]}}}})", a, b)));
    };
    auto overlap = two("192.0.2.0/24", "192.0.2.64/26");
    REQUIRE(overlap.size() == 1);
    CHECK(overlap[0] == "p.json:1:68: network '192.0.2.64/26' of peer 'b' overlaps '192.0.2.0/24' of peer 'a'; the narrower one is taken");
    CHECK(two("192.0.2.0/24", "192.0.2.0/24").at(0).find("the first is taken") != std::string::npos);
    CHECK(two("192.0.2.0/25", "192.0.2.128/25").empty());
    CHECK(warning(with("\"peers\": {\"a\": {}}")).find("peer 'a' has no networks") != std::string::npos);
}

TEST_CASE("a policy by its name or from a file") {
    CHECK(load_sbc_policy("lenient") == Policy::lenient());
    CHECK(load_sbc_policy("strickt").error().fault == Fault::usage);
    CHECK(load_sbc_policy("./no-such-policy.json").error().fault == Fault::system);
}

TEST_CASE("the policy in the manual is one, and says nothing in vain") {
    const std::string text = R"({
    "version": 1,
    "name": "edge",
    "based_on": "strict",
    "own": {"addresses": ["198.51.100.1"], "domains": ["example.com"]},
    "lists": {"codecs": ["PCMA", "PCMU", "G722"]},
    "peers": {
        "carrier": {
            "networks": ["203.0.113.0/28"],
            "media": ["203.0.113.128/25"],
            "trusted": true,
            "rate": "exempt",
            "rules": {"M-120": "note"}      // its old gateways send no tag
        },
        "phones": {
            "networks": ["192.0.2.0/24"],
            "rules": {"T-702": {"outbound": {"action": "off"}}}
        }
    },
    "rules": {
        "F-501": "reject 403",
        "S-803": {"action": "reject 488", "least": 10000}
    }
}
)";
    Policy policy = good(text);
    CHECK(warnings(text).empty());
    CHECK(policy.peers.size() == 2);
    CHECK(policy.rules["S-803"].always.parameters["least"] == 10'000);
}
