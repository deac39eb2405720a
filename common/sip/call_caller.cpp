// The caller's side: INVITE, provisional responses, forks, CANCEL, authentication (RFC 3261 sections 9.1, 13.2, 22).
#include <fmt/format.h>

#include "base/text.h"
#include "sip/call_steps.h"

namespace trunkbox::sip::call {

namespace {

Message make_invite(const CallerSetup& setup, const std::string& tag) {
    Message invite;
    invite.method = "INVITE";
    invite.uri = setup.uri;
    for (const auto& route : setup.routes) invite.add("Route", route);
    invite.add("Max-Forwards", "70");
    invite.add("From", setup.from + ";tag=" + tag);
    invite.add("To", setup.to);
    invite.add("Call-ID", setup.call_id);
    invite.add("CSeq", "1 INVITE");
    invite.add("Contact", setup.contact);
    invite.add("Allow", allowed_methods);
    for (const auto& [name, value] : setup.headers) invite.add(name, value);
    attach_sdp(invite, setup.offer);
    return invite;
}

// The ACK of a 2xx (section 13.2.2.4): in the dialog that this 2xx makes, with the INVITE's credentials.
SendAck make_ack(State& state, Dialog& dialog) {
    auto ack = dialog.request("ACK", state.invite_cseq);
    for (const auto* name : {"Authorization", "Proxy-Authorization"})
        if (auto value = state.invite.get(name); !value.empty()) ack.add(name, value);
    return {std::move(ack), dialog.next_hop()};
}

void provisional(Context& c, const MessageView& response) {
    State& s = c.state;
    if (response.status() == 100) return;
    if (!s.outcome.progress_at) s.outcome.progress_at = c.now;
    if (s.phase == Phase::calling) s.phase = Phase::early;
    if (s.phase != Phase::early) return;
    c.actions.push_back(
        Progress{response.status(), std::string(response.reason()), std::string(response.body())});
}

// Another branch of a fork answered too: it gets its ACK and at once a BYE (section 13.2.2.4).
void refuse_fork(Context& c, const MessageView& response, const std::string& tag) {
    Dialog fork = c.state.dialog;
    fork.established_by(response);
    auto ack = make_ack(c.state, fork);
    c.state.acks[tag] = ack;
    c.actions.push_back(std::move(ack));
    fork.local_cseq = c.state.invite_cseq;
    c.actions.push_back(Send{Purpose::bye, fork.request("BYE"), fork.next_hop()});
}

void answered(Context& c, const MessageView& response) {
    State& s = c.state;
    auto tag = tag_of(response.value(HeaderName::to));
    if (auto known = s.acks.find(tag); known != s.acks.end()) {
        c.actions.push_back(known->second);
        return;
    }
    // A peer that answers in ever new names would otherwise fill the memory.
    constexpr std::size_t most_forks = 64;
    if (s.acks.size() >= most_forks) return;
    if (!s.acks.empty()) return refuse_fork(c, response, tag);

    s.authenticator.accepted();
    s.dialog.established_by(response);
    s.dialog.local_cseq = s.invite_cseq;
    auto ack = make_ack(s, s.dialog);
    s.acks[tag] = ack;
    c.actions.push_back(std::move(ack));
    s.answer_by.reset();
    if (s.phase == Phase::ended) {
        // We had given up on a silent peer, and told so: the call that it answered now is ended in passing.
        c.actions.push_back(Send{Purpose::bye, s.dialog.request("BYE"), s.dialog.next_hop()});
        return;
    }
    if (s.phase == Phase::cancelling) {
        // The answer crossed our CANCEL: there is a call, and we end it.
        auto end = s.outcome.end;
        send_bye(c, {});
        s.outcome.end = end;
        return;
    }
    s.outcome.answered = true;
    s.outcome.status = response.status();
    s.outcome.reason = response.reason();
    s.outcome.answered_at = c.now;
    s.phase = Phase::confirmed;
    c.actions.push_back(Established{std::string(response.body())});
}

bool sent_again_with_credentials(Context& c, const MessageView& response) {
    State& s = c.state;
    auto verdict = s.authenticator.challenged(response);
    if (verdict == Authenticator::Verdict::retry && s.phase != Phase::cancelling) {
        ++s.invite_cseq;
        s.heard = false;  // of this one: until then it cannot be cancelled
        send_invite(c);
        return true;
    }
    s.outcome.detail = explain(verdict);
    return false;
}

void refused(Context& c, const MessageView& response) {
    State& s = c.state;
    int status = response.status();
    if ((status == 401 || status == 407) && sent_again_with_credentials(c, response)) return;
    s.outcome.status = status;
    s.outcome.reason = response.reason();
    if (const auto* reason = response.find(HeaderName::reason)) s.outcome.q850 = reason->value;
    bool ours = s.phase == Phase::cancelling;
    s.outcome.hung_up_by = ours ? Party::us : Party::them;
    finish(c, ours ? s.outcome.end : End::refused);
}

}  // namespace

Step dial(CallerSetup setup, IdSource::Seed seed, Time now) {
    Step step;
    State& s = step.state;
    s.role = Role::caller;
    s.ids = IdSource(seed);
    s.timing = setup.timing;
    s.authenticator = Authenticator(setup.login);
    s.contact = setup.contact;
    s.headers = setup.headers;
    s.dialog.call_id = setup.call_id;
    s.dialog.local = setup.from;
    s.dialog.remote = setup.to;
    s.dialog.local_tag = s.ids.token();
    s.dialog.remote_target = setup.uri;
    s.invite = make_invite(setup, s.dialog.local_tag);
    s.invite_cseq = 1;
    s.outcome.invited_at = now;
    s.answer_by = now + s.timing.answer;
    Context c{step.state, step.actions, now};
    send_invite(c);
    return step;
}

void send_invite(Context& c) {
    State& s = c.state;
    s.invite.set("CSeq", fmt::format("{} INVITE", s.invite_cseq));
    s.authenticator.sign(s.invite, s.ids);
    c.actions.push_back(Send{Purpose::invite, s.invite});
}

void invite_response(Context& c, const MessageView& response) {
    bool late = c.state.phase == Phase::ended || c.state.phase == Phase::confirmed || c.state.phase == Phase::ending;
    c.state.heard = true;
    if (response.status() >= 200 && response.status() < 300) return answered(c, response);
    if (late) return;
    if (response.status() < 200)
        provisional(c, response);
    else
        refused(c, response);
}

void invite_failed(Context& c, TransactionLayer::Failed::Why why) {
    State& s = c.state;
    if (s.phase == Phase::cancelling) {
        // CANCEL went out and the INVITE never ended: we stop waiting (section 9.1).
        if (!s.heard && s.outcome.end == End::unanswered) return finish(c, End::timeout);
        return finish(c, s.outcome.end);
    }
    if (s.phase != Phase::calling && s.phase != Phase::early) return;
    finish(c, why == TransactionLayer::Failed::Why::timeout ? End::timeout : End::unreachable);
}

void cancel(Context& c, End end) {
    State& s = c.state;
    s.outcome.end = end;
    s.outcome.hung_up_by = Party::us;
    s.answer_by.reset();
    c.actions.push_back(CancelInvite{});
    // Nothing may be cancelled before a first response; a silent peer is not waited for any longer.
    if (!s.heard) return finish(c, end == End::unanswered ? End::timeout : end);
    s.phase = Phase::cancelling;
}

}  // namespace trunkbox::sip::call
