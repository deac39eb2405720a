// Requests inside the dialog, from both sides (RFC 3261 sections 12.2, 14 and 15; RFC 3311).
#include <fmt/format.h>

#include "base/text.h"
#include "sip/call_steps.h"
#include "sip/cseq.h"

namespace trunkbox::sip::call {

namespace {

void respond(Context& c, const Request& event, int status,
             const std::vector<std::pair<std::string, std::string>>& headers = {}) {
    auto response = make_response(c.state, *event.message, status);
    for (const auto& [name, value] : headers) response.add(name, value);
    c.actions.push_back(Respond{event.id, std::move(response)});
}

void acknowledged(Context& c, const MessageView& ack, std::uint32_t cseq) {
    State& s = c.state;
    if (!s.pending || s.pending->cseq != cseq) return;
    s.pending.reset();
    if (s.phase != Phase::answered) return;
    s.phase = Phase::confirmed;
    c.actions.push_back(Established{std::string(ack.body())});
    if (s.hang_up_wanted) send_bye(c, {});
}

void bye_from_them(Context& c, const Request& event) {
    State& s = c.state;
    respond(c, event, 200);
    if (s.offered) refuse_offer(c, {s.offered->first, 487});  // section 15.1.2
    if (const auto* reason = event.message->find(HeaderName::reason)) s.outcome.q850 = reason->value;
    if (s.phase == Phase::ending) return finish(c, s.outcome.end);  // both hung up at once
    if (s.role == Role::called && (s.phase == Phase::calling || s.phase == Phase::early))
        return cancelled_by_caller(c);  // it ends an early dialog: the INVITE wants its answer, too
    s.outcome.hung_up_by = Party::them;
    finish(c, End::completed);
}

void offer_from_them(Context& c, const Request& event) {
    State& s = c.state;
    bool invite = event.message->method() == "INVITE";
    bool unanswered = s.phase == Phase::calling || s.phase == Phase::early;
    bool offers = invite || !event.message->body().empty();
    if (s.offered || (invite && s.pending) || (offers && unanswered)) {
        // Section 14.2: the one before is not done. 0 to 10 seconds, by chance, so that two ends do not keep meeting.
        return respond(c, event, 500, {{"Retry-After", fmt::format("{}", s.ids.next() % 11)}});
    }
    if (offers && s.phase != Phase::confirmed && s.phase != Phase::answered) return respond(c, event, 491);
    s.dialog.refresh_target(*event.message);
    if (!offers) return respond(c, event, 200);
    s.offered = {event.id, Message::copy(*event.message)};
    c.actions.push_back(Offered{event.id, std::string(event.message->body())});
}

bool out_of_order(State& state, std::uint32_t cseq) {
    if (state.dialog.remote_cseq && cseq <= *state.dialog.remote_cseq) return true;
    state.dialog.remote_cseq = cseq;
    return false;
}

}  // namespace

void in_dialog(Context& c, const Request& event) {
    const MessageView& message = *event.message;
    auto cseq = CSeq::parse(message.value(HeaderName::cseq));
    if (message.method() == "ACK") {
        if (cseq) acknowledged(c, message, cseq->number);
        return;
    }
    if (!cseq) return respond(c, event, 400);
    if (out_of_order(c.state, cseq->number)) return respond(c, event, 500);  // section 12.2.2
    if (message.method() == "BYE") return bye_from_them(c, event);
    if (message.method() == "INVITE" || message.method() == "UPDATE") return offer_from_them(c, event);
    if (message.method() == "OPTIONS") return respond(c, event, 200, {{"Accept", "application/sdp"}});
    respond(c, event, 405);
}

namespace {

struct Taken {
    Message response;
    bool invite;
    std::uint32_t cseq;  // its own: other requests may have come since
};

// Makes our response to the request that waits for its offer to be answered, and forgets it.
std::optional<Taken> take_offered(Context& c, TransactionId id, int status) {
    if (!c.state.offered || c.state.offered->first != id) return std::nullopt;
    auto bytes = c.state.offered->second.bytes();
    c.state.offered.reset();
    auto view = MessageView::read(bytes);
    auto cseq = CSeq::parse(view.value(HeaderName::cseq));
    return Taken{make_response(c.state, view, status), view.method() == "INVITE", cseq ? cseq->number : 0};
}

}  // namespace

void answer_offer(Context& c, const AnswerOffer& event) {
    auto taken = take_offered(c, event.id, 200);
    if (!taken) return;
    attach_sdp(taken->response, event.body);
    if (taken->invite)
        send_pending(c, event.id, std::move(taken->response), taken->cseq);
    else
        c.actions.push_back(Respond{event.id, std::move(taken->response)});
}

void refuse_offer(Context& c, const RefuseOffer& event) {
    if (auto taken = take_offered(c, event.id, event.status))
        c.actions.push_back(Respond{event.id, std::move(taken->response)});
}

void send_bye(Context& c, const std::vector<std::pair<std::string, std::string>>& headers) {
    State& s = c.state;
    auto bye = s.dialog.request("BYE");
    for (const auto& [name, value] : headers) bye.add(name, value);
    s.authenticator.sign(bye, s.ids);
    s.bye = bye;
    s.phase = Phase::ending;
    s.outcome.end = End::completed;
    s.outcome.hung_up_by = Party::us;
    s.outcome.ended_at = c.now;
    s.end_by = c.now + s.timing.bye_wait;
    c.actions.push_back(Send{Purpose::bye, std::move(bye), s.dialog.next_hop()});
}

void bye_response(Context& c, const MessageView& response) {
    State& s = c.state;
    if (s.phase != Phase::ending || response.status() < 200) return;
    if ((response.status() == 401 || response.status() == 407) && s.bye &&
        s.authenticator.challenged(response) == Authenticator::Verdict::retry) {
        s.bye->set("CSeq", fmt::format("{} BYE", ++s.dialog.local_cseq));
        s.authenticator.sign(*s.bye, s.ids);
        c.actions.push_back(Send{Purpose::bye, *s.bye, s.dialog.next_hop()});
        return;
    }
    finish(c, s.outcome.end);
}

}  // namespace trunkbox::sip::call
