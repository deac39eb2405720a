// Many edits at once: planned, applied, imported, with a verdict for each line.
#include <fstream>
#include <istream>

#include "centrex_commands.h"
#include "config/files.h"
#include "directory_session.h"
#include "store/import.h"
#include "store/plan.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;
using output::Printer;

Result<std::string> read_input(Env& env, const std::string& path) {
    if (path != "-") return config::read_file(path, std::size_t{4} << 30);
    return std::string(std::istreambuf_iterator<char>(env.in), {});
}

Result<store::ImportOptions> import_options(const Arguments& arguments, std::string_view path, bool jsonl) {
    store::ImportOptions options{.tenant = arguments.text_or_empty("tenant"),
                                 .keep_going = arguments.flag("keep-going"),
                                 .most_errors = static_cast<std::size_t>(arguments.integer("max-errors"))};
    if (jsonl || path.ends_with(".jsonl") || path.ends_with(".json")) options.sheet.format = config::SheetFormat::jsonl;
    for (const auto& entry : arguments.many("map")) {
        auto [header, column] = split_once(entry, '=');
        if (!column || header.empty() || column->empty())
            return failure(Fault::usage, "option '--map'", fmt::format("'{}' is not understood", printable(entry)),
                           "write e.g. 'Durchwahl=number', or 'Notes=-' to pass it over");
        options.sheet.map.emplace(header, *column);
    }
    return options;
}

Result<void> print_verdicts(Printer& printer, const store::Imported& imported, bool all) {
    for (const auto& verdict : imported.verdicts) {
        output::Record record{{"line", verdict.line}, {"key", verdict.key}, {"verdict", verdict.verdict}};
        if (!verdict.rule.empty()) record.set("rule", verdict.rule);
        if (!verdict.detail.empty()) record.set("detail", verdict.detail);
        std::string text;
        if (verdict.verdict == "rejected")
            text = fmt::format("line {}: rejected{}: {}", verdict.line,
                               verdict.rule.empty() ? "" : fmt::format(" by rule '{}'", verdict.rule), verdict.detail);
        else if (all)
            text = fmt::format("line {}: {} {}", verdict.line, verdict.verdict, verdict.key);
        if (auto printed = printer.print(record, text); !printed) return printed;
    }
    return {};
}

// The verdicts, what changed when it is only tried, the counts.
Result<void> print_import(Printer& printer, const store::Imported& imported, const store::Edit& edit, bool back, bool all) {
    if (auto printed = print_verdicts(printer, imported, all); !printed) return printed;
    std::string text;
    if (edit.dry_run) text = output::text(imported.outcome.rows);
    const bool changed = imported.outcome.changed;
    text += fmt::format("{} lines: {} created, {} updated, {} the same, {} rejected; ", imported.lines, imported.created,
                        imported.updated, imported.same, imported.rejected);
    text += back           ? "nothing was changed"
            : !changed     ? "nothing to change"
            : edit.dry_run ? "dry run: nothing was changed"
                           : fmt::format("change {}", imported.outcome.change);
    output::Record record{{"lines", imported.lines},       {"created", imported.created}, {"updated", imported.updated},
                          {"same", imported.same},         {"rejected", imported.rejected}, {"changed", changed},
                          {"change", changed && !edit.dry_run ? output::Value(imported.outcome.change) : output::Value()}};
    if (edit.dry_run) record.set("dry_run", true);
    if (auto printed = printer.print(record, text); !printed) return printed;
    return printer.finish();
}

using Take = std::function<Result<store::Imported>(EditSession&, const store::ImportOptions&, bool few)>;

Exit import_by(Env& env, const Arguments& arguments, const std::string& path, bool jsonl, const Take& take) {
    auto options = import_options(arguments, path, jsonl);
    if (!options) return cli::fail(env, options.error());
    auto session = open_session(env, arguments, {.shape = Printer::Shape::many, .live = false});
    if (!session) return cli::fail(env, session.error());
    session->edit.keep_rows = session->edit.dry_run;
    const bool all = arguments.verbose();
    const bool few = session->printer.format() == output::Format::text && !all;
    auto imported = take(*session, *options, few);
    if (!imported) return cli::fail(env, imported.error());
    const bool back = imported->taken_back(*options);
    auto printed = print_import(session->printer, *imported, session->edit, back, all);
    if (!printed) return cli::fail(env, printed.error());
    if (imported->rejected == 0) return Exit::ok;
    return back ? Exit::no : Exit::inconclusive;
}

