// What there is: numbers that are not free, the next that are, how many of each block.
#include "directory_session.h"
#include "centrex/numbers.h"
#include "number_commands.h"

namespace trunkbox::tools {

namespace {

using centrex::Match;
using centrex::table;
using cli::Arguments;
using cli::Env;
using cli::Exit;
using output::Printer;

// The rows that a number has at the time asked for.
Result<void> print_numbers(store::DirectoryRows& rows, const Arguments& arguments, Time at, Printer& printer) {
    centrex::Query query{.table = &table("number")};
    for (const char* column : {"tenant", "target"})
        if (auto value = arguments.text_or_empty(column); !value.empty())
            query.where.push_back({.column = column, .value = value});
    if (auto first = arguments.text_or_empty("block"); !first.empty()) {
        auto number = number_of(rows, arguments.text_or_empty("tenant"), first);
        if (!number) return tl::unexpected(number.error());
        auto block = rows.get(table("block"), {static_cast<std::int64_t>(number->value())});
        if (!block) return tl::unexpected(block.error());
        if (!*block) return centrex::against("block", fmt::format("no block begins at '{}'", number->text()));
        query.where.push_back({.column = "number", .is = Match::Is::at_least, .value = (**block)[0]});
        query.where.push_back({.column = "number", .is = Match::Is::at_most, .value = cell(table("block"), **block, "last")});
    }
    auto found = rows.find(query);
    if (!found) return tl::unexpected(found.error());
    const auto state = arguments.text_or_empty("state");
    for (const auto& stored : *found) {
        auto row = centrex::effective(stored, at);
        if (!row || (!state.empty() && centrex::text(cell(table("number"), *row, "state")) != state)) continue;
        auto printed = printer.print(output::record(table("number"), *row), output::text(table("number"), *row));
        if (!printed) return printed;
    }
    return {};
}

Exit list(Env& env, const Arguments& arguments) {
    auto at = time_of(arguments);
    if (!at) return cli::fail(env, at.error());
    return run_read(env, arguments, Printer::Shape::many, [&](store::DirectoryRows& rows, Printer& printer) -> Result<Exit> {
        auto done = print_numbers(rows, arguments, *at, printer);
        if (!done) return tl::unexpected(done.error());
        return Exit::ok;
    });
}

Exit show(Env& env, const Arguments& arguments) {
    auto at = time_of(arguments);
    if (!at) return cli::fail(env, at.error());
    return run_read(env, arguments, Printer::Shape::one, [&](store::DirectoryRows& rows, Printer& printer) -> Result<Exit> {
        auto tenant = tenant_of(rows, arguments);
        if (!tenant) return tl::unexpected(tenant.error());
        auto number = number_of(rows, *tenant, arguments.text("number"));
        if (!number) return tl::unexpected(number.error());
        const auto value = static_cast<std::int64_t>(number->value());
        auto stored = rows.get(table("number"), {value});
        auto revision = rows.revision(table("number"), {value});
        auto block = centrex::block_of(rows, value);
        if (!stored || !revision || !block)
            return tl::unexpected(!stored ? stored.error() : !revision ? revision.error() : block.error());
        if (auto row = centrex::effective(*stored, *at)) {
            auto record = output::record(table("number"), *row);
            record.set("rev", *revision);
            auto text = output::text(table("number"), *row) + fmt::format("  rev={}", *revision);
            if (auto printed = printer.print(record, text); !printed) return tl::unexpected(printed.error());
            return Exit::ok;
        }
        const char* state = *block ? "free" : "unknown";
        auto printed = printer.print({{"number", number->text()}, {"state", state}},
                                     fmt::format("{}  state={}{}", number->text(), state, *block ? "" : "  lies in no block"));
        if (!printed) return tl::unexpected(printed.error());
        return *block ? Exit::ok : Exit::no;
    });
}

Result<std::vector<std::int64_t>> take_next(store::DirectoryRows& rows, const Arguments& arguments, Time at) {
    auto tenant = tenant_of(rows, arguments);
    if (!tenant) return tl::unexpected(tenant.error());
    auto block = number_of(rows, *tenant, arguments.text("block"));
    if (!block) return tl::unexpected(block.error());
    centrex::NextQuery query{.first = static_cast<std::int64_t>(block->value()),
                             .count = static_cast<std::size_t>(arguments.integer("count"))};
    if (arguments.flag("reserve")) {
        auto until = until_of(arguments);
        if (!until) return tl::unexpected(until.error());
        query.reserve = {.action = centrex::Action::reserve, .tenant = arguments.text_or_empty("tenant"), .until = *until,
                         .request = arguments.text_or_empty("request-id")};
    }
    return centrex::next_numbers(rows, query, at);
}

// What only says how numbers are kept has no meaning where none is.
Result<void> check_reserving(const Arguments& arguments) {
    if (arguments.flag("reserve")) return {};
    for (const char* option : {"until", "request-id", "dry-run", "message", "actor"})
        if (arguments.given(option))
            return failure(Fault::usage, fmt::format("option '--{}'", option), "means nothing without --reserve",
                           "add --reserve to keep the numbers");
    return {};
}

std::pair<output::Value::Array, std::string> listed(const std::vector<std::int64_t>& numbers) {
    std::pair<output::Value::Array, std::string> list;
    for (auto number : numbers) {
        list.first.emplace_back(fmt::format("+{}", number));
        list.second += fmt::format("+{}\n", number);
    }
    return list;
}

Exit find_next(Env& env, const Arguments& arguments) {
    auto at = time_of(arguments);
    if (!at) return cli::fail(env, at.error());
    return run_read(env, arguments, Printer::Shape::one, [&](store::DirectoryRows& rows, Printer& printer) -> Result<Exit> {
        auto found = take_next(rows, arguments, *at);
        if (!found) return tl::unexpected(found.error());
        auto [numbers, text] = listed(*found);
        auto printed = printer.print({{"numbers", std::move(numbers)}}, text);
        if (!printed) return tl::unexpected(printed.error());
        return Exit::ok;
    });
}

Exit next(Env& env, const Arguments& arguments) {
    if (auto good = check_reserving(arguments); !good) return cli::fail(env, good.error());
    if (!arguments.flag("reserve")) return find_next(env, arguments);
    auto session = open_session(env, arguments, {.create = false});
    if (!session) return cli::fail(env, session.error());
    std::vector<std::int64_t> found;
    auto outcome = session->directory.edit(session->edit, [&](store::DirectoryRows& rows) -> Result<void> {
        auto numbers = take_next(rows, arguments, session->edit.at);
        if (!numbers) return tl::unexpected(numbers.error());
        found = std::move(*numbers);
        return {};
    });
    if (!outcome) return cli::fail(env, outcome.error());
    outcome->rows.clear();  // the numbers say it all
    auto [numbers, text] = listed(found);
    auto printed = print_outcome(session->printer, session->edit, *outcome, {{"numbers", std::move(numbers)}}, text);
    return printed ? Exit::ok : cli::fail(env, printed.error());
}

Exit tick(Env& env, const Arguments& arguments) {
    return run_edit(env, arguments, [&](store::DirectoryRows& rows) -> Result<void> {
        auto done = centrex::tick(rows);
        return done ? Result<void>{} : tl::unexpected(done.error());
    });
}

cli::Tool next_command() {
    using cli::Type;
    return {.name = "next",
            .summary = "find the lowest free numbers of a block, and keep them",
            .description = {"With --reserve they are reserved in the same transaction in which they are found: whoever asks "
                            "at the same time gets others. Asked again with the same --request-id it answers with the same "
                            "numbers."},
            .options = edit_options({{.name = "block", .type = Type::text, .metavar = "NUMBER",
                                      .help = "first number of the block", .required = true},
                                     {.name = "count", .type = Type::integer, .help = "how many", .fallback = "1", .min = 1,
                                      .max = 100000},
                                     {.name = "reserve", .help = "keep them"},
                                     {.name = "until", .type = Type::text, .metavar = "TIME",
                                      .help = "how long they are kept; a week if not said"},
                                     {.name = "request-id", .type = Type::text, .metavar = "KEY",
                                      .help = "name of the request, so that it can be said again"},
                                     tenant_option()}),
            .common = record_formats(),
            .exits = {{Exit::no, "there are not so many"}, {Exit::unanswered, "another held the lock for too long"}},
            .examples = {{.says = "Three numbers for an order.",
                          .commands = {"trunkbox number next --block +33199000000 --count 3 --reserve --request-id order-17"}}},
            .run = next};
}

}  // namespace

std::vector<cli::Tool> number_inventory() {
    using cli::Type;
    const std::vector<std::string> states{"reserved", "assigned", "quarantine", "port_in", "port_out", "ported_out"};
    return {next_command(),
            {.name = "list",
             .summary = "list the numbers that are not free",
             .options = read_options({at_option(), tenant_option(),
                                 {.name = "block", .type = Type::text, .metavar = "NUMBER", .help = "of the block that begins here"},
                                 {.name = "state", .type = Type::choice, .help = "in this state", .choices = states},
                                 {.name = "target", .type = Type::text, .metavar = "TARGET", .help = "that ring this"}}),
             .common = record_formats(),
             .examples = {{.says = "What is reserved.", .commands = {"trunkbox number list --state reserved"}}},
             .run = list},
            {.name = "show",
             .summary = "show what is known of a number",
             .positionals = {{.name = "number", .metavar = "NUMBER", .help = "any spelling of it"}},
             .options = read_options({at_option(), tenant_option()}),
             .common = record_formats(),
             .exits = {{Exit::no, "it lies in no block"}},
             .examples = {{.says = "In a national spelling.", .commands = {"trunkbox number show '01 99 00 00 00'"}}},
             .run = show},
            {.name = "tick",
             .summary = "write down what came to pass: expired reservations, rests, logins, ports that were due",
             .description = {"Dates take effect by themselves in every answer; this only tidies up, and tells the history."},
             .options = edit_options({}),
             .common = record_formats(),
             .exits = edit_exits(),
             .examples = {{.says = "As a daily job.", .commands = {"trunkbox number tick"}}},
             .run = tick}};
}

}  // namespace trunkbox::tools
