// A policy as the judge asks for it with every packet: what each rule does for each peer and direction, worked out
// once. Private to the judge and the rules.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "sbc/policy.h"
#include "sbc/rule_set.h"

namespace trunkbox::sbc {

constexpr std::size_t most_parameters = 6;  // of one rule

// One rule's.
struct Setting {
    std::optional<Outcome> action{};  // in place of what the profile and the case say
    std::array<std::int64_t, most_parameters> values{};  // of its parameters, in the order of its row
};

// Every rule's, for one peer and one direction.
struct SettingsRow {
    RuleSet on{};                    // the rules that are not off
    std::vector<Setting> settings{};  // by the rule's place in the table
};

class Settings {
  public:
    explicit Settings(const Policy& policy);
    // `peer` is one of the policy's, or nullptr.
    [[nodiscard]] const SettingsRow& row(const Policy& policy, const Peer* peer, Direction direction) const {
        std::size_t index = peer == nullptr ? policy.peers.size() : static_cast<std::size_t>(peer - policy.peers.data());
        return rows_[first_row_[index] + static_cast<std::size_t>(direction)];
    }

  private:
    std::vector<SettingsRow> rows_;
    std::vector<std::uint32_t> first_row_;  // by peer, the last one for strangers: of its three directions
};

}  // namespace trunkbox::sbc
