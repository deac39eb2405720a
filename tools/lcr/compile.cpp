// Decks in, one route table out.
#include <fmt/format.h>

#include "config/files.h"
#include "config/lcr_settings.h"
#include "deck_options.h"
#include "store/decks.h"
#include "store/routes_file.h"
#include "tool_table.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

// "alpha=alpha.csv,amendment.csv"
Result<std::vector<store::DeckFiles>> deck_files(const std::vector<std::string>& words) {
    std::vector<store::DeckFiles> files;
    for (const auto& word : words) {
        auto [name, paths] = split_once(word, '=');
        if (!paths || name.empty() || paths->empty())
            return failure(Fault::usage, "", fmt::format("'{}' is not CARRIER=DECK", printable(word)),
                           "write e.g. 'alpha=alpha.csv'");
        store::DeckFiles entry{.carrier = std::string(name)};
        for (auto path : split(*paths, ',')) entry.paths.emplace_back(path);
        files.push_back(std::move(entry));
    }
    return files;
}

Result<lcr::Settings> settings_from(const std::string& path) {
    if (path.empty()) return lcr::Settings{};
    auto text = config::read_file(path, std::size_t{64} << 20);
    if (!text) return tl::unexpected(text.error());
    return config::read_lcr_settings(*text, path);
}

void report_skipped(Env& env, const store::Skipped& skipped) {
    for (const auto& error : skipped.because) cli::note(env, error.text());
    if (skipped.rows > 0) cli::note(env, fmt::format("{} rows were left out", skipped.rows));
}

output::Record record(const std::string& path, const store::OpenedTable& compiled) {
    const auto& table = compiled.table;
    return {{"file", path},
            {"carriers", table.carriers().size()},
            {"rows", table.rows()},
            {"prefixes", table.prefixes()},
            {"currency", table.currency().text()},
            {"bytes", table.image().size()},
            {"skipped", compiled.skipped.rows}};
}

Exit run_compile(Env& env, const Arguments& arguments) {
    if (arguments.flag("print-settings")) {
        env.out << config::sample_lcr_settings();
        return Exit::ok;
    }
    auto path = arguments.text_or_empty("routes");
    if (path.empty())
        return cli::fail(env, {Fault::usage, "", "no file to write", "name it, e.g. '--routes t.routes'"});
    auto options = read_options(arguments);
    if (!options) return cli::fail(env, options.error());
    auto files = deck_files(arguments.many("decks"));
    if (!files) return cli::fail(env, files.error());
    if (files->empty()) return cli::fail(env, {Fault::usage, "", "no decks", "name them, e.g. 'alpha=alpha.csv'"});
    auto settings_path = arguments.text_or_empty("settings");
    auto settings = settings_from(settings_path);
    if (!settings) return cli::fail(env, settings.error());
    auto file = std::make_shared<store::RoutesFile>(path);
    auto compiled = store::compile_decks(*files, *options, std::move(*settings), settings_path,
                                         static_cast<unsigned>(arguments.integer("jobs")), file);
    if (!compiled) return cli::fail(env, compiled.error());
    report_skipped(env, compiled->skipped);
    if (auto written = file->commit(); !written) return cli::fail(env, written.error());
    auto printer = arguments.printer(env, output::Printer::Shape::one);
    if (!printer) return cli::fail(env, printer.error());
    auto entry = record(path, *compiled);
    auto text = fmt::format("{}: {} rows of {} carriers, {} prefixes, {} bytes", path, compiled->table.rows(),
                            compiled->table.carriers().size(), compiled->table.prefixes(),
                            compiled->table.image().size());
    auto printed = arguments.quiet() ? Result<void>{} : printer->print(entry, text);
    if (printed) printed = printer->finish();
    if (!printed) return cli::fail(env, printed.error());
    return compiled->skipped.rows > 0 ? Exit::inconclusive : Exit::ok;
}

}  // namespace

cli::Tool lcr_compile_command() {
    using cli::Type;
    std::vector<cli::Option> options{
        {.name = "routes", .letter = 'o', .type = Type::file, .help = "the route table to write; replaced as a whole"},
        {.name = "settings", .type = Type::file,
         .help = "what else the table holds: priorities, currencies, time classes, guarded numbers …"},
        {.name = "jobs", .letter = 'j', .type = Type::integer, .help = "threads that read and compile; 0: one a processor",
         .fallback = "0", .min = 0, .max = 1024},
        {.name = "print-settings", .help = "print a complete settings document with comments, and do nothing else"}};
    for (auto& option : deck_options()) options.push_back(std::move(option));
    return {.name = "compile",
            .summary = "turn rate decks into a route table",
            .description = {"Reads the decks of all carriers, each in whichever dialect its header row speaks, and writes "
                            "one table that the other commands and the provider map into memory. A deck behind a comma "
                            "amends the ones before it. What a deck may look like stands in trunkbox-deck(5), what the "
                            "settings and the table hold in trunkbox-routes(5)."},
            .positionals = {{.name = "decks", .metavar = "CARRIER=DECK", .help = "a carrier and its CSV files, by commas",
                             .type = Type::text, .min = 0, .max = 0, .complete = cli::Complete::file}},
            .options = std::move(options),
            .common = {.formats = {output::Format::text, output::Format::json}, .quiet = true},
            .exits = {{Exit::input, "a deck or the settings cannot be understood; nothing was written"},
                      {Exit::inconclusive, "rows were left out, with --skip-bad"}},
            .examples = {{.says = "Two carriers, one with an amendment.",
                          .commands = {"printf 'prefix,rate\\n44,0.012\\n4420,0.009\\n' >alpha.csv",
                                       "printf 'prefix,rate,effective\\n4420,0.008,2027-01-01\\n' >january.csv",
                                       "printf 'Code;Rate per minute\\n44;0,011\\n' >beta.csv",
                                       "trunkbox lcr compile -o t.routes alpha=alpha.csv,january.csv beta=beta.csv"},
                          .prints = {"t.routes: 4 rows of 2 carriers, 2 prefixes, ... bytes"}}},
            .run = run_compile};
}

}  // namespace trunkbox::tools
