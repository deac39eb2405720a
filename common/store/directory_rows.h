// The rows of a directory in one transaction, by the tables' descriptions alone.
#pragma once

#include "centrex/edits.h"
#include "store/backlog.h"
#include "store/sql.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace trunkbox::store {

// Who changes something, and what the history says about it.
struct Edit {
    std::string command{};  // "number assign"
    std::string actor{};
    std::string host{};
    std::string message{};
    std::string plan{};                     // SHA-256 of the plan that was applied
    std::optional<std::int64_t> undo_of{};
    Time at{};
    bool dry_run = false;
    bool keep_rows = true;  // Outcome::rows is wanted; off for what is large
};

class DirectoryRows final : public centrex::Edits {
  public:
    // `edit` is null when nothing may be written. Both are borrowed.
    DirectoryRows(Database& database, const Edit* edit) : database_(database), edit_(edit), backlog_(database) {}

    [[nodiscard]] Result<std::optional<centrex::Row>> get(const centrex::Table& table, const centrex::Key& key) override;
    [[nodiscard]] Result<std::vector<centrex::Row>> find(const centrex::Query& query) override;
    [[nodiscard]] Result<const centrex::Row*> last_block(std::int64_t number) override;
    [[nodiscard]] Result<std::int64_t> revision(const centrex::Table& table, const centrex::Key& key) override;
    [[nodiscard]] Result<std::vector<std::int64_t>> without_row(std::int64_t first, std::int64_t last,
                                                                std::size_t count) override;
    [[nodiscard]] Result<void> each(const centrex::Table& table,
                                    const std::function<Result<void>(const centrex::Row&)>& take) override;
    [[nodiscard]] Result<std::vector<centrex::StateCount>> count_numbers(std::int64_t first, std::int64_t last) override;
    [[nodiscard]] Result<bool> put(const centrex::Table& table, centrex::Row row) override;
    [[nodiscard]] Result<bool> remove(const centrex::Table& table, const centrex::Key& key) override;
    [[nodiscard]] Time at() const override { return edit_ != nullptr ? edit_->at : Time{}; }

    // All that `work` does, or nothing of it when it fails.
    [[nodiscard]] Result<void> attempt(const std::function<Result<void>()>& work);
    // What waits until the end of the transaction.
    [[nodiscard]] Result<void> flush();
    // Until the database is nobody else's: before the transaction ends.
    [[nodiscard]] Result<void> wait() { return backlog_.wait(); }
    // The number of this change; 0 as long as nothing changed.
    [[nodiscard]] std::int64_t change() const { return change_; }
    [[nodiscard]] std::size_t changed_rows() const { return static_cast<std::size_t>(sequence_); }
    [[nodiscard]] std::vector<centrex::RowChange> take_rows() { return std::move(rows_); }

