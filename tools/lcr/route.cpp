// Which carriers take a number, in which order and why.
#include <array>
#include <fstream>
#include <istream>

#include <fmt/format.h>

#include "cli/input.h"
#include "config/files.h"
#include "lcr/durations.h"
#include "lcr/evaluate.h"
#include "money_options.h"
#include "numbering/dialled.h"
#include "numbering/ported.h"
#include "output/decision.h"
#include "output/route_csv.h"
#include "store/decks.h"
#include "tool_table.h"
#include "deck_options.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

// What all numbers of one run have in common.
struct Query {
    lcr::Table table;
    std::optional<lcr::Table> sell{};
    numbering::PortedNumbers ported{};
    lcr::Facts facts;
    bool explain = false;
};

Result<void> read_money_options(const Arguments& arguments, Query& query) {
    if (auto path = arguments.text_or_empty("sell"); !path.empty()) {
        auto sell = store::open_table(path);
        if (!sell) return tl::unexpected(sell.error());
        query.sell = std::move(sell->table);
        auto least = share_option(arguments, "min-margin");
        if (!least) return tl::unexpected(least.error());
        query.facts.least_margin = *least;
    }
    if (auto path = arguments.text_or_empty("durations"); !path.empty()) {
        auto text = config::read_file(path, std::size_t{64} << 20);
        if (!text) return tl::unexpected(text.error());
        auto shares = lcr::read_durations(*text, path);
        if (!shares) return tl::unexpected(shares.error());
        query.facts.profile = std::move(*shares);
    }
    return {};
}

Result<void> read_ported(const Arguments& arguments, Query& query) {
    auto path = arguments.text_or_empty("lrn-file");
    if (path.empty()) return {};
    auto text = config::read_file(path, std::size_t{4} << 30);
    if (!text) return tl::unexpected(text.error());
    auto ported = numbering::PortedNumbers::read(*text, path);
    if (!ported) return tl::unexpected(ported.error());
    query.ported = std::move(*ported);
    return {};
}

Result<void> read_caller(const Arguments& arguments, lcr::Facts& facts) {
    // A caller that is no number is one that cannot be rated by, not an error.
    if (auto from = numbering::read_dialled(arguments.text_or_empty("from")); from) facts.from = from->number;
    auto routing = arguments.text_or_empty("lrn");
    if (routing.empty()) return {};
    auto number = numbering::read_dialled(routing);
    if (!number) return tl::unexpected(at("option '--lrn'", number.error()));
    if (!number->number)
        return failure(Fault::usage, "option '--lrn'", "'" + printable(routing) + "' is not an E.164 number",
                       "write e.g. '+12125550199'");
    facts.routing_number = number->number;
    return {};
}

Result<Query> read_query(const Arguments& arguments) {
    auto options = read_options(arguments);
    if (!options) return tl::unexpected(options.error());
    auto opened = store::open_table(arguments.text("table"), *options);
    if (!opened) return tl::unexpected(opened.error());
    auto time = time_option(arguments, "at");
    if (!time) return tl::unexpected(time.error());
    auto order = lcr::parse_order(arguments.text("order"));
    if (!order) return tl::unexpected(at("option '--order'", order.error()));
    Query query{.table = std::move(opened->table),
                .facts = {.number = *numbering::E164::parse("+442079460123"),
                          .at = *time,
                          .hours = arguments.text("tod") == "split" ? lcr::Hours::split : lcr::Hours::start,
                          .duration = arguments.duration("duration"),
                          .max = static_cast<std::size_t>(arguments.integer("max")),
                          .order = std::move(*order),
                          .match = arguments.text("match") == "global" ? lcr::Match::global : lcr::Match::per_carrier,
                          .seed = static_cast<std::uint64_t>(arguments.integer("seed"))},
                .explain = arguments.explain()};
    for (auto& name : arguments.many("without")) {
        if (!query.table.carrier(name))
            return failure(Fault::usage, "option '--without'", "no carrier '" + printable(name) + "' in the table",
                           "'trunkbox lcr show' lists them");
        query.facts.without.insert(std::move(name));
    }
    if (auto read = read_money_options(arguments, query); !read) return tl::unexpected(read.error());
    if (auto read = read_ported(arguments, query); !read) return tl::unexpected(read.error());
    if (auto read = read_caller(arguments, query.facts); !read) return tl::unexpected(read.error());
    if (arguments.flag("verify"))
        if (auto good = query.table.verify(); !good) return tl::unexpected(good.error());
    return query;
}

