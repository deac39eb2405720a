// What happened to the directory: its history, one change of it, two moments compared, a change taken back.
#include <algorithm>
#include <map>

#include "directory_session.h"
#include "centrex_commands.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;
using output::Printer;
using output::Record;

Record record(const store::Change& change) {
    return {{"change", change.change},
            {"at", rfc3339(change.at, 0)},
            {"actor", change.actor},
            {"host", change.host},
            {"command", change.command},
            {"message", change.message.empty() ? output::Value() : output::Value(change.message)},
            {"plan", change.plan.empty() ? output::Value() : output::Value(change.plan)},
            {"undo_of", change.undo_of},
            {"rows", change.rows}};
}

std::string text(const store::Change& change) {
    auto line = fmt::format("{:>6}  {}  {}  {}  {} row{}", change.change, rfc3339(change.at, 0), change.actor, change.command,
                            change.rows, change.rows == 1 ? "" : "s");
    if (change.undo_of) line += fmt::format("  undoes {}", *change.undo_of);
    if (!change.message.empty()) line += fmt::format("  \"{}\"", change.message);
    return line;
}

Exit history(Env& env, const Arguments& arguments) {
    return ask_directory(env, arguments, Printer::Shape::many, [&](store::Directory& directory, Printer& printer) -> Result<Exit> {
        auto changes = directory.history(arguments.integer("since"), static_cast<std::size_t>(arguments.integer("last")));
        if (!changes) return tl::unexpected(changes.error());
        for (const auto& change : *changes)
            if (auto printed = printer.print(record(change), text(change)); !printed) return tl::unexpected(printed.error());
        return Exit::ok;
    });
}

Exit show_change(Env& env, const Arguments& arguments) {
    return ask_directory(env, arguments, Printer::Shape::one, [&](store::Directory& directory, Printer& printer) -> Result<Exit> {
        auto change = directory.change(arguments.integer("change"));
        if (!change) return tl::unexpected(change.error());
        std::vector<centrex::RowChange> rows;
        auto done = directory.each_row_change(change->change, change->change,
                                              [&](std::int64_t, centrex::RowChange row) -> Result<void> {
                                                  rows.push_back(std::move(row));
                                                  return {};
                                              });
        if (!done) return tl::unexpected(done.error());
        auto whole = record(*change);
        whole.set("rows", output::row_changes(rows));
        auto printed = printer.print(whole, text(*change) + '\n' + output::text(rows));
        if (!printed) return tl::unexpected(printed.error());
        return Exit::ok;
    });
}

// Each row that differs between two moments: as it was after `from`, as it was after `to`.
Result<std::vector<centrex::RowChange>> differences(store::Directory& directory, std::int64_t from, std::int64_t to) {
    std::map<std::pair<const centrex::Table*, centrex::Key>, centrex::RowChange> net;
    auto done = directory.each_row_change(from + 1, to, [&](std::int64_t, centrex::RowChange row) -> Result<void> {
        auto [place, added] = net.try_emplace({row.table, row.key()}, row);
        if (!added) place->second.after = std::move(row.after);
        return {};
    });
    if (!done) return tl::unexpected(done.error());
    std::vector<centrex::RowChange> rows;
    for (auto& [key, row] : net)
        if (row.before != row.after) rows.push_back(std::move(row));
    return rows;
}

Exit diff(Env& env, const Arguments& arguments) {
    const auto from = arguments.integer("from");
    const auto to = arguments.integer("to");
    if (from > to)
        return cli::fail(env, Error{Fault::usage, "", fmt::format("change {} comes after change {}", from, to),
                                    "name the earlier one first"});
    return ask_directory(env, arguments, Printer::Shape::one, [&](store::Directory& directory, Printer& printer) -> Result<Exit> {
        for (auto number : {from, to})
            if (number != 0)
                if (auto there = directory.change(number); !there) return tl::unexpected(there.error());
        auto rows = differences(directory, from, to);
        if (!rows) return tl::unexpected(rows.error());
        auto printed = printer.print({{"from", from}, {"to", to}, {"rows", output::row_changes(*rows)}}, output::text(*rows));
        if (!printed) return tl::unexpected(printed.error());
        return rows->empty() ? Exit::ok : Exit::no;
    });
}

Exit undo_change(Env& env, const Arguments& arguments) {
    auto session = open_session(env, arguments, {.create = false});
    if (!session) return cli::fail(env, session.error());
    auto outcome = store::undo(session->directory, arguments.integer("change"), session->edit);
    if (!outcome) return cli::fail(env, outcome.error());
    auto printed = print_outcome(session->printer, session->edit, *outcome, {{"undo_of", arguments.integer("change")}});
    return printed ? Exit::ok : cli::fail(env, printed.error());
}

cli::Positional change_positional(std::string name, std::string help) {
    return {.name = std::move(name), .metavar = "CHANGE", .help = std::move(help), .type = cli::Type::integer};
}

}  // namespace

std::vector<cli::Tool> centrex_changes() {
    using cli::Type;
    const std::vector<cli::ExitNote> exits{{Exit::no, "there is no such change"}};
    return {{.name = "history",
             .summary = "list the changes, the latest last",
             .options = read_options({{.name = "since", .type = Type::integer, .metavar = "CHANGE",
                                       .help = "from this change on", .fallback = "0", .min = 0},
                                      {.name = "last", .type = Type::integer, .metavar = "COUNT",
                                       .help = "so many of the latest; 0 means all", .fallback = "0", .min = 0}}),
             .common = record_formats(),
             .examples = {{.says = "The last two changes.", .commands = {"trunkbox centrex history --last 2"}}},
             .run = history},
            {.name = "show",
             .summary = "show what a change did, row by row",
             .positionals = {change_positional("change", "its number in the history")},
             .options = read_options({}),
             .common = record_formats(),
             .exits = exits,
             .examples = {{.says = "The first change.", .commands = {"trunkbox centrex show 1"}}},
             .run = show_change},
            {.name = "diff",
             .summary = "compare the directory after two changes",
             .positionals = {change_positional("from", "the earlier change; 0 is the empty directory"),
                             change_positional("to", "the later change")},
             .options = read_options({}),
             .common = record_formats(),
             .exits = {{Exit::ok, "nothing differs"}, {Exit::no, "something differs, or there is no such change"}},
             .examples = {{.says = "What the second and third change did together.",
                           .commands = {"trunkbox centrex diff 1 3", "echo $?"}, .prints = {"...", "1"}}},
             .run = diff},
            {.name = "undo",
             .summary = "take a change back",
             .description = {"The undo is a change of its own, which can be undone. It is refused while a later change "
                             "touched the same rows; undone again, nothing changes."},
             .positionals = {change_positional("change", "its number in the history")},
             .options = edit_options({}),
             .common = record_formats(),
             .exits = edit_exits(),
             .examples = {{.says = "The last change of all, taken back and done again.",
                           .commands = {"trunkbox centrex user add bob --tenant acme",
                                        "trunkbox centrex undo $(trunkbox centrex history --last 1 --format jsonl | "
                                        "sed 's/.*\"change\":\\([0-9]*\\).*/\\1/')"}}},
             .run = undo_change}};
}

}  // namespace trunkbox::tools
