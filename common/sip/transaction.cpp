#include "sip/transaction.h"

#include <algorithm>
#include <utility>

namespace trunkbox::sip::transaction {
namespace {

// Section 17.2.1: a user silent for longer gets a 100 sent in its name.
constexpr Duration trying_after = 200ms;
// RFC 6026 section 8.4: timer D does not follow T1, since the far end's T1 is unknown.
constexpr Duration shortest_d = 32s;

bool due(const std::optional<Time>& at, Time now) {
    return at && *at <= now;
}

bool is_final(Event event) {
    return event == Event::success || event == Event::failure;
}

Step stay(State state, std::vector<Action> actions = {}) {
    return {state, std::move(actions)};
}

Step end(State state, std::vector<Action> actions) {
    state.phase = Phase::terminated;
    state.retransmit_at = state.ends_at = std::nullopt;
    actions.push_back(Action::ended);
    return {state, std::move(actions)};
}

// Into a phase in which nothing is retransmitted, to be left after `wait`; at once when that is zero.
Step wait_out(State state, Phase phase, Time now, Duration wait, std::vector<Action> actions) {
    if (wait == Duration::zero()) return end(state, std::move(actions));
    state.phase = phase;
    state.retransmit_at = std::nullopt;
    state.ends_at = now + wait;
    return {state, std::move(actions)};
}

Duration if_unreliable(Duration duration, const Timers& timers) {
    return timers.reliable ? Duration::zero() : duration;
}

// `next` is the interval after this retransmission. Counted from now and not from when it was due: after a
// pause of the whole process one retransmission is enough.
Step retransmit(State state, Time now, Duration next) {
    state.interval = next;
    state.retransmit_at = now + next;
    return {state, {Action::send}};
}

Step on_invite_client(State state, Event event, Time now, const Timers& timers) {
    bool open = state.phase == Phase::calling || state.phase == Phase::proceeding;
    switch (event) {
        case Event::provisional:
            if (!open) return stay(state);
            state.phase = Phase::proceeding;  // how long it may ring is the user's affair (timer C)
            state.retransmit_at = state.ends_at = std::nullopt;
            return {state, {Action::pass_up}};
        case Event::success:
            if (open) return wait_out(state, Phase::accepted, now, timers.timeout(), {Action::pass_up});
            return state.phase == Phase::accepted ? stay(state, {Action::pass_up}) : stay(state);
        case Event::failure:
            if (open)
                return wait_out(state, Phase::completed, now,
                                if_unreliable(std::max(shortest_d, timers.timeout()), timers),
                                {Action::send_ack, Action::pass_up});
            return state.phase == Phase::completed ? stay(state, {Action::send_ack}) : stay(state);
        case Event::tick:
            if (due(state.ends_at, now))
                return state.phase == Phase::calling ? end(state, {Action::timed_out}) : end(state, {});
            return due(state.retransmit_at, now) ? retransmit(state, now, 2 * state.interval) : stay(state);
        case Event::send_error:
            if (state.phase == Phase::calling) return end(state, {Action::failed});
            // Only the ACK can have failed here; the user has its final response already.
            return state.phase == Phase::completed ? end(state, {}) : stay(state);
        case Event::started:
        case Event::repeated:
        case Event::acked: break;
    }
    return stay(state);
}

Step on_client(State state, Event event, Time now, const Timers& timers) {
    bool open = state.phase == Phase::trying || state.phase == Phase::proceeding;
    switch (event) {
        case Event::provisional:
            if (!open) return stay(state);
            state.phase = Phase::proceeding;
            state.interval = timers.t2;  // the running timer E runs out; T2 from then on
            return {state, {Action::pass_up}};
        case Event::success:
        case Event::failure:
            if (!open) return stay(state);
            return wait_out(state, Phase::completed, now, if_unreliable(timers.t4, timers),
                            {Action::pass_up});
        case Event::tick:
            if (due(state.ends_at, now)) return open ? end(state, {Action::timed_out}) : end(state, {});
            if (!due(state.retransmit_at, now)) return stay(state);
            return retransmit(
                state, now,
                state.phase == Phase::proceeding ? timers.t2 : std::min(2 * state.interval, timers.t2));
        case Event::send_error: return open ? end(state, {Action::failed}) : stay(state);
        case Event::started:
        case Event::repeated:
        case Event::acked: break;
    }
    return stay(state);
}

Step answer_invite(State state, Event event, Time now, const Timers& timers) {
    if (state.phase == Phase::accepted && event == Event::success) return stay(state, {Action::send});
    if (state.phase != Phase::proceeding) return stay(state);
    state.ends_at = std::nullopt;
    if (event == Event::provisional) return {state, {Action::send}};
    if (event == Event::success)  // timer L; the user repeats its 2xx (RFC 6026 section 7.1)
        return wait_out(state, Phase::accepted, now, timers.timeout(), {Action::send});
    state.phase = Phase::completed;
    state.ends_at = now + timers.timeout();
    if (timers.reliable) return {state, {Action::send}};
    return retransmit(state, now, timers.t1);
}

Step on_invite_server(State state, Event event, Time now, const Timers& timers) {
    switch (event) {
        case Event::provisional:
        case Event::success:
        case Event::failure: return answer_invite(state, event, now, timers);
        case Event::repeated: {
            // In proceeding a deadline means that nothing has been sent yet, not even a 100.
            bool answered =
                (state.phase == Phase::proceeding && !state.ends_at) || state.phase == Phase::completed;
            return answered ? stay(state, {Action::send}) : stay(state);
        }
        case Event::acked:
            if (state.phase == Phase::accepted) return stay(state, {Action::pass_up});
            if (state.phase != Phase::completed) return stay(state);
            return wait_out(state, Phase::confirmed, now, if_unreliable(timers.t4, timers), {});
        case Event::tick:
            if (due(state.ends_at, now)) {
                if (state.phase == Phase::proceeding) {
                    state.ends_at = std::nullopt;
                    return {state, {Action::send_trying}};
                }
                return state.phase == Phase::completed ? end(state, {Action::timed_out}) : end(state, {});
            }
            return due(state.retransmit_at, now)
                       ? retransmit(state, now, std::min(2 * state.interval, timers.t2))
                       : stay(state);
        case Event::send_error: return stay(state, {Action::failed});  // RFC 6026 section 7.1: stays as it is
        case Event::started: break;
    }
    return stay(state);
}

Step on_server(State state, Event event, Time now, const Timers& timers) {
    bool open = state.phase == Phase::trying || state.phase == Phase::proceeding;
    if (open && is_final(event))
        return wait_out(state, Phase::completed, now, if_unreliable(timers.timeout(), timers),
                        {Action::send});
    switch (event) {
        case Event::provisional:
            if (!open) return stay(state);
            state.phase = Phase::proceeding;
            return {state, {Action::send}};
        case Event::repeated: return state.phase == Phase::trying ? stay(state) : stay(state, {Action::send});
        case Event::tick: return due(state.ends_at, now) ? end(state, {}) : stay(state);
        // Kept, so that a repeated request is answered again and not taken for a new one.
        case Event::send_error: return stay(state, {Action::failed});
        case Event::success:
        case Event::failure:
        case Event::started:
        case Event::acked: break;
    }
    return stay(state);
}

}  // namespace

Step start(Kind kind, Time now, const Timers& timers) {
    State state{.kind = kind};
    switch (kind) {
        case Kind::invite_client:
        case Kind::client:
            state.phase = kind == Kind::invite_client ? Phase::calling : Phase::trying;
            state.interval = timers.t1;
            if (!timers.reliable) state.retransmit_at = now + timers.t1;
            state.ends_at = now + timers.timeout();
            return {state, {Action::send}};
        case Kind::invite_server:
            state.phase = Phase::proceeding;
            state.ends_at = now + trying_after;
            return {state, {Action::pass_up}};
        case Kind::server: state.phase = Phase::trying; return {state, {Action::pass_up}};
    }
    return stay(state);
}

Step on(State state, Event event, Time now, const Timers& timers) {
    if (state.phase == Phase::terminated) return stay(state);
    switch (state.kind) {
        case Kind::invite_client: return on_invite_client(state, event, now, timers);
        case Kind::client: return on_client(state, event, now, timers);
        case Kind::invite_server: return on_invite_server(state, event, now, timers);
        case Kind::server: return on_server(state, event, now, timers);
    }
    return stay(state);
}

std::optional<Time> deadline(const State& state) {
    if (!state.retransmit_at) return state.ends_at;
    return state.ends_at ? std::min(*state.retransmit_at, *state.ends_at) : *state.retransmit_at;
}

}  // namespace trunkbox::sip::transaction
