#include "output/streams.h"

#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "output/text_table.h"

namespace trunkbox::output {
namespace {

constexpr int time_decimals = 6;

// `parts` of one: 100 keeps hundredths.
double rounded(double value, double parts) { return std::round(value * parts) / parts; }

Value payload_types(const trace::Stream& stream) {
    Value::Array made;
    for (const trace::Format& format : stream.formats)
        made.push_back(Record{{"payload_type", format.payload_type},
                              {"codec", format.codec ? Value{format.codec->name} : Value{}},
                              {"clock_rate", format.codec ? Value{format.codec->clock_rate} : Value{}},
                              {"packets", format.packets}});
    return made;
}

Value keys(const trace::Stream& stream) {
    Value::Array made;
    for (const trace::Digit& digit : stream.digits)
        made.push_back(Record{{"key", std::string(1, digit.key)},
                              {"time", rfc3339(digit.time, time_decimals)},
                              {"duration", Value::seconds(digit.duration)}});
    return made;
}

// Always the same names, so that a table of streams has one set of columns.
Record reported(const std::optional<trace::Reported>& reported) {
    if (!reported)
        return {{"reports", 0}, {"lost", nullptr}, {"max_fraction_lost", nullptr}, {"jitter", nullptr},
                {"round_trip", nullptr}};
    return {{"reports", reported->reports},
            {"lost", reported->lost},
            {"max_fraction_lost", rounded(reported->highest_fraction_lost, 1e4)},
            {"jitter", Value::seconds(reported->jitter)},
            {"round_trip", reported->round_trip ? Value::seconds(*reported->round_trip) : Value{}}};
}

std::string milliseconds(Duration duration) { return fmt::format("{:.3f}", seconds(duration) * 1000); }

}  // namespace

Record record(const trace::Stream& stream) {
    const auto& sequence = stream.sequence;
    return {{"id", stream.id},
            {"call_id", stream.call_id.empty() ? Value{} : Value{stream.call_id}},
            {"from", stream.from.text()},
            {"to", stream.to.text()},
            {"ssrc", fmt::format("0x{:08X}", stream.ssrc)},
            {"codec", stream.codec().empty() ? Value{} : Value{stream.codec()}},
            {"payload_types", payload_types(stream)},
            {"first", rfc3339(stream.first, time_decimals)},
            {"last", rfc3339(stream.last, time_decimals)},
            {"duration", Value::seconds(stream.duration())},
            {"packets", stream.packets},
            {"octets", stream.octets},
            {"bits_per_second", std::round(stream.bits_per_second())},
            {"expected", sequence.expected},
            {"lost", sequence.lost()},
            {"loss", rounded(sequence.loss(), 1e6)},
            {"duplicates", sequence.duplicates},
            {"reordered", sequence.reordered},
            {"gaps", sequence.gaps},
            {"longest_gap", sequence.longest_gap},
            {"restarts", sequence.restarts},
            {"jitter", Value::seconds(stream.jitter)},
            {"mean_jitter", Value::seconds(stream.mean_jitter)},
            {"max_jitter", Value::seconds(stream.highest_jitter)},
            {"ptime", Value::seconds(stream.ptime)},
            {"silence", Value::seconds(stream.silence)},
            {"comfort_noise", stream.comfort_noise},
            {"digits", stream.keys()},
            {"keys", keys(stream)},
            {"rtcp", reported(stream.reported)},
            {"delay", Value::seconds(stream.delay)},
            {"r", stream.rating ? Value{rounded(*stream.rating, 10)} : Value{}},
            {"mos", stream.mos ? Value{rounded(*stream.mos, 100)} : Value{}}};
}

std::string text(std::span<const trace::Stream> streams) {
    using Side = TextTable::Side;
    if (streams.empty()) return {};
    TextTable table({{"first", Side::left}, {"from", Side::left}, {"to", Side::left}, {"SSRC", Side::left},
                     {"codecs", Side::left}, {"s"}, {"packets"}, {"lost"}, {"loss"}, {"gap"}, {"late"}, {"twice"},
                     {"jitter ms"}, {"max"}, {"kbit/s"}, {"MOS"}, {"digits", Side::left}});
    for (const trace::Stream& stream : streams) {
        const auto& sequence = stream.sequence;
        table.add({rfc3339(stream.first, 3), stream.from.text(), stream.to.text(), fmt::format("0x{:08X}", stream.ssrc),
                   printable(stream.codecs(), 32), fmt::format("{:.2f}", seconds(stream.duration())),
                   fmt::format("{}", stream.packets), fmt::format("{}", sequence.lost()),
                   fmt::format("{:.2f} %", sequence.loss() * 100), fmt::format("{}", sequence.longest_gap),
                   fmt::format("{}", sequence.reordered), fmt::format("{}", sequence.duplicates),
                   milliseconds(stream.mean_jitter), milliseconds(stream.highest_jitter),
                   fmt::format("{:.1f}", stream.bits_per_second() / 1000),
                   stream.mos ? fmt::format("{:.2f}", *stream.mos) : "-",
                   stream.digits.empty() ? "-" : printable(stream.keys(), 32)});
    }
    return table.text();
}

}  // namespace trunkbox::output
