#include "sbc/settings.h"

#include <array>

#include "base/text.h"
#include "sbc/rule.h"

namespace trunkbox::sbc {
namespace {

void apply(const Change& change, const Rule& rule, Profile profile, SettingsRow& row) {
    Setting& setting = row.settings[place(rule)];
    if (change.action) {
        Outcome usual = profile == Profile::lenient ? rule.usual.lenient : rule.usual.strict;
        // What the rule does anyway is no reason to treat its milder cases in the same way.
        if (*change.action == usual) setting.action.reset();
        else setting.action = change.action;
        if (change.action->effect == Effect::off) row.on.remove(place(rule));
        else row.on.add(place(rule));
    }
    for (std::size_t i = 0; i < rule.parameters.size(); ++i)
        if (auto own = change.parameters.find(rule.parameters[i].name); own != change.parameters.end())
            setting.values[i] = own->second;
}

void apply(const RuleChanges& changes, Direction direction, Profile profile, SettingsRow& row) {
    for (const auto& [id, change] : changes) {
        const Rule* rule = find_rule(id);
        if (rule == nullptr) continue;
        apply(change.always, *rule, profile, row);
        if (direction == Direction::inbound) apply(change.inbound, *rule, profile, row);
        if (direction == Direction::outbound) apply(change.outbound, *rule, profile, row);
    }
}

SettingsRow of_profile(Profile profile) {
    SettingsRow row;
    row.settings.resize(rules().size());
    for (const Rule& rule : rules()) {
        Outcome usual = profile == Profile::lenient ? rule.usual.lenient : rule.usual.strict;
        if (usual.effect != Effect::off) row.on.add(place(rule));
        for (std::size_t i = 0; i < rule.parameters.size(); ++i)
            row.settings[place(rule)].values[i] =
                profile == Profile::lenient ? rule.parameters[i].lenient : rule.parameters[i].strict;
    }
    return row;
}

constexpr std::array directions{Direction::unknown, Direction::inbound, Direction::outbound};

}  // namespace

WordIndex::WordIndex(const Lists& lists) {
    for (std::size_t byte = 0; byte < letters.size(); ++byte) {
        char c = static_cast<char>(byte);
        if (is_alpha(c) || is_digit(c)) letters[byte] |= in_word;
    }
    for (const auto* words : {&lists.scanners, &lists.tools})
        for (const std::string& word : *words) {
            if (word.empty()) continue;
            auto first = static_cast<unsigned char>(word.front());
            letters[first] |= begins_agent;
            if (word.front() >= 'a' && word.front() <= 'z') letters[first - 32U] |= begins_agent;
        }
    for (const std::string& user : lists.scanner_users) user_sizes |= size_bit(user.size());
}

Settings::Settings(const Policy& policy) : words_(policy.lists) {
    auto add_rows = [&](const Peer* peer) {
        auto first = static_cast<std::uint32_t>(rows_.size());
        for (Direction direction : directions) {
            SettingsRow row = of_profile(policy.profile);
            apply(policy.rules, direction, policy.profile, row);
            if (peer != nullptr) apply(peer->rules, direction, policy.profile, row);
            if (peer != nullptr && peer->rate_exempt)
                for (const Rule& rule : rules())
                    if (rule.scope == Scope::rate) row.on.remove(place(rule));
            rows_.push_back(std::move(row));
        }
        return first;
    };
    std::uint32_t strangers = add_rows(nullptr);
    for (const Peer& peer : policy.peers) {
        bool like_strangers = peer.rules.empty() && !peer.rate_exempt;
        first_row_.push_back(like_strangers ? strangers : add_rows(&peer));
    }
    first_row_.push_back(strangers);
}

}  // namespace trunkbox::sbc
