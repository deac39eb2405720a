// The response context of an INVITE that a proxy sends on (RFC 3261 sections 16.6 to 16.10) as a pure machine: which branch
// is tried when, which is cancelled, and which answer goes back. Carriers that stand in for one another and phones that ring
// at once are both branches; what a failure means for the others is for its user to say.
#pragma once

#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include "base/time.h"

namespace trunkbox::provider::forking {

// Section 16.6 step 11: more than three minutes. Counted anew with each 101 to 199.
inline constexpr Duration timer_c = 181s;

// When a branch is tried. It comes earlier when nothing rings any more.
struct Leg {
    std::optional<Duration> after = Duration{};  // its round's start; none: not before all others have ended
    Duration ring_for{};                         // 0: as long as timer C lets it
};

enum class Phase { waiting, calling, cancelling, ended };

struct Branch {
    Leg leg{};
    Phase phase = Phase::waiting;
    bool rang = false;     // a 101 to 199 came
    bool gave_up = false;  // its time was over, and we cancelled it
    bool dropped = false;  // cancelled for another's sake
    bool answered = false;
    int status = 0;        // of its refusal; 0: none that counts, as our CANCEL's 487 does not
    std::optional<Time> give_up_at{};
};

// One round after another: the legs that are tried together.
struct State {
    std::vector<Branch> branches{};
    std::size_t round = 0;   // the first branch of the last round
    Time began{};            // of the last round, moved back when legs come earlier
    bool closed = false;     // nothing new is tried in this round
    bool answered = false;   // a 2xx went back
    bool cancelled = false;  // by the caller
    bool finished = false;   // told so
};

// Events; branches are counted from 0 through all rounds.
struct Fork {  // another round, of at least one leg, in the order of `after`; nothing is tried after an answer or CANCEL
    std::vector<Leg> legs{};
};
struct Heard {  // 100 to 299
    std::size_t branch = 0;
    int status = 0;
};
struct Failed {  // a refusal, or no answer at all: status 0
    std::size_t branch = 0;
    int status = 0;
    bool ends_all = false;  // what it said holds for the other branches of the round, too
};
struct Cancelled {};  // by the caller
struct Tick {};
using Event = std::variant<Fork, Heard, Failed, Cancelled, Tick>;

// Actions.
struct Try {
    std::size_t branch = 0;
};
struct Cancel {
    std::size_t branch = 0;
};
struct Forward {  // the response that was just heard goes back
    std::size_t branch = 0;
};
struct Finished {};  // every branch has ended and none answered: time for another round, or for the best refusal
using Action = std::variant<Try, Cancel, Forward, Finished>;
using Actions = std::vector<Action>;

struct Step {
    State state{};
    Actions actions{};
};

[[nodiscard]] Step on(State state, const Event& event, Time now);
[[nodiscard]] std::optional<Time> deadline(const State& state);
// Section 16.7 step 6, of the last round: a 6xx, else of the lowest class what says most (how to ask better, before that
// nobody is there), and of several such the last branch's.
[[nodiscard]] std::optional<std::size_t> best(const State& state);
// Whether a branch has come to an end of its own, one that its time brought included.
[[nodiscard]] bool is_spent(const Branch& branch);
// The branch that is tried next, if this one's failure does not end all.
[[nodiscard]] std::optional<std::size_t> next(const State& state);

}  // namespace trunkbox::provider::forking
