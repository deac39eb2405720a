#include "provider/forking.h"

#include <algorithm>
#include <array>

#include "base/overloaded.h"

namespace trunkbox::provider::forking {

namespace {

struct Context {
    State& state;
    Actions& actions;
    Time now;
};

bool in(const State& state, Phase phase) {
    return std::ranges::find(state.branches, phase, &Branch::phase) != state.branches.end();
}

void start(Context& c, std::size_t index) {
    auto& branch = c.state.branches[index];
    branch.phase = Phase::calling;
    branch.give_up_at = c.now + (branch.leg.ring_for > Duration{} ? branch.leg.ring_for : timer_c);
    c.actions.push_back(Try{index});
}

void cancel_branch(Context& c, std::size_t index) {
    auto& branch = c.state.branches[index];
    branch.phase = Phase::cancelling;
    branch.give_up_at.reset();
    c.actions.push_back(Cancel{index});
}

// Section 16.7 step 10: what still rings need not.
void close(Context& c) {
    c.state.closed = true;
    for (std::size_t i = 0; i < c.state.branches.size(); ++i) {
        if (c.state.branches[i].phase != Phase::calling) continue;
        c.state.branches[i].dropped = true;
        cancel_branch(c, i);
    }
}

void start_due(Context& c) {
    for (std::size_t i = c.state.round; i < c.state.branches.size(); ++i) {
        const auto& branch = c.state.branches[i];
        if (branch.phase == Phase::waiting && branch.leg.after && c.state.began + *branch.leg.after <= c.now) start(c, i);
    }
}

// A leg that waits for its time need not when nothing rings; one that stands in for others waits for their end.
void start_early(Context& c) {
    auto index = next(c.state);
    if (!index || in(c.state, Phase::calling)) return;
    const auto& leg = c.state.branches[*index].leg;
    if (leg.after) {
        c.state.began = c.now - *leg.after;
        start_due(c);
    } else if (!in(c.state, Phase::cancelling)) {
        start(c, *index);
    }
}

void advance(Context& c) {
    if (!c.state.closed) {
        start_due(c);
        start_early(c);
    }
    if (c.state.answered || c.state.finished || in(c.state, Phase::calling) || in(c.state, Phase::cancelling)) return;
    c.state.finished = true;
    c.actions.push_back(Finished{});
}

void fork(Context& c, const Fork& event) {
    State& s = c.state;
    s.round = s.branches.size();
    s.began = c.now;
    s.finished = false;
    s.closed = s.answered || s.cancelled;
    for (const auto& leg : event.legs) s.branches.push_back({.leg = leg});
}

void heard(Context& c, const Heard& event) {
    auto& branch = c.state.branches[event.branch];
    if (event.status >= 200) {
        // Section 16.7 step 5: every 2xx goes back, a second branch's too. Who asked ends what they do not want.
        branch.phase = Phase::ended;
        branch.give_up_at.reset();
        branch.answered = c.state.answered = true;
        c.actions.push_back(Forward{event.branch});
        return close(c);
    }
    if (event.status == 100 || branch.phase == Phase::ended) return;
    branch.rang = true;
    if (branch.phase != Phase::calling) return;
    if (branch.leg.ring_for == Duration{}) branch.give_up_at = c.now + timer_c;
    if (!c.state.answered) c.actions.push_back(Forward{event.branch});
}

void failed(Context& c, const Failed& event) {
    auto& branch = c.state.branches[event.branch];
    if (branch.phase == Phase::ended) return;
    const bool ours = branch.phase == Phase::cancelling && event.status == 487;
    branch.status = ours ? 0 : event.status;
    branch.phase = Phase::ended;
    branch.give_up_at.reset();
    if (event.ends_all) close(c);
}

void tick(Context& c) {
    for (std::size_t i = 0; i < c.state.branches.size(); ++i) {
        auto& branch = c.state.branches[i];
        if (!branch.give_up_at || *branch.give_up_at > c.now) continue;
        branch.gave_up = true;
        cancel_branch(c, i);
    }
}

}  // namespace

Step on(State state, const Event& event, Time now) {
    Step step{std::move(state), {}};
    Context c{step.state, step.actions, now};
    std::visit(Overloaded{
                   [&](const Fork& e) { fork(c, e); },
                   [&](const Heard& e) { heard(c, e); },
                   [&](const Failed& e) { failed(c, e); },
                   [&](const Cancelled&) {
                       c.state.cancelled = true;
                       close(c);
                   },
                   [&](const Tick&) { tick(c); },
               },
               event);
    advance(c);
    return step;
}

std::optional<Time> deadline(const State& state) {
    std::optional<Time> due;
    auto consider = [&](Time time) {
        if (!due || time < *due) due = time;
    };
    for (std::size_t i = state.round; i < state.branches.size(); ++i) {
        const auto& branch = state.branches[i];
        if (branch.give_up_at) consider(*branch.give_up_at);
        if (branch.phase == Phase::waiting && branch.leg.after && !state.closed) consider(state.began + *branch.leg.after);
    }
    return due;
}

std::optional<std::size_t> best(const State& state) {
    constexpr std::array says_how{401, 407, 415, 420, 484};
    constexpr std::array says_little{404, 408, 480};
    auto rank = [&](int status) {
        auto is = [&](const auto& statuses) { return std::ranges::find(statuses, status) != statuses.end(); };
        const int in_class = is(says_how) ? 0 : is(says_little) ? 2 : 1;
        return std::pair{status >= 600 ? 0 : status / 100, in_class};
    };
    std::optional<std::size_t> found;
    for (std::size_t i = state.round; i < state.branches.size(); ++i) {
        const int status = state.branches[i].status;
        if (status != 0 && (!found || rank(status) <= rank(state.branches[*found].status))) found = i;
    }
    return found;
}

bool is_spent(const Branch& branch) { return branch.phase == Phase::ended && (!branch.dropped || branch.status != 0); }

std::optional<std::size_t> next(const State& state) {
    if (state.closed) return std::nullopt;
    for (std::size_t i = state.round; i < state.branches.size(); ++i)
        if (state.branches[i].phase == Phase::waiting) return i;
    return std::nullopt;
}

}  // namespace trunkbox::provider::forking
