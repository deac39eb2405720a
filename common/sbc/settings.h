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

// What a policy's lists of words begin with: most texts hold nothing that does, and are passed over in one look.
struct WordIndex {
    enum : std::uint8_t { in_word = 1, begins_agent = 2 };

    explicit WordIndex(const Lists& lists);
    std::array<std::uint8_t, 256> letters{};  // by byte: it is of a word; one of `scanners` or `tools` begins with it
    std::uint64_t user_sizes = 0;             // of `scanner_users`: a bit a size, the highest for all above
    [[nodiscard]] static std::uint64_t size_bit(std::size_t size) { return 1ULL << (size < 63 ? size : 63); }
};

class Settings {
  public:
    explicit Settings(const Policy& policy);
    // `peer` is one of the policy's, or nullptr.
    [[nodiscard]] const SettingsRow& row(const Policy& policy, const Peer* peer, Direction direction) const {
        std::size_t index = peer == nullptr ? policy.peers.size() : static_cast<std::size_t>(peer - policy.peers.data());
        return rows_[first_row_[index] + static_cast<std::size_t>(direction)];
    }

    [[nodiscard]] const WordIndex& words() const { return words_; }

  private:
    WordIndex words_;
    std::vector<SettingsRow> rows_;
    std::vector<std::uint32_t> first_row_;  // by peer, the last one for strangers: of its three directions
};

}  // namespace trunkbox::sbc
