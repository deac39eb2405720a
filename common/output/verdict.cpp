#include "output/verdict.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace trunkbox::output {

namespace {

Value bytes_or_null(std::string_view text) { return text.empty() ? Value{} : Value{printable(text, 256)}; }

// A response's is its CSeq's.
std::string_view method(const sip::MessageView& message) {
    if (message.is_request()) return message.method();
    auto cseq = message.value(sip::HeaderName::cseq);
    auto space = cseq.find_first_of(" \t");
    return space == std::string_view::npos ? std::string_view{} : trim(cseq.substr(space));
}

Value::Array findings(const sbc::Verdict& verdict) {
    Value::Array all;
    for (const auto& finding : verdict.findings)
        all.emplace_back(Record{{"rule", finding.rule},
                                {"action", sbc::text(finding.outcome)},
                                {"offset", finding.offset},
                                {"reason", finding.reason}});
    return all;
}

void add_verdict(Record& record, const sip::MessageView& message, const sbc::Verdict& verdict) {
    record.set("call_id", bytes_or_null(message.value(sip::HeaderName::call_id)));
    record.set("method", bytes_or_null(method(message)));
    record.set("action", sbc::name(verdict.action));
    record.set("status", verdict.status == 0 ? Value() : Value(verdict.status));
    record.set("rule", bytes_or_null(verdict.rule));
    record.set("reason", verdict.rule.empty() ? Value() : Value(verdict.reason));
    record.set("offset", verdict.rule.empty() ? Value() : Value(verdict.offset));
    record.set("findings", findings(verdict));
}

std::string finding_lines(const sbc::Verdict& verdict) {
    std::string lines;
    for (const auto& finding : verdict.findings)
        lines += fmt::format("\n    {} by {} at byte {}: {}", sbc::text(finding.outcome), finding.rule, finding.offset,
                             finding.reason);
    return lines;
}

// The line around the offset and a mark below its byte. A long line is shown from a little before it.
std::string line_at_fault(std::string_view bytes, std::size_t offset) {
    constexpr std::size_t before = 40;
    constexpr std::size_t most = 100;
    offset = std::min(offset, bytes.size());
    auto begin = offset == 0 ? std::string_view::npos : bytes.rfind('\n', offset - 1);
    begin = begin == std::string_view::npos ? 0 : begin + 1;
    if (offset - begin > before) begin = offset - before;
    auto end = std::min(bytes.find_first_of("\r\n", offset), bytes.size());
    auto shown = printable(bytes.substr(begin, std::min(end - begin, most)), most);
    auto mark = printable(bytes.substr(begin, offset - begin), most).size();
    return fmt::format("\n    {}\n    {:>{}}", shown, '^', mark + 1);
}

}  // namespace

Record record(const net::Datagram& datagram, const sip::MessageView& message, const sbc::Verdict& verdict) {
    Record record{{"frame", datagram.frames.empty() ? Value() : Value(datagram.frames.back())},
                  {"frames", list(datagram.frames)},
                  {"time", rfc3339(datagram.time, 9)},
                  {"src", datagram.from.text()},
                  {"dst", datagram.to.text()},
                  {"transport", net::name(datagram.transport)}};
    add_verdict(record, message, verdict);
    return record;
}

Record record(std::string_view file, const sip::MessageView& message, const sbc::Verdict& verdict) {
    Record record{{"file", file},       {"frame", Value()}, {"frames", Value::Array{}}, {"time", Value()},
                  {"src", Value()},     {"dst", Value()},   {"transport", Value()}};
    add_verdict(record, message, verdict);
    return record;
}

std::string in_words(const sbc::Verdict& verdict) {
    std::string words(sbc::name(verdict.action));
    if (verdict.status != 0) words += fmt::format(" {}", verdict.status);
    if (!verdict.rule.empty()) words += fmt::format(" by {} at byte {}: {}", verdict.rule, verdict.offset, verdict.reason);
    return words;
}

std::string text(const net::Datagram& datagram, const sip::MessageView& message, const sbc::Verdict& verdict) {
    auto what = message.is_response() ? fmt::format("{} {}", message.status_text(), method(message))
                                      : std::string(method(message));
    return fmt::format("{}  {}  {} > {}  {}  {}{}", datagram.frames.empty() ? 0 : datagram.frames.back(),
                       rfc3339(datagram.time, 6), datagram.from.text(), datagram.to.text(), printable(what, 32),
                       in_words(verdict), finding_lines(verdict));
}

std::string text(std::string_view file, const sip::MessageView& message, const sbc::Verdict& verdict) {
    auto line = fmt::format("{}: {}", printable(file, 200), in_words(verdict));
    if (!verdict.rule.empty()) line += line_at_fault(message.bytes(), verdict.offset);
    return line + finding_lines(verdict);
}

Record record(const sbc::FilterSummary& summary) {
    Record rules;
    for (const auto& [id, count] : summary.rules) rules.set(std::string(id), count);
    return {{"frames", summary.frames},     {"accepted", summary.accepted}, {"rejected", summary.rejected},
            {"non_sip", summary.non_sip},   {"unknown", summary.unknown},   {"messages", summary.messages},
            {"calls", summary.calls},       {"alerts", summary.alerts},     {"rules", std::move(rules)}};
}

std::string text(const sbc::FilterSummary& summary) {
    auto all = fmt::format(
        "{} frames: {} accepted, {} rejected, {} non-SIP, {} unknown\n{} SIP messages, {} calls, {} alerts", summary.frames,
        summary.accepted, summary.rejected, summary.non_sip, summary.unknown, summary.messages, summary.calls,
        summary.alerts);
    std::size_t width = 0;
    for (const auto& [id, count] : summary.rules) width = std::max(width, fmt::formatted_size("{}", count));
    for (const auto& [id, count] : summary.rules)
        all += fmt::format("\n{:>{}}  {}  {}", count, width + 2, id, sbc::find_rule(id)->what);
    return all;
}

Record record(const sbc::Rule& rule) {
    Record parameters;
    for (const auto& parameter : rule.parameters)
        parameters.set(std::string(parameter.name), Record{{"what", parameter.what},
                                                           {"strict", parameter.strict},
                                                           {"lenient", parameter.lenient},
                                                           {"least", parameter.least},
                                                           {"most", parameter.most}});
    return {{"rule", rule.id},
            {"what", rule.what},
            {"strict", sbc::text(rule.usual.strict)},
            {"lenient", sbc::text(rule.usual.lenient)},
            {"cases", bytes_or_null(rule.cases)},
            {"source", rule.source},
            {"scope", sbc::name(rule.scope)},
            {"risk", sbc::name(rule.risk)},
            {"parameters", std::move(parameters)}};
}

std::string text(const sbc::Rule& rule) {
    auto all = fmt::format("{}  {}\n  strict   {}\n  lenient  {}\n", rule.id, rule.what, sbc::text(rule.usual.strict),
                           sbc::text(rule.usual.lenient));
    if (!rule.cases.empty()) all += fmt::format("  but      {}\n", rule.cases);
    all += fmt::format("  source   {}\n  needs    {}\n  risk     {} of hitting what is no fault\n", rule.source,
                       sbc::name(rule.scope), sbc::name(rule.risk));
    for (const auto& parameter : rule.parameters)
        all += fmt::format("  {} = {} (lenient {}; {} to {}): {}\n", parameter.name, parameter.strict, parameter.lenient,
                           parameter.least, parameter.most, parameter.what);
    return all;
}

}  // namespace trunkbox::output
