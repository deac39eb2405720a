// The directory for other software.
#include <fstream>
#include <iostream>
#include <set>

#include "centrex/lifecycle.h"
#include "directory_session.h"
#include "store/switches.h"
#include "tool_table.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;
using output::Printer;

constexpr std::array sheet_columns{"tenant", "number", "state", "target", "until", "reason"};

output::Record sheet_record(const centrex::Row& row) {
    const auto whole = output::record(centrex::table("number"), row);
    output::Record record;
    for (std::string_view column : sheet_columns) record.set(std::string(column == "target" ? "to" : column), *whole.find(column));
    return record;
}

// The numbers that a later change touched; those that are free since have a line that says so.
Result<void> write_since(store::Directory& directory, store::DirectoryRows& rows, std::int64_t since, Printer& printer) {
    const auto& numbers = centrex::table("number");
    auto last = directory.last_change();
    if (!last) return tl::unexpected(last.error());
    std::set<std::int64_t> touched;
    auto read = directory.each_row_change(since + 1, *last, [&](std::int64_t, const centrex::RowChange& change) -> Result<void> {
        if (change.table == &numbers) touched.insert(centrex::integer(change.key().front()));
        return {};
    });
    if (!read) return read;
    for (auto number : touched) {
        auto row = rows.get(numbers, {number});
        if (!row) return tl::unexpected(row.error());
        auto record = *row ? sheet_record(**row) : output::Record{};
        if (!*row)
            record = {{"tenant", nullptr}, {"number", fmt::format("+{}", number)}, {"state", name(centrex::State::free)},
                      {"to", nullptr},     {"until", nullptr},                    {"reason", nullptr}};
        if (auto printed = printer.print(record, ""); !printed) return printed;
    }
    return {};
}

Result<void> write_rows(store::Directory& directory, const Arguments& arguments, bool csv, const std::string& path) {
    auto printer = Printer::open({.format = csv ? output::Format::csv : output::Format::jsonl, .shape = Printer::Shape::many,
                                  .file = path, .columns = {"tenant", "number", "state", "to", "until", "reason"}, .live = false},
                                 std::cout);
    if (!printer) return tl::unexpected(printer.error());
    auto done = directory.read([&](store::DirectoryRows& rows) -> Result<void> {
        if (arguments.given("since")) return write_since(directory, rows, arguments.integer("since"), *printer);
        return rows.each(centrex::table("number"),
                         [&](const centrex::Row& row) { return printer->print(sheet_record(row), ""); });
    });
    return done ? printer->finish() : done;
}

Result<store::Exported> write_export(store::Directory& directory, const Arguments& arguments, Time at) {
    const auto form = arguments.text("form");
    const auto path = arguments.text("out");
    const bool sheet = form == "csv" || form == "jsonl";
    if (!sheet && arguments.given("since"))
        return failure(Fault::usage, "option '--since'", fmt::format("{} is written as a whole", form), "leave it out");
    if (form == "kamailio") return store::export_kamailio(directory, at, path);
    if (form == "enum") {
        std::string zone;
        auto exported = store::export_enum(directory, at, {.origin = arguments.text("origin"),
                                                           .name_server = arguments.text("name-server")}, zone);
        if (!exported) return exported;
        std::ofstream file(path, std::ios::binary | std::ios::trunc);
        file << zone;
        if (auto written = output::flush(file, path); !written) return tl::unexpected(written.error());
        return exported;
    }
    auto written = write_rows(directory, arguments, form == "csv", path);
    if (!written) return tl::unexpected(written.error());
    return store::Exported{};
}

Exit run_export(Env& env, const Arguments& arguments) {
    auto at = time_of(arguments);
    if (!at) return cli::fail(env, at.error());
    auto directory = open_directory(env, arguments, false);
    if (!directory) return cli::fail(env, directory.error());
    auto exported = write_export(*directory, arguments, *at);
    if (!exported) return cli::fail(env, exported.error());
    const auto form = arguments.text("form");
    if (form == "csv" || form == "jsonl") return Exit::ok;
    auto printer = arguments.printer(env, Printer::Shape::one);
    if (!printer) return cli::fail(env, printer.error());
    auto printed = printer->print({{"numbers", exported->numbers}, {"left_out", exported->left_out},
                                   {"contacts", exported->contacts}, {"change", exported->change}},
                                  fmt::format("{}: {} numbers, {} left out, as of change {}", arguments.text("out"),
                                              exported->numbers, exported->left_out, exported->change));
    if (printed) printed = printer->finish();
    return printed ? Exit::ok : cli::fail(env, printed.error());
}

}  // namespace

cli::Tool centrex_export_command() {
    using cli::Type;
    std::vector<cli::Option> options{{.name = "origin", .type = Type::text, .metavar = "DOMAIN",
                                      .help = "enum: the zone; numbers outside it are left out", .fallback = "e164.arpa"},
                                     {.name = "name-server", .type = Type::text, .metavar = "HOST",
                                      .help = "enum: who serves the zone", .fallback = "localhost"},
                                     {.name = "since", .type = Type::integer, .metavar = "CHANGE",
                                      .help = "csv, jsonl: only numbers that a later change touched", .min = 0},
                                     at_option()};
    return {.name = "export",
            .summary = "write the numbers for other software",
            .description = {"kamailio: a SQLite file with the tables of alias_db, usrloc and domain as Kamailio 5.6 reads them, "
                            "replaced in one transaction while Kamailio runs. Numbers that ring exactly one phone are in it.",
                            "enum: a DNS zone (RFC 6116) with a NAPTR for each number that rings.",
                            "csv, jsonl: the numbers that are not free."},
            .positionals = {{.name = "form", .metavar = "csv|jsonl|kamailio|enum", .help = "for whom", .type = Type::choice,
                             .choices = {"csv", "jsonl", "kamailio", "enum"}},
                            {.name = "out", .metavar = "FILE", .help = "where to", .type = Type::file}},
            .options = read_options(std::move(options)),
            .common = {.formats = {output::Format::text, output::Format::json, output::Format::jsonl}},
            .examples = {{.says = "For a Kamailio beside it, and for DNS.",
                          .commands = {"trunkbox centrex export kamailio kamailio.db", "trunkbox centrex export enum zone.txt"}}},
            .run = run_export};
}

}  // namespace trunkbox::tools
