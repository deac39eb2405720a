#include "ua/report.h"

#include <cmath>

#include <fmt/format.h>

#include "base/text.h"

namespace trunkbox::ua {

using output::Record;
using output::Value;

std::optional<Duration> CallReport::post_dial_delay() const {
    auto heard = outcome.progress_at ? outcome.progress_at : outcome.answered_at;
    if (!heard || !outcome.invited_at) return std::nullopt;
    return *heard - *outcome.invited_at;
}

Duration CallReport::duration() const {
    if (!outcome.answered_at || !outcome.ended_at) return Duration{0};
    return std::max(Duration{0}, *outcome.ended_at - *outcome.answered_at);
}

namespace {

std::string final_response(int status, const std::string& reason, const std::string& detail) {
    auto line = fmt::format("{} {}", status, printable(reason));
    return detail.empty() ? line : fmt::format("{} ({})", line, detail);
}

std::string with_detail(std::string_view text, const std::string& detail) {
    return detail.empty() ? std::string(text) : fmt::format("{} ({})", text, printable(detail, 200));
}

Value hung_up_by(sip::call::Party party) {
    switch (party) {
        case sip::call::Party::us: return "us";
        case sip::call::Party::them: return "them";
        case sip::call::Party::nobody: return nullptr;
    }
    return nullptr;
}

Record record(const AudioReport& audio) {
    Record received{{"packets", audio.received.packets},
                    {"lost", audio.received.lost},
                    {"jitter", Value::seconds(audio.received.jitter)}};
    if (audio.received.packets > 0) {
        // Tenths and hundredths: what is beyond is noise.
        received.set("level", std::round(audio.level * 10) / 10);
        if (audio.mos) received.set("mos", std::round(*audio.mos * 100) / 100);
    }
    return {{"codec", audio.codec.empty() ? Value{} : Value{audio.codec}},
            {"audio", audio.directions()},
            {"sent", Record{{"packets", audio.sent}}},
            {"received", std::move(received)},
            {"digits_received", audio.digits}};
}

}  // namespace

std::string describe(const sip::call::Outcome& outcome) {
    using sip::call::End;
    switch (outcome.end) {
        case End::completed:
        case End::refused: return final_response(outcome.status, outcome.reason, outcome.detail);
        case End::cancelled: return with_detail("cancelled before the answer", outcome.detail);
        case End::unanswered: return with_detail("it rang, and nobody answered in time", outcome.detail);
        case End::timeout: return with_detail("no response", outcome.detail);
        case End::unreachable: return with_detail("unreachable", outcome.detail);
        case End::no_ack: return with_detail("our answer was never acknowledged", {});
    }
    return {};
}

std::string describe(const sip::registration::Outcome& outcome) {
    using sip::registration::End;
    switch (outcome.end) {
        case End::done:
        case End::refused: return final_response(outcome.status, outcome.reason, outcome.detail);
        case End::timeout: return with_detail("no response", outcome.detail);
        case End::unreachable: return with_detail("unreachable", outcome.detail);
    }
    return {};
}

Record record(const CallReport& report) {
    const auto& outcome = report.outcome;
    // A status is what the far end said; what we found out ourselves stands under "error".
    Record out{{"answered", outcome.answered},
               {"status", outcome.status == 0 ? Value{} : Value{outcome.status}},
               {"reason", outcome.status == 0 ? Value{} : Value{outcome.reason}},
               {"call_id", report.call_id},
               {"from", report.from},
               {"to", report.to}};
    auto delay = report.post_dial_delay();
    out.set("post_dial_delay", delay ? Value::seconds(*delay) : Value{});
    out.set("duration", Value::seconds(report.duration()));
    out.set("hung_up_by", hung_up_by(outcome.hung_up_by));
    if (!outcome.q850.empty()) out.set("release_reason", outcome.q850);
    if (outcome.status == 0 || !outcome.detail.empty()) out.set("error", describe(outcome));
    if (!outcome.bye_answered) out.set("bye_answered", false);
    if (!report.problem.empty()) out.set("problem", report.problem);
    out.set("media", record(report.audio));
    return out;
}

std::string text(const CallReport& report) {
    const auto& outcome = report.outcome;
    if (!outcome.answered) return fmt::format("{} -> {}: {}\n", report.from, report.to, describe(outcome));
    auto out = fmt::format("{} -> {}: {} after {:.3f} s, talked {:.3f} s, hung up by {}\n", report.from, report.to,
                           final_response(outcome.status, outcome.reason, {}),
                           seconds(*outcome.answered_at - *outcome.invited_at), seconds(report.duration()),
                           outcome.hung_up_by == sip::call::Party::them ? "them" : "us");
    const auto& audio = report.audio;
    if (audio.codec.empty()) {
        out += "  no audio was agreed on\n";
    } else {
        out += fmt::format("  {}: sent {} packets, received {}, lost {}, jitter {:.1f} ms", audio.codec, audio.sent,
                           audio.received.packets, audio.received.lost, seconds(audio.received.jitter) * 1000);
        if (audio.mos) out += fmt::format(", MOS {:.2f}", *audio.mos);
        out += "\n";
    }
    if (!audio.digits.empty()) out += fmt::format("  digits received: {}\n", audio.digits);
    if (!outcome.bye_answered) out += "  the far end never answered BYE\n";
    if (outcome.end == sip::call::End::no_ack) out += "  our answer was never acknowledged\n";
    if (!report.problem.empty()) out += fmt::format("  {}\n", report.problem);
    return out;
}

Record record(const sip::registration::Outcome& outcome) {
    Value::Array contacts;
    for (const auto& binding : outcome.bindings)
        contacts.push_back(Record{{"uri", binding.uri}, {"expires", binding.expires}});
    Record out{{"registered", outcome.registered},
               {"status", outcome.status == 0 ? Value{} : Value{outcome.status}},
               {"reason", outcome.status == 0 ? Value{} : Value{outcome.reason}},
               {"expires", outcome.registered ? Value{outcome.expires} : Value{}},
               {"contacts", std::move(contacts)}};
    if (outcome.status == 0 || !outcome.detail.empty()) out.set("error", describe(outcome));
    bool timed = outcome.started_at && outcome.answered_at;
    out.set("seconds", timed ? Value::seconds(*outcome.answered_at - *outcome.started_at) : Value{});
    return out;
}

}  // namespace trunkbox::ua
