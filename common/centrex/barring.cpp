#include "centrex/model.h"

namespace trunkbox::centrex {

std::optional<std::string> Barring::denied_by(const numbering::E164& number) const {
    const auto text = number.text();
    auto longest = [&](const std::vector<std::string>& prefixes) -> const std::string* {
        const std::string* best = nullptr;
        for (const auto& prefix : prefixes)
            if (text.starts_with(prefix) && (best == nullptr || prefix.size() > best->size())) best = &prefix;
        return best;
    };
    const auto* no = longest(deny);
    const auto* yes = longest(allow);
    if (no == nullptr || (yes != nullptr && yes->size() >= no->size())) return std::nullopt;
    return *no;
}

}  // namespace trunkbox::centrex
