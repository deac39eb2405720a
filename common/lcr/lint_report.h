// Findings as the checks make them, kept within the limits that were asked for.
#pragma once

#include "lcr/lint.h"
#include "lcr/lint_book.h"

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace trunkbox::lcr {

// "2026-12-01", with the time of day where it is not midnight.
[[nodiscard]] std::string date_text(Time time);

class LintReport {
  public:
    explicit LintReport(const LintOptions& options) : options_(options) {}

    [[nodiscard]] const LintOptions& options() const { return options_; }
    [[nodiscard]] bool wants(Check check) const { return !options_.without.contains(check); }

    struct Said {
        std::string text, fix;
    };
    // `say` makes the words, and is only asked when the finding is kept.
    template <class Say>
    void add(Check check, const Book& book, const Book::Entry& entry, Say say) {
        if (auto* finding = keep(check, book, entry)) {
            Said said = say();
            finding->text = std::move(said.text);
            finding->fix = std::move(said.fix);
        }
    }
    // The same of so many rows, with a severity of its own.
    template <class Say>
    void add(Check check, const Book& book, const Book::Entry& entry, std::size_t count, Severity severity, Say say) {
        if (auto* finding = keep(check, book, entry)) {
            Said said = say();
            finding->text = std::move(said.text);
            finding->fix = std::move(said.fix);
            finding->count = count;
            finding->severity = severity;
        }
    }

    // In order, with what was left out counted.
    [[nodiscard]] std::vector<LintFinding> finish(std::span<const CarrierDecks> carriers);

  private:
    struct Tally {
        std::size_t kept = 0, left_out = 0;
        std::string examples{};  // of those left out
    };
    struct Placed {
        std::size_t deck = 0;
        LintFinding finding{};
    };
    LintFinding* keep(Check check, const Book& book, const Book::Entry& entry);
    void summarise(const std::string& file, std::size_t rows, std::size_t deck, Check check, const Tally& tally);

    const LintOptions& options_;
    std::vector<Placed> findings_;
    std::map<std::pair<std::size_t, Check>, Tally> tallies_;  // by deck of all carriers
};

}  // namespace trunkbox::lcr
