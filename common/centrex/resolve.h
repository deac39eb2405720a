// Where a number rings now, and why. A number belongs to a person and follows them to the phone they log in
// at.
#pragma once

#include "base/time.h"
#include "centrex/caller.h"
#include "centrex/facts.h"
#include "numbering/e164.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::centrex {

struct Call {
    std::optional<numbering::E164> number{};  // called; none when something else was dialled
    Time at{};
    std::set<std::string> busy{};         // users who are taken to be on the phone
    std::set<std::string> unreachable{};  // users whose phones are taken to be gone
    std::set<std::string> unanswered{};   // users who are taken to have let it ring
    std::optional<Caller> from{};         // who calls, if that is to count
    std::string extension{};              // dialled by somebody inside, in place of a number
    std::string emergency{};              // the same, a number that calls for help
};

enum class Outcome {
    ring,         // the legs ring
    unallocated,  // nobody has the number
    no_phone,     // its user has no phone to ring: none is theirs, or others are logged in there
    busy,         // its user is on the phone, or does not want to be disturbed
    no_answer,    // its user let it ring
    voicemail,    // a mailbox takes the call
    forwarded,    // it goes to a number that is not ours, which is the one leg's URI
    closed,       // a schedule is closed and nothing rings then
    loop,         // it would go round and round, and was cut
    resting,      // the number had an owner and will have another
    ported_out,   // the number is with another provider now
    emergency,    // it goes to the emergency services
    barred,       // somebody on its way must not call such a number
    unauthorised, // the caller shows a number that they may not show
};
// "ring", "unallocated", "no_phone" …
[[nodiscard]] std::string_view name(Outcome outcome);

struct Leg {
    std::string user{};
    std::string phone{};
    std::string site{};
    std::string uri{};
    Duration after{};  // the call's start
    Duration ring_for{};
};

// What follows when no leg took the call; without any, the call ends there.
struct Then {
    std::string condition{};  // "no_answer", "busy", "unreachable"
    std::string to{};
};

struct Step {
    std::string name{};  // "number", "schedule", "group", "dnd", "forward", "login", "home", "emergency" …
    std::string text{};
};

// What an emergency call from a phone shows: its place, whoever sits there.
struct Emergency {
    std::string phone{};
    std::string site{};
    numbering::E164 cli;
    std::string address{};  // of the site, "" when it has none
};

struct Resolution {
    std::string number{};  // "+33199000001", or what was dialled
    Time at{};
    std::string tenant{};  // "" when unallocated
    Outcome outcome = Outcome::unallocated;
    std::vector<Leg> legs{};
    std::vector<Then> then{};
    std::vector<Step> why{};
    std::optional<Emergency> emergency{};  // of the first leg's phone; of the caller's when they call for help
    std::optional<Caller> from{};          // as it was asked
};

[[nodiscard]] Resolution resolve(const Facts& facts, const Call& call);

// The login in force on a phone: not ended, and its user has not logged in elsewhere since.
[[nodiscard]] std::optional<Login> login_at(const Facts& facts, const Name& phone, Time at);

// Who sits at a phone: whoever is logged in, else its home user unless logged in elsewhere, else nobody.
[[nodiscard]] std::optional<User> user_at(const Facts& facts, const Name& phone, Time at);

}  // namespace trunkbox::centrex