// True: the number has a route.
Result<bool> answer(Query& query, std::string_view text, output::Printer& printer) {
    auto dialled = numbering::read_dialled(text);
    if (!dialled) return tl::unexpected(dialled.error());
    const auto& guards = query.table.settings().guards;
    if (lcr::guard(guards, dialled->digits).guard == lcr::Guard::emergency) {
        auto record = output::emergency_record(dialled->digits, guards.emergency_carriers, query.facts.at,
                                               query.facts.duration);
        auto printed = printer.print(record, fmt::format("{}  emergency: by {}", dialled->digits,
                                                         fmt::join(guards.emergency_carriers, ", then ")));
        if (!printed) return tl::unexpected(printed.error());
        return !guards.emergency_carriers.empty();
    }
    if (!dialled->number)
        return failure(Fault::input, "", fmt::format("number '{}' is not E.164", printable(text)),
                       "write the country code and 4 to 15 digits, e.g. '+442079460123'");
    auto facts = query.facts;
    facts.number = *dialled->number;
    // A number that says it was looked up already needs no other answer (RFC 4694).
    if (!dialled->queried)
        if (auto routing = query.ported.routing_number(facts.number)) facts.routing_number = routing;
    if (dialled->routing_number) facts.routing_number = dialled->routing_number;
    facts.sell = query.sell ? &*query.sell : nullptr;
    auto decision = lcr::evaluate(query.table, facts);
    if (!decision) return tl::unexpected(decision.error());
    Result<void> printed;
    if (printer.format() == output::Format::csv)
        for (const auto& row : output::route_rows(*decision)) {
            if (printed) printed = printer.print(row, {});
        }
    else
        printed = printer.print(output::record(*decision, query.explain), output::text(*decision, query.explain));
    if (!printed) return tl::unexpected(printed.error());
    return !decision->ranked.empty();
}

struct Tally {
    bool all_routed = true;
    std::size_t skipped = 0;
};

// What is wrong with a line, not with a table or the output, ends all of them or is passed over and counted.
Result<void> refuse_line(Env& env, const Arguments& arguments, std::size_t number, const Error& error, Tally& tally) {
    if (error.fault != Fault::input || !error.where.empty()) return tl::unexpected(error);
    auto placed = at(fmt::format("standard input:{}", number), error);
    if (!arguments.flag("skip-bad")) return tl::unexpected(placed);
    cli::note(env, placed.text());
    ++tally.skipped;
    return {};
}

Result<Tally> answer_lines(Env& env, const Arguments& arguments, Query& query, output::Printer& printer) {
    Tally tally;
    auto done = cli::each_line(env, printer, [&](std::string_view line, std::size_t number) -> Result<void> {
        auto routed = answer(query, line, printer);
        if (!routed) return refuse_line(env, arguments, number, routed.error(), tally);
        tally.all_routed = tally.all_routed && *routed;
        return {};
    });
    if (!done) return tl::unexpected(done.error());
    return tally;
}

// The best route of each number as CSV needs no full decision, unless something was asked that only that knows.
bool is_plain(const Arguments& arguments, const Query& query) {
    for (auto name : {"explain", "sell", "durations", "from", "lrn", "lrn-file", "order", "match", "tod", "without", "output"})
        if (arguments.given(name)) return false;
    const auto& settings = query.table.settings();
    return arguments.format() == output::Format::csv && arguments.integer("max") == 1 &&
           settings.guards == lcr::Guards{} && !settings.least_asr && !settings.least_ner &&
           lcr::started_seconds(query.facts.duration) > 0;
}

