// What a policy says in vain.
#include "config/sbc_policy.h"

#include "base/text.h"
#include "config/sbc_policy_document.h"
#include "sbc/settings.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace trunkbox::config {

namespace {

using sbc::Direction;

constexpr std::array directions{Direction::unknown, Direction::inbound, Direction::outbound};

Error warning(std::string where, std::string what, std::string fix) {
    return {.fault = Fault::input, .where = std::move(where), .what = std::move(what), .fix = std::move(fix)};
}

const sbc::Peer* find_peer(const sbc::Policy& policy, std::string_view name) {
    auto peer = std::ranges::find(policy.peers, name, &sbc::Peer::name);
    return peer == policy.peers.end() ? nullptr : &*peer;
}

sbc::Change& change_of(sbc::Policy& policy, const RuleMention& mention) {
    sbc::RuleChanges* changes = &policy.rules;
    for (sbc::Peer& peer : policy.peers)
        if (!mention.peer.empty() && peer.name == mention.peer) changes = &peer.rules;
    sbc::RuleChange& change = (*changes)[std::string(mention.rule->id)];
    if (mention.direction == Direction::inbound) return change.inbound;
    return mention.direction == Direction::outbound ? change.outbound : change.always;
}

// What the rule does for everybody and in each direction.
using Behaviour = std::vector<std::tuple<bool, std::optional<sbc::Outcome>, std::array<std::int64_t, sbc::most_parameters>>>;

Behaviour behaviour(const sbc::Policy& policy, const sbc::Rule& rule) {
    sbc::Settings settings(policy);
    std::size_t place = sbc::place(rule);
    Behaviour all;
    auto add = [&](const sbc::Peer* peer) {
        for (Direction direction : directions) {
            const sbc::SettingsRow& row = settings.row(policy, peer, direction);
            all.emplace_back(row.on.has(place), row.settings[place].action, row.settings[place].values);
        }
    };
    add(nullptr);
    for (const sbc::Peer& peer : policy.peers) add(&peer);
    return all;
}

bool changes_nothing(const sbc::Policy& policy, const RuleMention& mention) {
    sbc::Policy without = policy;
    change_of(without, mention) = {};
    return behaviour(policy, *mention.rule) == behaviour(without, *mention.rule);
}

// Why the rule cannot hit where this says something of it; "" when it can.
std::string never(const sbc::Policy& policy, const RuleMention& mention) {
    const sbc::Rule& rule = *mention.rule;
    const sbc::Peer* peer = mention.peer.empty() ? nullptr : find_peer(policy, mention.peer);
    bool directed = rule.when.direction != Direction::unknown || rule.scope == sbc::Scope::peer;
    if (directed && policy.own.empty()) return "'own' names no address, so that no packet has a direction";
    if (mention.direction != Direction::unknown && policy.own.empty())
        return "'own' names no address, so that no packet has a direction";
    if (mention.direction != Direction::unknown && rule.when.direction != Direction::unknown &&
        mention.direction != rule.when.direction)
        return fmt::format("the rule looks at what is {}", sbc::name(rule.when.direction));
    if (peer != nullptr && peer->rate_exempt && rule.scope == sbc::Scope::rate)
        return fmt::format("peer '{}' is exempt from rates", printable(peer->name));
    if (rule.id == "A-410" && policy.peers.empty()) return "no peer is named";
    if (rule.id == "F-501" && policy.lists.high_risk_prefixes.empty()) return "'high_risk_prefixes' is empty";
    if (rule.id == "I-602" && std::ranges::all_of(policy.peers, [](const auto& p) { return p.numbers.empty(); }))
        return "no peer has 'numbers'";
    return {};
}

void lint_rules(const PolicyDocument& document, std::vector<Error>& warnings) {
    std::set<std::string_view> always;
    for (const RuleMention& mention : document.mentions)
        if (mention.peer.empty()) always.insert(mention.rule->id);
    // A document that lists every rule says what each does, not what is different.
    bool complete = always.size() == sbc::rules().size();
    for (const RuleMention& mention : document.mentions) {
        bool listed = complete && mention.peer.empty() && mention.direction == Direction::unknown;
        if (listed) continue;
        if (auto why = never(document.policy, mention); !why.empty())
            warnings.push_back(warning(mention.where, fmt::format("rule {} never applies here: {}", mention.rule->id, why),
                                       "take it out, or name what it needs"));
        else if (changes_nothing(document.policy, mention))
            warnings.push_back(warning(mention.where, fmt::format("rule {} does that already", mention.rule->id),
                                       "take it out"));
    }
}

void lint_peers(const PolicyDocument& document, std::vector<Error>& warnings) {
    const auto& peers = document.policy.peers;
    for (std::size_t i = 0; i < peers.size(); ++i) {
        if (peers[i].networks.empty())
            warnings.push_back(warning(document.peers[i], fmt::format("peer '{}' has no networks", printable(peers[i].name)),
                                       "without an address nobody is this peer"));
        for (std::size_t j = 0; j < i; ++j)
            for (const sbc::Network& one : peers[i].networks) {
                auto other = std::ranges::find_if(peers[j].networks, [&](const auto& n) { return n.overlaps(one); });
                if (other == peers[j].networks.end()) continue;
                bool same = *other == one;
                warnings.push_back(warning(
                    document.peers[i],
                    fmt::format("network '{}' of peer '{}' overlaps '{}' of peer '{}'", one.text(),
                                printable(peers[i].name), other->text(), printable(peers[j].name)),
                    same ? "the first is taken" : "the narrower one is taken"));
            }
    }
}

}  // namespace

Result<std::vector<Error>> lint_sbc_policy(std::string_view json, std::string_view file) {
    auto document = read_policy_document(json, file);
    if (!document) return tl::unexpected(document.error());
    std::vector<Error> warnings;
    lint_peers(*document, warnings);
    lint_rules(*document, warnings);
    return warnings;
}

}  // namespace trunkbox::config
