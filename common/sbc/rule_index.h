// Which rules can hit what kind of message: sets that the judge intersects instead of asking every rule. Private to
// sbc/.
#pragma once

#include <array>

#include "sbc/rule.h"

namespace trunkbox::sbc {

constexpr std::size_t header_names = static_cast<std::size_t>(sip::HeaderName::www_authenticate) + 1;

struct RuleIndex {
    RuleSet packet, media, others;       // by scope: before there is a message, of what is none, all others
    RuleSet alone;                       // that need nothing but one message
    RuleSet with_memory, without_memory; // that look at what was before, or not
    RuleSet requests, responses;         // that can hit these
    std::array<RuleSet, 3> directions;   // … in that direction
    RuleSet without_body, without_flaw, without_repeated;         // … that has none
    RuleSet usual, regular, moderate, plain;                      // … that is not `unusual`, `irregular` and so on
    RuleSet any_header;                  // … whatever headers it has
    std::array<RuleSet, header_names> header;  // … because of that header
    sip::HeaderSet waking;                     // those for which there are any
};

[[nodiscard]] const RuleIndex& rule_index();

// The rules of `others` that can hit this message.
[[nodiscard]] RuleSet rules_for(const Subject& subject);

}  // namespace trunkbox::sbc
