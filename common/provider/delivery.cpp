#include "provider/delivery.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "base/text.h"

namespace trunkbox::provider {

namespace {

// Of a user's phones the first of these that one of them shows.
enum class Shows { busy, no_answer, not_reachable };

Shows shown_by(const Delivery::Tried& tried) {
    if (tried.status == 486 || tried.status == 600) return Shows::busy;
    // A phone that rings and then times out has rung in vain; whatever else it refuses, its user is not to be had there.
    return tried.rang && (tried.status == 0 || tried.status == 408) ? Shows::no_answer : Shows::not_reachable;
}

std::string_view words_of(Shows shows) {
    switch (shows) {
        case Shows::busy: return "is busy";
        case Shows::no_answer: return "did not answer";
        case Shows::not_reachable: return "is not reachable";
    }
    return {};
}

std::string phones(const centrex::Resolution& resolution) {
    std::string text;
    Duration after{};
    for (const auto& leg : resolution.legs) {
        if (!text.empty()) text += leg.after > after ? ", then " : ", ";
        after = leg.after;
        text += fmt::format("{} at {}", leg.user, leg.phone);
    }
    return text.empty() ? "nobody" : text;
}

}  // namespace

std::optional<centrex::Resolution> Delivery::ask(const centrex::Facts& facts, Time at) {
    ++round_;
    call_.number = number_;
    call_.at = at;
    if (from_) {
        auto caller = centrex::read_caller(facts, {}, from_->text(), at);
        if (caller && caller->inside()) call_.from = std::move(*caller);
    }
    auto resolution = centrex::resolve(facts, call_);
    const bool forbidden = resolution.outcome == centrex::Outcome::barred || resolution.outcome == centrex::Outcome::unauthorised;
    if (!forbidden && !facts.number(number_) && !facts.ours(number_)) return std::nullopt;
    return resolution;
}

// A 6xx has ended the search (RFC 3261 section 16.7 step 5); but that somebody is busy everywhere is what their forward on
// busy is for, and no answer for their colleagues.
bool Delivery::learn(const std::vector<Tried>& tried) {
    if (std::ranges::any_of(tried, [](const Tried& t) { return t.status > 600; })) return false;
    std::map<std::string, Shows> users;
    for (const auto& one : tried) {
        auto [known, first] = users.emplace(one.user, shown_by(one));
        if (!first) known->second = std::min(known->second, shown_by(one));
    }
    bool more = false;
    because_.clear();
    for (const auto& [user, shows] : users) {
        auto& set = shows == Shows::busy        ? call_.busy
                    : shows == Shows::no_answer ? call_.unanswered
                                                : call_.unreachable;
        more = set.insert(user).second || more;
        because_ += fmt::format("{}'{}' {}", because_.empty() ? "" : ", ", user, words_of(shows));
    }
    return more && round_ < most_rounds;
}

std::string describe(const Delivery& delivery, const centrex::Resolution& resolution) {
    using centrex::Outcome;
    std::string where = "rings nobody";
    if (resolution.outcome == Outcome::ring) where = "rings " + phones(resolution);
    if (resolution.outcome == Outcome::forwarded)
        where = fmt::format("goes on to {}", split_once(resolution.legs.front().uri, ':').second.value_or(""));
    if (resolution.outcome == Outcome::ported_out) where = "is with another provider";
    return fmt::format("{} {}{}{}", delivery.number().text(), where, delivery.because().empty() ? "" : ": ", delivery.because());
}

int refusal(centrex::Outcome outcome) {
    using enum centrex::Outcome;
    switch (outcome) {
        case busy: return 486;
        case resting: return 410;
        case loop: return 482;
        case no_phone:
        case no_answer:
        case voicemail:  // whose mailbox is elsewhere
        case closed: return 480;
        case barred:
        case unauthorised: return 403;
        case ring:
        case unallocated:
        case forwarded:
        case emergency:
        case ported_out: return 404;
    }
    return 404;
}

bool is_availability(int status) {
    constexpr std::array statuses{404, 408, 480, 486, 503, 600};
    return std::ranges::find(statuses, status) != statuses.end();
}

}  // namespace trunkbox::provider
