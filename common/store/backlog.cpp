#include "store/backlog.h"

#include <array>

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

const std::vector<std::string> note_columns{"change", "seq", "table", "key", "before", "after"};

void erase_first(std::vector<Row>& rows, std::size_t count) {
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(count));
}

}  // namespace

void Backlog::add_number(Row row) {
    const auto number = centrex::integer(row[0]);
    places_[number] = numbers_.size();
    added_.insert(number);
    numbers_.push_back(std::move(row));
}

const Row* Backlog::number(std::int64_t number) const {
    auto found = places_.find(number);
    return found == places_.end() ? nullptr : &numbers_[found->second];
}

Result<void> Backlog::write_until(Mark mark) {
    if (mark.numbers > 0) {
        auto done = database_.append("number", number_columns(), std::span(numbers_).first(mark.numbers));
        if (!done) return done;
        erase_first(numbers_, mark.numbers);
        places_.clear();
        for (std::size_t i = 0; i < numbers_.size(); ++i) places_[centrex::integer(numbers_[i][0])] = i;
    }
    if (mark.notes > 0) {
        if (auto done = database_.append("change_row", note_columns, std::span(notes_).first(mark.notes)); !done) return done;
        erase_first(notes_, mark.notes);
    }
    return {};
}

void Backlog::back_to(Mark mark) {
    for (auto i = mark.numbers; i < numbers_.size(); ++i) {
        places_.erase(centrex::integer(numbers_[i][0]));
        added_.erase(centrex::integer(numbers_[i][0]));
    }
    numbers_.resize(mark.numbers);
    notes_.resize(mark.notes);
}

}  // namespace trunkbox::store