Exit import_text(Env& env, const Arguments& arguments, const std::string& path, const std::string& text, bool jsonl) {
    return import_by(env, arguments, path, jsonl, [&](EditSession& session, const store::ImportOptions& options, bool few) {
        return store::import_sheet(session.directory, text, path, options, session.edit, few);
    });
}

Exit apply_plan(Env& env, const Arguments& arguments, const std::string& path, const std::string& text) {
    auto plan = store::read_plan(text, path);
    if (!plan) return cli::fail(env, plan.error());
    auto session = open_session(env, arguments);
    if (!session) return cli::fail(env, session.error());
    auto outcome = store::apply_plan(session->directory, *plan, session->edit);
    if (!outcome) return cli::fail(env, outcome.error());
    auto printed = print_outcome(session->printer, session->edit, *outcome, {{"plan", plan->sha256}});
    return printed ? Exit::ok : cli::fail(env, printed.error());
}

Exit apply(Env& env, const Arguments& arguments) {
    const auto plans = arguments.many("plan");
    const auto sheet = arguments.text_or_empty("file");
    if (plans.empty() == sheet.empty())
        return cli::fail(env, Error{Fault::usage, "", "there is nothing to apply", "name a plan, or a sheet with --file"});
    const auto path = plans.empty() ? sheet : plans.front();
    auto text = read_input(env, path);
    if (!text) return cli::fail(env, text.error());
    return plans.empty() ? import_text(env, arguments, path, *text, false) : apply_plan(env, arguments, path, *text);
}

Exit plan(Env& env, const Arguments& arguments) {
    const auto path = arguments.text("file");
    auto text = read_input(env, path);
    if (!text) return cli::fail(env, text.error());
    auto options = import_options(arguments, path, false);
    if (!options) return cli::fail(env, options.error());
    auto session = open_session(env, arguments, {.shape = Printer::Shape::many, .live = false});
    if (!session) return cli::fail(env, session.error());
    session->edit.dry_run = true;
    options->prune = arguments.flag("prune");
    auto base = session->directory.last_change();
    if (!base) return cli::fail(env, base.error());
    auto imported = store::import_sheet(session->directory, *text, path, *options, session->edit, true);
    if (!imported) return cli::fail(env, imported.error());
    const bool back = imported->taken_back(*options);
    if (!back) {
        std::ofstream file(arguments.text("plan"), std::ios::binary | std::ios::trunc);
        file << store::plan_text(*base, imported->outcome.rows);
        if (auto written = output::flush(file, arguments.text("plan")); !written) return cli::fail(env, written.error());
    }
    auto printed = print_import(session->printer, *imported, session->edit, back, false);
    if (!printed) return cli::fail(env, printed.error());
    return imported->rejected == 0 ? Exit::ok : back ? Exit::no : Exit::inconclusive;
}

Exit import_file(Env& env, const Arguments& arguments) {
    const auto path = arguments.text("file");
    const auto form = arguments.text("format-of-file");
    if (form == "kamailio") {
        if (arguments.given("map"))
            return cli::fail(env, Error{Fault::usage, "option '--map'", "means nothing for Kamailio's tables", "leave it out"});
        return import_by(env, arguments, path, false, [&](EditSession& session, const store::ImportOptions& options, bool few) {
            return store::import_kamailio(session.directory, path, arguments.text_or_empty("site"), options, session.edit, few);
        });
    }
    if (arguments.given("site"))
        return cli::fail(env, Error{Fault::usage, "option '--site'", "means nothing for a sheet", "give it a column 'site'"});
    auto text = read_input(env, path);
    if (!text) return cli::fail(env, text.error());
    return import_text(env, arguments, path, *text, form == "jsonl");
}

