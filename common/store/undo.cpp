// A change taken back by another, which stands in the history as well.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "store/directory.h"

namespace trunkbox::store {

using centrex::Row;
using centrex::RowChange;

namespace {

Result<std::vector<RowChange>> rows_of(Directory& directory, std::int64_t change) {
    std::vector<RowChange> rows;
    auto done = directory.each_row_change(change, change, [&](std::int64_t, RowChange row) -> Result<void> {
        rows.push_back(std::move(row));
        return {};
    });
    if (!done) return tl::unexpected(done.error());
    return rows;
}

Result<std::string> later_changes(Directory& directory, std::int64_t change, const std::vector<RowChange>& rows) {
    std::set<std::int64_t> later;
    auto last = directory.last_change();
    if (!last) return tl::unexpected(last.error());
    auto done = directory.each_row_change(change + 1, *last, [&](std::int64_t number, const RowChange& other) -> Result<void> {
        const bool same = std::any_of(rows.begin(), rows.end(), [&](const RowChange& row) {
            return row.table == other.table && row.key() == other.key();
        });
        if (same) later.insert(number);
        return {};
    });
    if (!done) return tl::unexpected(done.error());
    return fmt::format("{}", fmt::join(later, ", "));
}

// What each row was before the change and after all of it: a change may touch a row more than once.
std::vector<RowChange> net_changes(const std::vector<RowChange>& rows) {
    std::vector<RowChange> net;
    for (const auto& row : rows) {
        auto same = std::find_if(net.begin(), net.end(),
                                 [&](const RowChange& known) { return known.table == row.table && known.key() == row.key(); });
        if (same == net.end())
            net.push_back(row);
        else
            same->after = row.after;
    }
    return net;
}

}  // namespace

Result<Directory::Outcome> undo(Directory& directory, std::int64_t change, Edit edit) {
    auto entry = directory.change(change);
    if (!entry) return tl::unexpected(entry.error());
    auto rows = rows_of(directory, change);
    if (!rows) return tl::unexpected(rows.error());
    edit.undo_of = change;
    return directory.edit(edit, [&](DirectoryRows& now) -> Result<void> {
        auto net = net_changes(*rows);
        std::size_t as_before = 0;
        std::size_t as_after = 0;
        for (const auto& row : net) {
            auto current = now.get(*row.table, row.key());
            if (!current) return tl::unexpected(current.error());
            if (*current == row.before) ++as_before;
            if (*current == row.after) ++as_after;
        }
        if (as_before == net.size()) return {};
        if (as_after != net.size()) {
            auto later = later_changes(directory, change, net);
            if (!later) return tl::unexpected(later.error());
            return centrex::against("undo", fmt::format("later changes touched what change {} did: {}", change, *later),
                                    "undo those first, the latest first");
        }
        for (auto row = rows->rbegin(); row != rows->rend(); ++row) {
            auto done = row->before ? now.put(*row->table, *row->before) : now.remove(*row->table, row->key());
            if (!done) return tl::unexpected(done.error());
        }
        return {};
    });
}

}  // namespace trunkbox::store
