#include "output/report.h"

#include <algorithm>

#include <fmt/format.h>

#include "output/xml.h"

namespace trunkbox::output {

namespace {

std::string unlisted(const Report& report) {
    auto more = report.failed - report.complaints.size();
    return more == 0 ? "" : fmt::format("{} more are not listed", more);
}

// A workflow command ends at a line end, its properties at ':' and ',', and '%' escapes.
std::string command_text(std::string_view text, bool property = false) {
    std::string made;
    for (char c : text) {
        bool escape = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
        made += escape ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
    }
    return made;
}

}  // namespace

std::string junit(const Report& report) {
    auto name = xml_text(report.suite + ": " + report.file);
    auto failing = report.complaints.size() + (unlisted(report).empty() ? 0 : 1);
    std::string made = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\">\n", name,
        failing + 1, failing);
    auto suite = xml_text(report.suite);
    made += fmt::format("<testcase classname=\"{}\" name=\"{} of {} messages as they should be\"/>\n", suite,
                        report.checked - std::min(report.checked, report.failed), report.checked);
    for (const auto& complaint : report.complaints)
        made += fmt::format("<testcase classname=\"{}\" name=\"{}\">\n<failure type=\"{}\" message=\"{}\"/>\n</testcase>\n", suite,
                            xml_text(complaint.name), xml_text(complaint.kind), xml_text(complaint.text));
    if (auto rest = unlisted(report); !rest.empty())
        made += fmt::format("<testcase classname=\"{}\" name=\"others\">\n<failure message=\"{}\"/>\n</testcase>\n", suite, rest);
    return made + "</testsuite>\n</testsuites>\n";
}

std::string github(const Report& report) {
    std::string made;
    for (const auto& complaint : report.complaints)
        made += fmt::format("::error title={}::{}: {}\n", command_text(complaint.kind, true),
                            command_text(complaint.name), command_text(complaint.text));
    if (auto rest = unlisted(report); !rest.empty()) made += fmt::format("::error::{}\n", rest);
    made += fmt::format("::notice::{}\n", command_text(fmt::format("{}: {} of {} messages failed", report.file, report.failed,
                                                                   report.checked)));
    return made;
}

}  // namespace trunkbox::output
