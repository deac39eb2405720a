#include "lcr/evaluate.h"

#include <algorithm>

namespace trunkbox::lcr {

namespace {

// The longest entry that the digits begin with.
std::string_view longest(const std::vector<std::string>& entries, std::string_view digits) {
    std::string_view best;
    for (const auto& entry : entries)
        if (entry.size() > best.size() && digits.starts_with(entry)) best = entry;
    return best;
}

}  // namespace

std::string_view name(Guard guard) {
    switch (guard) {
        case Guard::ordinary: return "ordinary";
        case Guard::allowed: return "allowed";
        case Guard::emergency: return "emergency";
        case Guard::denied: return "denied";
        case Guard::not_allowed: return "not_allowed";
    }
    return {};
}

GuardVerdict guard(const Guards& guards, std::string_view digits) {
    if (std::ranges::find(guards.emergency, digits) != guards.emergency.end())
        return {Guard::emergency, std::string(digits)};
    auto denied = longest(guards.deny, digits);
    auto allowed = longest(guards.allow, digits);
    if (!denied.empty() && denied.size() >= allowed.size()) return {Guard::denied, std::string(denied)};
    if (!allowed.empty()) return {Guard::allowed, std::string(allowed)};
    return {guards.allow.empty() ? Guard::ordinary : Guard::not_allowed, {}};
}

}  // namespace trunkbox::lcr
