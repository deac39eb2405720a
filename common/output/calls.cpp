#include "output/calls.h"

#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "output/text_table.h"

namespace trunkbox::output {
namespace {

constexpr int decimals = 6;

Value time(const std::optional<Time>& at) { return at ? Value{rfc3339(*at, decimals)} : Value{}; }
Value span_of(const std::optional<Duration>& duration) { return duration ? Value::seconds(*duration) : Value{}; }
Value text_or_null(std::string_view text) { return text.empty() ? Value{} : Value{text}; }

// Hundredths: what is beyond is noise.
Value score(const std::optional<double>& mos) { return mos ? Value{std::round(*mos * 100) / 100} : Value{}; }

Record audio_record(const trace::Audio& audio) {
    return {{"packets", audio.packets},
            {"lost", audio.lost},
            {"jitter", Value::seconds(audio.mean_jitter)},
            {"mos", score(audio.mos)},
            {"digits", audio.digits}};
}

std::string seconds_text(const std::optional<Duration>& duration) {
    return duration ? fmt::format("{:.3f}", seconds(*duration)) : "-";
}

std::string party(const trace::Party& party) {
    return printable(party.number.empty() ? party.uri : party.number, 32);
}

std::string result(const trace::Call& call) {
    if (call.ending == trace::Ending::cancelled) return "cancelled";
    if (call.status == 0) return std::string(name(call.ending));
    return fmt::format("{} {}", call.status, printable(call.reason, 32));
}

std::string mos(const trace::Call& call) {
    auto one = [](const std::optional<double>& value) { return value ? fmt::format("{:.2f}", *value) : "-"; };
    return one(call.from_caller.mos) + "/" + one(call.from_callee.mos);
}

std::string digits(const trace::Call& call) {
    std::string made = call.from_caller.digits;
    if (!call.from_callee.digits.empty()) made += "/" + call.from_callee.digits;
    return made.empty() ? "-" : printable(made, 40);
}

}  // namespace

Record record(const trace::Call& call) {
    return {{"call_id", call.call_id},
            {"from", call.from.uri},
            {"from_display", text_or_null(call.from.display)},
            {"from_number", text_or_null(call.from.number)},
            {"to", call.to.uri},
            {"to_display", text_or_null(call.to.display)},
            {"to_number", text_or_null(call.to.number)},
            {"caller", call.caller.text()},
            {"callee", call.callee.text()},
            {"invited_at", rfc3339(call.invited, decimals)},
            {"ringing_at", time(call.ringing)},
            {"answered_at", time(call.answered)},
            {"ended_at", time(call.ended)},
            {"answered", call.answered.has_value()},
            {"status", call.status == 0 ? Value{} : Value{call.status}},
            {"reason", call.status == 0 ? Value{} : Value{call.reason}},
            {"ending", name(call.ending)},
            {"hung_up_by", call.hung_up_by ? Value{name(*call.hung_up_by)} : Value{}},
            {"post_dial_delay", span_of(call.post_dial_delay())},
            {"duration", span_of(call.duration())},
            {"codec", text_or_null(call.codec)},
            {"audio", call.audio()},
            {"from_caller", audio_record(call.from_caller)},
            {"from_callee", audio_record(call.from_callee)},
            {"branches", call.branches},
            {"messages", call.messages},
            {"retransmissions", call.retransmissions}};
}

std::string text(std::span<const trace::Call> calls) {
    using Side = TextTable::Side;
    if (calls.empty()) return {};
    TextTable table({{"invited", Side::left}, {"from", Side::left}, {"to", Side::left}, {"result", Side::left},
                     {"pdd s"}, {"talked s"}, {"hung up", Side::left}, {"codec", Side::left}, {"audio", Side::left},
                     {"MOS", Side::left}, {"digits", Side::left}, {"again"}, {"call-id", Side::left}});
    for (const trace::Call& call : calls)
        table.add({rfc3339(call.invited, 3), party(call.from), party(call.to), result(call),
                   seconds_text(call.post_dial_delay()), seconds_text(call.duration()),
                   call.hung_up_by ? std::string(name(*call.hung_up_by)) : "-",
                   call.codec.empty() ? "-" : printable(call.codec, 16), std::string(call.audio()), mos(call),
                   digits(call), fmt::format("{}", call.retransmissions), printable(call.call_id, 64)});
    return table.text();
}

}  // namespace trunkbox::output
