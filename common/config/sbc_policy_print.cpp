// A policy as a document.
#include "config/sbc_policy.h"

#include "config/sbc_policy_keys.h"
#include "sbc/rule.h"

#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace trunkbox::config {

namespace {

std::string json_quoted(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (static_cast<unsigned char>(c) < 0x20) fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        else out += c;
    }
    return out += '"';
}

template <class Items, class Text>
std::string array(const Items& items, Text text) {
    std::vector<std::string> parts;
    for (const auto& item : items) parts.push_back(json_quoted(text(item)));
    return fmt::format("[{}]", fmt::join(parts, ", "));
}

std::string array(const std::vector<std::string>& items) {
    return array(items, [](const std::string& item) -> std::string_view { return item; });
}
std::string array(const std::vector<sbc::Network>& items) {
    return array(items, [](const sbc::Network& item) { return item.text(); });
}

// "action" and parameters, as far as the change says something.
std::vector<std::string> parts_of(const sbc::Change& change) {
    std::vector<std::string> parts;
    if (change.action) parts.push_back(fmt::format("\"action\": {}", json_quoted(sbc::text(*change.action))));
    for (const auto& [name, value] : change.parameters) parts.push_back(fmt::format("{}: {}", json_quoted(name), value));
    return parts;
}

std::string rule_object(const sbc::RuleChange& change, std::vector<std::string> parts) {
    auto directed = [&](std::string_view key, const sbc::Change& of) {
        if (!of.empty()) parts.push_back(fmt::format("\"{}\": {{{}}}", key, fmt::join(parts_of(of), ", ")));
    };
    directed("inbound", change.inbound);
    directed("outbound", change.outbound);
    return fmt::format("{{{}}}", fmt::join(parts, ", "));
}

// What the rule does by the policy, said or not.
std::string whole_rule(const sbc::Policy& policy, const sbc::Rule& rule) {
    bool lenient = policy.profile == sbc::Profile::lenient;
    auto said = policy.rules.find(rule.id);
    sbc::RuleChange change = said == policy.rules.end() ? sbc::RuleChange{} : said->second;
    if (!change.always.action) change.always.action = lenient ? rule.usual.lenient : rule.usual.strict;
    std::vector<std::string> parts{fmt::format("\"action\": {}", json_quoted(sbc::text(*change.always.action)))};
    for (const sbc::Parameter& parameter : rule.parameters) {
        auto own = change.always.parameters.find(parameter.name);
        auto usual = lenient ? parameter.lenient : parameter.strict;
        parts.push_back(fmt::format("{}: {}", json_quoted(parameter.name),
                                    own == change.always.parameters.end() ? usual : own->second));
    }
    return rule_object(change, std::move(parts));
}

void print_rules(const sbc::Policy& policy, std::string& out) {
    out += "    // What each rule does: \"off\", \"note\", \"alert\", \"drop\" or \"reject\" with a status; where it points at\n"
           "    // something that can go, \"strip\" and \"rewrite\", too. \"inbound\" and \"outbound\" hold what is different in\n"
           "    // that direction. An action that is changed is taken in the rule's special cases, too.\n"
           "    \"rules\": {\n";
    auto all = sbc::rules();
    for (const sbc::Rule& rule : all) {
        fmt::format_to(std::back_inserter(out), "        // {}{}{}.\n", rule.what, rule.cases.empty() ? "" : "; ", rule.cases);
        for (const sbc::Parameter& parameter : rule.parameters)
            fmt::format_to(std::back_inserter(out), "        // {}: {}; {} to {}.\n", parameter.name, parameter.what,
                           parameter.least, parameter.most);
        fmt::format_to(std::back_inserter(out), "        {}: {}{}\n", json_quoted(rule.id), whole_rule(policy, rule),
                       &rule == &all.back() ? "" : ",");
    }
    out += "    }\n";
}