std::vector<cli::Option> sheet_options() {
    using cli::Type;
    return {tenant_option(),
            {.name = "map", .type = Type::text, .metavar = "HEADER=COLUMN",
             .help = "what a column is called there; '-' passes it over", .repeatable = true, .example = "Durchwahl=number"},
            {.name = "keep-going", .help = "take the good lines although others are rejected"},
            {.name = "max-errors", .type = Type::integer, .metavar = "COUNT",
             .help = "with --keep-going: more rejected lines take all back", .fallback = "100", .min = 0}};
}

std::vector<cli::ExitNote> sheet_exits() {
    auto exits = edit_exits();
    exits[1].meaning = "a line was rejected, or a rule refuses the plan; nothing changed";
    exits.push_back({Exit::inconclusive, "lines were rejected, the others taken: with --keep-going"});
    return exits;
}

}  // namespace

std::vector<cli::Tool> centrex_sheets() {
    using cli::Type;
    auto file = [](bool required) -> cli::Option {
        return {.name = "file", .letter = 'f', .type = Type::file, .help = "sheet, CSV or JSON lines; '-' is standard input",
                .required = required};
    };
    auto with = [&](std::vector<cli::Option> options) {
        for (auto& option : sheet_options()) options.push_back(std::move(option));
        return edit_options(std::move(options));
    };
    auto common = record_formats();
    common.verbose = true;
    return {{.name = "plan",
             .summary = "write down what a sheet would change",
             .description = {"The plan names each row before and after. Applied, it does just that, or nothing when one of "
                             "the rows is no longer as it was."},
             .options = with({file(true), {.name = "plan", .letter = 'o', .type = Type::file, .help = "where to write it",
                                           .required = true},
                              {.name = "prune", .help = "what of the tenant's the sheet does not name goes: people, phones, "
                                                        "numbers, as far as it names any"}}),
             .common = {.formats = record_formats().formats},
             .exits = sheet_exits(),
             .examples = {{.says = "Look first, apply later.",
                           .commands = {"printf 'user,name,number\\ncarol,Carol,0199000003\\n' >people.csv",
                                        "trunkbox centrex plan --file people.csv -o people.plan",
                                        "trunkbox centrex apply people.plan"}}},
             .run = plan},
            {.name = "apply",
             .summary = "apply a plan, or a sheet",
             .description = {"A sheet has a line for each person: user, name, phone, site, contact, number … What a cell names "
                             "is made to be so, what is empty stays as it is. All lines are taken, or none; every line that "
                             "is rejected is told with the rule that rejects it."},
             .positionals = {{.name = "plan", .metavar = "PLAN", .help = "what 'centrex plan' wrote", .type = Type::file, .min = 0}},
             .options = with({file(false)}),
             .common = common,
             .exits = sheet_exits(),
             .examples = {{.says = "What a sheet would do, and then that.",
                           .commands = {"trunkbox centrex apply -f people.csv -n", "trunkbox centrex apply -f people.csv"}}},
             .run = apply},
            {.name = "import",
             .summary = "import a sheet, or the tables of a Kamailio",
             .description = {"Of Kamailio's SQLite file, contacts become phones of their users and aliases their numbers; the "
                             "file is only read, and only rows of the tenant's domain are taken."},
             .positionals = {{.name = "format-of-file", .metavar = "csv|jsonl|kamailio", .help = "what it is",
                              .type = Type::choice, .choices = {"csv", "jsonl", "kamailio"}},
                             {.name = "file", .metavar = "FILE", .help = "the sheet; '-' is standard input", .type = Type::file}},
             .options = with({{.name = "site", .type = Type::text, .metavar = "NAME",
                               .help = "kamailio: where the phones stand"}}),
             .common = common,
             .exits = sheet_exits(),
             .examples = {{.says = "Somebody else's headers.",
                           .commands = {"printf 'Login;Durchwahl;Notes\\ndave;+33199000004;x\\n' >theirs.csv",
                                        "trunkbox centrex import csv theirs.csv --map Login=user --map Durchwahl=number "
                                        "--map Notes=-"}}},
             .run = import_file}};
}

}  // namespace trunkbox::tools
