// Blocks of numbers.
#include "directory_session.h"
#include "centrex/numbers.h"
#include "number_commands.h"

namespace trunkbox::tools {

namespace {

using centrex::table;
using cli::Arguments;
using cli::Env;
using cli::Exit;

Result<std::int64_t> value_of(centrex::Rows& rows, const Arguments& arguments, const std::string& name) {
    auto tenant = tenant_of(rows, arguments);
    if (!tenant) return tl::unexpected(tenant.error());
    auto number = number_of(rows, *tenant, arguments.text(name));
    if (!number) return tl::unexpected(number.error());
    return static_cast<std::int64_t>(number->value());
}

Result<void> done(const Result<bool>& changed) {
    if (!changed) return tl::unexpected(changed.error());
    return {};
}

Result<void> add_range(centrex::Edits& rows, const Arguments& arguments, std::int64_t first, std::int64_t last) {
    const auto& blocks = table("block");
    auto row = empty_row(blocks);
    cell(blocks, row, "first") = first;
    cell(blocks, row, "last") = last;
    for (const char* column : {"tenant", "holder", "origin"}) {
        auto value = parse_cell(blocks.columns[blocks.index(column)], arguments.text_or_empty(column));
        if (!value) return tl::unexpected(value.error());
        cell(blocks, row, column) = *value;
    }
    return done(centrex::add_block(rows, row));
}

Exit add(Env& env, const Arguments& arguments) {
    return run_edit(env, arguments, [&](store::DirectoryRows& rows) -> Result<void> {
        auto first = value_of(rows, arguments, "first");
        auto last = value_of(rows, arguments, "last");
        if (!first || !last) return tl::unexpected((!first ? first : last).error());
        return add_range(rows, arguments, *first, *last);
    });
}

// A number that comes alone is a block of one.
Exit add_numbers(Env& env, const Arguments& arguments) {
    return run_edit(env, arguments, [&](store::DirectoryRows& rows) -> Result<void> {
        auto tenant = tenant_of(rows, arguments);
        if (!tenant) return tl::unexpected(tenant.error());
        for (const auto& word : arguments.many("number")) {
            auto number = number_of(rows, *tenant, word);
            if (!number) return tl::unexpected(number.error());
            const auto value = static_cast<std::int64_t>(number->value());
            if (auto added = add_range(rows, arguments, value, value); !added) return added;
        }
        return {};
    });
}

Exit split(Env& env, const Arguments& arguments) {
    return run_edit(env, arguments, [&](store::DirectoryRows& rows) -> Result<void> {
        auto first = value_of(rows, arguments, "first");
        auto second = value_of(rows, arguments, "before");
        if (!first || !second) return tl::unexpected((!first ? first : second).error());
        if (auto good = check_revision(rows, arguments, table("block"), {*first}); !good) return good;
        return done(centrex::split_block(rows, *first, *second));
    });
}

Exit merge(Env& env, const Arguments& arguments) {
    return run_edit(env, arguments, [&](store::DirectoryRows& rows) -> Result<void> {
        auto first = value_of(rows, arguments, "first");
        if (!first) return tl::unexpected(first.error());
        if (auto good = check_revision(rows, arguments, table("block"), {*first}); !good) return good;
        return done(centrex::merge_block(rows, *first));
    });
}

Exit remove(Env& env, const Arguments& arguments) {
    auto meant = confirmed(env, arguments, fmt::format("delete block '{}'", printable(arguments.text("first"))));
    if (!meant) return cli::fail(env, meant.error());
    if (!*meant) return Exit::no;
    return run_edit(env, arguments, [&](store::DirectoryRows& rows) -> Result<void> {
        auto first = value_of(rows, arguments, "first");
        if (!first) return tl::unexpected(first.error());
        if (auto good = check_revision(rows, arguments, table("block"), {*first}); !good) return good;
        return done(centrex::delete_block(rows, *first));
    });
}

Exit list_blocks(Env& env, const Arguments& arguments) {
    return run_read(env, arguments, output::Printer::Shape::many,
                    [&](store::DirectoryRows& rows, output::Printer& printer) -> Result<Exit> {
                        centrex::Query query{.table = &table("block")};
                        if (arguments.given("tenant"))
                            query.where.push_back({.column = "tenant", .value = arguments.text("tenant")});
                        auto found = rows.find(query);
                        if (!found) return tl::unexpected(found.error());
                        for (const auto& row : *found)
                            if (auto printed = printer.print(output::record(table("block"), row),
                                                             output::text(table("block"), row));
                                !printed)
                                return tl::unexpected(printed.error());
                        return Exit::ok;
                    });
}

Exit show_block(Env& env, const Arguments& arguments) {
    return run_read(env, arguments, output::Printer::Shape::one,
                    [&](store::DirectoryRows& rows, output::Printer& printer) -> Result<Exit> {
                        auto number = value_of(rows, arguments, "first");
                        if (!number) return tl::unexpected(number.error());
                        auto block = centrex::block_of(rows, *number);
                        if (!block) return tl::unexpected(block.error());
                        if (!*block) return centrex::against("block", fmt::format("number '+{}' lies in no block", *number));
                        auto printed = printer.print(output::record(table("block"), **block),
                                                     output::text(table("block"), **block));
                        if (!printed) return tl::unexpected(printed.error());
                        return Exit::ok;
                    });
}

cli::Positional first_positional(std::string help) {
    return {.name = "first", .metavar = "NUMBER", .help = std::move(help)};
}

std::vector<cli::Option> origin_options() {
    using cli::Type;
    return edit_options({tenant_option(),
                         {.name = "holder", .type = Type::text, .metavar = "NAME", .help = "carrier that it comes from"},
                         {.name = "origin", .type = Type::choice, .help = "how it came", .fallback = "allocated",
                          .choices = {"allocated", "leased", "ported"}}});
}

cli::Tool add_command() {
    return {.name = "add",
            .summary = "add a block of numbers",
            .positionals = {first_positional("its first number"),
                            {.name = "last", .metavar = "LAST", .help = "its last number"}},
            .options = origin_options(),
            .common = record_formats(),
            .exits = edit_exits(),
            .examples = {{.says = "A tenant with a thousand numbers.",
                          .commands = {"export TRUNKBOX_DB=./examples.db",
                                       "trunkbox centrex tenant add acme --country FR --zone Europe/Paris",
                                       "trunkbox number block add +33199000000 +33199000999 --tenant acme"}}},
            .run = add};
}

}  // namespace

cli::Tool number_add() {
    return {.name = "add",
            .summary = "add numbers that come alone, each a block of one",
            .positionals = {{.name = "number", .metavar = "NUMBER", .help = "one or more, all or none of them", .max = 0}},
            .options = origin_options(),
            .common = record_formats(),
            .exits = edit_exits(),
            .examples = {{.says = "One that was bought by itself.",
                          .commands = {"trunkbox number add 01.99.00.50.00 --tenant acme --holder north"}}},
            .run = add_numbers};
}

cli::Tool number_block() {
    using cli::Type;
    auto shared = [](std::string name, std::string summary, std::vector<std::string> example,
                     Exit (*run)(Env&, const Arguments&)) -> cli::Tool {
        return {.name = std::move(name),
                .summary = summary,
                .common = record_formats(),
                .exits = edit_exits(),
                .examples = {{.says = "As said.", .commands = std::move(example)}},
                .run = run};
    };
    auto listed = shared("list", "list the blocks", {"trunkbox number block list --format csv"}, list_blocks);
    listed.options = read_options({tenant_option()});
    auto shown = shared("show", "show the block that a number lies in", {"trunkbox number block show 01.99.00.00.02"}, show_block);
    shown.positionals = {first_positional("any number of it")};
    shown.options = listed.options;
    auto halved = shared("split", "make two blocks of one",
                         {"trunkbox number block split +33199000000 --before +33199000500"}, split);
    halved.positionals = {first_positional("its first number")};
    halved.options = edit_options({tenant_option(), if_rev_option(),
                                   {.name = "before", .type = Type::text, .metavar = "NUMBER",
                                    .help = "the number that begins the second", .required = true}});
    auto merged = shared("merge", "make one block of two that follow each other",
                         {"trunkbox number block merge +33199000000"}, merge);
    merged.positionals = {first_positional("first number of the first")};
    merged.options = edit_options({tenant_option(), if_rev_option()});
    auto gone = shared("delete", "delete a block whose numbers are all free",
                       {"trunkbox number block add +33199001000 +33199001999 --tenant acme",
                        "trunkbox number block delete +33199001000 --yes"},
                       remove);
    gone.positionals = {first_positional("its first number")};
    gone.options = edit_options({tenant_option(), if_rev_option(), yes_option()});
    listed.examples.front().says = "Every block, as CSV.";
    shown.examples.front().says = "Whose block a number is of, in a national spelling.";
    halved.examples.front().says = "The upper half apart from the lower.";
    merged.examples.front().says = "And together again.";
    gone.examples.front().says = "A block that nobody uses.";
    return {.name = "block",
            .summary = "blocks of consecutive numbers",
            .commands = {add_command(), std::move(listed), std::move(shown), std::move(halved), std::move(merged),
                         std::move(gone)}};
}

}  // namespace trunkbox::tools
