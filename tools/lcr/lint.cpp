// What is wrong in rate decks, before money is lost by it.
#include <algorithm>

#include <fmt/format.h>

#include "lcr/lint.h"
#include "deck_options.h"
#include "output/lint.h"
#include "store/decks.h"
#include "tool_table.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

// "alpha=alpha.csv,january.csv", or a file that stands for a carrier of its name.
std::vector<store::DeckFiles> named_decks(const std::vector<std::string>& words) {
    std::vector<store::DeckFiles> files;
    for (const auto& word : words) {
        auto [name, paths] = split_once(word, '=');
        store::DeckFiles entry{.carrier = std::string(name)};
        for (auto path : split(paths.value_or(word), ',')) entry.paths.emplace_back(path);
        files.push_back(std::move(entry));
    }
    return files;
}

Result<lcr::LintOptions> lint_options(const Arguments& arguments) {
    auto at = time_option(arguments, "at");
    if (!at) return tl::unexpected(at.error());
    lcr::LintOptions options{.at = *at,
                             .notice_days = static_cast<int>(arguments.integer("notice")),
                             .duration = arguments.duration("duration"),
                             .all = arguments.flag("all")};
    for (const auto& id : arguments.many("without")) {
        auto check = lcr::parse_check(id);
        if (!check)
            return failure(Fault::usage, "option '--without'", fmt::format("no check '{}'", printable(id)),
                           "'trunkbox lcr lint --checks' lists them");
        options.without.insert(*check);
    }
    return options;
}

Exit print_checks(Env& env, const Arguments& arguments) {
    auto printer = arguments.printer(env, output::Printer::Shape::many);
    if (!printer) return cli::fail(env, printer.error());
    Result<void> printed;
    for (const auto& check : lcr::lint_checks())
        if (printed)
            printed = printer->print({{"check", check.id},
                                      {"severity", lcr::name(check.severity)},
                                      {"what", check.what},
                                      {"why", check.why}},
                                     fmt::format("{:<18} {:<8} {}", check.id, lcr::name(check.severity), check.what));
    if (printed) printed = printer->finish();
    return printed ? Exit::ok : cli::fail(env, printed.error());
}

Result<std::vector<lcr::LintFinding>> findings_of(const Arguments& arguments, const lcr::LintOptions& options) {
    // A row that cannot be read is a finding here.
    auto reading = read_options(arguments, true);
    if (!reading) return tl::unexpected(reading.error());
    auto decks = store::read_decks(named_decks(arguments.many("decks")), *reading);
    if (!decks) return tl::unexpected(decks.error());
    auto findings = lcr::unreadable_rows(decks->skipped.because, decks->skipped.rows);
    std::vector<lcr::CarrierDecks> carriers;
    for (auto& carrier : decks->carriers)
        carriers.push_back({.carrier = {.name = carrier.carrier}, .decks = std::move(carrier.decks)});
    std::ranges::move(lcr::lint(carriers, options), std::back_inserter(findings));
    return findings;
}

Exit run_lint(Env& env, const Arguments& arguments) {
    if (arguments.flag("checks")) return print_checks(env, arguments);
    if (arguments.many("decks").empty())
        return cli::fail(env, {Fault::usage, "", "no decks", "name them, e.g. 'alpha.csv'"});
    auto options = lint_options(arguments);
    if (!options) return cli::fail(env, options.error());
    auto findings = findings_of(arguments, *options);
    if (!findings) return cli::fail(env, findings.error());
    auto printer = arguments.printer(env, output::Printer::Shape::many);
    if (!printer) return cli::fail(env, printer.error());
    Result<void> printed;
    for (const auto& finding : *findings)
        if (printed) printed = printer->print(output::record(finding), output::text(finding));
    if (printed && printer->format() == output::Format::text && !arguments.quiet())
        printed = printer->append(output::summary(*findings) + "\n");
    if (printed) printed = printer->finish();
    if (!printed) return cli::fail(env, printed.error());
    bool clean = std::ranges::all_of(*findings, [&](const auto& finding) {
        return finding.severity == lcr::Severity::note ||
               (finding.severity == lcr::Severity::warning && !arguments.flag("strict"));
    });
    return clean ? Exit::ok : Exit::no;
}

}  // namespace

cli::Tool lcr_lint_command() {
    using cli::Type;
    std::vector<cli::Option> options{
        at_option("the moment to look at the decks, RFC 3339 or a day; default: now"),
        {.name = "notice", .type = Type::integer, .metavar = "DAYS", .help = "notice that a carrier owes before a rise",
         .fallback = "7", .min = 0, .max = 3650},
        {.name = "duration", .letter = 'd', .type = Type::duration, .help = "of the call that prices are compared by",
         .fallback = "180", .max = 10'000'000},
        {.name = "all", .help = "every row by itself, not only the first few of each check"},
        {.name = "strict", .help = "warnings count as a no"},
        {.name = "without", .type = Type::text, .metavar = "CHECK", .help = "leave this check out", .repeatable = true},
        {.name = "checks", .help = "list the checks, what each finds and why it matters"}};
    for (auto& option : deck_options())
        if (option.name != "skip-bad") options.push_back(std::move(option));
    return {.name = "lint",
            .summary = "what is wrong in rate decks",
            .description = {"Looks for what makes calls cost other than somebody meant: contradicting rows, overlapping "
                            "dates, prefixes that a spreadsheet damaged, prices ten times off, rises without notice, "
                            "satellite codes left open. Several decks are also held against each other, which finds "
                            "outliers and destinations that one carrier does not price by themselves.",
                            "DECK is a file, or CARRIER=FILE,FILE … with amendments. A row that cannot be read is a "
                            "finding like others."},
            .positionals = {{.name = "decks", .metavar = "DECK", .help = "rate decks in CSV", .type = Type::text,
                             .min = 0, .max = 0, .complete = cli::Complete::file}},
            .options = std::move(options),
            .common = {.formats = {output::Format::text, output::Format::json, output::Format::jsonl,
                                   output::Format::csv},
                       .output = true,
                       .quiet = true},
            .exits = {{Exit::ok, "nothing worse than warnings; with --strict, than notes"},
                      {Exit::no, "there is something to mend"},
                      {Exit::input, "a file is no deck at all"}},
            .examples = {{.says = "A prefix that a spreadsheet damaged, and a rate that slipped.",
                          .commands = {"printf 'prefix,destination,rate\\n44,United Kingdom,0.01\\n4.47E+11,United "
                                       "Kingdom,0.03\\n441,United Kingdom,0\\n' >deck.csv",
                                       "trunkbox lcr lint deck.csv --at 2026-11-22"},
                          .prints = {"deck.csv:3: error unreadable: prefix '4.47E+11' was turned into a floating-point "
                                     "number by a spreadsheet...",
                                     "deck.csv:2: warning premium-open: '449' (United Kingdom premium rate) is open...",
                                     "deck.csv:4: warning zero-rate: calls to '441' cost nothing; write the rate, or block "
                                     "the prefix",
                                     "1 errors, 2 warnings, 0 notes"},
                          .exit = Exit::no}},
            .run = run_lint};
}

}  // namespace trunkbox::tools
