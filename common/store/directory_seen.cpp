// What an edit of very many rows does not do for each of them: ask for what it has read already, write a single row, set a
// point to come back to that is not needed.
#include <array>

#include "store/directory_rows.h"
#include "store/directory_schema.h"

namespace trunkbox::store {

using centrex::Cell;
using centrex::Key;
using centrex::Row;
using centrex::Table;

namespace {

// Of an edit of a few rows nothing is read ahead.
constexpr std::size_t few = 16;
constexpr std::size_t most_seen = 50'000;

const Table& numbers() {
    static const Table& table = centrex::table("number");
    return table;
}

const Table& blocks() {
    static const Table& table = centrex::table("block");
    return table;
}

void seen_name(std::string& name, const Table& table, const Key& key) {
    name = table.name;
    for (const auto& cell : key) {
        name += '\n';
        append_shown(name, table.columns.front(), cell);
    }
}

void uncount(std::map<std::int64_t, std::int64_t>& counted, const std::vector<std::int64_t>& chunks) {
    for (auto chunk : chunks) counted[chunk > 0 ? chunk : -chunk] += chunk > 0 ? -1 : 1;
}

}  // namespace

void DirectoryRows::forget_seen() {
    seen_.clear();
    blocks_.reset();
    asked_blocks_ = 0;
}

void DirectoryRows::forget_known() {
    known_.clear();
    last_named_.clear();
}

Result<void> DirectoryRows::save() {
    if (savepoint_ != Savepoint::wanted) return {};
    if (auto written = backlog_.write_until(attempt_); !written) return written;
    attempt_ = {};
    // What was counted before the attempt may be written within it, and taken back with it.
    counted_before_ = counted_;
    uncount(counted_before_, attempted_);
    savepoint_ = Savepoint::set;
    return run("SAVEPOINT attempt", {});
}

Result<void> DirectoryRows::write_held(const Table& table) {
    if (&table != &numbers()) return {};
    if (backlog_.holds_numbers()) {
        if (auto saved = save(); !saved) return saved;
        if (auto written = backlog_.write(); !written) return written;
    }
    return savepoint_ == Savepoint::none ? database().finish_appending() : Result<void>{};
}

Result<void> DirectoryRows::attempt(const std::function<Result<void>()>& work) {
    if (backlog_.full())
        if (auto written = backlog_.write(); !written) return written;
    const auto change = change_;
    const auto sequence = sequence_;
    const auto rows = rows_.size();
    attempted_.clear();
    attempt_ = backlog_.mark();
    savepoint_ = Savepoint::wanted;
    std::optional<Owed> owed;
    if (!owed_.none()) owed = owed_;
    auto done = work();
    if (done) done = settle();
    const bool saved = std::exchange(savepoint_, Savepoint::none) == Savepoint::set;
    if (done) return saved ? run("RELEASE SAVEPOINT attempt", {}) : done;
    if (saved) {
        if (auto back = run("ROLLBACK TO SAVEPOINT attempt", {}); !back) return back;
        if (auto released = run("RELEASE SAVEPOINT attempt", {}); !released) return released;
        forget_seen();
        chunks_ = {};
    }
    backlog_.back_to(attempt_);
    if (saved)
        counted_ = std::move(counted_before_);
    else
        uncount(counted_, attempted_);
    change_ = change;
    sequence_ = sequence;
    rows_.resize(rows);
    owed_ = owed ? std::move(*owed) : Owed{};
    forget_known();
    last_got_.reset();
    return done;
}

Result<std::optional<Row>> DirectoryRows::get(const Table& table, const Key& key) {
    if (&table == &numbers()) return get_number(centrex::integer(key[0]));
    seen_name(asked_, table, key);
    if (auto found = seen_.find(asked_); found != seen_.end()) return found->second;
    auto row = database().one(texts(table).get, key, table.columns.size());
    if (!row) return row;
    if (seen_.size() >= most_seen) seen_.clear();
    seen_.emplace(asked_, *row);
    return row;
}

Result<std::optional<Row>> DirectoryRows::get_number(std::int64_t number) {
    if (const auto* held = backlog_.number(number)) return Row(held->begin(), held->end() - 1);
    if (edit_ != nullptr && ++asked_numbers_ > few && !backlog_.added(number)) {
        auto fresh = in_fresh_chunk(number);
        if (!fresh) return tl::unexpected(fresh.error());
        if (*fresh) return std::optional<Row>{};
    }
    auto& last = last_got_;
    if (last && last->first == number) return last->second;
    auto row = database().one(texts(numbers()).get, std::array<Cell, 1>{number}, numbers().columns.size());
    if (row) last.emplace(number, *row);
    return row;
}

Result<const Row*> DirectoryRows::last_block(std::int64_t number) {
    if (!blocks_ && ++asked_blocks_ <= few) return find_block(number);
    if (!blocks_) {
        std::map<std::int64_t, Row> all;
        auto read = each(blocks(), [&](const Row& row) -> Result<void> {
            all.emplace_hint(all.end(), centrex::integer(row[0]), row);
            return {};
        });
        if (!read) return tl::unexpected(read.error());
        blocks_ = std::move(all);
    }
    auto next = blocks_->upper_bound(number);
    return next == blocks_->begin() ? nullptr : &std::prev(next)->second;
}

Result<const Row*> DirectoryRows::find_block(std::int64_t number) {
    auto found = find({.table = &blocks(),
                       .where = {{.column = "first", .is = centrex::Match::Is::at_most, .value = number}},
                       .descending = true,
                       .limit = 1});
    if (!found) return tl::unexpected(found.error());
    if (found->empty()) return nullptr;
    found_block_ = std::move(found->front());
    return &found_block_;
}

Result<bool> DirectoryRows::in_fresh_chunk(std::int64_t number) {
    const auto chunk = number / usage_chunk;
    if (chunk < chunks_.first || chunk > chunks_.last) {
        constexpr std::int64_t ahead = 4096;
        auto used = used_of_chunks(chunk, chunk + ahead);
        if (!used) return tl::unexpected(used.error());
        chunks_ = {chunk, chunk + ahead, std::move(*used)};
    }
    auto used = chunks_.used.find(chunk);
    return used == chunks_.used.end() || used->second == 0;
}

}  // namespace trunkbox::store
