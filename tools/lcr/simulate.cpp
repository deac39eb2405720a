// What a file of calls would have cost, by whom, and with how many channels.
#include <istream>

#include <fmt/format.h>

#include "base/zone.h"
#include "deck_options.h"
#include "lcr/simulate.h"
#include "money_options.h"
#include "output/simulation.h"
#include "store/decks.h"
#include "store/text_file.h"
#include "tool_table.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

constexpr std::string_view standard_input = "standard input";

Result<store::TextFile> read_input(Env& env) {
    constexpr std::size_t most = std::size_t{4} << 30;
    constexpr std::size_t piece = std::size_t{1} << 20;
    std::string text;
    while (env.in) {
        auto before = text.size();
        text.resize(before + piece);
        env.in.read(text.data() + before, static_cast<std::streamsize>(piece));
        text.resize(before + static_cast<std::size_t>(env.in.gcount()));
        if (text.size() > most)
            return failure(Fault::system, "", fmt::format("'{}' is larger than {} bytes", standard_input, most),
                           "write it to a file first");
    }
    if (env.in.bad())
        return failure(Fault::system, "", fmt::format("cannot read '{}'", standard_input), "name a file");
    return store::TextFile::of(std::move(text));
}

// Everything that the replay reads from.
struct Input {
    store::OpenedTable table;
    std::optional<store::OpenedTable> sell{};
    store::TextFile calls;
    std::string name;  // of the file of calls
    lcr::CdrOptions how{};
    lcr::SimulateOptions options{};
};

Result<lcr::CdrOptions> cdr_options(const Arguments& arguments, lcr::ReadOptions reading) {
    lcr::CdrOptions options{.map = std::move(reading.map),
                            .zone = arguments.text("zone"),
                            .region = arguments.text_or_empty("region"),
                            .currency = reading.currency,
                            .skip_bad = reading.skip_bad};
    if (auto good = check_zone(options.zone); !good)
        return failure(Fault::usage, "option '--zone'", good.error().what, good.error().fix);
    if (auto dialect = lcr::parse_cdr_dialect(arguments.text("dialect")); dialect) options.dialect = *dialect;
    return options;
}

Result<void> read_simulate_options(const Arguments& arguments, lcr::SimulateOptions& options) {
    if (arguments.given("min-margin")) {
        auto least = share_option(arguments, "min-margin");
        if (!least) return tl::unexpected(least.error());
        options.least_margin = *least;
    }
    if (arguments.given("at")) {
        auto at = time_option(arguments, "at");
        if (!at) return tl::unexpected(at.error());
        options.at = *at;
    }
    if (arguments.given("decide-for")) options.decide_for = arguments.duration("decide-for");
    for (auto& carrier : arguments.many("without")) options.without.insert(std::move(carrier));
    if (arguments.text("follow") == "failover") options.follow = lcr::Follow::failover;
    if (arguments.given("attempts") && options.follow != lcr::Follow::failover)
        return failure(Fault::usage, "option '--attempts'", "there is one attempt without failover",
                       "give '--follow failover' too");
    options.attempts = static_cast<std::size_t>(arguments.integer("attempts"));
    options.top = static_cast<std::size_t>(arguments.integer("top"));
    options.window = arguments.duration("window");
    return {};
}

Result<Input> read_all(Env& env, const Arguments& arguments) {
    auto reading = read_options(arguments);
    if (!reading) return tl::unexpected(reading.error());
    lcr::SimulateOptions options;
    if (auto read = read_simulate_options(arguments, options); !read) return tl::unexpected(read.error());
    // The map is of the columns of calls.
    lcr::ReadOptions deck{.skip_bad = reading->skip_bad, .currency = reading->currency};
    auto table = store::open_table(arguments.text("table"), deck);
    if (!table) return tl::unexpected(table.error());
    std::optional<store::OpenedTable> sell;
    if (auto path = arguments.text_or_empty("sell"); !path.empty()) {
        auto opened = store::open_table(path, deck);
        if (!opened) return tl::unexpected(opened.error());
        sell = std::move(*opened);
    }
    auto path = arguments.text("calls");
    auto calls = path == "-" ? read_input(env) : store::TextFile::open(path);
    if (!calls) return tl::unexpected(calls.error());
    auto how = cdr_options(arguments, std::move(*reading));
    if (!how) return tl::unexpected(how.error());
    return Input{.table = std::move(*table),
                 .sell = std::move(sell),
                 .calls = std::move(*calls),
                 .name = path == "-" ? std::string(standard_input) : path,
                 .how = std::move(*how),
                 .options = std::move(options)};
}

