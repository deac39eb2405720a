#include "store/postgresql.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "base/late_functions.h"
#include "base/text.h"
#include "store/bulk_load.h"
#include "store/postgresql_text.h"

namespace trunkbox::store {

namespace {

using centrex::Cell;
using centrex::Row;
using Clock = std::chrono::steady_clock;

// libpq brings Kerberos and LDAP with it, which take longer to load than most edits of a file last: who has no server does
// not wait for them.
class Libpq : public LateFunctions {
  public:
    using LateFunctions::LateFunctions;
    // Null when the library is not there, or lacks something.
    static const Libpq* load();

    decltype(&PQlibVersion) version = find("PQlibVersion");
    decltype(&PQconnectdbParams) connect = find("PQconnectdbParams");
    decltype(&PQconninfoParse) parse = find("PQconninfoParse");
    decltype(&PQconninfoFree) free_parsed = find("PQconninfoFree");
    decltype(&PQreset) reset = find("PQreset");
    decltype(&PQfinish) finish = find("PQfinish");
    decltype(&PQstatus) status = find("PQstatus");
    decltype(&PQerrorMessage) error = find("PQerrorMessage");
    decltype(&PQparameterStatus) parameter = find("PQparameterStatus");
    decltype(&PQsetNoticeProcessor) on_notice = find("PQsetNoticeProcessor");
    decltype(&PQexec) exec = find("PQexec");
    decltype(&PQexecParams) exec_params = find("PQexecParams");
    decltype(&PQprepare) prepare = find("PQprepare");
    decltype(&PQexecPrepared) exec_prepared = find("PQexecPrepared");
    decltype(&PQputCopyData) put_copy = find("PQputCopyData");
    decltype(&PQputCopyEnd) end_copy = find("PQputCopyEnd");
    decltype(&PQgetResult) next = find("PQgetResult");
    decltype(&PQresultStatus) result = find("PQresultStatus");
    decltype(&PQresultErrorField) field = find("PQresultErrorField");
    decltype(&PQcmdStatus) tag = find("PQcmdStatus");
    decltype(&PQclear) clear = find("PQclear");
    decltype(&PQntuples) rows = find("PQntuples");
    decltype(&PQftype) type = find("PQftype");
    decltype(&PQgetisnull) is_null = find("PQgetisnull");
    decltype(&PQgetvalue) value = find("PQgetvalue");
    decltype(&PQgetlength) length = find("PQgetlength");
};

const Libpq* Libpq::load() {
    static const auto loaded = load_functions<Libpq>("libpq.so.5");
    return loaded.get();
}

std::string first_line(std::string_view text) { return printable(trim(split(trim(text), '\n').front()), 300); }

class Connection {
  public:
    struct Cleared {
        const Libpq* pq;
        void operator()(PGresult* result) const { pq->clear(result); }
    };
    using Answer = std::unique_ptr<PGresult, Cleared>;

