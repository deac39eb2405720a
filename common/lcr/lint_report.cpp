#include "lcr/lint_report.h"

#include <algorithm>
#include <chrono>
#include <tuple>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

constexpr std::size_t most_examples = 5;

// Half of a real deck can be of these, and one of them tells as much as all.
bool is_summarised(Check check) {
    return check == Check::redundant || check == Check::no_destination || check == Check::expired;
}

const LintCheck& entry_of(Check check) {
    return lint_checks()[static_cast<std::size_t>(check)];
}

}  // namespace

std::string date_text(Time time) {
    constexpr std::size_t date_letters = 10;
    auto text = rfc3339(time, 0);
    return time == std::chrono::floor<std::chrono::days>(time) ? text.substr(0, date_letters) : text;
}

LintFinding* LintReport::keep(Check check, const Book& book, const Book::Entry& entry) {
    if (!wants(check)) return nullptr;
    auto deck = book.first_deck() + entry.deck;
    const auto& row = book.row(entry);
    auto& tally = tallies_[{deck, check}];
    auto most = is_summarised(check) ? 0 : options_.most;
    if (!options_.all && tally.kept >= most) {
        if (tally.left_out++ < most_examples)
            tally.examples += fmt::format("{}'{}' (line {})", tally.examples.empty() ? "" : ", ", row.prefix.text(), row.line);
        return nullptr;
    }
    ++tally.kept;
    findings_.push_back({deck,
                         {.check = check,
                          .severity = entry_of(check).severity,
                          .file = book.deck(entry).file(),
                          .line = row.line,
                          .prefix = row.prefix.text()}});
    return &findings_.back().finding;
}

void LintReport::summarise(const std::string& file, std::size_t rows, std::size_t deck, Check check,
                           const Tally& tally) {
    auto text = tally.kept > 0
                    ? fmt::format("{} more: {}", tally.left_out, entry_of(check).what)
                    : fmt::format("{} of {} rows: {}", tally.left_out, rows, entry_of(check).what);
    findings_.push_back({deck,
                         {.check = check,
                          .severity = entry_of(check).severity,
                          .file = file,
                          .text = fmt::format("{}, e.g. {}", text, tally.examples),
                          .count = tally.left_out}});
}

std::vector<LintFinding> LintReport::finish(std::span<const CarrierDecks> carriers) {
    std::size_t deck = 0;
    for (const auto& carrier : carriers)
        for (const auto& one : carrier.decks) {
            for (const auto& check : lint_checks())
                if (auto tally = tallies_.find({deck, check.check}); tally != tallies_.end())
                    if (tally->second.left_out > 0) summarise(one.file(), one.size(), deck, check.check, tally->second);
            ++deck;
        }
    // What speaks of a whole file stands behind its rows.
    std::ranges::stable_sort(findings_, {}, [](const Placed& placed) {
        return std::tuple(placed.deck, placed.finding.line - 1, placed.finding.check);
    });
    std::vector<LintFinding> result;
    result.reserve(findings_.size());
    for (auto& placed : findings_) result.push_back(std::move(placed.finding));
    return result;
}

}  // namespace trunkbox::lcr
