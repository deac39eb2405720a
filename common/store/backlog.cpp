#include "store/backlog.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "centrex/schema.h"

namespace trunkbox::store {

using centrex::Row;

namespace {

const std::vector<std::string>& number_columns() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> names;
        for (const auto& column : centrex::table("number").columns) names.emplace_back(column.name);
        names.emplace_back("rev");
        return names;
    }();
    return all;
}

// As many rows as a thread is worth starting for.
constexpr std::size_t many = 2'000;

// The first of them, which are taken out.
template <class Element>
std::vector<Element> take_first(std::vector<Element>& rows, std::size_t count) {
    if (count == rows.size()) return std::exchange(rows, {});
    const auto end = rows.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<Element> first(std::make_move_iterator(rows.begin()), std::make_move_iterator(end));
    rows.erase(rows.begin(), end);
    return first;
}

}  // namespace

void Backlog::add_number(Row row) {
    const auto number = centrex::integer(row[0]);
    added_[number / 64] |= std::uint64_t{1} << (number % 64);
    numbers_.push_back(std::move(row));
}

const Row* Backlog::number(std::int64_t number) {
    if (numbers_.empty() || !added(number)) return nullptr;
    for (; placed_ < numbers_.size(); ++placed_) places_[centrex::integer(numbers_[placed_][0])] = placed_;
    auto found = places_.find(number);
    return found == places_.end() ? nullptr : &numbers_[found->second];
}

bool Backlog::added(std::int64_t number) const {
    auto found = added_.find(number / 64);
    return found != added_.end() && (found->second >> (number % 64) & 1U) != 0;
}

void Backlog::add_touched(std::int64_t change, std::int64_t sequence, const centrex::Table& table, const Row* before,
                          const Row* after) {
    const bool had = before != nullptr, has = after != nullptr;
    if (touched_.empty() || !touched_.back().takes(table, change, had, has))
        touched_.emplace_back(table, change, sequence, had, has);
    touched_.back().add(before, after);
    ++held_;
}

void Backlog::count_held() {
    held_ = 0;
    for (const auto& one : touched_) held_ += one.count();
}

Backlog::Mark Backlog::mark() const {
    if (touched_.empty()) return {.numbers = numbers_.size()};
    return {.numbers = numbers_.size(), .touched = touched_.size() - 1, .of_next = touched_.back().extent()};
}

std::vector<Row> Backlog::take_numbers(std::size_t count) {
    places_.clear();
    placed_ = 0;
    return take_first(numbers_, count);
}

Backlog::Batch Backlog::take(Mark mark) {
    Batch batch{.numbers = take_numbers(mark.numbers)};
    auto count = mark.touched;
    if (mark.of_next.count > 0) {
        auto rest = touched_[count].split(mark.of_next);
        ++count;
        if (rest.count() > 0) touched_.insert(touched_.begin() + static_cast<std::ptrdiff_t>(count), std::move(rest));
    }
    batch.touched = take_first(touched_, count);
    count_held();
    return batch;
}

Result<void> Backlog::Batch::write(Database& database) const {
    if (auto done = database.append("number", number_columns(), numbers); !done) return done;
    std::vector<Row> rows;
    rows.reserve(touched.size());
    for (const auto& one : touched) rows.push_back(one.cells());
    return database.append("change_row", Touched::columns(), rows);
}

Result<void> Backlog::wait() {
    if (!writing_.valid()) return written_well_;
    auto done = writing_.get();
    if (written_well_) written_well_ = std::move(done);
    return written_well_;
}

Result<void> Backlog::write_until(Mark mark) {
    auto batch = take(mark);
    // What the last one held is given back when this one is under way.
    const auto last = writing_.valid() ? writing_.share() : std::shared_future<Result<void>>{};
    if (last.valid() && written_well_) written_well_ = last.get();
    if (!written_well_) return written_well_;
    if (batch.numbers.size() < many) return batch.write(database_);
    writing_ = std::async(std::launch::async, [&database = database_, batch = std::move(batch)] { return batch.write(database); });
    return {};
}

void Backlog::back_to(Mark mark) {
    for (auto i = mark.numbers; i < placed_; ++i) places_.erase(centrex::integer(numbers_[i][0]));
    placed_ = std::min(placed_, mark.numbers);
    numbers_.resize(mark.numbers);
    const bool part = mark.of_next.count > 0;
    touched_.erase(touched_.begin() + static_cast<std::ptrdiff_t>(mark.touched + (part ? 1 : 0)), touched_.end());
    if (part) touched_.back().cut(mark.of_next);
    count_held();
}

}  // namespace trunkbox::store
