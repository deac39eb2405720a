#include "sbc/policy.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "sbc/rule.h"

namespace trunkbox::sbc {

Policy Policy::strict() { return {.name = "strict", .profile = Profile::strict}; }

Policy Policy::lenient() {
    Policy policy{.name = "lenient", .profile = Profile::lenient};
    policy.limits.header_line = 8'192;
    policy.limits.header_lines = 256;
    return policy;
}

Policy Policy::observe() { return {.name = "observe", .profile = Profile::observe}; }

Result<Policy> Policy::named(std::string_view name) {
    if (name == "strict") return strict();
    if (name == "lenient") return lenient();
    if (name == "observe") return observe();
    return failure(Fault::usage, "", fmt::format("there is no policy '{}'", printable(name)),
                   "take 'strict', 'lenient' or 'observe'");
}

Result<Outcome> parse_outcome(std::string_view text) {
    auto [word, rest] = split_once(trim(text), ' ');
    if (word == "reject") {
        if (!rest) return Outcome{Effect::reject, 400};
        auto status = parse_integer<int>(trim(*rest));
        if (status && *status >= 400 && *status <= 699) return Outcome{Effect::reject, *status};
        return failure(Fault::input, "", fmt::format("'{}' is no status to reject with", printable(*rest)),
                       "take 400 to 699, e.g. 'reject 403'");
    }
    if (!rest) {
        for (Effect effect : {Effect::off, Effect::note, Effect::alert, Effect::drop})
            if (word == name(effect)) return Outcome{effect, 0};
    }
    return failure(Fault::input, "", fmt::format("'{}' is no action of a rule", printable(text)),
                   "take 'off', 'note', 'alert', 'drop' or 'reject 400'");
}

Result<void> Policy::set(std::string_view rule, std::string_view action) {
    if (find_rule(rule) == nullptr) {
        std::vector<std::string_view> ids;
        for (const Rule& row : rules()) ids.push_back(row.id);
        std::string_view meant = nearest(rule, ids);
        return failure(Fault::input, "", fmt::format("there is no rule '{}'", printable(rule)),
                       meant.empty() ? std::string() : fmt::format("'{}' is the nearest", meant));
    }
    auto outcome = parse_outcome(action);
    if (!outcome) return tl::unexpected(at(rule, outcome.error()));
    overrides.insert_or_assign(std::string(rule), *outcome);
    return {};
}

}  // namespace trunkbox::sbc