Result<void> add_lines(Env& env, const Arguments& arguments, output::RouteCsv& csv, Tally& tally) {
    std::string line;
    for (std::size_t number = 1; std::getline(env.in, line); ++number) {
        auto added = csv.add(line);
        if (!added) added = refuse_line(env, arguments, number, added.error(), tally);
        if (added && !cli::has_more(env.in)) added = csv.finish();
        if (!added) return added;
    }
    return {};
}

Result<Tally> answer_plainly(Env& env, const Arguments& arguments, const Query& query) {
    output::RouteCsv csv(query.table, query.facts.at, lcr::started_seconds(query.facts.duration), env.out);
    Tally tally;
    auto added = add_lines(env, arguments, csv, tally);
    // The numbers before a bad one have their answers.
    auto shown = csv.finish();
    if (!added) return tl::unexpected(added.error());
    if (!shown) return tl::unexpected(shown.error());
    tally.all_routed = csv.all_routed();
    return tally;
}

Result<Tally> answer_all(Env& env, const Arguments& arguments, Query& query) {
    auto numbers = arguments.many("numbers");
    bool from_input = numbers.size() == 1 && numbers.front() == "-";
    if (from_input && is_plain(arguments, query)) return answer_plainly(env, arguments, query);
    using Shape = output::Printer::Shape;
    bool is_csv = arguments.format() == output::Format::csv;
    auto printer = arguments.printer(env, numbers.size() == 1 && !from_input && !is_csv ? Shape::one : Shape::many,
                                     is_csv ? output::route_columns() : std::vector<std::string>{}, !from_input);
    if (!printer) return tl::unexpected(printer.error());
    Result<Tally> tally = Tally{};
    if (from_input)
        tally = answer_lines(env, arguments, query, *printer);
    else
        for (const auto& number : numbers) {
            auto routed = answer(query, number, *printer);
            if (!routed) return tl::unexpected(routed.error());
            tally->all_routed = tally->all_routed && *routed;
        }
    auto finished = printer->finish();
    if (tally && !finished) return tl::unexpected(finished.error());
    return tally;
}

Exit run_route(Env& env, const Arguments& arguments) {
    auto query = read_query(arguments);
    if (!query) return cli::fail(env, query.error());
    auto tally = answer_all(env, arguments, *query);
    if (!tally) return cli::fail(env, tally.error());
    if (tally->skipped > 0) {
        cli::note(env, fmt::format("{} lines were no numbers", tally->skipped));
        return Exit::inconclusive;
    }
    return tally->all_routed ? Exit::ok : Exit::no;
}

}  // namespace

