#include "sbc/policy.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "sbc/rule.h"

namespace trunkbox::sbc {

std::string_view name(Profile profile) {
    switch (profile) {
        case Profile::strict: return "strict";
        case Profile::lenient: return "lenient";
    }
    return "";
}

std::string_view name(Mode mode) {
    switch (mode) {
        case Mode::enforce: return "enforce";
        case Mode::observe: return "observe";
    }
    return "";
}

Policy Policy::strict() { return {.name = "strict"}; }

Policy Policy::lenient() {
    Policy policy{.name = "lenient", .profile = Profile::lenient};
    policy.limits.header_line = 8'192;
    policy.limits.header_lines = 256;
    return policy;
}

Policy Policy::observe() { return {.name = "observe", .mode = Mode::observe}; }

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
        for (Effect effect : {Effect::off, Effect::note, Effect::alert, Effect::strip, Effect::rewrite, Effect::drop})
            if (word == sbc::name(effect)) return Outcome{effect, 0};
    }
    return failure(Fault::input, "", fmt::format("'{}' is no action of a rule", printable(text)),
                   "take 'off', 'note', 'alert', 'strip', 'rewrite', 'drop' or 'reject 400'");
}

Result<void> Policy::set(std::string_view rule, std::string_view action) {
    const Rule* row = find_rule(rule);
    if (row == nullptr) {
        std::vector<std::string_view> ids;
        for (const Rule& known : sbc::rules()) ids.push_back(known.id);
        std::string_view meant = nearest(rule, ids);
        return failure(Fault::input, "", fmt::format("there is no rule '{}'", printable(rule)),
                       meant.empty() ? std::string() : fmt::format("'{}' is the nearest", meant));
    }
    // What only this rule does has no name that others could be given.
    for (Outcome usual : {row->usual.strict, row->usual.lenient})
        if (action == text(usual)) {
            rules[std::string(rule)].always.action = usual;
            return {};
        }
    auto outcome = parse_outcome(action);
    if (!outcome) return tl::unexpected(at(rule, outcome.error()));
    bool edits = outcome->effect == Effect::strip || outcome->effect == Effect::rewrite;
    if (edits && !row->edits)
        return failure(Fault::input, std::string(rule),
                       fmt::format("what the rule points at is nothing to {}", sbc::name(outcome->effect)),
                       "take 'off', 'note', 'alert', 'drop' or 'reject 400'");
    rules[std::string(rule)].always.action = *outcome;
    return {};
}

Direction Policy::direction(const net::Endpoint& from, const net::Endpoint& to) const {
    bool ours_from = contains(own, from), ours_to = contains(own, to);
    if (ours_from == ours_to) return Direction::unknown;
    return ours_to ? Direction::inbound : Direction::outbound;
}

const Peer* Policy::peer(const net::Endpoint& endpoint) const {
    const Peer* found = nullptr;
    int narrowest = -1;
    for (const Peer& peer : peers)
        for (const Network& network : peer.networks)
            // One port of a network is narrower than all of them.
            if (int bits = network.bits * 2 + (network.port != 0 ? 1 : 0);
                bits > narrowest && network.contains(endpoint)) {
                found = &peer;
                narrowest = bits;
            }
    return found;
}

}  // namespace trunkbox::sbc
