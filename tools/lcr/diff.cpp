// What a new price list changes, and what that costs.
#include <fmt/format.h>

#include "config/files.h"
#include "lcr/cdr.h"
#include "lcr/diff.h"
#include "deck_options.h"
#include "output/diff.h"
#include "store/decks.h"
#include "store/routes.h"
#include "store/text_file.h"
#include "tool_table.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;


// A compiled table, or decks of one carrier: "january.csv,february.csv". Both sides are the same carrier then, whatever
// their files are called.
Result<lcr::Table> side(const std::string& word, const lcr::ReadOptions& options) {
    if (store::is_routes_file(word)) return store::open_routes(word);
    store::DeckFiles files{.carrier = "deck"};
    for (auto path : split(word, ',')) files.paths.emplace_back(path);
    auto decks = store::read_decks({&files, 1}, options);
    if (!decks) return tl::unexpected(decks.error());
    return lcr::one_carrier_table("deck", std::move(decks->carriers.front().decks));
}

Result<std::vector<lcr::Traffic>> traffic_from(const std::string& path) {
    std::vector<lcr::Traffic> traffic;
    if (path.empty()) return traffic;
    auto file = store::TextFile::open(path);
    if (!file) return tl::unexpected(file.error());
    auto reader = lcr::CdrReader::open(file->text(), path);
    if (!reader) return tl::unexpected(reader.error());
    std::vector<lcr::Cdr> batch(1024);
    for (;;) {
        auto count = reader->next(batch);
        if (!count) return tl::unexpected(count.error());
        if (*count == 0) return traffic;
        for (const auto& call : std::span(batch).first(*count))
            if (call.answered)
                traffic.push_back({.number = call.number, .seconds = lcr::started_seconds(call.duration)});
    }
}

Result<void> print(const output::DiffView& view, output::Printer& printer) {
    using output::Format;
    if (printer.format() == Format::jsonl || printer.format() == Format::csv) {
        for (const auto& change : view.diff.changes) {
            auto record = output::record(view, change);
            if (!record) return tl::unexpected(record.error());
            if (auto printed = printer.print(*record, {}); !printed) return printed;
        }
        return printer.finish();
    }
    auto text = output::text(view);
    if (!text) return tl::unexpected(text.error());
    auto record = printer.format() == Format::json ? output::record(view) : output::Record{};
    if (!record) return tl::unexpected(record.error());
    if (auto printed = printer.print(*record, *text); !printed) return printed;
    return printer.finish();
}

Exit run_diff(Env& env, const Arguments& arguments) {
    auto options = read_options(arguments);
    if (!options) return cli::fail(env, options.error());
    auto old_table = side(arguments.text("old"), *options);
    if (!old_table) return cli::fail(env, old_table.error());
    auto new_table = side(arguments.text("new"), *options);
    if (!new_table) return cli::fail(env, new_table.error());
    auto at = time_option(arguments, "at");
    if (!at) return cli::fail(env, at.error());
    auto traffic = traffic_from(arguments.text_or_empty("traffic"));
    if (!traffic) return cli::fail(env, traffic.error());
    lcr::DiffOptions how{.at = *at,
                         .ahead = !arguments.flag("only-then"),
                         .notice_days = static_cast<int>(arguments.integer("notice")),
                         .duration = arguments.duration("duration"),
                         .traffic = *traffic};
    if (arguments.given("announced")) {
        auto announced = time_option(arguments, "announced");
        if (!announced) return cli::fail(env, announced.error());
        how.announced = *announced;
    }
    auto diff = lcr::diff(*old_table, *new_table, how);
    if (!diff) return cli::fail(env, diff.error());
    output::DiffView view{*old_table, *new_table, *diff};
    auto printer = arguments.printer(env, arguments.format() == output::Format::json ? output::Printer::Shape::one
                                                                                     : output::Printer::Shape::many);
    if (!printer) return cli::fail(env, printer.error());
    if (auto printed = print(view, *printer); !printed) return cli::fail(env, printed.error());
    return diff->empty() ? Exit::ok : Exit::no;
}

}  // namespace

cli::Tool lcr_diff_command() {
    using cli::Type;
    std::vector<cli::Option> options{
        at_option("compare from this moment on, RFC 3339 or a day; default: now"),
        {.name = "only-then", .help = "only what differs at that moment, not what begins to later"},
        {.name = "announced", .type = Type::text, .metavar = "TIME",
         .help = "when the new prices were told; rises sooner than the notice after it are marked"},
        {.name = "notice", .type = Type::integer, .metavar = "DAYS", .help = "notice that a carrier owes before a rise",
         .fallback = "7", .min = 0, .max = 3650},
        {.name = "duration", .letter = 'd', .type = Type::duration,
         .help = "of the call that tells whether other increments are a rise", .fallback = "180", .max = 10'000'000},
        {.name = "traffic", .type = Type::file, .metavar = "CDR",
         .help = "call records to weight the changes by: minutes, money, who is cheapest"}};
    for (auto& option : deck_options()) options.push_back(std::move(option));
    return {.name = "diff",
            .summary = "what a new price list changes, by meaning",
            .description = {"For every prefix of either list: what does a number there cost before and after? A code that "
                            "was split, moved or left out because a shorter one says the same is no change. Each change "
                            "is shown at the shortest prefix that tells it, with the moment it begins.",
                            "OLD and NEW are route tables, or decks of one carrier, amendments behind commas."},
            .positionals = {{.name = "old", .metavar = "OLD", .help = "route table or deck", .type = Type::text,
                             .complete = cli::Complete::file},
                            {.name = "new", .metavar = "NEW", .help = "route table or deck", .type = Type::text,
                             .complete = cli::Complete::file}},
            .options = std::move(options),
            .common = {.formats = {output::Format::text, output::Format::json, output::Format::jsonl,
                                   output::Format::csv},
                       .output = true},
            .exits = {{Exit::ok, "no number costs other than before"},
                      {Exit::no, "there are changes"},
                      {Exit::input, "a deck, table or call record cannot be understood"}},
            .examples = {{.says = "A rise, a code that closes, and one that only moved.",
                          .commands = {"printf 'prefix,rate\\n44,0.010\\n4420,0.010\\n33,0.02\\n' >january.csv",
                                       "printf 'prefix,rate\\n44,0.010\\n447,0.012\\n' >february.csv",
                                       "trunkbox lcr diff january.csv february.csv --at 2026-11-22"},
                          .prints = {"closed     33       deck  0.02 EUR -> nothing",
                                     "up         447      deck  0.01 EUR -> 0.012 EUR  +20.0 %",
                                     "1 closed, 1 up over 4 prefixes"},
                          .exit = Exit::no}},
            .run = run_diff};
}

}  // namespace trunkbox::tools
