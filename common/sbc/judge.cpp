#include "sbc/judge.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "sbc/catalogue.h"
#include "sbc/opinion.h"
#include "sbc/reading.h"
#include "sbc/rule.h"
#include "sbc/rule_index.h"
#include "sbc/rules.h"
#include "sbc/state_media.h"

namespace trunkbox::sbc {
namespace {

Outcome outcome(const Policy& policy, const Setting& setting, const Rule& rule, const Hit& hit) {
    const Defaults& defaults = hit.instead ? *hit.instead : rule.usual;
    Outcome usual = policy.profile == Profile::lenient ? defaults.lenient : defaults.strict;
    Outcome chosen = setting.action.value_or(usual);
    bool acts = chosen.effect == Effect::reject || chosen.effect == Effect::drop;
    if (acts && policy.mode == Mode::observe) return {Effect::alert, 0};
    return chosen;
}

// Asks each of the rules in turn.
class Asking {
  public:
    Asking(const Subject& subject, const SettingsRow& settings, std::vector<Candidate>& candidates)
        : subject_(subject), settings_(settings), candidates_(candidates) {}

    void ask(RuleSet asked) {
        asked &= settings_.on;
        asked.each([&](std::size_t at) {
            const Rule& rule = catalogue[at];
            subject_.setting = &settings_.settings[at];
            for (Hit& hit : rule.apply(subject_)) add(rule, std::move(hit));
        });
    }

    [[nodiscard]] bool decided() const { return std::ranges::any_of(candidates_, &Candidate::decides); }

  private:
    void add(const Rule& rule, Hit&& hit) {
        Outcome chosen = outcome(subject_.policy, *subject_.setting, rule, hit);
        if (chosen.effect == Effect::off) return;
        candidates_.push_back(
            {.finding = {.rule = rule.id, .outcome = chosen, .offset = hit.offset, .reason = std::move(hit.reason)},
             .rule = &rule});
    }

