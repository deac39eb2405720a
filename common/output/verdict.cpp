#include "output/verdict.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "output/members.h"

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

void describe_finding(auto& members, const sbc::Finding& finding) {
    members.set("rule", finding.rule);
    members.set("action", sbc::text(finding.outcome));
    members.set("offset", std::int64_t{finding.offset});
    members.set("reason", finding.reason);
}

void describe_verdict(auto& members, const sip::MessageView& message, const sbc::Verdict& verdict) {
    set_or_null(members, "call_id", printable(message.value(sip::HeaderName::call_id), 256));
    set_or_null(members, "method", printable(method(message), 256));
    members.set("action", sbc::name(verdict.action));
    if (verdict.status == 0)
        members.set_null("status");
    else
        members.set("status", std::int64_t{verdict.status});
    if (verdict.rule.empty()) {
        for (auto name : {"rule", "reason", "offset"}) members.set_null(name);
    } else {
        members.set("rule", verdict.rule);
        members.set("reason", verdict.reason);
        members.set("offset", std::int64_t{verdict.offset});
    }
    members.list("findings", verdict.findings, [](auto& its, const sbc::Finding& finding) { describe_finding(its, finding); });
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

void append_json_line(std::string& into, const net::Datagram& datagram, const sip::MessageView& message,
                      const sbc::Verdict& verdict) {
    JsonMembers members(into);
    if (datagram.frames.empty())
        members.set_null("frame");
    else
        members.set("frame", static_cast<std::int64_t>(datagram.frames.back()));
    members.numbers("frames", datagram.frames);
    members.set("time", rfc3339(datagram.time, 9));
    members.set("src", datagram.from.text());
    members.set("dst", datagram.to.text());
    members.set("transport", net::name(datagram.transport));
    describe_verdict(members, message, verdict);
}

Record record(std::string_view file, const sip::MessageView& message, const sbc::Verdict& verdict) {
    Record record{{"file", file},       {"frame", Value()}, {"frames", Value::Array{}}, {"time", Value()},
                  {"src", Value()},     {"dst", Value()},   {"transport", Value()}};
    RecordMembers members(record);
    describe_verdict(members, message, verdict);
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
