// What is inside a route table.
#include <fmt/format.h>

#include "lcr/contents.h"
#include "deck_options.h"
#include "output/routes.h"
#include "store/decks.h"
#include "store/routes.h"
#include "tool_table.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;
using output::Printer;

Result<void> print_summary(const lcr::Table& table, Printer& printer) {
    auto contents = lcr::contents(table);
    if (!contents) return tl::unexpected(contents.error());
    return printer.print(output::record(table, *contents), output::text(table, *contents));
}

// True: there were some.
Result<bool> print_rows(const lcr::Table& table, const std::string& digits, Printer& printer) {
    auto prefix = numbering::Prefix::parse(digits.starts_with('+') ? digits.substr(1) : digits);
    if (!prefix) return tl::unexpected(prefix.error());
    bool any = false;
    auto print = [&](numbering::Prefix its, const lcr::Table::Row& row) -> Result<void> {
        any = true;
        return printer.print(output::record(table, its, row), output::text(table, its, row));
    };
    auto done = lcr::each_row(table, *prefix, print);
    if (!done) return tl::unexpected(done.error());
    return any;
}

Result<void> print_reroute(const lcr::Table& table, Printer& printer) {
    Result<void> printed;
    for (const auto& entry : lcr::effective_rules(table.settings().reroute)) {
        auto kind = entry.kind == lcr::RerouteRule::Kind::status ? "SIP" : "Q.850";
        auto next = entry.next == lcr::Next::reroute ? "reroute" : "stop";
        if (printed)
            printed = printer.print({{"kind", kind}, {"code", entry.code}, {"next", next}, {"why", entry.why}},
                                    fmt::format("{:<5} {:>3}  {:<7}  {}", kind, entry.code, next, entry.why));
    }
    return printed;
}

Exit run_show(Env& env, const Arguments& arguments) {
    auto options = read_options(arguments);
    if (!options) return cli::fail(env, options.error());
    auto opened = store::open_table(arguments.text("table"), *options);
    if (!opened) return cli::fail(env, opened.error());
    const auto& table = opened->table;
    if (arguments.flag("verify"))
        if (auto good = store::verify_routes(table); !good) return cli::fail(env, good.error());
    auto prefix = arguments.text_or_empty("prefix");
    bool many = !prefix.empty() || arguments.flag("reroute");
    auto printer = arguments.printer(env, many ? Printer::Shape::many : Printer::Shape::one);
    if (!printer) return cli::fail(env, printer.error());
    Result<bool> found = true;
    Result<void> printed;
    if (!prefix.empty())
        found = print_rows(table, prefix, *printer);
    else
        printed = arguments.flag("reroute") ? print_reroute(table, *printer) : print_summary(table, *printer);
    if (!found) return cli::fail(env, found.error());
    if (printed) printed = printer->finish();
    if (!printed) return cli::fail(env, printed.error());
    return *found ? Exit::ok : Exit::no;
}

}  // namespace

cli::Tool lcr_show_command() {
    using cli::Type;
    std::vector<cli::Option> options{
        {.name = "verify", .help = "check every checksum and index of the table first"},
        {.name = "reroute", .help = "the answers after which the next carrier is tried, and those after which none is"}};
    for (auto& option : deck_options()) options.push_back(std::move(option));
    return {.name = "show",
            .summary = "what a route table holds",
            .description = {"Without a prefix, the carriers of the table with their rows, dates and currencies. With one, "
                            "every row of that prefix and of the longer ones, in the order in which routing takes them."},
            .positionals = {{.name = "table", .metavar = "TABLE", .help = "route table, or a deck", .type = Type::file},
                            {.name = "prefix", .metavar = "PREFIX", .help = "digits, e.g. 4420", .type = Type::text,
                             .min = 0}},
            .options = std::move(options),
            .common = {.formats = {output::Format::text, output::Format::json, output::Format::jsonl,
                                   output::Format::csv},
                       .output = true},
            .exits = {{Exit::no, "no row of that prefix or a longer one"},
                      {Exit::input, "the table cannot be understood or is damaged"}},
            .examples = {{.says = "All rows for London.",
                          .commands = {"printf 'prefix,rate\\n44,0.012\\n4420,0.009\\n44207,0.0085\\n' >alpha.csv",
                                       "trunkbox lcr show alpha.csv 4420"},
                          .prints = {"4420   alpha  0.009 EUR a minute  alpha.csv:3",
                                     "44207  alpha  0.0085 EUR a minute  alpha.csv:4"}}},
            .run = run_show};
}

}  // namespace trunkbox::tools
