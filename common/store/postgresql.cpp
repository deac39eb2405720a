#include "store/postgresql.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <unordered_map>
#include <vector>

#include <dlfcn.h>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "base/text.h"
#include "store/directory_schema.h"

namespace trunkbox::store {

namespace {

using centrex::Cell;
using Clock = std::chrono::steady_clock;

// libpq brings Kerberos and LDAP with it, which take longer to load than most edits of a file last: who has no server does
// not wait for them.
struct Libpq {
    decltype(&PQlibVersion) version = nullptr;
    decltype(&PQconnectdbParams) connect = nullptr;
    decltype(&PQconninfoParse) parse = nullptr;
    decltype(&PQconninfoFree) free_parsed = nullptr;
    decltype(&PQreset) reset = nullptr;
    decltype(&PQfinish) finish = nullptr;
    decltype(&PQstatus) status = nullptr;
    decltype(&PQerrorMessage) error = nullptr;
    decltype(&PQparameterStatus) parameter = nullptr;
    decltype(&PQsetNoticeProcessor) on_notice = nullptr;
    decltype(&PQexec) exec = nullptr;
    decltype(&PQexecParams) exec_params = nullptr;
    decltype(&PQprepare) prepare = nullptr;
    decltype(&PQexecPrepared) exec_prepared = nullptr;
    decltype(&PQresultStatus) result = nullptr;
    decltype(&PQresultErrorField) field = nullptr;
    decltype(&PQcmdStatus) tag = nullptr;
    decltype(&PQclear) clear = nullptr;
    decltype(&PQntuples) rows = nullptr;
    decltype(&PQftype) type = nullptr;
    decltype(&PQgetisnull) is_null = nullptr;
    decltype(&PQgetvalue) value = nullptr;
    decltype(&PQgetlength) length = nullptr;

    // Null when the library is not there, or lacks something.
    static const Libpq* load();

  private:
    bool take(void* library);
};

bool Libpq::take(void* library) {
    bool all = true;
    auto find = [&]<class Function>(Function& function, const char* name) {
        function = reinterpret_cast<Function>(::dlsym(library, name));
        all = all && function != nullptr;
    };
    find(version, "PQlibVersion");
    find(connect, "PQconnectdbParams");
    find(parse, "PQconninfoParse");
    find(free_parsed, "PQconninfoFree");
    find(reset, "PQreset");
    find(finish, "PQfinish");
    find(status, "PQstatus");
    find(error, "PQerrorMessage");
    find(parameter, "PQparameterStatus");
    find(on_notice, "PQsetNoticeProcessor");
    find(exec, "PQexec");
    find(exec_params, "PQexecParams");
    find(prepare, "PQprepare");
    find(exec_prepared, "PQexecPrepared");
    find(result, "PQresultStatus");
    find(field, "PQresultErrorField");
    find(tag, "PQcmdStatus");
    find(clear, "PQclear");
    find(rows, "PQntuples");
    find(type, "PQftype");
    find(is_null, "PQgetisnull");
    find(value, "PQgetvalue");
    find(length, "PQgetlength");
    return all;
}

const Libpq* Libpq::load() {
    static const auto loaded = []() -> std::unique_ptr<const Libpq> {
        // Never closed again: its libraries leave what must live until the end.
        auto* library = ::dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
        auto functions = std::make_unique<Libpq>();
        if (library == nullptr || !functions->take(library)) return nullptr;
        return functions;
    }();
    return loaded.get();
}

// "?" outside of quotes becomes "$1", "$2", …
std::string numbered(std::string_view sql) {
    std::string text;
    int parameters = 0;
    char quote = 0;
    for (char c : sql) {
        if (quote == 0 && c == '?') {
            text += fmt::format("${}", ++parameters);
            continue;
        }
        if (quote == 0 && (c == '\'' || c == '"'))
            quote = c;
        else if (c == quote)
            quote = 0;
        text += c;
    }
    return text;
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
        // The later wins: what the address says of them stands.
        const std::array<const char*, 5> names{"connect_timeout", "fallback_application_name", "dbname", "client_encoding",
                                               nullptr};
        const std::array<const char*, 5> values{"10", "trunkbox", options.url.c_str(), "UTF8", nullptr};
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

    bool within = false;  // a transaction

  private:
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
    PostgresqlStatement(Connection& connection, std::string_view sql, std::size_t number)
        : connection_(connection), sql_(numbered(sql)), name_(fmt::format("s{}", number)) {}

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
        answer_ = std::move(*answer);
        rows_ = connection_.pq().rows(answer_.get());
        return {};
    }
    Result<bool> step() override { return ++row_ < rows_; }
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
    }

  private:
    // What is asked once is not worth a name: one message there and back in place of two.
    PGresult* send(PGconn* connection) {
        const auto& pq = connection_.pq();
        const auto count = static_cast<int>(values_.size());
        if (generation_ != connection_.generation()) uses_ = 0;
        generation_ = connection_.generation();
        if (uses_++ == 0)
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
    int uses_ = 0;  // in this connection
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

    Result<Statement*> prepare(const std::string& sql) override {
        auto& statement = statements_[sql];
        if (!statement) statement = std::make_unique<PostgresqlStatement>(connection_, sql, statements_.size());
        return statement.get();
    }
    Result<void> execute(const std::string& sql) override {
        auto answer = connection_.ask([&](PGconn* connection) { return connection_.pq().exec(connection, sql.c_str()); });
        if (!answer) return tl::unexpected(answer.error());
        tag_ = connection_.pq().tag(answer->get());
        return {};
    }
    // Who writes holds the directory's own row from the first moment on, so that whatever it reads is the last there is, and
    // changes are numbered as they are committed. No table is locked: readers never wait.
    Result<void> begin(bool to_write) override {
        const auto until = Clock::now() + wait_;
        while (true) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
            auto begun = execute(
                to_write ? fmt::format("BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = {}; "
                                       "SELECT \"version\" FROM \"directory\" FOR UPDATE",
                                       std::max<std::int64_t>(left, 1))
                         : "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            connection_.within = begun.has_value();
            if (begun) return begun;
            rollback();
            // Some servers refuse rather than wait.
            if (begun.error().fault != Fault::timeout || Clock::now() >= until) return begun;
        }
    }
    Result<void> commit() override {
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
        if (connection_.good()) static_cast<void>(execute("ROLLBACK"));
        connection_.within = false;
    }

  private:
    Connection connection_;
    Duration wait_;
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