// How many rows and records were left out.
std::size_t report_skipped(Env& env, const Input& input, const lcr::CdrReader& reader) {
    auto report = [&](std::span<const Error> because, std::size_t count, std::string_view what) {
        for (const auto& error : because) cli::note(env, error.text());
        if (count > 0) cli::note(env, fmt::format("{} {} were left out", count, what));
        return count;
    };
    auto skipped = report(input.table.skipped.because, input.table.skipped.rows, "rows of the table");
    if (input.sell) skipped += report(input.sell->skipped.because, input.sell->skipped.rows, "selling prices");
    return skipped + report(reader.skipped_because(), reader.skipped(), "calls");
}

bool is_good(const lcr::Simulation& simulation) {
    return simulation.unrouted.all() == 0 && simulation.total.losses == 0 && simulation.unpriced == 0;
}

Exit run_simulate(Env& env, const Arguments& arguments) {
    auto input = read_all(env, arguments);
    if (!input) return cli::fail(env, input.error());
    auto reader = lcr::CdrReader::open(input->calls.text(), input->name, input->how);
    if (!reader) return cli::fail(env, reader.error());
    auto printer = arguments.printer(env, output::Printer::Shape::one);
    if (!printer) return cli::fail(env, printer.error());
    if (input->sell) input->options.sell = &input->sell->table;
    auto simulation = lcr::simulate(input->table.table, *reader, input->options);
    if (!simulation) return cli::fail(env, simulation.error());
    auto skipped = report_skipped(env, *input, *reader);
    if (simulation->out_of_order > 0)
        cli::note(env, fmt::format("{} calls stood further out of order than the window; widen it with '--window'",
                                   simulation->out_of_order));
    auto record = output::record(*simulation);
    record.set("skipped", skipped);
    auto printed = printer->print(record, output::text(*simulation));
    if (printed) printed = printer->finish();
    if (!printed) return cli::fail(env, printed.error());
    if (skipped > 0 || simulation->out_of_order > 0) return Exit::inconclusive;
    return is_good(*simulation) ? Exit::ok : Exit::no;
}

std::vector<cli::Option> simulate_options() {
    using cli::Type;
    return {
        {.name = "sell", .type = Type::file, .metavar = "TABLE", .help = "what the calls are sold for"},
        {.name = "min-margin", .type = Type::text, .metavar = "SHARE",
         .help = "least share of the selling price that must be left, e.g. 10%; calls that leave less have no route"},
        at_option("take the rates in force then, RFC 3339 or a day; default: at each call's start"),
        {.name = "decide-for", .type = Type::duration,
         .help = "choose as if every call lasted so long, as a router must; default: as long as it did", .min = 1,
         .max = 10'000'000},
        {.name = "without", .type = Type::text, .metavar = "CARRIER", .help = "as if this carrier were switched off",
         .repeatable = true},
        {.name = "follow", .type = Type::choice,
         .help = "the first carrier takes every call; or what failover is expected to cost by the answer ratios too",
         .fallback = "first", .choices = {"first", "failover"}},
        {.name = "attempts", .type = Type::integer, .help = "carriers that failover tries at most", .fallback = "3",
         .min = 1, .max = 4095},
        {.name = "top", .type = Type::integer, .help = "entries of each list", .fallback = "10", .min = 0,
         .max = 1'000'000},
        {.name = "window", .type = Type::duration, .help = "how far out of order calls may stand in the file",
         .fallback = "24h", .min = 1, .max = 10'000'000},
        {.name = "dialect", .type = Type::choice, .help = "columns of a file without a header",
         .fallback = "header", .choices = {"header", "asterisk", "freeswitch"}},
        {.name = "map", .type = Type::text, .metavar = "COLUMN=TITLE",
         .help = "what the file calls number, start, duration, total, from, status, carrier, cost, currency or pdd: a "
                 "title of its header, or a number from 1; 'date order=day first' or 'month first' says what 03/04/2026 is",
         .repeatable = true, .example = "number=Ziel"},
        {.name = "zone", .type = Type::text, .metavar = "ZONE", .help = "IANA zone of times without an offset",
         .fallback = "UTC"},
        {.name = "region", .type = Type::text, .metavar = "CC",
         .help = "country whose national numbers those without '+' or '00' are; default: they are E.164"},
        {.name = "currency", .type = Type::text, .metavar = "CODE",
         .help = "currency of costs and rates that name none", .fallback = "EUR"},
        {.name = "skip-bad", .help = "leave out calls that cannot be understood; they are counted and listed"}};
}

}  // namespace

