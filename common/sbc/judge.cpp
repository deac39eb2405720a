#include "sbc/judge.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "base/text.h"
#include "sbc/reading.h"
#include "sbc/rule.h"

namespace trunkbox::sbc {
namespace {

// A finding and what its place among the others depends on.
struct Candidate {
    Finding finding;
    const Rule* rule = nullptr;

    [[nodiscard]] bool decides() const { return finding.outcome.effect >= Effect::reject; }

    // Smaller decides first.
    [[nodiscard]] auto precedence() const {
        auto row = static_cast<std::uint32_t>(rule - rules().data());
        auto mildness = -static_cast<int>(finding.outcome.effect);
        if (rule->scope == Scope::packet) return std::tuple(0, row, finding.offset, mildness);
        if (finding.outcome.effect == Effect::drop) return std::tuple(1, finding.offset, row, mildness);
        if (judges_start_line(*rule)) return std::tuple(2, row, finding.offset, mildness);
        return std::tuple(3, finding.offset, row, mildness);
    }

    [[nodiscard]] static bool judges_start_line(const Rule& rule) {
        return rule.id >= "M-101" && rule.id <= "M-105";
    }
};

Outcome outcome(const Policy& policy, const Rule& rule, const Hit& hit) {
    Outcome chosen;
    if (auto own = policy.overrides.find(rule.id); own != policy.overrides.end()) {
        chosen = own->second;
    } else {
        const Defaults& defaults = hit.instead ? *hit.instead : rule.usual;
        chosen = policy.profile == Profile::lenient ? defaults.lenient : defaults.strict;
    }
    bool acts = chosen.effect == Effect::reject || chosen.effect == Effect::drop;
    if (acts && policy.profile == Profile::observe) return {Effect::alert, 0};
    return chosen;
}

bool is_off(const Policy& policy, const Rule& rule) {
    auto own = policy.overrides.find(rule.id);
    return own != policy.overrides.end() && own->second.effect == Effect::off;
}

void apply(const Rule& rule, const Subject& subject, std::vector<Candidate>& candidates) {
    if (is_off(subject.policy, rule)) return;
    for (Hit& hit : rule.apply(subject))
        candidates.push_back({.finding = {.rule = rule.id,
                                          .outcome = outcome(subject.policy, rule, hit),
                                          .offset = hit.offset,
                                          .reason = std::move(hit.reason)},
                              .rule = &rule});
}

std::vector<Candidate> hits(const Subject& subject) {
    std::vector<Candidate> candidates;
    for (const Rule& rule : rules())
        if (rule.scope == Scope::packet) apply(rule, subject, candidates);
    bool no_message = subject.message.kind() == sip::MessageView::Kind::not_sip ||
                      std::ranges::any_of(candidates, &Candidate::decides);
    if (no_message) return candidates;
    for (const Rule& rule : rules())
        if (rule.scope != Scope::packet) apply(rule, subject, candidates);
    std::ranges::stable_sort(candidates, {}, &Candidate::precedence);
    return candidates;
}

// RFC 3261 section 17.1: nothing answers a response or an ACK; without Via there is no way back.
bool can_be_answered(const sip::MessageView& message) {
    return message.is_request() && message.method() != "ACK" && message.count(sip::HeaderName::via) > 0;
}

// Where the message ends cannot be known any more (RFC 3261 section 18.3).
bool loses_framing(std::string_view rule) {
    return rule == "P-010" || rule == "P-011" || rule == "P-012" || rule == "P-013";
}

void decide(Verdict& verdict, Finding&& finding) {
    switch (finding.outcome.effect) {
        case Effect::reject: verdict.action = Action::reject; break;
        case Effect::drop: verdict.action = Action::drop; break;
        case Effect::unknown: verdict.action = Action::unknown; break;
        case Effect::non_sip: verdict.action = Action::non_sip; break;
        case Effect::off:
        case Effect::note:
        case Effect::alert: return;
    }
    verdict.status = finding.outcome.status;
    verdict.rule = finding.rule;
    verdict.offset = finding.offset;
    verdict.reason = std::move(finding.reason);
}

bool is_stream(net::Transport transport) {
    return transport == net::Transport::tcp || transport == net::Transport::tls;
}

}  // namespace

Verdict Judge::judge(const Packet& packet) const {
    return judge(packet, sip::MessageView::read(packet.bytes));
}

Verdict Judge::judge(const Packet& packet, const sip::MessageView& view) const {
    auto candidates = hits({.message = view, .packet = packet, .policy = policy_});
    auto deciding = std::ranges::find_if(candidates, &Candidate::decides);

    Verdict verdict{.frames = packet.frames};
    bool answerable = can_be_answered(view);
    for (auto candidate = candidates.begin(); candidate != candidates.end(); ++candidate) {
        Finding& finding = candidate->finding;
        bool acts = finding.outcome.effect == Effect::reject || finding.outcome.effect == Effect::drop;
        if (acts && is_stream(packet.transport) && loses_framing(finding.rule)) verdict.close = true;
        if (finding.outcome.effect == Effect::reject && !answerable) finding.outcome = {Effect::drop, 0};
        if (candidate == deciding)
            decide(verdict, std::move(finding));
        else
            verdict.findings.push_back(std::move(finding));
    }
    return verdict;
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
