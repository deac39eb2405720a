#include "sbc/filter.h"

#include <algorithm>
#include <utility>

#include "sbc/catalogue.h"
#include "sbc/opinion.h"
#include "sbc/rule.h"
#include "sbc/state_media.h"

namespace trunkbox::sbc {

namespace {

FrameClass class_of(Action action) {
    switch (action) {
        case Action::accept: return FrameClass::accepted;
        case Action::reject:
        case Action::drop: return FrameClass::rejected;
        case Action::unknown: return FrameClass::unknown;
        case Action::non_sip: return FrameClass::non_sip;
    }
    return FrameClass::unknown;
}

// Of what is no SIP and of which there is nothing to say nobody hears.
bool is_told(const Verdict& verdict) { return verdict.action != Action::non_sip || !verdict.findings.empty(); }

bool begins_call(const sip::MessageView& message) { return message.is_request() && message.method() == "INVITE"; }

}  // namespace

std::string_view name(FrameClass frame_class) {
    switch (frame_class) {
        case FrameClass::non_sip: return "non_sip";
        case FrameClass::accepted: return "accepted";
        case FrameClass::unknown: return "unknown";
        case FrameClass::rejected: return "rejected";
    }
    return "unknown";
}

Filter::Filter(Policy policy, FilterSink& sink) : sink_(sink), judge_(std::move(policy)), dissector_(*this) {}

void Filter::feed(const net::Frame& frame) {
    begins(frame);
    dissector_.feed(frame);
    ends();
}

void Filter::feed(Batch& batch) { batch.replay(*this); }

void Filter::begins(const net::Frame& frame) {
    // Whatever is left of the frame before waits for a later one.
    if (current_class_ != FrameClass::non_sip) mark(current_, current_class_);
    current_ = frame.number;
    current_class_ = FrameClass::non_sip;
    ++summary_.frames;
    sink_.begins(frame);
}

void Filter::finish() { dissector_.finish(); }

void Filter::datagram(const net::Datagram& datagram) {
    if (is_sound_media(datagram)) {
        if (auto verdict = judge_.judge_media(datagram)) take(datagram, sip::MessageView::read(datagram.bytes), *verdict);
        else ++hits_[silent_media_rule];  // a frame is no SIP until something of it is
        return;
    }
    auto message = sip::MessageView::read(datagram.bytes);
    take(datagram, message, judge_.judge(datagram, message));
}

void Filter::datagram(const net::Datagram& datagram, ReadMessage* message) {
    if (message == nullptr) return this->datagram(datagram);
    take(datagram, message->view, judge_.judge(datagram, message->view, message->reading, std::move(message->opinion)));
}

void Filter::take(const net::Datagram& datagram, const sip::MessageView& message, const Verdict& verdict) {
    if (begins_call(message) && calls_.add(message.value(sip::HeaderName::call_id))) ++summary_.calls;
    if (verdict.action != Action::non_sip && message.kind() != sip::MessageView::Kind::not_sip) ++summary_.messages;
    count(verdict);
    mark(datagram, verdict);
    if (is_told(verdict)) sink_.judged(datagram, message, verdict);
}

void Filter::mark(const net::Datagram& datagram, const Verdict& verdict) {
    auto its_class = class_of(verdict.action);
    for (auto frame : datagram.frames) {
        if (frame == current_) current_class_ = std::max(current_class_, its_class);
        else mark(frame, its_class);
    }
}

void Filter::mark(std::uint64_t frame, FrameClass frame_class) {
    auto& known = waiting_.try_emplace(frame, FrameClass::non_sip).first->second;
    known = std::max(known, frame_class);
}

void Filter::count(const Verdict& verdict) {
    if (verdict.findings.empty()) {
        if (!verdict.rule.empty()) ++hits_[place(*find_rule(verdict.rule))];
        return;
    }
    bool alerts = false;
    RuleSet rules;
    if (!verdict.rule.empty()) rules.add(place(*find_rule(verdict.rule)));
    for (const auto& finding : verdict.findings) {
        alerts = alerts || finding.outcome.effect == Effect::alert;
        rules.add(place(*find_rule(finding.rule)));
    }
    rules.each([&](std::size_t at) { ++hits_[at]; });
    if (alerts) ++summary_.alerts;
}

FilterSummary Filter::summary() const {
    FilterSummary summary = summary_;
    for (const Rule& rule : sbc::rules())
        if (auto hits = hits_[place(rule)]; hits > 0) summary.rules[rule.id] = hits;
    return summary;
}

FrameClass Filter::take_waiting(std::uint64_t frame) {
    auto waiting = waiting_.extract(frame);
    return waiting.empty() ? FrameClass::non_sip : waiting.mapped();
}

void Filter::settled(const net::Settled& settled) {
    auto frame_class = FrameClass::non_sip;
    if (settled.frame == current_) {
        frame_class = current_class_;
        current_class_ = FrameClass::non_sip;
    }
    if (!waiting_.empty()) frame_class = std::max(frame_class, take_waiting(settled.frame));
    if (settled.fate == net::Fate::unknown_link) ++summary_.unread;
    // What cannot be told of a frame outweighs what could.
    bool untold = settled.fate == net::Fate::cut || settled.fate == net::Fate::unknown_link;
    if (untold) frame_class = std::max(frame_class, FrameClass::unknown);
    switch (frame_class) {
        case FrameClass::non_sip: ++summary_.non_sip; break;
        case FrameClass::accepted: ++summary_.accepted; break;
        case FrameClass::unknown: ++summary_.unknown; break;
        case FrameClass::rejected: ++summary_.rejected; break;
    }
    sink_.settled(settled.frame, frame_class);
}

}  // namespace trunkbox::sbc