  private:
    // Once nothing is being written; the error that there may have been is flush's to tell.
    [[nodiscard]] Database& database() {
        static_cast<void>(backlog_.wait());
        return database_;
    }
    struct Texts {  // of one table
        std::string get{}, insert{}, update{}, remove{}, revision{}, all{};
    };
    struct Question {  // a query but for its values
        const centrex::Table* table = nullptr;
        std::vector<centrex::Match> where{};
        bool descending = false;
        bool limited = false;
        bool any_order = false;
        std::string sql{};
    };
    [[nodiscard]] const Texts& texts(const centrex::Table& table);
    [[nodiscard]] const std::string& text_of(const centrex::Query& query);
    [[nodiscard]] Result<void> run(const std::string& sql, std::span<const centrex::Cell> parameters);
    // A row that is not held back, over the one that was there.
    [[nodiscard]] Result<void> write_now(const centrex::Table& table, const centrex::Row& row, bool was_there);
    // Before the first write of an attempt: what it may have to be taken back to.
    [[nodiscard]] Result<void> save();
    // Before something is asked of a table whose new rows are held back.
    [[nodiscard]] Result<void> write_held(const centrex::Table& table);
    [[nodiscard]] Result<std::optional<centrex::Row>> get_number(std::int64_t number);
    // Whether no number of its chunk was there when the edit began.
    [[nodiscard]] Result<bool> in_fresh_chunk(std::int64_t number);
    // The block that a number may lie in, which is asked for each number of an edit: of many, from all blocks read at once.
    // Nothing: another query, or not one of many.
    [[nodiscard]] Result<const centrex::Row*> find_block(std::int64_t number);
    void forget_seen();
    void forget_known();
    [[nodiscard]] Result<void> begin_change();
    void note(const centrex::Table& table, const std::optional<centrex::Row>& before, const centrex::Row* after);
    [[nodiscard]] Result<void> check_references(const centrex::Table& table, const centrex::Row& row,
                                                const std::optional<centrex::Row>& before);
    [[nodiscard]] Result<void> check_reference(const centrex::Table& table,
                                               const std::string& tenant, const centrex::Column& column,
                                               const centrex::Cell& value);
    [[nodiscard]] Result<void> check_unique(const centrex::Table& table, const centrex::Row& row);
    [[nodiscard]] Result<void> remove_owned(const centrex::Table& table, const centrex::Key& key);
    [[nodiscard]] Result<void> check_unused(const centrex::Table& table, const centrex::Key& key);
    [[nodiscard]] Result<void> targets(const centrex::Table& table, const centrex::Key& key, bool add);
    [[nodiscard]] Result<bool> target_is_there(const std::string& tenant, const std::string& target);
    // Notes what has to be looked at when the edit is done, and looks at it.
    [[nodiscard]] Result<void> owe(const centrex::Table& table, const centrex::Row* before, const centrex::Row* after);
    [[nodiscard]] Result<void> owe_showing(const centrex::Cell& first, const centrex::Cell& last);
    [[nodiscard]] Result<void> owe_ranges(const centrex::Row& block);
    [[nodiscard]] Result<void> settle();
    [[nodiscard]] Result<void> flush_counts();
    void count_number(std::int64_t number, std::int64_t by);
    Result<void> add_gaps(std::int64_t first, std::int64_t last, std::size_t count, std::vector<std::int64_t>& free);
    struct Gap {  // chunks
        std::int64_t first, end;
    };
    [[nodiscard]] Result<Gap> skip_full(std::int64_t next, std::int64_t end);
    [[nodiscard]] Result<std::map<std::int64_t, std::int64_t>> used_of_chunks(std::int64_t first, std::int64_t last);

    Database& database_;
    const Edit* edit_;
    std::int64_t change_ = 0;
    std::int64_t sequence_ = 0;
    std::vector<centrex::RowChange> rows_;
    std::map<const centrex::Table*, Texts> texts_;
    std::deque<Question> questions_;
    std::optional<std::pair<std::int64_t, std::optional<centrex::Row>>> last_got_;  // the number that was asked for last
    std::unordered_set<std::string> known_;                     // rows that were seen and not removed since
    struct Named {
        bool there = false;
        std::string tenant{};
        centrex::Cell value{};
    };
    std::unordered_map<const centrex::Column*, Named> last_named_{};  // that is among known_
    struct Owed {  // by tenant
        std::set<std::pair<std::string, std::string>> led{};         // targets that lead elsewhere and were put
        std::set<std::pair<std::string, std::string>> showing{};     // users whose calls may show what they must not
        std::set<std::pair<std::string, std::int64_t>> ranges{};     // of numbers that may be shown
        std::set<std::pair<std::string, std::string>> extensions{};
        std::set<std::string> countries{};                           // tenants whose emergency numbers are others
        [[nodiscard]] bool none() const {
            return led.empty() && showing.empty() && ranges.empty() && extensions.empty() && countries.empty();
        }
    };
    Owed owed_{};
    std::vector<std::int64_t> attempted_;  // chunks that an attempt counted: one more, or one less as its negative
    std::map<std::int64_t, std::int64_t> counted_;    // by chunk of numbers
    std::map<std::int64_t, std::int64_t> counted_before_;  // the attempt under way
    Backlog backlog_;
    enum class Savepoint { none, wanted, set } savepoint_ = Savepoint::none;
    Backlog::Mark attempt_{};  // where the attempt under way began
    // Nobody else writes while an edit is under way, and a read is of one moment: what was read stays so.
    std::unordered_map<std::string, std::optional<centrex::Row>> seen_{};
    std::string asked_{};  // what seen_ is asked for, its room kept
    std::optional<std::map<std::int64_t, centrex::Row>> blocks_{};  // all, by their first number
    centrex::Row found_block_{};  // while they are not all known
    std::size_t asked_blocks_ = 0, asked_numbers_ = 0;
    struct Chunks {
        std::int64_t first = 0, last = -1;
        std::map<std::int64_t, std::int64_t> used{};
    };
    Chunks chunks_{};
};

}  // namespace trunkbox::store