    Connection(const Libpq& pq, const PostgresqlOptions& options) : pq_(pq), place_(shown_place(options.url)) {
        // The later wins: what the address says of them stands. Less than two seconds libpq does not wait.
        const auto wait = std::chrono::ceil<std::chrono::seconds>(options.wait);
        const auto patience = fmt::format("{}", std::clamp(wait, std::chrono::seconds{2}, std::chrono::seconds{10}).count());
        const std::array<const char*, 5> names{"connect_timeout", "fallback_application_name", "dbname", "client_encoding",
                                               nullptr};
        const std::array<const char*, 5> values{patience.c_str(), "trunkbox", options.url.c_str(), "UTF8", nullptr};
        connection_ = pq_.connect(names.data(), values.data(), 1);
        quiet();
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { pq_.finish(connection_); }

    [[nodiscard]] const Libpq& pq() const { return pq_; }
    [[nodiscard]] PGconn* get() const { return connection_; }
    [[nodiscard]] const std::string& place() const { return place_; }
    [[nodiscard]] bool good() const { return pq_.status(connection_) == CONNECTION_OK; }
    // Counts the connections: what was prepared in an earlier one is gone.
    [[nodiscard]] int generation() const { return generation_; }
    [[nodiscard]] tl::unexpected<Error> lost() const {
        auto says = first_line(pq_.error(connection_));
        const bool answered = says.find("FATAL") != std::string::npos;
        return failure(Fault::system, place_, std::move(says), answered ? "" : "is the server there?");
    }

    // What `send` asks; a connection that turns out to be gone is renewed, once, and never within a transaction.
    template <class Send>
    Result<Answer> ask(const Send& send) {
        auto answer = once(send);
        if (!good() && !within) {
            pq_.reset(connection_);
            quiet();
            ++generation_;
            if (!good()) return lost();
            answer = once(send);
        }
        const auto status = pq_.result(answer.get());
        if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return answer;
        return broken(*answer);
    }

    // By a COPY from standard input, whose statement `sql` is. The server takes lines while the next are made.
    Result<void> copy(const std::string& sql, std::span<const Row> rows) {
        auto begun = once([&](PGconn* connection) { return pq_.exec(connection, sql.c_str()); });
        if (pq_.result(begun.get()) != PGRES_COPY_IN) return broken(*begun);
        constexpr std::size_t together = std::size_t{1} << 15;
        bool sent = true;
        for (std::string lines; sent && !rows.empty(); lines.clear()) {
            for (; !rows.empty() && lines.size() < together; rows = rows.subspan(1)) append_copy_line(lines, rows.front());
            sent = put(lines);
        }
        if (!sent || pq_.end_copy(connection_, nullptr) != 1) return lost();
        Result<void> done;
        while (auto answer = once(pq_.next))
            if (done && pq_.result(answer.get()) != PGRES_COMMAND_OK) done = broken(*answer);
        return done;
    }

    bool within = false;  // a transaction

  private:
    [[nodiscard]] bool put(std::string_view lines) {
        constexpr std::size_t most = std::size_t{1} << 20;
        bool sent = true;
        for (; sent && !lines.empty(); lines.remove_prefix(std::min(most, lines.size())))
            sent = pq_.put_copy(connection_, lines.data(), static_cast<int>(std::min(most, lines.size()))) == 1;
        return sent;
    }
    template <class Send>
    Answer once(const Send& send) {
        return Answer(send(connection_), Cleared{&pq_});
    }
    // The server's remarks are not for standard error.
    void quiet() {
        pq_.on_notice(connection_, [](void*, const char*) {}, nullptr);
    }
    [[nodiscard]] tl::unexpected<Error> broken(const PGresult& result) const;

    const Libpq& pq_;
    std::string place_;
    PGconn* connection_ = nullptr;
    int generation_ = 0;
};

tl::unexpected<Error> Connection::broken(const PGresult& result) const {
    if (!good()) return lost();
    auto field = [&](int which) {
        const auto* text = pq_.field(&result, which);
        return std::string(text == nullptr ? "" : text);
    };
    const auto state = field(PG_DIAG_SQLSTATE);
    const auto says = first_line(field(PG_DIAG_MESSAGE_PRIMARY));
    const auto is = [&](auto... states) { return ((state == states) || ...); };
    // Lock not available, cancelled, not serializable, deadlock.
    if (is("55P03", "57014", "40001", "40P01"))
        return failure(Fault::timeout, place_, "the directory is locked by another", "wait longer with --wait");
    if (is("42P01", "42703"))
        return failure(Fault::input, place_, "is a database, but no directory of trunkbox", "name another database");
    if (is("22021", "22P05", "22P02", "22003")) return failure(Fault::input, place_, "cannot keep a value: " + says);
    if (is("53100")) return failure(Fault::system, place_, "the server's disk is full; nothing was changed", "make room");
    if (is("25006")) return failure(Fault::system, place_, "cannot be written: " + says, "is it a standby?");
    return failure(Fault::system, place_, says.empty() ? "the server gave no answer" : says);
}

class PostgresqlStatement final : public Statement {
  public:
    // `walks`: its answer is fetched some rows at a time.
    PostgresqlStatement(Connection& connection, std::string_view sql, std::size_t number, bool walks)
        : connection_(connection), sql_(numbered(sql)), name_(fmt::format("s{}", number)), walks_(walks) {
        if (walks_) sql_ = fmt::format("DECLARE {} NO SCROLL CURSOR FOR {}", name_, sql_);
    }

