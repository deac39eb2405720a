#include "sip/call.h"

#include <algorithm>

#include "base/overloaded.h"
#include "base/text.h"
#include "sip/call_steps.h"
#include "sip/cseq.h"

namespace trunkbox::sip::call {

namespace {

void hang_up(Context& c, const HangUp& event) {
    switch (c.state.phase) {
        case Phase::calling:
        case Phase::early:
            if (c.state.role == Role::caller)
                cancel(c, End::cancelled);
            else
                reject(c, 480, {}, event.headers);
            return;
        case Phase::answered:
            // Section 15: no BYE from the called party before the ACK.
            c.state.hang_up_wanted = true;
            return;
        case Phase::confirmed: send_bye(c, event.headers); return;
        case Phase::cancelling:
        case Phase::ending:
        case Phase::ended: return;
    }
}

void response(Context& c, const Response& event) {
    if (event.purpose == Purpose::invite)
        invite_response(c, *event.message);
    else
        bye_response(c, *event.message);
}

void no_response(Context& c, const NoResponse& event) {
    if (event.purpose == Purpose::invite) {
        invite_failed(c, event.why);
    } else if (c.state.phase == Phase::ending) {
        c.state.outcome.bye_answered = false;
        finish(c, c.state.outcome.end);
    }
}

void tick(Context& c) {
    State& s = c.state;
    repeat_pending(c);
    if (s.answer_by && c.now >= *s.answer_by) {
        s.answer_by.reset();
        if (s.phase == Phase::calling || s.phase == Phase::early) cancel(c, End::unanswered);
    }
    if (s.end_by && c.now >= *s.end_by) {
        s.end_by.reset();
        s.outcome.bye_answered = false;
        finish(c, s.outcome.end);
    }
}

}  // namespace

Step on(State state, const Event& event, Time now) {
    Step step{std::move(state), {}};
    if (step.state.phase == Phase::ended && !std::holds_alternative<Response>(event)) {
        // A BYE that crossed ours, or came twice, still wants its answer.
        if (const auto* request = std::get_if<Request>(&event); request && request->id != 0)
            step.actions.push_back(Respond{request->id, make_response(step.state, *request->message, 481)});
        return step;
    }
    Context c{step.state, step.actions, now};
    std::visit(Overloaded{
                   [&](const Response& e) { response(c, e); },
                   [&](const NoResponse& e) { no_response(c, e); },
                   [&](const Request& e) { in_dialog(c, e); },
                   [&](const Cancelled&) { cancelled_by_caller(c); },
                   [&](const Ring& e) { ring(c, e); },
                   [&](const Accept& e) { accept(c, e); },
                   [&](const Reject& e) { reject(c, e.status, e.reason, e.headers); },
                   [&](const HangUp& e) { hang_up(c, e); },
                   [&](const AnswerOffer& e) { answer_offer(c, e); },
                   [&](const RefuseOffer& e) { refuse_offer(c, e); },
                   [&](const Tick&) { tick(c); },
               },
               event);
    return step;
}

std::optional<Time> deadline(const State& state) {
    if (state.phase == Phase::ended) return std::nullopt;
    std::optional<Time> next;
    auto consider = [&](std::optional<Time> time) {
        if (time && (!next || *time < *next)) next = time;
    };
    consider(state.answer_by);
    consider(state.end_by);
    if (state.pending) consider(std::min(state.pending->repeat_at, state.pending->give_up_at));
    return next;
}

bool owns(const State& state, const MessageView& message) {
    if (message.value(HeaderName::call_id) != state.dialog.call_id) return false;
    if (message.is_request()) return state.dialog.owns(message);
    return tag_of(message.value(HeaderName::from)) == state.dialog.local_tag;
}

Message make_response(const State& state, const MessageView& request, int status, std::string_view reason) {
    auto message = Message::response_to(request, status, reason);
    if (status > 100 && tag_of(message.get("To")).empty())
        message.set("To", std::string(message.get("To")) + ";tag=" + state.dialog.local_tag);
    // Section 12.1.1 and 21.4.6: what makes or refreshes a dialog carries our Contact.
    if (status > 100 && status < 300 && (request.method() == "INVITE" || request.method() == "UPDATE"))
        message.add("Contact", state.contact);
    if (request.method() == "INVITE" || status == 405) message.add("Allow", allowed_methods);
    for (const auto& [name, value] : state.headers) message.add(name, value);
    return message;
}

void attach_sdp(Message& message, const std::string& body) {
    if (body.empty()) return;
    message.set("Content-Type", "application/sdp");
    message.body = body;
}

void finish(Context& c, End end) {
    if (c.state.phase == Phase::ended) return;
    c.state.phase = Phase::ended;
    c.state.outcome.end = end;
    if (!c.state.outcome.ended_at) c.state.outcome.ended_at = c.now;
    c.state.pending.reset();
    c.state.answer_by.reset();
    c.state.end_by.reset();
    c.actions.push_back(Ended{c.state.outcome});
}

}  // namespace trunkbox::sip::call
