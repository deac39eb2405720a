#include "store/sqlite.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <thread>
#include <unordered_map>

#include <fcntl.h>
#include <sys/stat.h>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include "base/text.h"
#include "config/files.h"
#include "store/descriptor.h"
#include "store/sqlite_references.h"

namespace trunkbox::store {

namespace {

using centrex::Cell;
using centrex::Row;
using Clock = std::chrono::steady_clock;

tl::unexpected<Error> broken(const std::string& path, int code, const std::string& says) {
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return failure(Fault::timeout, path, "the directory is locked by another", "wait longer with --wait");
        case SQLITE_NOTADB: return failure(Fault::input, path, "is no directory", "name a file that 'centrex init' made");
        case SQLITE_CORRUPT: return failure(Fault::input, path, "is damaged: " + says, "take the last backup");
        case SQLITE_FULL: return failure(Fault::system, path, "the disk is full; nothing was changed", "make room");
        case SQLITE_READONLY: return failure(Fault::system, path, "cannot be written: " + says, "look at its mode");
        default: return failure(Fault::system, path, says);
    }
}

// Waits for locks in random pauses: SQLite's own back-off lets late comers starve. In shorter pauses those who wait take
// more of the processor than the one who writes.
class Patience {
  public:
    explicit Patience(Duration wait) : wait_(wait), random_(std::random_device{}()) {}
    bool again(int times) {
        if (times == 0) began_ = Clock::now();
        if (Clock::now() - began_ >= wait_) return false;
        std::this_thread::sleep_for(std::chrono::microseconds{1000 + random_() % 9000});
        return true;
    }
    static int ask(void* patience, int times) { return static_cast<Patience*>(patience)->again(times) ? 1 : 0; }

  private:
    Duration wait_;
    Clock::time_point began_{};
    std::minstd_rand random_;
};

// Which columns have a value in any of some rows, and which of those have the same in all. One without any is left to its
// default, which must be nothing.
struct Shape {
    std::vector<std::size_t> shared{}, others{};

    explicit Shape(std::span<const Row> rows) {
        for (std::size_t i = 0; i < rows.front().size(); ++i) {
            const auto& first = rows.front()[i];
            const bool same = std::ranges::all_of(rows, [&](const Row& row) { return row[i] == first; });
            if (!same)
                others.push_back(i);
            else if (!centrex::is_null(first))
                shared.push_back(i);
        }
    }
    [[nodiscard]] std::string insert_sql(const std::string& table, std::span<const std::string> columns, std::size_t rows) const {
        std::string names;
        std::string same;
        for (std::size_t i = 0; i < shared.size(); ++i) {
            names += fmt::format("\"{}\", ", columns[shared[i]]);
            same += fmt::format("?{}, ", i + 1);
        }
        for (auto other : others) names += fmt::format("\"{}\", ", columns[other]);
        auto sql = fmt::format("INSERT INTO \"{}\" ({}) VALUES ", table, names.substr(0, names.size() - 2));
        auto next = shared.size();
        for (std::size_t row = 0; row < rows; ++row) {
            auto values = same;
            for (std::size_t i = 0; i < others.size(); ++i) values += fmt::format("?{}, ", ++next);
            sql += fmt::format("{}({})", row == 0 ? "" : ", ", values.substr(0, values.size() - 2));
        }
        return sql;
    }
};

class SqliteStatement final : public Statement {
  public:
    SqliteStatement(const SQLite::Database& database, const std::string& sql, const std::string& path)
        : statement_(database, sql), path_(path) {}

    Result<void> start(std::span<const Cell> parameters) override {
        statement_.tryReset();
        for (int next = 1; const auto& parameter : parameters) bind(next++, parameter);
        return {};
    }
    // The cells that all rows share, then the others of each row behind those of the one before.
    void start_rows(std::span<const Row> rows, const Shape& shape) {
        statement_.tryReset();
        int next = 1;
        for (auto cell : shape.shared) bind(next++, rows.front()[cell]);
        for (const auto& row : rows)
            for (auto cell : shape.others) bind(next++, row[cell]);
    }
    Result<bool> step() override {
        int code = statement_.tryExecuteStep();
        if (code == SQLITE_ROW) return true;
        if (code == SQLITE_DONE) return false;
        return broken(path_, code, statement_.getErrorMsg());
    }
    Cell cell(std::size_t column) const override {
        auto value = statement_.getColumn(static_cast<int>(column));
        if (value.isInteger()) return std::int64_t{value.getInt64()};
        if (value.isNull()) return {};
        return std::string(value.getText(), static_cast<std::size_t>(value.getBytes()));
    }
    void finish() override { statement_.tryReset(); }

  private:
    void bind(int index, const Cell& parameter) {
        if (const auto* number = std::get_if<std::int64_t>(&parameter))
            statement_.bind(index, static_cast<int64_t>(*number));
        else if (const auto* text = std::get_if<std::string>(&parameter))
            statement_.bindNoCopy(index, *text);
        else
            statement_.bind(index);
    }

