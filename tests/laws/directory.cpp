// The directory: undo gives back the dump before, the history replays to what is there, a dump loads to the same dump, a plan
// does what it said; and none of it is lost or torn by other processes, or by being killed. All of that in a file and on a
// server, which give the same bytes.
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/ids.h"
#include "centrex/desks.h"
#include "centrex/features.h"
#include "centrex/numbers.h"
#include "store/check.h"
#include "store/directory.h"
#include "store/dump.h"
#include "store/plan.h"
#include "support/postgresql.h"
#include "support/session.h"

using namespace trunkbox;
using centrex::table;
using store::Directory;
using store::DirectoryRows;

namespace {

constexpr std::int64_t first_number = 33199000000;
const Time start{std::chrono::seconds{1'800'000'000}};

postgresql::Server& server() {
    static postgresql::Server one([] {
        const char* script = std::getenv("POSTGRESQL");
        REQUIRE_MESSAGE(script != nullptr, "POSTGRESQL names tests/support/postgresql.sh");
        return std::string(script);
    }());
    return one;
}

// Places for new directories: files, or databases on a server.
class InFiles {
  public:
    std::string next() { return (folder_.path() / fmt::format("{}.db", ++files_)).string(); }
    static void check_whole(Directory& directory, const std::string&) {
        auto whole = directory.database().one("PRAGMA integrity_check");
        REQUIRE(whole);
        CHECK(centrex::text((**whole)[0]) == "ok");
    }

  private:
    transcript::TemporaryDirectory folder_{};
    int files_ = 0;
};

class OnServer {
  public:
    static std::string next() { return server().new_database(); }
    static void check_whole(Directory&, const std::string& place) {
        static_cast<void>(server().ask(place, "CREATE EXTENSION IF NOT EXISTS amcheck; SELECT bt_index_check(c.oid, true) "
                                              "FROM pg_class c JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'btree' AND "
                                              "c.relnamespace = 'public'::regnamespace"));
    }
};

Directory open(const std::string& place) {
    auto directory = Directory::open({.place = place, .create = true, .wait = 60s});
    REQUIRE_MESSAGE(directory, directory.error().text());
    return std::move(*directory);
}

store::Edit edit_at(int minute) {
    return {.command = "law", .actor = "test", .host = "here", .at = start + std::chrono::minutes{minute}};
}

std::string dump_of(Directory& directory) {
    std::string all;
    auto done = directory.read([&](DirectoryRows& rows) {
        return store::dump(rows, true, [&](std::string_view line) -> Result<void> {
            all += line;
            return {};
        });
    });
    REQUIRE(done);
    return all;
}

Result<void> plain(const Result<bool>& done) {
    if (!done) return tl::unexpected(done.error());
    return {};
}

centrex::Row row_of(const char* name, std::vector<std::pair<const char*, centrex::Cell>> cells) {
    auto row = empty_row(table(name));
    for (auto& [column, value] : cells) cell(table(name), row, column) = value;
    return row;
}

using centrex::Cell;
Cell word(std::string text) { return Cell{std::move(text)}; }

Result<void> furnish(DirectoryRows& rows) {
    std::vector<std::pair<const char*, centrex::Row>> all{
        {"tenant", row_of("tenant", {{"tenant", word("acme")}, {"country", word("FR")}})},
        {"site", row_of("site", {{"tenant", word("acme")}, {"site", word("paris")}, {"address", word("1 rue Exemple")}})},
        {"block", row_of("block", {{"first", first_number}, {"last", first_number + 99'999}, {"tenant", word("acme")}})}};
    for (int i = 0; i < 6; ++i) {
        all.emplace_back("user", row_of("user", {{"tenant", word("acme")}, {"user", word(fmt::format("u{}", i))}}));
        all.emplace_back("phone", row_of("phone", {{"tenant", word("acme")}, {"phone", word(fmt::format("p{}", i))},
                                                   {"site", word("paris")}, {"hot_desk", std::int64_t{1}},
                                                   {"contact", word("sip:p@192.0.2.1")}, {"emergency_cli", first_number}}));
    }
    for (const auto& [name, row] : all)
        if (auto put = rows.put(table(name), row); !put) return tl::unexpected(put.error());
    return {};
}

// Any edit; most are allowed, some are refused, which must leave no trace.
Result<void> random_edit(DirectoryRows& rows, IdSource& random) {
    using centrex::Action;
    const auto user = fmt::format("u{}", random.next() % 7);  // one of them is not there
    const auto number = first_number + static_cast<std::int64_t>(random.next() % 8);
    const std::array actions{Action::reserve, Action::assign, Action::move, Action::unassign, Action::reclaim, Action::release,
                             Action::quarantine};
    switch (random.next() % 8) {
        case 0:
        case 1:
        case 2:
            return plain(centrex::change_number(rows, number, {.action = actions[random.next() % actions.size()],
                                                               .target = "user:" + user}));
        case 3:
            return plain(centrex::log_in(rows, {.tenant = "acme", .phone = fmt::format("p{}", random.next() % 6), .user = user,
                                                .takeover = random.next() % 2 == 0}));
        case 4: return plain(centrex::log_out(rows, "acme", fmt::format("p{}", random.next() % 6)));
        case 5:
            return plain(centrex::set_forward(rows, {"acme", user, random.next() % 2 == 0 ? "cfu" : "cfnr",
                                                     fmt::format("u{}", random.next() % 6)}));
        case 6: return plain(centrex::clear_forward(rows, "acme", user));
        default: {
            auto next = centrex::next_numbers(rows, {.first = first_number, .count = 1 + random.next() % 3,
                                                     .reserve = centrex::NumberEdit{.action = Action::reserve}}, rows.at());
            return next ? Result<void>{} : tl::unexpected(next.error());
        }
    }
}

void check_all(Directory& directory) {
    auto findings = store::check(directory);
    REQUIRE_MESSAGE(findings, findings.error().text());
    for (const auto& finding : *findings) FAIL_CHECK(finding.invariant->id, " ", finding.what);
}

}  // namespace

TEST_CASE_TEMPLATE("undo gives back the dump before, and redo the dump after; all invariants hold throughout", Places, InFiles,
                   OnServer) {
    Places places;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        CAPTURE(seed);
        auto directory = open(places.next());
        REQUIRE(directory.edit(edit_at(0), furnish));
        IdSource random({seed, 17});
        std::size_t changed = 0;
        for (int i = 1; i <= 150; ++i) {
            const auto before = dump_of(directory);
            auto outcome = directory.edit(edit_at(i), [&](DirectoryRows& rows) { return random_edit(rows, random); });
            const auto after = dump_of(directory);
            if (!outcome || !outcome->changed) {
                CHECK(before == after);
                continue;
            }
            ++changed;
            REQUIRE(store::undo(directory, outcome->change, edit_at(i)));
            CHECK(dump_of(directory) == before);
            auto twice = store::undo(directory, outcome->change, edit_at(i));
            REQUIRE(twice);
            CHECK_FALSE(twice->changed);
            auto last = directory.last_change();
            REQUIRE(store::undo(directory, last.value(), edit_at(i)));
            CHECK(dump_of(directory) == after);
        }
        CHECK(changed > 50);
        check_all(directory);

        auto copy = open(places.next());
        const auto dump = dump_of(directory);
        REQUIRE(copy.edit(edit_at(0), [&](DirectoryRows& rows) -> Result<void> {
            for (std::size_t from = 0; from < dump.size();) {
                const auto end = dump.find('\n', from);
                if (auto done = store::load_line(rows, std::string_view(dump).substr(from, end - from), "dump"); !done)
                    return tl::unexpected(done.error());
                from = end + 1;
            }
            return {};
        }));
        CHECK(dump_of(copy) == dump);
        check_all(copy);
    }
}

TEST_CASE("the same edits in a file and on a server give the same history and the same dump") {
    InFiles files;
    auto file = open(files.next());
    auto database = open(OnServer::next());
    for (auto* directory : {&file, &database}) {
        REQUIRE(directory->edit(edit_at(0), furnish));
        // Names whose order by bytes is none that people would give them.
        REQUIRE(directory->edit(edit_at(0), [](DirectoryRows& rows) -> Result<void> {
            for (const char* user : {"u_1", "u-1", "u.1", "u1a", "0", "z"})
                if (auto put = rows.put(table("user"), row_of("user", {{"tenant", word("acme")}, {"user", word(user)},
                                                                       {"name", word("\u00c9l\u00e9a \"?\" 'x' \\ $1")}}));
                    !put)
                    return tl::unexpected(put.error());
            return {};
        }));
        IdSource random({7, 5});
        for (int i = 1; i <= 300; ++i)
            static_cast<void>(directory->edit(edit_at(i), [&](DirectoryRows& rows) { return random_edit(rows, random); }));
    }
    CHECK(dump_of(file) == dump_of(database));
    std::array<std::string, 2> histories;
    for (auto* directory : {&file, &database}) {
        auto& lines = histories[directory == &file ? 0 : 1];
        REQUIRE(directory->each_row_change(1, directory->last_change().value(),
                                           [&](std::int64_t change, const centrex::RowChange& row) -> Result<void> {
                                               lines += fmt::format("{} {}\n", change, diff_line(row));
                                               return {};
                                           }));
    }
    CHECK(histories[0] == histories[1]);
    CHECK(std::count(histories[0].begin(), histories[0].end(), '\n') > 150);
}

TEST_CASE_TEMPLATE("a plan, applied, does what the dry run did, and nothing when a row of it changed meanwhile", Places, InFiles,
                   OnServer) {
    Places places;
    auto directory = open(places.next());
    REQUIRE(directory.edit(edit_at(0), furnish));
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        const auto before = dump_of(directory);
        const IdSource::Seed same{seed, 3};
        auto dry = edit_at(1);
        dry.dry_run = true;
        IdSource random(same);
        auto tried = directory.edit(dry, [&](DirectoryRows& rows) { return random_edit(rows, random); });
        CHECK(dump_of(directory) == before);
        if (!tried || !tried->changed) continue;
        auto plan = store::read_plan(store::plan_text(directory.last_change().value(), tried->rows), "plan");
        REQUIRE_MESSAGE(plan, plan.error().text());
        REQUIRE(store::apply_plan(directory, *plan, edit_at(1)));
        const auto planned = dump_of(directory);
        auto again = store::apply_plan(directory, *plan, edit_at(1));
        CHECK(again.value().changed == false);
        REQUIRE(store::undo(directory, directory.last_change().value(), edit_at(1)));
        IdSource random_again(same);
        REQUIRE(directory.edit(edit_at(1), [&](DirectoryRows& rows) { return random_edit(rows, random_again); }));
        CHECK(dump_of(directory) == planned);
        auto late = store::apply_plan(directory, *plan, edit_at(2));
        CHECK((late ? !late->changed : late.error().where == "rule 'plan'"));
    }
    check_all(directory);
}

TEST_CASE_TEMPLATE("what is tried and fails in the middle of an edit is as if it had not been tried", Places, InFiles, OnServer) {
    Places places;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        CAPTURE(seed);
        auto tried = open(places.next());
        auto straight = open(places.next());
        for (auto* directory : {&tried, &straight}) REQUIRE(directory->edit(edit_at(0), furnish));
        const Error fails{Fault::rule, "", "in the middle", ""};
        IdSource random({seed, 29});
        std::vector<std::pair<std::uint64_t, bool>> tries;  // each by its seed, and whether it holds
        for (int i = 0; i < 120; ++i) tries.emplace_back(random.next(), random.next() % 3 != 0);
        auto several = [](DirectoryRows& rows, std::uint64_t from) -> Result<void> {
            IdSource edits({from, 31});
            // More numbers than are looked up one by one, in chunks that were empty and that were not.
            const auto first = first_number + static_cast<std::int64_t>(edits.next() % 40'000);
            for (std::int64_t number = first; number < first + 4; ++number)
                static_cast<void>(centrex::change_number(rows, number, {.action = centrex::Action::assign, .target = "user:u1"}));
            for (auto count = edits.next() % 3; count > 0; --count) static_cast<void>(random_edit(rows, edits));
            return {};
        };
        REQUIRE(tried.edit(edit_at(1), [&](DirectoryRows& rows) -> Result<void> {
            for (auto& [from, holds] : tries) {
                const auto start_of = from;
                const bool good = holds;
                auto done = rows.attempt([&]() -> Result<void> {
                    if (auto edited = several(rows, start_of); !edited) return edited;
                    return good ? Result<void>{} : tl::unexpected(fails);
                });
                if (!done && done.error().fault != Fault::rule) return done;
                holds = done.has_value();  // a loop is refused where it is made
            }
            return {};
        }));
        REQUIRE(straight.edit(edit_at(1), [&](DirectoryRows& rows) -> Result<void> {
            for (auto [from, holds] : tries)
                if (holds)
                    if (auto edited = several(rows, from); !edited) return edited;
            return {};
        }));
        CHECK(dump_of(tried) == dump_of(straight));
        check_all(tried);
        check_all(straight);
    }
}

TEST_CASE_TEMPLATE("processes that take numbers at once get different ones, and none is lost", Places, InFiles, OnServer) {
    Places places;
    const auto path = places.next();
    REQUIRE(open(path).edit(edit_at(0), furnish));
    constexpr int processes = 6;
    constexpr int each = 40;
    std::array<int, 2> pipe{};
    REQUIRE(::pipe(pipe.data()) == 0);
    std::vector<pid_t> children;
    for (int i = 0; i < processes; ++i) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child > 0) {
            children.push_back(child);
            continue;
        }
        auto directory = Directory::open({.place = path, .wait = 60s});
        for (int k = 0; directory && k < each; ++k) {
            std::int64_t taken = 0;
            auto done = directory->edit(edit_at(1), [&](DirectoryRows& rows) -> Result<void> {
                auto next = centrex::next_numbers(
                    rows, {.first = first_number, .reserve = centrex::NumberEdit{.action = centrex::Action::reserve}}, rows.at());
                if (!next) return tl::unexpected(next.error());
                taken = next->front();
                return {};
            });
            if (!done || ::write(pipe[1], &taken, sizeof taken) != sizeof taken) ::_exit(1);
        }
        ::_exit(directory ? 0 : 1);
    }
    ::close(pipe[1]);
    std::set<std::int64_t> numbers;
    std::size_t count = 0;
    for (std::int64_t number = 0; ::read(pipe[0], &number, sizeof number) == sizeof number; ++count) numbers.insert(number);
    ::close(pipe[0]);
    for (pid_t child : children) {
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }
    CHECK(count == processes * each);
    CHECK(numbers.size() == processes * each);
    auto directory = open(path);
    CHECK(directory.last_change().value() == 1 + processes * each);
    check_all(directory);
}

namespace {

constexpr std::int64_t batch = 20;

// Reserves numbers and tells the change of each edit, until it is killed; 1 when an edit fails.
[[noreturn]] void take_batches(const std::string& place, int told) {
    auto directory = Directory::open({.place = place, .wait = 60s});
    while (directory) {
        auto done = directory->edit(edit_at(1), [&](DirectoryRows& rows) -> Result<void> {
            auto next = centrex::next_numbers(
                rows, {.first = first_number, .count = batch, .reserve = centrex::NumberEdit{.action = centrex::Action::reserve}},
                rows.at());
            return next ? Result<void>{} : tl::unexpected(next.error());
        });
        if (!done || ::write(told, &done->change, sizeof done->change) != sizeof done->change) break;
    }
    ::_exit(1);
}

}  // namespace

TEST_CASE_TEMPLATE("whoever is killed in the middle of an edit leaves all of it or nothing, and nothing that was acknowledged is lost",
                   Places, InFiles, OnServer) {
    Places places;
    const auto path = places.next();
    REQUIRE(open(path).edit(edit_at(0), furnish));
    IdSource random({42, 1});
    constexpr int rounds = 200;
    std::int64_t acknowledged = 0;
    for (int round = 0; round < rounds; ++round) {
        std::array<int, 2> pipe{};
        REQUIRE(::pipe(pipe.data()) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            take_batches(path, pipe[1]);
        }
        ::close(pipe[1]);
        // Killed somewhere in or after its first edits.
        std::int64_t change = 0;
        for (std::uint64_t wait = random.next() % 3; wait > 0; --wait)
            if (::read(pipe[0], &change, sizeof change) == sizeof change) acknowledged = std::max(acknowledged, change);
        ::usleep(static_cast<useconds_t>(random.next() % 6000));
        ::kill(child, SIGKILL);
        while (::read(pipe[0], &change, sizeof change) == sizeof change) acknowledged = std::max(acknowledged, change);
        ::close(pipe[0]);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(WIFSIGNALED(status));
        if (round % 20 != 19 && round != rounds - 1) continue;
        auto directory = open(path);
        Places::check_whole(directory, path);
        CHECK(directory.last_change().value() >= acknowledged);
        auto history = directory.history(2);
        REQUIRE(history);
        for (const auto& entry : *history) CHECK(entry.rows == batch);
        check_all(directory);
    }
    CHECK(acknowledged > rounds / 2);
}

TEST_CASE("a server that is killed loses nothing that was acknowledged; who was connected goes on when it is back") {
    const auto place = OnServer::next();
    auto waiting = open(place);
    REQUIRE(waiting.edit(edit_at(0), furnish));
    std::int64_t acknowledged = 1;
    for (int round = 0; round < 5; ++round) {
        std::array<int, 2> pipe{};
        REQUIRE(::pipe(pipe.data()) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) take_batches(place, pipe[1]);
        ::close(pipe[1]);
        std::int64_t change = 0;
        for (int edits = 0; edits < 3 + round; ++edits)
            if (::read(pipe[0], &change, sizeof change) == sizeof change) acknowledged = std::max(acknowledged, change);
        server().kill();
        while (::read(pipe[0], &change, sizeof change) == sizeof change) acknowledged = std::max(acknowledged, change);
        ::close(pipe[0]);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 1));

        auto refused = waiting.edit(edit_at(1), [](DirectoryRows&) -> Result<void> { return {}; });
        REQUIRE_FALSE(refused);
        CHECK(refused.error().fault == Fault::system);
        server().start();
        auto done = waiting.edit(edit_at(1), [](DirectoryRows& rows) -> Result<void> {
            auto next = centrex::next_numbers(
                rows, {.first = first_number, .count = batch, .reserve = centrex::NumberEdit{.action = centrex::Action::reserve}},
                rows.at());
            return next ? Result<void>{} : tl::unexpected(next.error());
        });
        REQUIRE_MESSAGE(done, done.error().text());
        CHECK(done->change > acknowledged);
        acknowledged = done->change;
        OnServer::check_whole(waiting, place);
        auto history = waiting.history(2);
        REQUIRE(history);
        for (const auto& entry : *history) CHECK(entry.rows == batch);
        check_all(waiting);
    }
}
