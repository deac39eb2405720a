// Carriers against each other, over the union of their prefixes.
#include "lcr/lint_checks.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

using Said = LintReport::Said;

constexpr std::size_t least_peers = 2;

class Peers {
  public:
    Peers(std::span<const Book> books, LintReport& report, const std::vector<std::vector<bool>>& suspected)
        : books_(books), report_(report), suspected_(suspected), next_(books.size(), 0), open_(books.size()),
          holes_(books.size()) {}

    void run() {
        for (;;) {
            auto key = std::numeric_limits<std::uint64_t>::max();
            for (std::size_t i = 0; i < books_.size(); ++i) {
                skip_lanes(i);
                if (next_[i] < books_[i].currents().size()) key = std::min(key, entry(i, next_[i]).key);
            }
            if (key == std::numeric_limits<std::uint64_t>::max()) return;
            for (std::size_t i = 0; i < books_.size(); ++i) step(i, key);
            for (std::size_t i = 0; i < books_.size(); ++i) {
                if (open_[i].empty()) continue;
                if (own(i, key))
                    check_outlier(i);
                else
                    check_hole(i, key);
            }
        }
    }

  private:
    [[nodiscard]] const Book::Entry& entry(std::size_t book, std::uint32_t current) const {
        return books_[book].entry(books_[book].currents()[current]);
    }
    [[nodiscard]] const Book::Entry& top(std::size_t book) const { return entry(book, open_[book].back()); }
    // Whether the carrier has a row for this very prefix.
    [[nodiscard]] bool own(std::size_t book, std::uint64_t key) const {
        return !open_[book].empty() && top(book).key == key;
    }
    [[nodiscard]] Money rate(std::size_t book, const Book::Entry& row) const { return books_[book].row(row).rate; }

    // Only rows for everybody are compared.
    void skip_lanes(std::size_t book) {
        auto& next = next_[book];
        while (next < books_[book].currents().size() && entry(book, next).lane != 0) ++next;
    }

    void step(std::size_t book, std::uint64_t key) {
        auto& open = open_[book];
        while (!open.empty() && !key_begins_with(key, entry(book, open.back()).key)) open.pop_back();
        if (next_[book] < books_[book].currents().size() && entry(book, next_[book]).key == key)
            open.push_back(next_[book]++);
    }

    // Whether a row of one carrier can be compared with that of another.
    [[nodiscard]] bool alike(std::size_t a, const Book::Entry& row_a, std::size_t b, const Book::Entry& row_b) const {
        const auto& terms_a = books_[a].terms(row_a);
        const auto& terms_b = books_[b].terms(row_b);
        return !terms_a.blocked && !terms_b.blocked && terms_a.currency == terms_b.currency;
    }

    void check_outlier(std::size_t book) {
        const auto& row = top(book);
        if (suspected_[book][open_[book].back()] || rate(book, row) == Money{}) return;
        rates_.clear();
        for (std::size_t peer = 0; peer < books_.size(); ++peer)
            if (peer != book && !open_[peer].empty() && alike(book, row, peer, top(peer)) && rate(peer, top(peer)) > Money{})
                rates_.push_back(rate(peer, top(peer)).units());
        if (rates_.size() < least_peers) return;
        auto middle = median(rates_);
        auto its = rate(book, row);
        if (!middle.is_far(its, report_.options().outlier_factor)) return;
        report_.add(Check::outlier, books_[book], row, [&] {
            return Said{fmt::format("'{}' costs {}, the median of {} other carriers is {}", books_[book].row(row).prefix.text(),
                                    its.text(), rates_.size(), middle.nearest(its).text()),
                        "compare the rate with the carrier's file"};
        });
    }

    // Whether the peer asks more here than around here, and more than the carrier's inherited price.
    [[nodiscard]] bool breaks_out(std::size_t peer, std::uint64_t key, std::size_t book) const {
        if (!own(peer, key)) return false;
        const auto& row = top(peer);
        if (books_[peer].terms(row).blocked) return true;
        if (!alike(book, top(book), peer, row) || rate(peer, row) <= rate(book, top(book))) return false;
        if (open_[peer].size() < 2) return true;
        const auto& around = entry(peer, open_[peer][open_[peer].size() - 2]);
        return alike(peer, row, peer, around) && rate(peer, row) > rate(peer, around);
    }

    void check_hole(std::size_t book, std::uint64_t key) {
        const auto& row = top(book);
        auto& hole = holes_[book];
        // What is below a hole is no other one.
        if (books_[book].terms(row).blocked || (hole.key != 0 && hole.row == open_[book].back() && key_begins_with(key, hole.key)))
            return;
        std::size_t peers = 0;
        std::optional<Money> least;
        for (std::size_t peer = 0; peer < books_.size(); ++peer) {
            if (peer == book || open_[peer].empty()) continue;
            if (!breaks_out(peer, key, book)) return;
            ++peers;
            if (!books_[peer].terms(top(peer)).blocked) least = std::min(least.value_or(rate(peer, top(peer))), rate(peer, top(peer)));
        }
        if (peers < least_peers || !least) return;
        hole = {key, open_[book].back()};
        report_.add(Check::margin_hole, books_[book], row, [&] {
            std::string digits;
            for (std::size_t peer = 0; digits.empty(); ++peer)
                if (own(peer, key)) digits = books_[peer].row(top(peer)).prefix.text();
            return Said{fmt::format("'{}' goes by '{}' at {}, {} other carriers ask {} or more for it", digits,
                                    books_[book].row(row).prefix.text(), rate(book, row).text(), peers, least->text()),
                        fmt::format("add a row for '{}'", digits)};
        });
    }

    struct Hole {
        std::uint64_t key = 0;
        std::uint32_t row = 0;
    };

    std::span<const Book> books_;
    LintReport& report_;
    const std::vector<std::vector<bool>>& suspected_;
    std::vector<std::uint32_t> next_;                // current of each carrier
    std::vector<std::vector<std::uint32_t>> open_;   // those that the prefix begins with, the longest last
    std::vector<Hole> holes_;                        // the last of each carrier
    std::vector<std::int64_t> rates_;
};

}  // namespace

void check_peers(std::span<const Book> books, LintReport& report, const std::vector<std::vector<bool>>& suspected) {
    if (books.size() > least_peers) Peers(books, report, suspected).run();
}

}  // namespace trunkbox::lcr
