#include "store/replay.h"

#include <limits>
#include <unordered_map>

#include <fmt/format.h>

#include "store/history.h"

namespace trunkbox::store {

namespace {

using centrex::Row;
using centrex::Table;

// Rows as JSON, by table and key: what is written in the history is compared as it stands there.
class State {
  public:
    explicit State(std::size_t most) : most_(most) {}

    void hold(const std::string& name, std::string row) { rows_[name] = std::move(row); }
    void step(std::int64_t change, const std::string& name, const std::string& from, const std::string& to) {
        auto found = rows_.find(name);
        const auto& current = found == rows_.end() ? none_ : found->second;
        if (current != from) wrong(fmt::format("change {} found {} otherwise than it was left", change, name));
        if (to.empty())
            rows_.erase(name);
        else
            rows_[name] = to;
    }
    void compare(const std::string& name, const std::string& row) {
        auto found = rows_.find(name);
        if (found == rows_.end())
            wrong(fmt::format("{} is there, which the history does not know", name));
        else if (found->second != row)
            wrong(fmt::format("{} is otherwise than the history says", name));
        if (found != rows_.end()) rows_.erase(found);
    }
    std::vector<std::string> finish(std::string_view says) {
        for (const auto& [name, row] : rows_) wrong(fmt::format("{} {}", name, says));
        return std::move(findings_);
    }

  private:
    void wrong(std::string what) {
        if (findings_.size() < most_) findings_.push_back(std::move(what));
    }
    std::size_t most_;
    std::string none_{};
    std::unordered_map<std::string, std::string> rows_{};
    std::vector<std::string> findings_{};
};

std::string name_of(const Table& table, std::span<const centrex::Cell> key) {
    std::string name(table.name);
    for (std::size_t i = 0; i < table.keys; ++i) name += ' ' + shown(table.columns[i], key[i]);
    return name;
}

Result<void> each_row(DirectoryRows& rows, const std::function<void(const std::string&, std::string)>& take) {
    for (const auto& table : centrex::tables()) {
        auto done = rows.each(table, [&](const Row& row) -> Result<void> {
            take(name_of(table, row), centrex::json(table, row));
            return {};
        });
        if (!done) return done;
    }
    return {};
}

// The history as it is written: (change, row, before, after).
Result<void> each_change(Directory& directory, Direction direction,
                         const std::function<void(std::int64_t, const std::string&, const std::string&, const std::string&)>& take) {
    constexpr auto last = std::numeric_limits<std::int64_t>::max();
    return each_touched(directory.database(), 0, last, direction, [&](const TouchedRow& row) -> Result<void> {
        take(row.change, fmt::format("{} {}", row.table, row.key), std::string(row.before), std::string(row.after));
        return {};
    });
}

}  // namespace

Result<std::vector<std::string>> replay(Directory& directory, DirectoryRows& rows, std::size_t most) {
    State state(most);
    auto played = each_change(directory, Direction::forwards, [&](std::int64_t change, const std::string& name, const std::string& before,
                                                    const std::string& after) { state.step(change, name, before, after); });
    if (!played) return tl::unexpected(played.error());
    auto compared = each_row(rows, [&](const std::string& name, const std::string& row) { state.compare(name, row); });
    if (!compared) return tl::unexpected(compared.error());
    return state.finish("is in the history and not in the directory");
}

Result<std::vector<std::string>> take_back(Directory& directory, DirectoryRows& rows, std::size_t most) {
    State state(most);
    auto held = each_row(rows, [&](const std::string& name, std::string row) { state.hold(name, std::move(row)); });
    if (!held) return tl::unexpected(held.error());
    auto taken = each_change(directory, Direction::backwards, [&](std::int64_t change, const std::string& name, const std::string& before,
                                                  const std::string& after) { state.step(change, name, after, before); });
    if (!taken) return tl::unexpected(taken.error());
    return state.finish("is left when all changes are taken back");
}

}  // namespace trunkbox::store