    Result<void> start(std::span<const Cell> parameters) override {
        finish();
        texts_.clear();
        texts_.reserve(parameters.size());
        values_.clear();
        for (const auto& parameter : parameters) {
            const auto* number = std::get_if<std::int64_t>(&parameter);
            if (number != nullptr) texts_.push_back(fmt::format("{}", *number));
            const auto* text = std::get_if<std::string>(&parameter);
            values_.push_back(number != nullptr ? texts_.back().c_str() : text != nullptr ? text->c_str() : nullptr);
        }
        auto answer = connection_.ask([&](PGconn* connection) { return send(connection); });
        if (!answer) return tl::unexpected(answer.error());
        if (walks_) return fetch();
        take(std::move(*answer));
        return {};
    }
    Result<bool> step() override {
        if (++row_ < rows_) return true;
        if (!open_ || rows_ < fetched) return false;
        if (auto more = fetch(); !more) return tl::unexpected(more.error());
        return ++row_ < rows_;
    }
    Cell cell(std::size_t column) const override {
        const auto& pq = connection_.pq();
        const auto at = static_cast<int>(column);
        if (pq.is_null(answer_.get(), row_, at) != 0) return {};
        const std::string_view text(pq.value(answer_.get(), row_, at),
                                    static_cast<std::size_t>(pq.length(answer_.get(), row_, at)));
        constexpr std::array<Oid, 3> integers{20, 21, 23};  // int8, int2, int4
        for (auto type : integers)
            if (pq.type(answer_.get(), at) == type) return parse_integer<std::int64_t>(text).value_or(0);
        return std::string(text);
    }
    void finish() override {
        answer_.reset();
        row_ = -1;
        rows_ = 0;
        if (!std::exchange(open_, false)) return;
        static_cast<void>(connection_.ask([&](PGconn* connection) {
            return connection_.pq().exec(connection, fmt::format("CLOSE {}", name_).c_str());
        }));
    }

  private:
    static constexpr int fetched = 2000;

    void take(Connection::Answer answer) {
        answer_ = std::move(answer);
        rows_ = connection_.pq().rows(answer_.get());
        row_ = -1;
    }
    Result<void> fetch() {
        open_ = true;
        auto answer = connection_.ask([&](PGconn* connection) {
            return connection_.pq().exec(connection, fmt::format("FETCH {} FROM {}", fetched, name_).c_str());
        });
        if (!answer) return tl::unexpected(answer.error());
        take(std::move(*answer));
        return {};
    }
    // What is asked once is not worth a name: one message there and back in place of two.
    PGresult* send(PGconn* connection) {
        const auto& pq = connection_.pq();
        const auto count = static_cast<int>(values_.size());
        if (generation_ != connection_.generation()) uses_ = 0;
        generation_ = connection_.generation();
        if (uses_++ == 0 || walks_)
            return pq.exec_params(connection, sql_.c_str(), count, nullptr, values_.data(), nullptr, nullptr, 0);
        if (uses_ == 2) {
            auto* prepared = pq.prepare(connection, name_.c_str(), sql_.c_str(), count, nullptr);
            if (pq.result(prepared) != PGRES_COMMAND_OK) {
                uses_ = 1;
                return prepared;
            }
            pq.clear(prepared);
        }
        return pq.exec_prepared(connection, name_.c_str(), count, values_.data(), nullptr, nullptr, 0);
    }

    Connection& connection_;
    std::string sql_;
    std::string name_;
    bool walks_;
    bool open_ = false;  // a cursor is
    int uses_ = 0;       // in this connection
    int generation_ = 0;
    std::vector<std::string> texts_{};
    std::vector<const char*> values_{};
    Connection::Answer answer_{nullptr, {}};
    int row_ = -1;
    int rows_ = 0;
};

class PostgresqlDatabase final : public Database {
  public:
    PostgresqlDatabase(const Libpq& pq, const PostgresqlOptions& options) : connection_(pq, options), wait_(options.wait) {}

    [[nodiscard]] Connection& connection() { return connection_; }
    Engine engine() const override { return Engine::postgresql; }

