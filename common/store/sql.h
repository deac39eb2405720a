// What the directory asks of a database: prepared statements over cells. Both engines read the same SQL, with '?' for
// parameters and names in double quotes.
#pragma once

#include "base/result.h"
#include "centrex/row.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace trunkbox::store {

class Statement {
  public:
    Statement() = default;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    virtual ~Statement() = default;

    // Starts anew with these parameters; they must live until the last step.
    [[nodiscard]] virtual Result<void> start(std::span<const centrex::Cell> parameters) = 0;
    // True: a row is there to be read.
    [[nodiscard]] virtual Result<bool> step() = 0;
    [[nodiscard]] virtual centrex::Cell cell(std::size_t column) const = 0;
    // The statement is done with, also before its last row: nothing stays open.
    virtual void finish() = 0;
};

class Database {
  public:
    enum class Engine { sqlite, postgresql };

    Database() = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    virtual ~Database() = default;

    [[nodiscard]] virtual Engine engine() const = 0;
    // Kept by its text; valid as long as the database. Not to be started anew before it is finished.
    [[nodiscard]] virtual Result<Statement*> prepare(const std::string& sql) = 0;
    // The same for an answer of very many rows, which is not held as a whole; only within a transaction.
    [[nodiscard]] virtual Result<Statement*> prepare_walk(const std::string& sql) { return prepare(sql); }
    // Rows put into a table, as many at once as there are: the fastest way that the engine has.
    [[nodiscard]] virtual Result<void> append(const std::string& table, std::span<const std::string> columns,
                                              std::span<const centrex::Row> rows);
    // Before much is asked of what was appended in this transaction, and not between a savepoint and its end: indexes may
    // have been left for later.
    [[nodiscard]] virtual Result<void> finish_appending() { return {}; }
    [[nodiscard]] virtual Result<void> execute(const std::string& sql) = 0;
    // A transaction that may write waits for its turn here, not at its first write. Fault::timeout: in vain.
    [[nodiscard]] virtual Result<void> begin(bool to_write) = 0;
    [[nodiscard]] virtual Result<void> commit() = 0;
    virtual void rollback() = 0;

    // For statements that answer with one row at most, or none that matters.
    [[nodiscard]] Result<std::optional<centrex::Row>> one(const std::string& sql,
                                                          std::span<const centrex::Cell> parameters = {},
                                                          std::size_t columns = 1);
};

}  // namespace trunkbox::store