    mutable SQLite::Statement statement_;
    std::string path_;
};

class SqliteDatabase final : public Database {
  public:
    explicit SqliteDatabase(const SqliteOptions& options)
        : path_(options.path), patience_(options.wait), database_(options.path, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX) {
        sqlite3_busy_handler(database_.getHandle(), Patience::ask, &patience_);
    }

    Engine engine() const override { return Engine::sqlite; }

    Result<Statement*> prepare(const std::string& sql) override { return statement(sql); }
    Result<void> append(const std::string& table, std::span<const std::string> columns, std::span<const Row> rows) override {
        constexpr std::size_t many = 2'000;
        if (rows.size() < many) return insert(table, columns, rows);
        if (auto good = check_references(*this, table, columns, rows); !good) return good;
        const WithoutForeignKeys meanwhile(database_.getHandle());
        return insert(table, columns, rows);
    }
    Result<void> execute(const std::string& sql) override {
        const int code = database_.tryExec(sql);
        if (code == SQLITE_OK) return {};
        return broken(path_, code, database_.getErrorMsg());
    }
    Result<void> begin(bool to_write) override { return execute(to_write ? "BEGIN IMMEDIATE" : "BEGIN"); }
    Result<void> commit() override { return execute("COMMIT"); }
    void rollback() override {
        for (auto& [sql, statement] : statements_) statement->finish();
        if (sqlite3_get_autocommit(database_.getHandle()) == 0) static_cast<void>(database_.tryExec("ROLLBACK"));
    }

  private:
    // What begins and ends a statement costs as much as several rows do, and a value as much as half a row.
    Result<void> insert(const std::string& table, std::span<const std::string> columns, std::span<const Row> rows) {
        constexpr std::size_t together = 64;
        if (rows.size() < together) return Database::append(table, columns, rows);
        const Shape shape(rows);
        const auto sql = shape.insert_sql(table, columns, together);
        for (; rows.size() >= together; rows = rows.subspan(together)) {
            auto found = statement(sql);
            if (!found) return tl::unexpected(found.error());
            (*found)->start_rows(rows.first(together), shape);
            auto done = (*found)->step();
            (*found)->finish();
            if (!done) return tl::unexpected(done.error());
        }
        return Database::append(table, columns, rows);
    }
    Result<SqliteStatement*> statement(const std::string& sql) {
        if (auto found = statements_.find(sql); found != statements_.end()) return found->second.get();
        try {
            auto made = std::make_unique<SqliteStatement>(database_, sql, path_);
            return statements_.emplace(sql, std::move(made)).first->second.get();
        } catch (const SQLite::Exception& error) {
            return broken(path_, error.getErrorCode(), error.what());
        }
    }

    std::string path_;
    Patience patience_;
    SQLite::Database database_;
    std::unordered_map<std::string, std::unique_ptr<SqliteStatement>> statements_;
};

// False: it is not there. A file that others can read is refused before anything is read of it.
Result<bool> look_at(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        if (errno == ENOENT) return false;
        return config::cannot_read(path, errno);
    }
    if (S_ISREG(status.st_mode) && (status.st_mode & 077U) != 0)
        return failure(Fault::system, path, fmt::format("others may read it (mode {:o})", status.st_mode & 0777U),
                       fmt::format("chmod 600 '{}'", path));
    return true;
}

Result<void> create(const std::string& path) {
    Descriptor made(::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
    if (!made.open() && errno != EEXIST) return config::cannot_read(path, errno);
    return {};
}

// To count what it allocates, which nobody asks for, SQLite would take a lock at each of it.
void count_no_memory() {
    [[maybe_unused]] static const int said = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(const SqliteOptions& options) {
    auto there = look_at(options.path);
    if (!there) return tl::unexpected(there.error());
    if (!*there && !options.create)
        return failure(Fault::system, options.path, "there is no directory", "the first edit, or 'centrex init', makes one");
    if (!*there)
        if (auto made = create(options.path); !made) return tl::unexpected(made.error());
    count_no_memory();
    std::unique_ptr<Database> database;
    try {
        database = std::make_unique<SqliteDatabase>(options);
    } catch (const SQLite::Exception& error) {
        return broken(options.path, error.getErrorCode(), error.what());
    }
    auto mode = database->one("PRAGMA journal_mode");
    if (!mode) return tl::unexpected(mode.error());
    if (!*mode || centrex::text((**mode)[0]) != "wal")
        if (auto wal = database->execute("PRAGMA journal_mode=WAL"); !wal) return tl::unexpected(wal.error());
    for (const char* setting : {"PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", "PRAGMA trusted_schema=OFF"})
        if (auto set = database->execute(setting); !set) return tl::unexpected(set.error());
    return database;
}

std::string sqlite_version() { return sqlite3_libversion(); }
std::string sqlitecpp_version() { return SQLITECPP_VERSION; }

}  // namespace trunkbox::store
