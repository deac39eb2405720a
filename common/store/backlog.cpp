#include "store/backlog.h"

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

template <class Element>
void erase_first(std::vector<Element>& rows, std::size_t count) {
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(count));
}

}  // namespace

void Backlog::add_number(Row row) {
    const auto number = centrex::integer(row[0]);
    places_[number] = numbers_.size();
    numbers_.push_back(std::move(row));
}

const Row* Backlog::number(std::int64_t number) const {
    auto found = places_.find(number);
    return found == places_.end() || found->second == written ? nullptr : &numbers_[found->second];
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

Result<void> Backlog::write_numbers(std::size_t count) {
    auto done = database_.append("number", number_columns(), std::span(numbers_).first(count));
    if (!done) return done;
    for (const auto& row : std::span(numbers_).first(count)) places_[centrex::integer(row[0])] = written;
    erase_first(numbers_, count);
    for (std::size_t i = 0; i < numbers_.size(); ++i) places_[centrex::integer(numbers_[i][0])] = i;
    return {};
}

Result<void> Backlog::write_touched(Mark mark) {
    auto count = mark.touched;
    if (mark.of_next.count > 0) {
        auto rest = touched_[count].split(mark.of_next);
        ++count;
        if (rest.count() > 0) touched_.insert(touched_.begin() + static_cast<std::ptrdiff_t>(count), std::move(rest));
    }
    std::vector<Row> rows;
    rows.reserve(count);
    for (const auto& one : std::span(touched_).first(count)) rows.push_back(one.cells());
    if (auto done = database_.append("change_row", Touched::columns(), rows); !done) return done;
    erase_first(touched_, count);
    count_held();
    return {};
}

Result<void> Backlog::write_until(Mark mark) {
    if (mark.numbers > 0)
        if (auto done = write_numbers(mark.numbers); !done) return done;
    if (mark.touched > 0 || mark.of_next.count > 0) return write_touched(mark);
    return {};
}

void Backlog::back_to(Mark mark) {
    for (auto i = mark.numbers; i < numbers_.size(); ++i) places_.erase(centrex::integer(numbers_[i][0]));
    numbers_.resize(mark.numbers);
    const bool part = mark.of_next.count > 0;
    touched_.erase(touched_.begin() + static_cast<std::ptrdiff_t>(mark.touched + (part ? 1 : 0)), touched_.end());
    if (part) touched_.back().cut(mark.of_next);
    count_held();
}

}  // namespace trunkbox::store