    Subject subject_;
    const SettingsRow& settings_;
    std::vector<Candidate>& candidates_;
};

bool is_message(const sip::MessageView& message) { return message.kind() != sip::MessageView::Kind::not_sip; }

// Whether there is a message; where there is, also what the rules `within` say of it.
Opinion opinion(const Subject& subject, const SettingsRow& settings, const RuleSet& within) {
    Opinion opinion;
    Asking asking(subject, settings, opinion.candidates);
    const sip::MessageView& message = subject.message;
    bool sound = is_message(message) && message.findings().empty() && !subject.packet.cut && subject.packet.oddities.empty();
    if (!sound) asking.ask(rule_index().packet);
    if (!is_message(message) || asking.decided()) return opinion;
    opinion.rules = rules_for(subject);
    RuleSet asked = opinion.rules;
    asking.ask(asked &= within);
    return opinion;
}

// What the memory makes of the packet, besides.
void remember(Opinion& opinion, const Subject& subject, const SettingsRow& settings) {
    RuleSet asked = opinion.rules;
    asked &= rule_index().with_memory;
    asked &= subject.memory->awake();
    if (!asked.empty()) Asking(subject, settings, opinion.candidates).ask(asked);
}

// RFC 3261 section 17.1: nothing answers a response or an ACK; without Via there is no way back.
bool can_be_answered(const sip::MessageView& message) {
    return message.is_request() && message.method() != "ACK" && message.count(sip::HeaderName::via) > 0;
}

// Where the message ends cannot be known any more (RFC 3261 section 18.3).
bool loses_framing(std::string_view rule) {
    return rule == "P-003" || rule == "P-004" || rule == "P-010" || rule == "P-011" || rule == "P-012" || rule == "P-013";
}

void decide(Verdict& verdict, Finding&& finding) {
    switch (finding.outcome.effect) {
        case Effect::reject: verdict.action = Action::reject; break;
        case Effect::drop: verdict.action = Action::drop; break;
        case Effect::unknown: verdict.action = Action::unknown; break;
        case Effect::non_sip: verdict.action = Action::non_sip; break;
        case Effect::off:
        case Effect::note:
        case Effect::alert:
        case Effect::strip:
        case Effect::rewrite: return;
    }
    verdict.status = finding.outcome.status;
    verdict.rule = finding.rule;
    verdict.offset = finding.offset;
    verdict.reason = std::move(finding.reason);
}

}  // namespace

namespace {

// Everything that was said, the deciding finding first.
Verdict verdict_of(Opinion&& opinion, const Subject& subject) {
    Verdict verdict{.frames = subject.packet.frames};
    auto& candidates = opinion.candidates;
    if (candidates.empty()) return verdict;
    if (candidates.size() > 1) std::ranges::stable_sort(candidates, {}, &Candidate::precedence);
    auto deciding = std::ranges::find_if(candidates, &Candidate::decides);
    bool answerable = can_be_answered(subject.message);
    for (auto candidate = candidates.begin(); candidate != candidates.end(); ++candidate) {
        Finding& finding = candidate->finding;
        bool acts = finding.outcome.effect == Effect::reject || finding.outcome.effect == Effect::drop;
        if (acts && is_stream(subject.packet.transport) && loses_framing(finding.rule)) verdict.close = true;
        if (finding.outcome.effect == Effect::reject && !answerable) finding.outcome = {Effect::drop, 0};
        if (candidate == deciding)
            decide(verdict, std::move(finding));
        else
            verdict.findings.push_back(std::move(finding));
    }
    return verdict;
}

}  // namespace

Judge::Judge(Policy policy, HashKey key) : policy_(std::move(policy)), settings_(policy_), memory_(key) {}

Verdict Judge::judge(const Packet& packet) {
    if (!is_sound_media(packet)) return judge(packet, sip::MessageView::read(packet.bytes));
    if (auto verdict = judge_media(packet)) return std::move(*verdict);
    return {.action = Action::non_sip,
            .rule = catalogue[silent_media_rule].id,
            .reason = std::string(media_in_words),
            .frames = packet.frames};
}

Verdict Judge::judge(const Packet& packet, const sip::MessageView& view) {
    if (is_sound_media(packet)) return judge(packet);
    Reading reading(view);
    Subject subject = this->subject(packet, view, reading);
    memory_.expect(subject);
    return judge(subject, opinion(subject, *subject.settings, rule_index().without_memory));
}

Opinion Judge::look(const Packet& packet, const sip::MessageView& view, const Reading& reading) const {
    Subject subject = this->subject(packet, view, reading);
    return opinion(subject, *subject.settings, rule_index().without_memory);
}

Verdict Judge::judge(const Packet& packet, const sip::MessageView& view, const Reading& reading, Opinion opinion) {
    Subject subject = this->subject(packet, view, reading);
    return judge(subject, std::move(opinion));
}

Verdict Judge::judge(Subject& subject, Opinion&& opinion) {
    subject.memory = &memory_;
    memory_.see(subject);
    remember(opinion, subject, *subject.settings);
    Verdict verdict = verdict_of(std::move(opinion), subject);
    memory_.learn(subject, verdict);
    return verdict;
}

std::optional<Verdict> Judge::judge_media(const Packet& packet) {
    static const sip::MessageView no_message = sip::MessageView::read({});
    static const Reading nothing_read(no_message);
    Subject subject = this->subject(packet, no_message, nothing_read);
    subject.memory = &memory_;
    bool spoken_of = memory_.see_media(subject);
    // Most packets of a trunk are media of which there is nothing to say: that is said without asking anyone.
    const SettingsRow& settings = *subject.settings;
    if (!spoken_of && settings.on.has(silent_media_rule) && !settings.settings[silent_media_rule].action) return std::nullopt;
    Opinion said;
    Asking asking(subject, settings, said.candidates);
    RuleSet media = rule_index().media;
    asking.ask(media &= memory_.awake());
    if (!asking.decided()) asking.ask(rule_index().packet);
    return verdict_of(std::move(said), subject);
}

Subject Judge::subject(const Packet& packet, const sip::MessageView& view, const Reading& reading) const {
    // Policies that name nobody are asked for every packet, too.
    Direction direction = policy_.own.empty() ? Direction::unknown : policy_.direction(packet.from, packet.to);
    const Peer* peer =
        policy_.peers.empty() ? nullptr : policy_.peer(direction == Direction::outbound ? packet.to : packet.from);
    return {.message = view,
            .reading = reading,
            .packet = packet,
            .policy = policy_,
            .direction = direction,
            .peer = peer,
            .settings = &settings_.row(policy_, peer, direction),
            .words = &settings_.words()};
}

Verdict Judge::judge_message(std::string_view bytes) const { return judge_message(sip::MessageView::read(bytes)); }

Verdict Judge::judge_message(const sip::MessageView& view) const {
    Reading reading(view);
    Packet packet{.bytes = view.bytes()};
    Subject subject{.message = view, .reading = reading, .packet = packet, .policy = policy_, .words = &settings_.words()};
    return verdict_of(opinion(subject, settings_.row(policy_, nullptr, Direction::unknown), rule_index().alone), subject);
}

namespace {

// FNV-1a: the tag need only differ between requests and be the same for a repeated one.
std::string stateless_tag(const sip::MessageView& request) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (auto header : {sip::HeaderName::via, sip::HeaderName::from, sip::HeaderName::call_id, sip::HeaderName::cseq})
        for (char c : request.value(header)) {
            hash ^= static_cast<unsigned char>(c);
            hash *= 0x100000001b3ULL;
        }
    return fmt::format("{:016x}", hash);
}

void tag_the_answer(sip::Message& response, const sip::MessageView& request) {
    std::string to(response.get("To"));
    // A field that cannot be read gets no parameter: it might land inside a quoted string.
    if (to.empty() || check_field(to)) return;
    auto field = sip::NameAddr::parse(to);
    if (!field || !field->tag().empty()) return;
    response.set("To", to + ";tag=" + stateless_tag(request));
}

void blank_controls(sip::Message& response) {
    for (auto& [name, value] : response.headers)
        for (char& c : value)
            if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) c = '?';
}

}  // namespace

sip::Message rejection(const sip::MessageView& request, const Verdict& verdict, const Policy& policy) {
    sip::Message response = sip::Message::response_to(request, verdict.status);
    tag_the_answer(response, request);
    if (verdict.status == 420) {
        std::string tags;
        for (std::string_view tag : unsupported_options(request, policy)) {
            if (!tags.empty()) tags += ", ";
            tags += tag;
        }
        if (!tags.empty()) response.set("Unsupported", tags);
    }
    blank_controls(response);
    return response;
}

}  // namespace trunkbox::sbc
