#include "lcr/reroute.h"

#include <algorithm>
#include <array>

namespace trunkbox::lcr {

namespace {

using enum Next;

constexpr std::array statuses{
    StatusRule{403, reroute, "this carrier does not allow the call"},
    StatusRule{404, reroute, "this carrier has no route to the number"},
    StatusRule{408, reroute, "this carrier got no answer"},
    StatusRule{480, reroute, "not reachable through this carrier"},
    StatusRule{484, stop, "the number is incomplete for every carrier"},
    StatusRule{486, stop, "the called party is busy"},
    StatusRule{487, stop, "the call was cancelled"},
    StatusRule{488, reroute, "this carrier does not take the media offered"},
    StatusRule{500, reroute, "this carrier failed"},
    StatusRule{502, reroute, "this carrier's next hop failed"},
    StatusRule{503, reroute, "this carrier is unavailable or congested"},
    StatusRule{504, reroute, "this carrier's next hop did not answer"},
    StatusRule{600, stop, "the called party is busy everywhere"},
    StatusRule{603, stop, "the called party declined"},
    StatusRule{604, stop, "the number exists nowhere"},
};

constexpr std::array causes{
    CauseRule{1, stop, "unallocated number"},
    CauseRule{16, stop, "normal call clearing"},
    CauseRule{17, stop, "user busy"},
    CauseRule{18, stop, "no user responding"},
    CauseRule{19, stop, "no answer from user"},
    CauseRule{21, stop, "call rejected by the user"},
    CauseRule{34, reroute, "no circuit available"},
    CauseRule{38, reroute, "network out of order"},
    CauseRule{41, reroute, "temporary failure"},
    CauseRule{42, reroute, "switching equipment congestion"},
    CauseRule{47, reroute, "resource unavailable"},
};

// The last change counts.
std::optional<RerouteVerdict> changed(std::span<const RerouteRule> changes, RerouteRule::Kind kind, int code) {
    std::optional<RerouteVerdict> verdict;
    for (const auto& change : changes)
        if (change.kind == kind && change.code == code) verdict = {change.next, "the settings say so"};
    return verdict;
}

RerouteVerdict by_status(int status) {
    for (const auto& rule : statuses)
        if (rule.status == status) return {rule.next, rule.why};
    if (status >= 500 && status < 600) return {reroute, "this carrier failed"};
    return {stop, "another carrier would answer the same"};
}

}  // namespace

std::span<const StatusRule> status_rules() {
    return statuses;
}
std::span<const CauseRule> cause_rules() {
    return causes;
}

RerouteVerdict after(const Attempt& attempt, std::span<const RerouteRule> changes) {
    if (attempt.answered || (attempt.status && *attempt.status >= 200 && *attempt.status < 300))
        return {stop, "the call was answered"};
    if (attempt.cause)
        if (auto verdict = changed(changes, RerouteRule::Kind::cause, *attempt.cause)) return *verdict;
    if (attempt.cause)
        for (const auto& rule : causes)
            if (rule.cause == *attempt.cause) return {rule.next, rule.why};
    // It rang: the called party was reached and did not answer, no other way leads to another phone.
    if (attempt.rang && (!attempt.status || *attempt.status == 408 || *attempt.status == 480))
        return {stop, "the called party did not answer"};
    if (!attempt.status) return {reroute, "this carrier did not answer"};
    if (auto verdict = changed(changes, RerouteRule::Kind::status, *attempt.status)) return *verdict;
    return by_status(*attempt.status);
}

}  // namespace trunkbox::lcr
