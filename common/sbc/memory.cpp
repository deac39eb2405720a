#include "sbc/memory.h"

#include <algorithm>
#include <utility>

#include "sbc/catalogue.h"
#include "sbc/state.h"

namespace trunkbox::sbc {
namespace {

void see_time(State& state, Time time) {
    if (state.started == Time::min()) state.started = time;
    if (time < state.now) {
        ++state.counts.backwards;
        state.counts.most_backwards = std::max(state.counts.most_backwards, Duration(state.now - time));
        return;
    }
    state.now = time;
}

bool has_finding(const Verdict& verdict, std::string_view rule) {
    return std::ranges::find(verdict.findings, rule, &Finding::rule) != verdict.findings.end();
}

}  // namespace

Memory::Memory(HashKey key) : state_(std::make_unique<State>(key)) {}
Memory::Memory(Memory&&) noexcept = default;
Memory& Memory::operator=(Memory&&) noexcept = default;
Memory::~Memory() = default;

void Memory::expect(const Subject& subject) {
    State& state = *state_;
    see_time(state, subject.packet.time);
    state.present = {};
    state.awake = {};
    state.expected = true;
    if (subject.message.kind() == sip::MessageView::Kind::not_sip) return;
    state.media = {};
    Moment m{subject, state, state.present};
    identify(m);
}

void Memory::see(const Subject& subject) {
    State& state = *state_;
    if (!std::exchange(state.expected, false)) {
        expect(subject);
        state.expected = false;
    }
    if (subject.message.kind() == sip::MessageView::Kind::not_sip) return;
    Moment m{subject, state, state.present};
    see_transaction(m);
    see_dialog(m);
    if (subject.reading.has_sdp) see_session(m);
    // Of most responses there is nothing to say but whose they are.
    const Present& p = state.present;
    bool failed = !p.request && subject.message.status() >= 400;
    if (p.request || failed || state.bans.size() > 0) see_source(m);
    if ((p.request && !p.in_dialog) || failed || p.method == Method::reg) see_account(m);
    if (p.request) see_call(m);
    if (p.credentials || failed) see_credentials(m);
    if (p.method == Method::bye && p.request) see_end_of_media(m);
}

bool Memory::see_media(const Subject& subject) {
    State& state = *state_;
    see_time(state, subject.packet.time);
    state.awake = {};
    state.media = {};
    Moment m{subject, state, state.present};
    sbc::see_media(m);
    return !state.awake.empty();
}

void Memory::learn(const Subject& subject, const Verdict& verdict) {
    if (subject.message.kind() == sip::MessageView::Kind::not_sip) return;
    State& state = *state_;
    Moment m{subject, state, state.present};
    bool goes_on = verdict.action == Action::accept || verdict.action == Action::unknown;
    if (goes_on) {
        // Who is not of the dialog teaches nothing about it, though what he sent may go on.
        bool intrudes = !verdict.findings.empty() && (has_finding(verdict, "A-420") || has_finding(verdict, "A-421"));
        if (!intrudes) {
            learn_dialog(m);
            if (m.present.sdp.there) learn_session(m);
            learn_media(m);
        }
        if (!m.present.request) learn_source(m);
        if (m.present.account != nullptr) {
            learn_account(m);
            learn_call(m);
        }
        if (m.present.nonce_key != 0) learn_credentials(m);
        learn_transaction(m);
    } else {
        learn_refusal(m);
        learn_ban(m, verdict);
    }
}

Time Memory::now() const { return state_->now; }
Memory::Counts Memory::counts() const {
    Counts counts = state_->counts;
    counts.evicted = state_->sum([](const auto& table) { return table.evicted(); });
    return counts;
}
std::size_t Memory::bytes() const {
    return state_->sum([](const auto& table) { return table.bytes(); });
}
std::size_t Memory::most_bytes() { return State::most_bytes; }
const Present& Memory::present() const { return state_->present; }
const MediaPresent& Memory::media() const { return state_->media; }
const RuleSet& Memory::awake() const { return state_->awake; }
const KeyedHash& Memory::hash() const { return state_->hash; }

Memory::Ownership Memory::owns_dialog(const Subject& subject, std::uint64_t call, std::uint64_t tag,
                                      std::uint64_t other_tag) const {
    Dialog* dialog = state_->dialogs.find(combine(call, tag));
    std::uint64_t far_tag = other_tag;
    if (dialog == nullptr) {
        dialog = state_->dialogs.find(combine(call, other_tag));
        far_tag = tag;
    }
    if (dialog == nullptr || dialog->state == DialogState::over) return Ownership::no_dialog;
    if (dialog->tag_count > 0 && !dialog->forked && !dialog->knows_tag(far_tag)) return Ownership::no_dialog;
    auto peer = subject.peer == nullptr ? 0 : subject.peer - subject.policy.peers.data() + 1;
    for (const DialogSide& side : dialog->sides)
        if (side.anywhere || side.knows(state_->present.source) || (peer != 0 && side.peer == peer)) return Ownership::own;
    return Ownership::foreign;
}

}  // namespace trunkbox::sbc
