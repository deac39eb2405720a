#include "store/history.h"

#include <algorithm>
#include <array>
#include <deque>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace trunkbox::store {

using centrex::Cell;
using centrex::Row;
using centrex::Table;

namespace {

// So much stands in one row of "change_row" that the cost of a row is small, and no more than is read at once with ease.
constexpr std::size_t most_together = 200;
constexpr std::size_t longest_together = 16'384;

void begin_line(std::string& lines) {
    if (!lines.empty()) lines += '\n';
}

bool differs_by_number(const Table& table, const Row& row, const Row& above) {
    return table.keys == 1 && table.columns[0].kind == centrex::Kind::number &&
           std::equal(row.begin() + 1, row.end(), above.begin() + 1, above.end());
}

// The object above with another number as its first value; "" when it has none.
std::string with_number(std::string_view above, std::string_view number) {
    const auto begin = above.find(":\"") + 1;
    const auto end = begin == 0 ? begin : above.find('"', begin + 1);
    if (begin == 0 || end == std::string_view::npos) return {};
    return fmt::format("{}{}{}", above.substr(0, begin), number, above.substr(end + 1));
}

}  // namespace

void Touched::Side::add(const Table& table, const Row& row) {
    begin_line(lines);
    if (last.empty() || !differs_by_number(table, row, last)) {
        append_json(lines, table, row);
        last = row;
        return;
    }
    lines += '"';
    append_shown(lines, table.columns[0], row[0]);
    lines += '"';
}

void Touched::Side::cut(std::size_t length) {
    lines.resize(length);
    last.clear();
}

// What stands behind, which must not lean on what stays.
Touched::Side Touched::Side::split(std::size_t length) {
    Side rest{.lines = lines.size() > length ? lines.substr(length + 1) : std::string{}, .last = std::exchange(last, {})};
    lines.resize(length);
    if (!rest.lines.starts_with('"')) return rest;
    const auto object = std::string_view(lines).substr(lines.rfind("\n{") + 1);  // from 0 on if it is the first
    const auto end = std::min(rest.lines.find('\n'), rest.lines.size());
    rest.lines.replace(0, end, with_number(object.substr(0, object.find('\n')), rest.lines.substr(0, end)));
    return rest;
}

bool Touched::takes(const Table& table, std::int64_t change, bool had, bool has) const {
    return table_ == &table && change_ == change && had_ == had && has_ == has && extent_.count < most_together &&
           extent_.before + extent_.after < longest_together;
}

void Touched::add(const Row* before, const Row* after) {
    if (before != nullptr) before_.add(*table_, *before);
    if (after != nullptr) after_.add(*table_, *after);
    begin_line(keys_);
    const auto& row = before != nullptr ? *before : *after;
    for (std::size_t i = 0; i < table_->keys; ++i) {
        if (i > 0) keys_ += ' ';
        append_shown(keys_, table_->columns[i], row[i]);
    }
    extent_ = {extent_.count + 1, keys_.size(), before_.lines.size(), after_.lines.size()};
}

Row Touched::cells() const {
    return {change_,
            first_,
            static_cast<std::int64_t>(extent_.count),
            std::string(table_->name),
            keys_,
            had_ ? Cell{before_.lines} : Cell{},
            has_ ? Cell{after_.lines} : Cell{}};
}

std::span<const std::string> Touched::columns() {
    static const std::array<std::string, 7> names{"change", "seq", "rows", "table", "key", "before", "after"};
    return names;
}

void Touched::cut(Extent to) {
    extent_ = to;
    keys_.resize(to.keys);
    before_.cut(to.before);
    after_.cut(to.after);
}

Touched Touched::split(Extent at) {
    Touched rest(*table_, change_, first_ + static_cast<std::int64_t>(at.count), had_, has_);
    rest.before_ = before_.split(at.before);
    rest.after_ = after_.split(at.after);
    if (keys_.size() > at.keys) rest.keys_ = keys_.substr(at.keys + 1);
    keys_.resize(at.keys);
    rest.extent_ = {extent_.count - at.count, rest.keys_.size(), rest.before_.lines.size(), rest.after_.lines.size()};
    extent_ = at;
    return rest;
}

namespace {

struct Lines {
    std::vector<std::string_view> keys{}, before{}, after{};

    // False: they are not `count` of each, or one stands for nothing.
    bool read(std::string_view all_keys, const Cell& all_before, const Cell& all_after, std::size_t count) {
        keys = split(all_keys, '\n');
        before = sides(all_before, count);
        after = sides(all_after, count);
        return keys.size() == count && before.size() == count && after.size() == count && complete(before) && complete(after);
    }

  private:
    static std::vector<std::string_view> sides(const Cell& lines, std::size_t count) {
        if (centrex::is_null(lines)) return std::vector<std::string_view>(count);
        return split(centrex::text(lines), '\n');
    }
    bool complete(std::vector<std::string_view>& lines) {
        std::string_view above;
        for (auto& line : lines) {
            if (line.starts_with('"')) {
                line = completed_.emplace_back(with_number(above, line));
                if (line.empty()) return false;
            }
            above = line;
        }
        return true;
    }
    std::deque<std::string> completed_{};
};

Result<void> take_row(const Statement& statement, Direction direction,
                      const std::function<Result<void>(const TouchedRow&)>& take) {
    const auto change = centrex::integer(statement.cell(0));
    const auto table = statement.cell(2), keys = statement.cell(3), before = statement.cell(4), after = statement.cell(5);
    const auto count = static_cast<std::size_t>(std::clamp<std::int64_t>(centrex::integer(statement.cell(1)), 0, 1'000'000));
    Lines lines;
    if (!lines.read(centrex::text(keys), before, after, count))
        return failure(Fault::input, fmt::format("change {}", change), "its history is damaged", "take the last backup");
    for (std::size_t i = 0; i < count; ++i) {
        const auto at = direction == Direction::forwards ? i : count - 1 - i;
        auto taken = take({change, centrex::text(table), lines.keys[at], lines.before[at], lines.after[at]});
        if (!taken) return taken;
    }
    return {};
}

}  // namespace

Result<void> each_touched(Database& database, std::int64_t first, std::int64_t last, Direction direction,
                          const std::function<Result<void>(const TouchedRow&)>& take) {
    const std::array<Cell, 2> parameters{first, last};
    auto statement = database.prepare(
        fmt::format("SELECT \"change\", \"rows\", \"table\", \"key\", \"before\", \"after\" FROM \"change_row\" "
                    "WHERE \"change\" BETWEEN ? AND ? ORDER BY \"change\" {0}, \"seq\" {0}",
                    direction == Direction::forwards ? "ASC" : "DESC"));
    if (!statement) return tl::unexpected(statement.error());
    if (auto started = (*statement)->start(parameters); !started) return started;
    while (true) {
        auto there = (*statement)->step();
        Result<void> taken;
        if (there && *there) taken = take_row(**statement, direction, take);
        if (there && *there && taken) continue;
        (*statement)->finish();
        if (!there) return tl::unexpected(there.error());
        return taken;
    }
}

}  // namespace trunkbox::store
