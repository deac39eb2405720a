// The four transaction machines (RFC 3261 section 17, RFC 6026) as pure functions: state, event, time →
// state, actions.
#pragma once

#include <optional>
#include <vector>

#include "base/time.h"

namespace trunkbox::sip::transaction {

// RFC 3261 table 4. Over a reliable transport nothing is retransmitted and the waiting states last 0 s.
struct Timers {
    Duration t1 = 500ms;
    Duration t2 = 4s;
    Duration t4 = 5s;
    bool reliable = false;

    [[nodiscard]] Duration timeout() const { return 64 * t1; }  // timers B, F, H, J, L, M
};

enum class Kind { invite_client, client, invite_server, server };

// calling is trying of section 17.1.1; accepted is RFC 6026's.
enum class Phase { calling, trying, proceeding, accepted, completed, confirmed, terminated };

struct State {
    Kind kind = Kind::client;
    Phase phase = Phase::trying;
    Duration interval{};                  // of the next retransmission
    std::optional<Time> retransmit_at{};  // timers A, E, G
    std::optional<Time> ends_at{};        // timers B, D, F, H, I, J, K, L, M, or the 200 ms until a 100
    bool operator==(const State&) const = default;
};

enum class Event {
    started,      // client: the request is to be sent; server: it has arrived
    provisional,  // client: a 1xx came; server: our user sends one
    success,      // likewise a 2xx
    failure,      // likewise a 3xx to 6xx
    repeated,     // server: the request came again
    acked,        // INVITE server: ACK came
    tick,         // a deadline may have passed
    send_error,   // the transport could not send
};

enum class Action {
    send,         // client: the request; server: the last response
    send_trying,  // INVITE server: 100, the user has been silent for 200 ms (section 17.2.1)
    send_ack,     // INVITE client: ACK for the non-2xx just received
    pass_up,      // hand this event to the user
    timed_out,    // client: no final response; INVITE server: no ACK for a non-2xx
    failed,       // the transport
    ended,        // forget the transaction
};

struct Step {
    State state;
    std::vector<Action> actions;
};

[[nodiscard]] Step start(Kind kind, Time now, const Timers& timers);
[[nodiscard]] Step on(State state, Event event, Time now, const Timers& timers);
// When the next tick is due.
[[nodiscard]] std::optional<Time> deadline(const State& state);

}  // namespace trunkbox::sip::transaction
