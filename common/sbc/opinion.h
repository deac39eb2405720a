// What can be said of a packet without those before it. Private to sbc/.
#pragma once

#include <tuple>
#include <vector>

#include "sbc/rule.h"
#include "sbc/rule_set.h"
#include "sbc/verdict.h"

namespace trunkbox::sbc {

// A finding and what its place among the others depends on.
struct Candidate {
    Finding finding;
    const Rule* rule = nullptr;

    [[nodiscard]] bool decides() const { return finding.outcome.effect >= Effect::reject; }

    // Smaller decides first.
    [[nodiscard]] auto precedence() const {
        auto row = static_cast<std::uint32_t>(place(*rule));
        auto mildness = -static_cast<int>(finding.outcome.effect);
        if (rule->scope == Scope::media) return std::tuple(0, finding.offset, row, mildness);
        if (rule->scope == Scope::packet) return std::tuple(1, row, finding.offset, mildness);
        if (finding.outcome.effect == Effect::drop) return std::tuple(2, finding.offset, row, mildness);
        if (judges_start_line(*rule)) return std::tuple(3, row, finding.offset, mildness);
        return std::tuple(4, finding.offset, row, mildness);
    }

    [[nodiscard]] static bool judges_start_line(const Rule& rule) { return rule.id >= "M-101" && rule.id <= "M-105"; }
};

struct Opinion {
    std::vector<Candidate> candidates{};  // nearly always empty
    RuleSet rules{};                      // that can hit such a message; empty where there is none to judge
};

}  // namespace trunkbox::sbc
