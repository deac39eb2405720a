// Bare SQLite, through its C interface and with the directory's settings (write-ahead log, every commit on disk), for what
// the directory does with it. Prints one figure a run:
//   bench_sqlite FILE --do insert --count N     seconds for N numbers, one prepared statement, one transaction
//   bench_sqlite FILE --do edit --count N       milliseconds of the median of N transactions of one number and its history
//   bench_sqlite FILE --do writers --count N --processes P   seconds until P processes have made N such transactions each
//   bench_sqlite FILE --do lookup --numbers LIST   seconds for the lookups that resolving each number makes in the
//                                                  directory that FILE is
#include "arguments.h"
#include "measure.h"

#include <chrono>
#include <cstdint>
#include <exception>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace trunkbox::bench;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t first_number = 33199000000;

double seconds_since(Clock::time_point began) { return std::chrono::duration<double>(Clock::now() - began).count(); }

class Database {
  public:
    explicit Database(const std::string& path) {
        if (sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                            nullptr) != SQLITE_OK)
            throw std::runtime_error("cannot open '" + path + "'");
        sqlite3_busy_timeout(handle_, 60'000);
        execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON");
    }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database() { sqlite3_close(handle_); }

    void execute(const char* sql) {
        if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(handle_));
    }
    [[nodiscard]] sqlite3* handle() const { return handle_; }

  private:
    sqlite3* handle_ = nullptr;
};

class Statement {
  public:
    Statement(const Database& database, const char* sql) {
        if (sqlite3_prepare_v2(database.handle(), sql, -1, &statement_, nullptr) != SQLITE_OK)
            throw std::runtime_error(sqlite3_errmsg(database.handle()));
    }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement() { sqlite3_finalize(statement_); }

