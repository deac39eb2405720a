// Where a number rings, and why.
#include "centrex/resolve.h"

#include <istream>
#include <set>

#include "directory_session.h"
#include "centrex/row_facts.h"
#include "tool_table.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

struct Query {
    Time at{};
    std::string tenant{};
    std::int64_t change = 0;
    std::set<std::string> busy{};
    std::set<std::string> unreachable{};
    bool explain = false;
};

// "busy=alice,unreachable=bob".
Result<void> read_assumptions(const Arguments& arguments, Query& query) {
    for (const auto& option : arguments.many("assume"))
        for (auto part : split(option, ',')) {
            auto [what, user] = split_once(part, '=');
            const bool known = what == "busy" || what == "unreachable";
            if (!known || !user || user->empty())
                return failure(Fault::usage, "option '--assume'", fmt::format("'{}' is not understood", printable(part)),
                               "write e.g. 'busy=alice,unreachable=bob'");
            (what == "busy" ? query.busy : query.unreachable).emplace(*user);
        }
    return {};
}

// False: nothing rings.
Result<bool> answer(store::DirectoryRows& rows, const Query& query, std::string_view text, output::Printer& printer) {
    auto number = number_of(rows, query.tenant, text);
    if (!number) return tl::unexpected(number.error());
    centrex::RowFacts facts(rows, query.at);
    auto resolution = centrex::resolve(facts, {.number = *number,
                                                .at = query.at,
                                                .busy = query.busy,
                                                .unreachable = query.unreachable});
    if (auto good = facts.state(); !good) return tl::unexpected(good.error());
    auto text_form = printer.format() == output::Format::text ? output::text(resolution, query.explain) : std::string{};
    auto printed = printer.print(output::record(resolution, query.change), text_form);
    if (!printed) return tl::unexpected(printed.error());
    using centrex::Outcome;
    return resolution.outcome == Outcome::ring || resolution.outcome == Outcome::voicemail ||
           resolution.outcome == Outcome::forwarded;
}

Result<Exit> answer_all(Env& env, const Arguments& arguments, store::DirectoryRows& rows, const Query& query,
                        output::Printer& printer) {
    Exit exit = Exit::ok;
    auto one = [&](std::string_view text) -> Result<void> {
        auto rings = answer(rows, query, text, printer);
        if (!rings) return tl::unexpected(rings.error());
        if (!*rings) exit = Exit::no;
        return {};
    };
    std::size_t line_number = 0;
    for (const auto& word : arguments.many("number")) {
        if (word != "-") {
            if (auto done = one(word); !done) return tl::unexpected(done.error());
            continue;
        }
        for (std::string line; std::getline(env.in, line);) {
            ++line_number;
            if (trim(line).empty()) continue;
            if (auto done = one(trim(line)); !done)
                return tl::unexpected(at(fmt::format("line {}", line_number), done.error()));
        }
    }
    return exit;
}

Exit run_resolve(Env& env, const Arguments& arguments) {
    Query query{.explain = arguments.explain()};
    auto time = time_of(arguments);
    if (!time) return cli::fail(env, time.error());
    query.at = *time;
    if (auto read = read_assumptions(arguments, query); !read) return cli::fail(env, read.error());
    const auto words = arguments.many("number");
    const bool many = words.size() > 1 || words.front() == "-";
    auto printer = arguments.printer(env, many ? output::Printer::Shape::many : output::Printer::Shape::one, {}, !many);
    if (!printer) return cli::fail(env, printer.error());
    auto directory = open_directory(env, arguments, false);
    if (!directory) return cli::fail(env, directory.error());
    Result<Exit> exit = Exit::ok;
    auto done = directory->read([&](store::DirectoryRows& rows) -> Result<void> {
        auto tenant = tenant_of(rows, arguments);
        if (!tenant) return tl::unexpected(tenant.error());
        query.tenant = *tenant;
        auto change = directory->last_change();
        if (!change) return tl::unexpected(change.error());
        query.change = *change;
        exit = answer_all(env, arguments, rows, query, *printer);
        return {};
    });
    if (!done) return cli::fail(env, done.error());
    if (!exit) return cli::fail(env, exit.error());
    if (auto finished = printer->finish(); !finished) return cli::fail(env, finished.error());
    return *exit;
}

}  // namespace

cli::Tool centrex_resolve_command() {
    using cli::Type;
    std::vector<cli::Option> options{tenant_option(),
                                     {.name = "assume", .type = Type::text, .metavar = "WHAT=USER,…",
                                      .help = "as if these users were busy or unreachable", .repeatable = true,
                                      .example = "busy=alice,unreachable=bob"},
                                     at_option()};
    for (auto& option : directory_options()) options.push_back(std::move(option));
    auto common = record_formats();
    common.explain = true;
    return {.name = "resolve",
            .summary = "say where a number rings, and why",
            .positionals = {{.name = "number", .metavar = "NUMBER",
                             .help = "called numbers as the tenant's country spells them; '-' reads them from standard input",
                             .max = 0}},
            .options = std::move(options),
            .common = std::move(common),
            .exits = {{Exit::ok, "every number rings somewhere, a mailbox or another network included"},
                      {Exit::no, "a number rings nowhere, which is said"},
                      {Exit::input, "a number cannot be understood"}},
            .examples = {{.says = "Where Alice's number rings, with each step that leads there.",
                          .commands = {"trunkbox number block add +33199000000 +33199000999 --tenant acme",
                                       "trunkbox number assign +33199000001 --to user:alice",
                                       "trunkbox centrex resolve 01.99.00.00.01 --explain"}}},
            .run = run_resolve};
}

}  // namespace trunkbox::tools