std::string peer_object(const sbc::Peer& peer) {
    std::vector<std::string> parts{fmt::format("\"networks\": {}", array(peer.networks))};
    if (!peer.media.empty()) parts.push_back(fmt::format("\"media\": {}", array(peer.media)));
    parts.push_back(fmt::format("\"trusted\": {}", peer.trusted));
    parts.push_back(fmt::format("\"rate\": \"{}\"", peer.rate_exempt ? "exempt" : "limited"));
    if (!peer.numbers.empty())
        parts.push_back(fmt::format("\"numbers\": {}", array(peer.numbers, [](const auto& range) { return range.text(); })));
    std::vector<std::string> rules;
    for (const auto& [id, change] : peer.rules)
        rules.push_back(fmt::format("{}: {}", json_quoted(id), rule_object(change, parts_of(change.always))));
    if (!rules.empty())
        parts.push_back(fmt::format("\"rules\": {{\n                {}\n            }}", fmt::join(rules, ",\n                ")));
    return fmt::format("{{\n            {}\n        }}", fmt::join(parts, ",\n            "));
}

void print_peers(const sbc::Policy& policy, std::string& out) {
    out += "    // Groups of addresses. \"networks\" are those of their signalling, e.g. \"192.0.2.0/24\" or \"192.0.2.1:5060\";\n"
           "    // the narrowest around an address names its peer. \"media\" are networks where their media may be besides.\n"
           "    // \"trusted\" ones are within the trust domain of RFC 3325; for those whose \"rate\" is \"exempt\" no rule about\n"
           "    // rates applies; \"numbers\" are those that they may assert, e.g. \"+442079460000-+442079460099\"; \"rules\"\n"
           "    // hold what is different for them.\n";
    if (policy.peers.empty()) {
        out += "    \"peers\": {},\n\n";
        return;
    }
    std::vector<std::string> peers;
    for (const sbc::Peer& peer : policy.peers) peers.push_back(fmt::format("        {}: {}", json_quoted(peer.name), peer_object(peer)));
    fmt::format_to(std::back_inserter(out), "    \"peers\": {{\n{}\n    }},\n\n", fmt::join(peers, ",\n"));
}

template <class Keys, class Value>
void print_table(std::string_view name, const Keys& keys, Value value, std::string& out) {
    fmt::format_to(std::back_inserter(out), "    \"{}\": {{\n", name);
    for (const auto& key : keys)
        fmt::format_to(std::back_inserter(out), "        // {}\n        \"{}\": {}{}\n", key.what, key.name, value(key),
                       &key == &keys.back() ? "" : ",");
    out += "    },\n\n";
}

}  // namespace

std::string print_sbc_policy(const sbc::Policy& policy) {
    std::string out;
    fmt::format_to(std::back_inserter(out),
                   "{{\n"
                   "    \"version\": {},\n\n"
                   "    \"name\": {},\n\n"
                   "    // What holds where this document says nothing: \"strict\" is the most conservative of what the RFCs\n"
                   "    // allow, \"lenient\" the most liberal, \"observe\" is strict in the mode \"observe\".\n"
                   "    \"based_on\": \"{}\",\n\n"
                   "    // \"enforce\", or \"observe\": what would be rejected or dropped is an alert, and goes on.\n"
                   "    \"mode\": \"{}\",\n\n"
                   "    // The addresses of the SBC itself, which give each packet its direction, and the domains that From may\n"
                   "    // not claim from outside. Without addresses the rules about peers and directions do not apply.\n"
                   "    \"own\": {{\"addresses\": {}, \"domains\": {}}},\n\n",
                   sbc_policy_version, json_quoted(policy.name), sbc::name(policy.profile), sbc::name(policy.mode),
                   array(policy.own), array(policy.lists.own_domains));
    out += "    // What is above these is at fault.\n";
    print_table("limits", limit_keys, [&](const LimitKey& key) { return policy.limits.*key.limit; }, out);
    out += "    // What the rules compare with.\n";
    print_table("lists", list_keys, [&](const ListKey& key) { return array(policy.lists.*key.list); }, out);
    print_peers(policy, out);
    print_rules(policy, out);
    return out + "}\n";
}

}  // namespace trunkbox::config