    Statement& bind(int place, std::int64_t number) {
        sqlite3_bind_int64(statement_, place, number);
        return *this;
    }
    Statement& bind(int place, const std::string& text) {
        sqlite3_bind_text(statement_, place, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
        return *this;
    }
    // Runs it to its end; the text of a column of its first row, "" without one.
    std::string run(int column = -1) {
        std::string text;
        bool first = true;
        for (int code = sqlite3_step(statement_); code != SQLITE_DONE; code = sqlite3_step(statement_)) {
            if (code != SQLITE_ROW) throw std::runtime_error(sqlite3_errstr(code));
            const auto* value = first && column >= 0 ? sqlite3_column_text(statement_, column) : nullptr;
            if (value != nullptr) text = reinterpret_cast<const char*>(value);
            first = false;
        }
        sqlite3_reset(statement_);
        return text;
    }

  private:
    sqlite3_stmt* statement_ = nullptr;
};

void furnish(Database& database) {
    database.execute("CREATE TABLE number (number INTEGER PRIMARY KEY, tenant TEXT, state TEXT NOT NULL, target TEXT, "
                     "until INTEGER, rev INTEGER NOT NULL) STRICT;"
                     "CREATE TABLE change (change INTEGER PRIMARY KEY, at INTEGER NOT NULL, command TEXT NOT NULL) STRICT;"
                     "CREATE TABLE change_row (change INTEGER NOT NULL, seq INTEGER NOT NULL, key TEXT NOT NULL, after TEXT, "
                     "PRIMARY KEY (change, seq)) STRICT, WITHOUT ROWID");
}

double insert(Database& database, std::uint64_t count) {
    furnish(database);
    Statement row(database, "INSERT INTO number VALUES (?, ?, ?, ?, NULL, 1)");
    const std::string tenant = "acme", state = "assigned", target = "user:bob";
    const auto began = Clock::now();
    database.execute("BEGIN IMMEDIATE");
    for (std::uint64_t i = 0; i < count; ++i)
        row.bind(1, first_number + static_cast<std::int64_t>(i)).bind(2, tenant).bind(3, state).bind(4, target).run();
    database.execute("COMMIT");
    return seconds_since(began);
}

class Edits {
  public:
    explicit Edits(Database& database) : database_(database) {}
    void one(std::int64_t number) {
        database_.execute("BEGIN IMMEDIATE");
        change_.bind(1, std::int64_t{1'800'000'000}).bind(2, command_).run();
        const auto change = static_cast<std::int64_t>(sqlite3_last_insert_rowid(database_.handle()));
        row_.bind(1, number).bind(2, tenant_).bind(3, state_).bind(4, change).run();
        history_.bind(1, change).bind(2, key_).bind(3, after_).run();
        database_.execute("COMMIT");
    }

  private:
    Database& database_;
    const std::string command_ = "number reserve", tenant_ = "acme", state_ = "reserved", key_ = "+33199000000",
                      after_ = R"({"number":"+33199000000","tenant":"acme","state":"reserved"})";
    Statement change_{database_, "INSERT INTO change (at, command) VALUES (?, ?)"};
    Statement row_{database_, "INSERT INTO number VALUES (?, ?, ?, NULL, NULL, ?)"};
    Statement history_{database_, "INSERT INTO change_row VALUES (?, 1, ?, ?)"};
};

double edit(Database& database, std::uint64_t count) {
    furnish(database);
    Edits edits(database);
    std::vector<double> times;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto began = Clock::now();
        edits.one(first_number + static_cast<std::int64_t>(i));
        times.push_back(seconds_since(began) * 1000);
    }
    return median(std::move(times));
}

double writers(const std::string& path, std::uint64_t count, std::uint64_t processes) {
    furnish(*std::make_unique<Database>(path));
    const auto began = Clock::now();
    std::vector<pid_t> children;
    for (std::uint64_t p = 0; p < processes; ++p) {
        children.push_back(fork());
        if (children.back() != 0) continue;
        Database database(path);
        Edits edits(database);
        for (std::uint64_t i = 0; i < count; ++i) edits.one(first_number + static_cast<std::int64_t>(p * count + i));
        _exit(0);
    }
    for (auto child : children) {
        int status = 0;
        if (waitpid(child, &status, 0) != child || status != 0) throw std::runtime_error("a writer failed");
    }
    return seconds_since(began);
}

// Number, user, logins of the user, home phones, login at the phone, forwards.
double lookup(Database& database, const std::string& list) {
    std::vector<std::int64_t> numbers;
    std::ifstream file(list);
    for (std::string line; std::getline(file, line);) numbers.push_back(std::stoll(line));
    Statement number(database, "SELECT number, tenant, state, target, until FROM number WHERE number = ?");
    Statement user(database, "SELECT * FROM user WHERE tenant = ? AND user = ?");
    Statement logins(database, "SELECT * FROM login WHERE tenant = ? AND user = ? ORDER BY tenant, phone");
    Statement homes(database, "SELECT phone, * FROM phone WHERE tenant = ? AND home = ? ORDER BY tenant, phone");
    Statement login(database, "SELECT * FROM login WHERE tenant = ? AND phone = ?");
    Statement forwards(database, "SELECT * FROM forward WHERE tenant = ? AND user = ? ORDER BY tenant, user, condition");
    const std::string tenant = "acme";
    std::size_t rings = 0;
    const double began = thread_seconds();
    database.execute("BEGIN");
    for (auto called : numbers) {
        const auto target = number.bind(1, called).run(3);
        const auto name = target.substr(target.find(':') + 1);
        for (auto* statement : {&user, &logins, &forwards}) statement->bind(1, tenant).bind(2, name).run(0);
        const auto phone = homes.bind(1, tenant).bind(2, name).run(0);
        login.bind(1, tenant).bind(2, phone).run(0);
        rings += !phone.empty();
    }
    database.execute("COMMIT");
    const double spent = thread_seconds() - began;
    if (rings != numbers.size()) throw std::runtime_error(fmt::format("{} of {} numbers ring", rings, numbers.size()));
    return spent;
}

double measure(const Arguments& arguments) {
    const auto path = arguments.word("FILE"), what = arguments.word("do");
    const auto count = arguments.count("count", 1000);
    if (what == "writers") return writers(path, count, arguments.count("processes", 8));
    Database database(path);
    if (what == "insert") return insert(database, count);
    if (what == "edit") return edit(database, count);
    if (what == "lookup") return lookup(database, arguments.word("numbers"));
    throw std::runtime_error("--do is insert, edit, writers or lookup");
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const Arguments arguments(argc, argv, "FILE", {"do", "count", "processes", "numbers"});
        fmt::print("{:.6f}\n", measure(arguments));
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_sqlite: {}\n", error.what());
        return 2;
    }
}
