// The called party's side: ringing, answers that are repeated until their ACK, refusals (RFC 3261 sections 8.2, 13.3).
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "sip/call_steps.h"
#include "sip/cseq.h"

namespace trunkbox::sip::call {

namespace {

// The INVITE as it came, so that a response can be made long after its buffer is gone.
Message respond_to_invite(const State& state, int status, const std::string& reason = {}) {
    auto bytes = state.incoming.bytes();
    auto view = MessageView::read(bytes);
    return make_response(state, view, status, reason);
}

std::vector<std::string_view> required_options(const MessageView& invite) {
    return list_items(invite, HeaderName::require);
}

}  // namespace

Step invited(CalledSetup setup, TransactionId id, const MessageView& invite, IdSource::Seed seed, Time now) {
    Step step;
    State& s = step.state;
    s.role = Role::called;
    s.ids = IdSource(seed);
    s.timing = setup.timing;
    s.contact = setup.contact;
    s.headers = setup.headers;
    s.incoming = Message::copy(invite);
    s.invite_id = id;
    s.dialog = Dialog::invited_by(invite, s.ids.token());
    s.outcome.invited_at = now;
    Context c{step.state, step.actions, now};
    auto options = required_options(invite);
    if (!options.empty()) {
        // Section 8.2.2.3: no extension is understood here, so none may be required.
        reject(c, 420, {}, {{"Unsupported", fmt::format("{}", fmt::join(options, ", "))}});
    }
    return step;
}

void ring(Context& c, const Ring& event) {
    State& s = c.state;
    if (s.role != Role::called || (s.phase != Phase::calling && s.phase != Phase::early)) return;
    s.phase = Phase::early;
    if (!s.outcome.progress_at) s.outcome.progress_at = c.now;
    auto response = respond_to_invite(s, event.status);
    attach_sdp(response, event.body);
    c.actions.push_back(Respond{s.invite_id, std::move(response)});
}

void accept(Context& c, const Accept& event) {
    State& s = c.state;
    if (s.role != Role::called || (s.phase != Phase::calling && s.phase != Phase::early)) return;
    s.phase = Phase::answered;
    s.outcome.answered = true;
    s.outcome.answered_at = c.now;
    auto response = respond_to_invite(s, 200);
    attach_sdp(response, event.body);
    s.outcome.status = response.status;
    s.outcome.reason = response.reason;
    // Its own number: another request may have come since.
    auto cseq = CSeq::parse(s.incoming.get("CSeq"));
    send_pending(c, s.invite_id, std::move(response), cseq ? cseq->number : 0);
}

void reject(Context& c, int status, const std::string& reason,
            const std::vector<std::pair<std::string, std::string>>& headers) {
    State& s = c.state;
    if (s.role != Role::called || (s.phase != Phase::calling && s.phase != Phase::early)) return;
    auto response = respond_to_invite(s, status, reason);
    for (const auto& [name, value] : headers) response.add(name, value);
    s.outcome.status = response.status;
    s.outcome.reason = response.reason;
    s.outcome.hung_up_by = Party::us;
    c.actions.push_back(Respond{s.invite_id, std::move(response)});
    finish(c, End::refused);
}

void cancelled_by_caller(Context& c) {
    State& s = c.state;
    if (s.role != Role::called || (s.phase != Phase::calling && s.phase != Phase::early)) return;
    auto response = respond_to_invite(s, 487);
    s.outcome.status = response.status;
    s.outcome.reason = response.reason;
    s.outcome.hung_up_by = Party::them;
    c.actions.push_back(Respond{s.invite_id, std::move(response)});
    finish(c, End::cancelled);
}

void send_pending(Context& c, TransactionId id, Message response, std::uint32_t cseq) {
    State& s = c.state;
    c.actions.push_back(Respond{id, response});
    s.pending = PendingAnswer{id,
                              std::move(response),
                              cseq,
                              s.timing.t1,
                              c.now + s.timing.t1,
                              c.now + s.timing.ack_wait()};
}

void repeat_pending(Context& c) {
    State& s = c.state;
    if (s.phase == Phase::ending) s.pending.reset();  // the BYE has gone out: no answer matters any more
    if (!s.pending) return;
    PendingAnswer& pending = *s.pending;
    if (c.now >= pending.give_up_at) {
        s.pending.reset();
        // Sections 13.3.1.4 and 14.2: without an ACK the dialog is ended with a BYE.
        s.outcome.detail = "the answer was never acknowledged";
        s.outcome.hung_up_by = Party::us;
        send_bye(c, {});
        s.outcome.end = End::no_ack;
        return;
    }
    if (c.now < pending.repeat_at) return;
    c.actions.push_back(Respond{pending.id, pending.response});
    pending.interval = std::min(2 * pending.interval, s.timing.t2);
    pending.repeat_at = c.now + pending.interval;
}

}  // namespace trunkbox::sip::call
