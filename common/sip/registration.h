// Registration as a pure machine (RFC 3261 section 10.2): once, kept up, queried or removed. It decides re-authentication,
// a longer expiry after 423, when to refresh and when to try again.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "sip/authenticator.h"
#include "sip/message.h"
#include "sip/transaction_layer.h"

namespace trunkbox::sip::registration {

enum class Mode {
    once,    // register and end; the binding stays until it expires
    keep,    // register, refresh until stopped, then remove
    query,   // ask for the bindings (section 10.2.3)
    remove,  // remove our binding (section 10.2.2)
    remove_all,  // remove every binding of the address of record
};

struct Setup {
    Mode mode = Mode::once;
    std::string registrar;  // request-URI, no user part (section 10.2)
    std::string aor;        // To and From
    std::string contact;    // URI
    bool any_port = false;  // remove: every binding of that user and host, found by a query first
    std::string call_id;
    std::uint32_t expires = 3600;                              // seconds
    std::vector<std::string> routes;                           // preloaded route set
    std::vector<std::pair<std::string, std::string>> headers;  // User-Agent, Supported …
    std::optional<Login> login;
};

struct Binding {
    std::string uri;
    std::optional<std::uint32_t> expires;  // seconds
    bool operator==(const Binding&) const = default;
};

enum class End { done, refused, timeout, unreachable };

struct Outcome {
    End end = End::done;
    int status = 0;
    std::string reason;
    std::string detail;
    bool registered = false;   // our binding stands
    std::uint32_t expires = 0;  // seconds that the registrar granted to our binding
    std::vector<Binding> bindings;
    std::optional<Time> started_at, answered_at;
};

// Events.
struct Response {
    const MessageView* message;
};
struct NoResponse {
    TransactionLayer::Failed::Why why;
};
struct Stop {};  // keep: remove the binding and end
struct Tick {};
using Event = std::variant<Response, NoResponse, Stop, Tick>;

// Actions.
struct Send {
    Message message;
};
struct Registered {  // keep: the binding stands; each refresh tells it again
    Outcome outcome;
};
struct Lost {  // keep: a refresh failed; tried again at `retry_at`
    Outcome outcome;
    Time retry_at;
};
struct Ended {
    Outcome outcome;
};
using Action = std::variant<Send, Registered, Lost, Ended>;
using Actions = std::vector<Action>;

struct State {
    Setup setup;
    IdSource ids{IdSource::Seed{1, 2}};
    Authenticator authenticator;
    std::string tag;
    std::uint32_t cseq = 0;
    std::optional<std::vector<std::string>> found;  // remove with any_port: what the query found
    std::uint32_t expires = 0;  // that we ask for; grows after 423
    int raised = 0;             // how often it grew
    int failures = 0;           // refreshes failed in a row
    bool waiting = false;       // a request is out
    bool stopping = false;
    bool ended = false;
    bool was_registered = false;
    Outcome outcome;
    std::optional<Time> next_at;  // refresh or retry
};

struct Step {
    State state;
    Actions actions;
};

[[nodiscard]] Step start(Setup setup, IdSource::Seed seed, Time now);
[[nodiscard]] Step on(State state, const Event& event, Time now);
[[nodiscard]] std::optional<Time> deadline(const State& state);

}  // namespace trunkbox::sip::registration
