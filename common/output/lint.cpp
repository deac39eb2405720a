#include "output/lint.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::output {

namespace {

std::string where(const lcr::LintFinding& finding) {
    return finding.line == 0 ? finding.file : fmt::format("{}:{}", finding.file, finding.line);
}

}  // namespace

Record record(const lcr::LintFinding& finding) {
    return {{"file", finding.file},
            {"line", finding.line == 0 ? Value() : Value(finding.line)},
            {"severity", lcr::name(finding.severity)},
            {"check", lcr::name(finding.check)},
            {"prefix", finding.prefix},
            {"text", finding.text},
            {"fix", finding.fix},
            {"count", finding.count}};
}

std::string text(const lcr::LintFinding& finding) {
    return fmt::format("{}{}{} {}: {}{}{}", where(finding), finding.file.empty() ? "" : ": ",
                       lcr::name(finding.severity), lcr::name(finding.check), finding.text, finding.fix.empty() ? "" : "; ", finding.fix);
}

std::string summary(std::span<const lcr::LintFinding> findings) {
    auto count = [&](lcr::Severity severity) {
        return std::ranges::count(findings, severity, &lcr::LintFinding::severity);
    };
    return fmt::format("{} errors, {} warnings, {} notes", count(lcr::Severity::error),
                       count(lcr::Severity::warning), count(lcr::Severity::note));
}

}  // namespace trunkbox::output
