// After a carrier failed: try the next one, or give its answer to the caller?
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace trunkbox::lcr {

enum class Next { reroute, stop };

struct StatusRule {
    int status;
    Next next;
    std::string_view why;
};
// Final SIP statuses (RFC 3261 section 21), ascending. A status that is not in it goes by its class: 5xx
// re-routes, others stop.
[[nodiscard]] std::span<const StatusRule> status_rules();

struct CauseRule {
    int cause;
    Next next;
    std::string_view why;
};
// ITU-T Q.850 causes from a Reason header (RFC 3326), ascending; they override the status.
[[nodiscard]] std::span<const CauseRule> cause_rules();

// A change to one of the two tables.
struct RerouteRule {
    enum class Kind { status, cause } kind = Kind::status;
    int code = 0;
    Next next = Next::stop;
    bool operator==(const RerouteRule&) const = default;
};

// How one carrier's attempt ended.
struct Attempt {
    std::optional<int> status;  // final SIP status; none when nothing came: timed out, refused, unresolved
    std::optional<int> cause;   // Q.850
    bool rang = false;          // a 180, 181, 182 or 183 was received
    bool answered = false;      // a 2xx was received: never re-routed
};

struct RerouteVerdict {
    Next next = Next::stop;
    std::string_view why;
};
// `changes` stand before the tables, the last of equal ones counts.
[[nodiscard]] RerouteVerdict after(const Attempt& attempt, std::span<const RerouteRule> changes = {});

}  // namespace trunkbox::lcr
