// The directory as a whole: made, checked, written out, read in, counted.
#include <istream>

#include "directory_session.h"
#include "centrex_commands.h"
#include "config/files.h"
#include "store/check.h"
#include "store/dump.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;
using output::Printer;

Exit init(Env& env, const Arguments& arguments) {
    auto directory = open_directory(env, arguments, true);
    if (!directory) return cli::fail(env, directory.error());
    return Exit::ok;
}

Exit check(Env& env, const Arguments& arguments) {
    return ask_directory(env, arguments, Printer::Shape::one, [](store::Directory& directory, Printer& printer) -> Result<Exit> {
        auto findings = store::check(directory);
        if (!findings) return tl::unexpected(findings.error());
        output::Value::Array list;
        std::string text;
        for (const auto& finding : *findings) {
            list.emplace_back(
                output::Record{{"id", finding.invariant->id}, {"name", finding.invariant->name}, {"what", finding.what}});
            text += fmt::format("{:<4} {}: {}\n", finding.invariant->id, finding.invariant->name, finding.what);
        }
        const auto count = store::invariants().size();
        text += findings->empty() ? fmt::format("all {} invariants hold\n", count)
                                  : fmt::format("{} findings\n", findings->size());
        auto printed = printer.print({{"holds", findings->empty()}, {"invariants", count}, {"findings", std::move(list)}}, text);
        if (!printed) return tl::unexpected(printed.error());
        return findings->empty() ? Exit::ok : Exit::no;
    });
}

Exit dump(Env& env, const Arguments& arguments) {
    auto write = [&](store::DirectoryRows& rows, Printer& printer) -> Result<Exit> {
        auto done = store::dump(rows, arguments.flag("show-secrets"), [&](std::string_view line) { return printer.append(line); });
        if (!done) return tl::unexpected(done.error());
        return Exit::ok;
    };
    return run_read(env, arguments, Printer::Shape::many, write, false);
}

Exit load(Env& env, const Arguments& arguments) {
    auto path = arguments.text("file");
    std::string text;
    if (path == "-") {
        text.assign(std::istreambuf_iterator<char>(env.in), {});
    } else {
        auto read = config::read_file(path, std::size_t{4} << 30);
        if (!read) return cli::fail(env, read.error());
        text = std::move(*read);
    }
    return run_edit(env, arguments, [&](store::DirectoryRows& rows) -> Result<void> {
        std::size_t number = 0;
        for (auto line : split(text, '\n')) {
            ++number;
            if (trim(line).empty()) continue;
            auto done = store::load_line(rows, line, fmt::format("{}:{}", path, number));
            if (!done) return tl::unexpected(done.error());
        }
        return {};
    });
}

Exit stats(Env& env, const Arguments& arguments) {
    return run_read(env, arguments, Printer::Shape::one, [&](store::DirectoryRows& rows, Printer& printer) -> Result<Exit> {
        output::Record record;
        std::string text;
        for (const auto& table : centrex::tables()) {
            std::int64_t count = 0;
            auto done = rows.each(table, [&](const centrex::Row&) -> Result<void> {
                ++count;
                return {};
            });
            if (!done) return tl::unexpected(done.error());
            record.set(std::string(table.name), count);
            text += fmt::format("{:<10} {:>10}\n", table.name, count);
        }
        if (auto printed = printer.print(record, text); !printed) return tl::unexpected(printed.error());
        return Exit::ok;
    });
}

}  // namespace

std::vector<cli::Tool> centrex_storage() {
    using cli::Type;
    return {{.name = "init",
             .summary = "make an empty directory, if there is none",
             .options = read_options(),
             .examples = {{.says = "A directory in a file of its own.", .commands = {"trunkbox centrex init --db empty.db"}}},
             .run = init},
            {.name = "check",
             .summary = "check what must hold in every directory",
             .description = {"Reads all of it, its history too."},
             .options = read_options(),
             .common = {.formats = {output::Format::text, output::Format::json, output::Format::jsonl}, .output = true},
             .exits = {{Exit::ok, "all of it holds"}, {Exit::no, "something does not, which is named"}},
             .examples = {{.says = "After a crash, a restore, or an edit by other means.", .commands = {"trunkbox centrex check"}}},
             .run = check},
            {.name = "dump",
             .summary = "write the state as lines of JSON",
             .description = {"By names, in C order, without history: two directories with the same rows give the same bytes."},
             .options = read_options({{.name = "show-secrets", .help = "what is kept of passwords and PINs, too; else '(hidden)'"}}),
             .common = {.output = true},
             .examples = {{.says = "To compare, to keep, to load elsewhere.", .commands = {"trunkbox centrex dump -o state.jsonl"}}},
             .run = dump},
            {.name = "load",
             .summary = "read what dump wrote, as one change",
             .positionals = {{.name = "file", .metavar = "FILE", .help = "a dump; '-' is standard input", .type = Type::file}},
             .options = edit_options({}),
             .common = record_formats(),
             .exits = edit_exits(),
             .examples = {{.says = "A copy without history.", .commands = {"trunkbox centrex load state.jsonl --db copy.db"}}},
             .run = load},
            {.name = "stats",
             .summary = "count the rows",
             .options = read_options(),
             .common = record_formats(),
             .examples = {{.says = "How large it is.", .commands = {"trunkbox centrex stats"}}},
             .run = stats}};
}

}  // namespace trunkbox::tools
