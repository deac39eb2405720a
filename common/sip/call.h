// One call as a pure machine (RFC 3261 sections 13 to 15): events and time in, actions out, for the caller and for the
// called party. It decides retransmission of answers, forking, CANCEL, re-authentication, routes and the end of the call;
// the transactions below it (sip/transaction_layer.h) repeat requests and match replies.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "sip/authenticator.h"
#include "sip/dialog.h"
#include "sip/message.h"
#include "sip/transaction_layer.h"

namespace trunkbox::sip::call {

// The methods that an endpoint of ours takes, for Allow.
inline constexpr std::string_view allowed_methods = "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE";

struct Timing {
    Duration t1 = 500ms;
    Duration t2 = 4s;
    Duration answer = 60s;   // caller: from INVITE until CANCEL
    Duration bye_wait = 8s;  // how long a reply to BYE is worth waiting for
    [[nodiscard]] Duration ack_wait() const { return 64 * t1; }
};

struct CallerSetup {
    std::string uri;             // request-URI
    std::string from, to;        // name-addr or addr-spec in brackets, no tag
    std::string contact;         // our Contact value
    std::string call_id;
    std::vector<std::string> routes;                           // preloaded route set
    std::vector<std::pair<std::string, std::string>> headers;  // P-Asserted-Identity, User-Agent …
    std::string offer;                                         // SDP; empty: the far end offers
    std::optional<Login> login;
    Timing timing{};
};

struct CalledSetup {
    std::string contact;
    std::vector<std::pair<std::string, std::string>> headers;  // put on every response
    Timing timing{};
};

enum class Role { caller, called };

enum class Phase {
    calling,     // caller: INVITE sent, nothing or only 100 heard; called: INVITE taken, not answered
    early,       // 101 to 199 received or sent
    cancelling,  // caller: CANCEL asked for
    answered,    // called: 2xx sent, ACK not yet here
    confirmed,   // both know
    ending,      // BYE sent
    ended,
};

enum class Party { nobody, us, them };

enum class End {
    completed,    // answered, and hung up in order
    refused,      // a final response of 3xx to 6xx
    cancelled,    // given up before the answer
    unanswered,   // rang or was silent until the answer time ran out
    timeout,      // no response at all
    unreachable,  // the transport said so
    no_ack,       // our answer was never acknowledged
};

struct Outcome {
    End end = End::completed;
    bool answered = false;
    int status = 0;  // the INVITE's final response; 0 when none came
    std::string reason;
    std::string detail;     // for a person: why, when the status does not say it
    std::string q850;       // Reason header of the end, if any (RFC 3326)
    Party hung_up_by = Party::nobody;
    bool bye_answered = true;
    std::optional<Time> invited_at, progress_at, answered_at, ended_at;
};

// What a request of ours is for; replies come back with it.
enum class Purpose { invite, bye };

// Events.
struct Response {
    Purpose purpose;
    const MessageView* message;
};
struct NoResponse {
    Purpose purpose;
    TransactionLayer::Failed::Why why;
};
struct Request {  // in the dialog; ACK has id 0
    TransactionId id;
    const MessageView* message;
};
struct Cancelled {};  // called: the caller's CANCEL
struct Ring {         // called: a provisional response, 180 or 183
    int status = 180;
    std::string body = {};  // SDP, or empty
};
struct Accept {
    std::string body;  // SDP: the answer, or our offer when the INVITE had none
};
struct Reject {
    int status;
    std::string reason = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
};
struct HangUp {  // CANCEL before the answer, BYE after it, 480 when it is ours to answer
    std::vector<std::pair<std::string, std::string>> headers = {};
};
struct AnswerOffer {  // to an Offered
    TransactionId id;
    std::string body;
};
struct RefuseOffer {
    TransactionId id;
    int status = 488;
};
struct Tick {};
using Event = std::variant<Response, NoResponse, Request, Cancelled, Ring, Accept, Reject, HangUp, AnswerOffer,
                           RefuseOffer, Tick>;

// Actions for the transactions.
struct Send {
    Purpose purpose;
    Message message;
    std::string next_hop = {};  // URI that a BYE is sent to; the way of an INVITE is the user's affair
};
struct SendAck {
    Message message;
    std::string next_hop = {};
};
struct Respond {
    TransactionId id;
    Message message;
};
struct CancelInvite {};
// Actions for the user.
struct Progress {
    int status;
    std::string reason;
    std::string body;  // early media, or empty
};
struct Established {   // caller: the 2xx; called: the ACK
    std::string body;  // caller: the 2xx's SDP; called: the ACK's SDP, usually empty
};
struct Offered {  // a re-INVITE or UPDATE: to be answered with AnswerOffer or RefuseOffer
    TransactionId id;
    std::string body;  // empty: the far end wants our offer
};
struct Ended {
    Outcome outcome;
};
using Action =
    std::variant<Send, SendAck, Respond, CancelInvite, Progress, Established, Offered, Ended>;
using Actions = std::vector<Action>;

// An answer of ours that is repeated until its ACK comes (sections 13.3.1.4 and 14.2).
struct PendingAnswer {
    TransactionId id = 0;
    Message response;
    std::uint32_t cseq = 0;
    Duration interval{};
    Time repeat_at{};
    Time give_up_at{};
};

struct State {
    Role role = Role::caller;
    Phase phase = Phase::calling;
    Timing timing{};
    Dialog dialog;
    std::string contact;
    std::vector<std::pair<std::string, std::string>> headers;
    IdSource ids{IdSource::Seed{1, 2}};
    Authenticator authenticator;
    Outcome outcome;

    // caller
    Message invite;                // as last sent, without Via
    std::uint32_t invite_cseq = 0;
    bool heard = false;            // any response to the INVITE
    std::map<std::string, SendAck> acks;  // by To tag, for repeated 2xx
    std::optional<Time> answer_by;
    // called
    Message incoming;                       // the INVITE as it came
    TransactionId invite_id = 0;
    std::optional<PendingAnswer> pending;   // 2xx without ACK yet
    std::optional<std::pair<TransactionId, Message>> offered;  // a re-INVITE or UPDATE that waits for our user
    // end
    bool hang_up_wanted = false;  // asked for before it was allowed
    std::optional<Message> bye;
    std::optional<Time> end_by;
};

struct Step {
    State state;
    Actions actions;
};

// The caller's first step: sends the INVITE.
[[nodiscard]] Step dial(CallerSetup setup, IdSource::Seed seed, Time now);
// The called party's first step, from an INVITE outside every dialog. Refuses what section 8.2 and 13.3 refuse
// (Require with an unknown option: 420); otherwise the user rings, accepts or rejects.
[[nodiscard]] Step invited(CalledSetup setup, TransactionId id, const MessageView& invite, IdSource::Seed seed,
                           Time now);
[[nodiscard]] Step on(State state, const Event& event, Time now);
[[nodiscard]] std::optional<Time> deadline(const State& state);
// True when the message is of this call: the dialog's tags, or a response to its INVITE.
[[nodiscard]] bool owns(const State& state, const MessageView& message);

}  // namespace trunkbox::sip::call