    Result<Statement*> prepare(const std::string& sql) override { return statement(sql, false); }
    Result<Statement*> prepare_walk(const std::string& sql) override { return statement(sql, true); }
    Result<void> execute(const std::string& sql) override {
        auto answer = connection_.ask([&](PGconn* connection) { return connection_.pq().exec(connection, sql.c_str()); });
        if (!answer) return tl::unexpected(answer.error());
        tag_ = connection_.pq().tag(answer->get());
        return {};
    }
    Result<void> finish_appending() override { return load_.finish(*this); }
    // A few rows are not worth the messages that begin and end a COPY.
    Result<void> append(const std::string& table, std::span<const std::string> columns, std::span<const Row> rows) override {
        if (rows.size() < 10) return Database::append(table, columns, rows);
        constexpr std::size_t many = 2'000;
        if (rows.size() >= many)
            if (auto begun = load_.begin(*this, table); !begun) return begun;
        return connection_.copy(copy_sql(table, columns), rows);
    }
    // Who writes holds the directory's own row from the first moment on, so that whatever it reads is the last there is, and
    // changes are numbered as they are committed. No table is locked, and readers do not wait, but for a bulk load.
    Result<void> begin(bool to_write) override {
        const auto until = Clock::now() + wait_;
        while (true) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
            auto begun = execute(fmt::format("BEGIN ISOLATION LEVEL {}; SET LOCAL lock_timeout = {}{}",
                                             to_write ? "READ COMMITTED" : "REPEATABLE READ, READ ONLY",
                                             std::max<std::int64_t>(left, 1),
                                             to_write ? "; SELECT \"version\" FROM \"directory\" FOR UPDATE" : ""));
            connection_.within = begun.has_value();
            if (begun) return begun;
            rollback();
            // Some servers refuse rather than wait.
            if (begun.error().fault != Fault::timeout || Clock::now() >= until) return begun;
        }
    }
    Result<void> commit() override {
        if (auto whole = load_.finish(*this); !whole) return whole;
        auto done = execute("COMMIT");
        connection_.within = false;
        if (!done && !connection_.good()) {
            auto error = done.error();
            error.fix = "whether the edit is in the directory 'centrex history' says";
            return tl::unexpected(error);
        }
        if (done && tag_ != "COMMIT") return failure(Fault::system, connection_.place(), "the edit was taken back by the server");
        return done;
    }
    void rollback() override {
        for (auto& [sql, statement] : statements_) statement->finish();
        load_.forget();
        if (connection_.good()) static_cast<void>(execute("ROLLBACK"));
        connection_.within = false;
    }

  private:
    Statement* statement(const std::string& sql, bool walks) {
        auto& found = statements_[(walks ? "walk " : "") + sql];
        if (!found) found = std::make_unique<PostgresqlStatement>(connection_, sql, statements_.size(), walks);
        return found.get();
    }
    Connection connection_;
    Duration wait_;
    BulkLoad load_{};
    std::string tag_{};
    std::unordered_map<std::string, std::unique_ptr<PostgresqlStatement>> statements_{};
};

// libpq repeats what it cannot read, passwords and all: only that it is wrong is said.
bool is_address(const Libpq& pq, const std::string& url) {
    char* error = nullptr;
    auto* parsed = pq.parse(url.c_str(), &error);
    if (parsed != nullptr) pq.free_parsed(parsed);
    std::free(error);
    return parsed != nullptr;
}

}  // namespace

Result<std::unique_ptr<Database>> open_postgresql(const PostgresqlOptions& options) {
    const auto place = shown_place(options.url);
    const auto* pq = Libpq::load();
    if (pq == nullptr)
        return failure(Fault::system, place, "PostgreSQL's client library is not there", "apt-get install libpq5");
    if (!may_be_shown(options.url) || !is_address(*pq, options.url))
        return failure(Fault::usage, place, "is no address of a database", "write e.g. 'postgresql://user@host/name'");
    auto database = std::make_unique<PostgresqlDatabase>(*pq, options);
    auto& connection = database->connection();
    if (!connection.good()) return connection.lost();
    const auto* encoding = pq->parameter(connection.get(), "server_encoding");
    if (encoding == nullptr || std::string_view(encoding) != "UTF8")
        return failure(Fault::input, place, "is a database that does not keep its texts as UTF-8",
                       "create it with ENCODING 'UTF8'");
    return std::unique_ptr<Database>(std::move(database));
}

std::string libpq_version() {
    const auto* pq = Libpq::load();
    return pq == nullptr ? "not installed" : fmt::format("{}.{}", pq->version() / 10000, pq->version() % 10000);
}

}  // namespace trunkbox::store