cli::Tool lcr_route_command() {
    using cli::Type;
    std::vector<cli::Option> options{
        at_option("when the call starts, RFC 3339 or a day; default: now"),
        {.name = "duration", .letter = 'd', .type = Type::duration, .help = "how long the call is", .fallback = "180",
         .max = 10'000'000},
        {.name = "durations", .type = Type::file, .metavar = "FILE",
         .help = "CSV of seconds and weight: compare by the expected cost over these", .excludes = {"duration"}},
        {.name = "from", .type = Type::text, .metavar = "NUMBER",
         .help = "the caller, for decks that rate by origin or jurisdiction"},
        {.name = "lrn", .type = Type::text, .metavar = "NUMBER",
         .help = "location routing number, where the called one is ported"},
        {.name = "lrn-file", .type = Type::file, .metavar = "FILE",
         .help = "CSV of ported numbers and their location routing numbers", .excludes = {"lrn"}},
        {.name = "max", .letter = 'm', .type = Type::integer, .help = "routes to give at most", .fallback = "8",
         .min = 1, .max = 4095},
        {.name = "order", .type = Type::text, .metavar = "KEYS",
         .help = "keys to order by, best first, '-' before one for descending: cost, priority, asr, ner, acd, pdd, "
                 "share, name; 'cost~5%' takes costs that near each other for equal",
         .fallback = "cost,priority,name"},
        {.name = "sell", .type = Type::file, .metavar = "TABLE",
         .help = "what the call is sold for; carriers that leave less than the margin are left out"},
        {.name = "min-margin", .type = Type::text, .metavar = "SHARE",
         .help = "least share of the selling price that must be left, e.g. 10%", .fallback = "0%"},
        {.name = "match", .type = Type::choice,
         .help = "each carrier by its own longest prefix, or only carriers that have the longest of all",
         .fallback = "carrier", .choices = {"carrier", "global"}},
        {.name = "tod", .type = Type::choice,
         .help = "bill a call by the time class in which it starts, or each part by its own", .fallback = "start",
         .choices = {"start", "split"}},
        {.name = "without", .type = Type::text, .metavar = "CARRIER", .help = "as if this carrier were switched off",
         .repeatable = true},
        {.name = "seed", .type = Type::integer, .help = "of the draw, when ordering by share", .fallback = "0",
         .min = 0},
        {.name = "verify", .help = "check the whole table first"}};
    for (auto& option : deck_options()) options.push_back(std::move(option));
    return {
        .name = "route",
        .summary = "which carriers take a number, in which order and why",
        .description =
            {"Each carrier is asked for its own longest prefix of the number that is in force at the time of the call; a "
             "blocked one makes it ineligible. The cost of the whole call decides, exactly: fees, minimum, increments "
             "and tiers, in the currency of the table. Equal costs go by priority, then by name, so that the same "
             "question always gets the same answer.",
             "TABLE is a compiled table or a single deck in CSV. NUMBER is E.164 with or without '+', a tel: or sip: "
             "URI, or '-' to read one a line."},
        .positionals = {{.name = "table", .metavar = "TABLE", .help = "route table, or a deck", .type = Type::file},
                        {.name = "numbers", .metavar = "NUMBER", .help = "called numbers, or '-'", .type = Type::text,
                         .min = 1, .max = 0}},
        .options = std::move(options),
        .common = {.formats = {output::Format::text, output::Format::json, output::Format::jsonl, output::Format::csv},
                   .output = true,
                   .explain = true},
        .exits = {{Exit::ok, "every number has a route"},
                  {Exit::no, "a number has no route"},
                  {Exit::input, "a number, deck or table cannot be understood, or the table is damaged"},
                  {Exit::inconclusive, "lines were skipped, with --skip-bad"}},
        .examples = {{.says = "The cheapest carrier for three minutes to London.",
                      .commands = {"printf 'prefix,rate\\n44,0.012\\n4420,0.009\\n' >alpha.csv",
                                   "printf 'prefix,rate,increment\\n44,0.008,60\\n' >beta.csv",
                                   "trunkbox lcr compile -o t.routes alpha=alpha.csv beta=beta.csv >compiled",
                                   "trunkbox lcr route t.routes +442079460123 --at 2026-11-22 --duration 61 --explain"},
                      .prints = {"+442079460123  61 s at 2026-11-22T00:00:00Z",
                                 "  1  alpha  4420      0.009150 EUR  0.009 a minute, 61 s billed    alpha.csv:3",
                                 "       why: cheapest",
                                 "       cost: 0.009 × 61 s / 60 = 0.009150 EUR",
                                 "       shadowed: 44 at alpha.csv:2",
                                 "  2  beta   44        0.016000 EUR  0.008 a minute, 120 s billed    beta.csv:2",
                                 "       why: dearer than 'alpha' by 0.006850 EUR",
                                 "       cost: 0.008 × 120 s / 60 (61 s, at least 0 s, then by 60 s) = 0.016000 EUR",
                                 "       else: first if the rate were ≤ 0.004574, or the call 54 to 60 s"}}},
        .run = run_route};
}

}  // namespace trunkbox::tools