cli::Tool lcr_simulate_command() {
    using cli::Type;
    return {.name = "simulate",
            .summary = "what past calls would have cost, by whom, on how many channels",
            .description =
                {"Replays a file of call records against a table: each call goes to the cheapest carrier at its time, "
                 "and is billed there, exactly. Shows cost, share and most channels of each carrier, calls that have "
                 "no route or are sold at a loss, and where the file names carriers or costs, by how much these were "
                 "too dear.",
                 "CDR is CSV as Asterisk, FreeSWITCH, Kamailio and billing systems write it, in any order within the "
                 "window; '-' reads standard input."},
            .positionals = {{.name = "table", .metavar = "TABLE", .help = "route table, or a deck", .type = Type::file},
                            {.name = "calls", .metavar = "CDR", .help = "call records in CSV, or '-'",
                             .type = Type::file}},
            .options = simulate_options(),
            .common = {.formats = {output::Format::text, output::Format::json}, .output = true},
            .exits = {{Exit::ok, "every call was routed, and none sold at a loss or without a price"},
                      {Exit::no, "a call has no route, no selling price, or is sold at a loss"},
                      {Exit::input, "a call, table or deck cannot be understood"},
                      {Exit::inconclusive,
                       "calls were left out with --skip-bad, or stood further out of order than the window"}},
            .examples = {{.says = "Two carriers share the calls of a day.",
                          .commands = {"printf 'prefix,rate\\n44,0.006\\n4420,0.012\\n' >alpha.csv",
                                       "printf 'prefix,rate,increment\\n44,0.009,60\\n' >beta.csv",
                                       "trunkbox lcr compile -q -o t.routes alpha=alpha.csv beta=beta.csv",
                                       "printf 'number,start,duration\\n+442079460123,2026-11-22T10:00:00Z,60\\n"
                                       "+442079460123,2026-11-22T10:00:30Z,61\\n' >calls.csv",
                                       "trunkbox lcr simulate t.routes calls.csv --top 0"},
                          .prints = {"2 calls, 2 answered, 2026-11-22T10:00:00Z to 2026-11-22T10:00:30Z", "",
                                     "carrier  calls  answered  minutes  billed  cost EUR    share  channels  cps",
                                     "alpha        1         1      1.0     1.0  0.012200   57.5 %         1    1",
                                     "beta         1         1      1.0     1.0  0.009000   42.5 %         1    1",
                                     "total        2         2      2.0     2.0  0.021200  100.0 %         2    1", "",
                                     "at most 2 channels, first at 2026-11-22T10:00:30Z; at most 1 calls a second, "
                                     "first at 2026-11-22T10:00:00Z"}}},
            .run = run_simulate};
}

}  // namespace trunkbox::tools
