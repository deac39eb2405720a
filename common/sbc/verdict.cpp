#include "sbc/verdict.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace trunkbox::sbc {

std::string_view name(Action action) {
    switch (action) {
        case Action::accept: return "accept";
        case Action::reject: return "reject";
        case Action::drop: return "drop";
        case Action::unknown: return "unknown";
        case Action::non_sip: return "non_sip";
    }
    return "";
}

std::string_view name(Effect effect) {
    switch (effect) {
        case Effect::off: return "off";
        case Effect::note: return "note";
        case Effect::alert: return "alert";
        case Effect::strip: return "strip";
        case Effect::rewrite: return "rewrite";
        case Effect::reject: return "reject";
        case Effect::drop: return "drop";
        case Effect::unknown: return "unknown";
        case Effect::non_sip: return "non_sip";
    }
    return "";
}

std::string text(Outcome outcome) {
    if (outcome.effect == Effect::reject) return fmt::format("reject {}", outcome.status);
    return std::string(name(outcome.effect));
}

bool Verdict::operator==(const Verdict& other) const {
    auto rest = [](const Verdict& v) {
        return std::tie(v.action, v.status, v.rule, v.reason, v.offset, v.close, v.findings);
    };
    return rest(*this) == rest(other) && std::ranges::equal(frames, other.frames);
}

}  // namespace trunkbox::sbc
