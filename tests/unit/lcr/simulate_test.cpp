#include "lcr/simulate.h"

#include "base/ids.h"
#include "lcr/deck_reader.h"
#include "lcr/evaluate.h"

#include <algorithm>
#include <array>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace trunkbox;
using namespace trunkbox::lcr;
using numbering::E164;

namespace {

constexpr std::string_view deck_header = "prefix,destination,rate,connect fee,minimum,increment,attempt fee,origin\n";

struct Source {
    Carrier carrier{};
    std::string rows{};
};
Table compile(const std::vector<Source>& sources, Settings settings = {}) {
    std::vector<CarrierDecks> carriers;
    for (const auto& source : sources) {
        auto deck = read_deck(std::string(deck_header) + source.rows, source.carrier.name + ".csv");
        REQUIRE_MESSAGE(deck.has_value(), (deck ? "" : deck.error().text()));
        carriers.push_back({.carrier = source.carrier, .decks = {*deck}});
    }
    auto table = Table::compile(std::move(carriers), std::move(settings));
    REQUIRE_MESSAGE(table.has_value(), (table ? "" : table.error().text()));
    return std::move(*table);
}

Time at(std::string_view text) {
    return parse_rfc3339(text).value();
}
Money money(std::string_view text) {
    return Money::parse(text).value();
}

Result<Simulation> replay(const Table& table, std::string_view csv, const SimulateOptions& options = {}) {
    auto reader = CdrReader::open(csv, "calls.csv");
    if (!reader) return tl::unexpected(reader.error());
    return simulate(table, *reader, options);
}
Simulation run(const Table& table, std::string_view csv, const SimulateOptions& options = {}) {
    auto result = replay(table, csv, options);
    REQUIRE_MESSAGE(result.has_value(), (result ? "" : result.error().text()));
    return std::move(*result);
}

struct Random {
    explicit Random(std::uint64_t seed) : ids({seed, 1}) {}
    std::uint64_t below(std::uint64_t bound) { return ids.next() % bound; }
    IdSource ids;
};

// alpha is dear for London and cheap elsewhere in the country; beta bills whole minutes.
Table two_carriers(Carrier alpha = {.name = "alpha"}, Carrier beta = {.name = "beta"}) {
    return compile({{std::move(alpha), "44,Britain,0.006,0,0,1,,\n4420,London,0.012,0,0,1,,\n"},
                    {std::move(beta), "44,UK,0.009,0,60,60,,\n33,France,0.003,0,0,1,,\n"}});
}

constexpr std::string_view header = "number,start,duration\n";
std::string calls(std::initializer_list<std::string_view> rows) {
    std::string csv(header);
    for (auto row : rows) csv += std::string(row) + "\n";
    return csv;
}

}  // namespace

TEST_CASE("calls, minutes, cost and shares, by hand") {
    // London 60 s: alpha 0.012, beta 0.009. London 61 s: alpha 0.0122, beta 0.018. Leeds 30 s: alpha 0.003.
    // France 90 s: beta 0.0045. Germany: nobody. One call was not answered: it goes where 180 s cost least, for nothing.
    auto result = run(two_carriers(), calls({"442079460123,2026-11-22T10:00:00Z,60", "442079460123,2026-11-22T10:01:00Z,61",
                                             "441132960123,2026-11-22T10:02:00Z,30", "33199000001,2026-11-22T10:03:00Z,90",
                                             "49301234567,2026-11-22T10:04:00Z,10", "441132960123,2026-11-22T10:05:00Z,0"}));
    CHECK(result.calls == 6);
    CHECK(result.answered == 5);
    CHECK(result.first == at("2026-11-22T10:00:00Z"));
    CHECK(result.last == at("2026-11-22T10:05:00Z"));
    REQUIRE(result.carriers.size() == 2);
    const auto& alpha = result.carriers[0];
    const auto& beta = result.carriers[1];
    CHECK(alpha.carrier == "alpha");
    CHECK(alpha.calls == 3);
    CHECK(alpha.answered == 2);
    CHECK(alpha.seconds == 91);
    CHECK(alpha.billed_seconds == 91);
    CHECK(alpha.cost.text() == "0.015200");
    CHECK(beta.calls == 2);
    CHECK(beta.seconds == 150);
    CHECK(beta.billed_seconds == 150);
    CHECK(beta.cost.text() == "0.013500");
    CHECK(result.total.calls == 5);
    CHECK(result.total.cost.text() == "0.028700");
    CHECK(result.unrouted.no_route == 1);
    CHECK(result.unrouted.all() == 1);
    REQUIRE(result.without_route.size() == 1);
    CHECK(result.without_route[0].prefix == "49301");
    CHECK(result.without_route[0].seconds == 10);
    REQUIRE(result.prefixes.size() == 3);
    CHECK(result.prefixes[0].prefix == "4420");
    CHECK(result.prefixes[0].destination == "London");
    CHECK(result.prefixes[0].calls == 2);
    CHECK(result.prefixes[0].cost.text() == "0.021200");
    CHECK(result.prefixes[1].prefix == "33");
    CHECK(result.prefixes[2].cost.text() == "0.003000");
    REQUIRE(result.destinations.size() == 3);
    CHECK(result.destinations[0].destination == "London");
    CHECK_FALSE(result.carrier_regret.has_value());
    CHECK_FALSE(result.failover.has_value());
}

TEST_CASE("no calls at all") {
    auto table = two_carriers();
    auto result = run(table, header);
    CHECK(result.calls == 0);
    CHECK(result.carriers.empty());
    CHECK(result.total.load.channels == 0);
    CHECK(replay(table, "number,start,duration\n442079460123,then,3\n").error().where == "calls.csv:2:14");
}

TEST_CASE("selling: revenue, margin and calls below cost") {
    auto table = two_carriers();
    auto sell = compile({{{.name = "retail"}, "44,UK,0.010,0,0,1,,\n"}});
    // London 60 s costs 0.009 and is sold for 0.01; 61 s: 0.0122 for 0.010167, a loss; 6 s: alpha 0.0012 for 0.001.
    auto csv = calls({"442079460123,1795341600,60", "442079460123,1795341600,61", "442079460123,1795341600,6",
                      "33199000001,1795341600,60"});
    auto result = run(table, csv, {.sell = &sell});
    CHECK(result.total.revenue.text() == "0.021167");
    CHECK(result.total.revenue_cost.text() == "0.022400");
    CHECK(result.total.cost.text() == "0.025400");  // France has no price
    CHECK(result.unpriced == 1);
    CHECK(result.total.losses == 2);
    REQUIRE(result.losses.size() == 2);
    CHECK(result.losses[0].line == 3);
    CHECK(result.losses[0].loss().text() == "0.002033");
    CHECK(result.losses[0].carrier == "alpha");
    CHECK(result.losses[1].line == 4);
    CHECK(run(table, csv, {.sell = &sell, .top = 1}).losses.size() == 1);
    CHECK(run(table, csv, {.sell = &sell, .top = 1}).losses[0].line == 3);
    CHECK(run(table, csv, {.sell = &sell, .top = 0}).losses.empty());

    auto kept = run(table, csv, {.sell = &sell, .least_margin = money("0.1")});
    CHECK(kept.total.calls == 1);  // exactly 10 % are left
    CHECK(kept.unrouted.below_margin == 3);
    CHECK(run(table, csv, {.sell = &sell, .least_margin = money("0.100001")}).total.calls == 0);
    CHECK(replay(table, csv, {.least_margin = money("0.1")}).error().fault == Fault::usage);
}

TEST_CASE("channels and calls a second") {
    auto table = compile({{{.name = "alpha", .channels = 2, .cps = 1.5}, "44,UK,0.01,0,0,1,,\n"}});
    // In use: 10:00:00 1, :05 3, :10 the first ends as another begins 3, :15 2 …
    auto result = run(table, calls({"442079460123,2026-11-22T10:00:00Z,10", "442079460123,2026-11-22T10:00:05Z,10",
                                    "442079460123,2026-11-22T10:00:05Z,10", "442079460123,2026-11-22T10:00:10Z,1",
                                    "442079460123,2026-11-22T10:00:05Z,0"}));
    const auto& load = result.carriers[0].load;
    CHECK(load.channels == 3);
    CHECK(load.channels_at == at("2026-11-22T10:00:05Z"));
    CHECK(load.cps == 3);
    CHECK(load.cps_at == at("2026-11-22T10:00:05Z"));
    CHECK(load.above_channels == 2);  // one of the two at :05, and the one at :10
    CHECK(load.above_cps == 1);       // 1.5 a second allow two
    CHECK(result.total.load.channels == 3);
    CHECK(result.total.load.above_channels == 0);  // the total has no limit
    CHECK(result.carriers[0].channels_limit == 2);
}

TEST_CASE("more calls in one second than a list of them holds") {
    std::string csv = "number,start,duration\n";
    for (int i = 0; i < 20'000; ++i) csv += "33199000001,2026-11-22T10:00:0" + std::string(i < 15'000 ? "1" : "2") + "Z,1\n";
    auto load = run(two_carriers(), csv).total.load;
    CHECK(load.channels == 15'000);
    CHECK(load.cps == 15'000);
    CHECK(load.channels_at == at("2026-11-22T10:00:01Z"));
}

TEST_CASE("within a second, an end before a start frees its channel") {
    auto table = two_carriers();
    auto busiest = [&](std::initializer_list<std::string_view> rows) { return run(table, calls(rows)).total.load; };
    CHECK(busiest({"33199000001,2026-11-22T10:00:00.2Z,0.3", "33199000001,2026-11-22T10:00:00.5Z,0.4"}).channels == 1);
    auto both = busiest({"33199000001,2026-11-22T10:00:00.2Z,0.3", "33199000001,2026-11-22T10:00:00.499999999Z,0.4"});
    CHECK(both.channels == 2);
    CHECK(both.channels_at == at("2026-11-22T10:00:00.499999999Z"));
    CHECK(both.cps == 2);
    CHECK(busiest({"33199000001,2026-11-22T10:00:00.9Z,0.6", "33199000001,2026-11-22T10:00:01Z,1"}).channels == 2);
}

TEST_CASE("any order of calls gives the same loads, within the window") {
    auto table = two_carriers({.name = "alpha", .channels = 30}, {.name = "beta", .channels = 20, .cps = 1});
    Random random(7);
    std::vector<std::string> rows;
    std::vector<std::pair<std::int64_t, std::int64_t>> spans;  // milliseconds
    for (int i = 0; i < 2000; ++i) {
        auto start = static_cast<std::int64_t>(random.below(20'000'000));
        auto length = static_cast<std::int64_t>(random.below(300'000));
        if (i % 2 == 0) {
            start -= start % 1000;
            length -= length % 1000;
        }
        spans.emplace_back(start, start + length);
        rows.push_back(fmt::format("{},{},{}.{:03}\n", i % 3 == 0 ? "33199000001" : "442079460123",
                                   rfc3339(at("2026-11-22T00:00:00Z") + std::chrono::milliseconds(start), 3),
                                   length / 1000, length % 1000));
    }
    // Plainly: at each start, how many are under way.
    std::uint64_t most = 0;
    for (const auto& [start, end] : spans) {
        std::uint64_t count = 0;
        for (const auto& [other, other_end] : spans) count += other <= start && start < other_end ? 1 : 0;
        most = std::max(most, count);
    }
    auto join = [&] {
        std::string csv(header);
        for (const auto& row : rows) csv += row;
        return csv;
    };
    auto shuffled = run(table, join());
    std::ranges::sort(rows, {}, [](const std::string& row) { return row.substr(row.find(',')); });
    auto ordered = run(table, join(), {.window = 1s});
    CHECK(shuffled.out_of_order == 0);
    CHECK(ordered.out_of_order == 0);
    CHECK(shuffled.total.load.channels == most);
    REQUIRE(shuffled.carriers.size() == ordered.carriers.size());
    for (std::size_t i = 0; i < ordered.carriers.size(); ++i) {
        const auto& a = shuffled.carriers[i].load;
        const auto& b = ordered.carriers[i].load;
        CHECK(a.channels == b.channels);
        CHECK(a.channels_at == b.channels_at);
        CHECK(a.cps == b.cps);
        CHECK(a.above_channels == b.above_channels);
        CHECK(a.above_cps == b.above_cps);
    }
}

TEST_CASE("what stands out of order beyond the window is counted, not guessed") {
    auto csv = calls({"33199000001,2026-11-22T12:00:00Z,10", "33199000001,2026-11-22T11:00:00Z,10",
                      "33199000001,2026-11-20T10:59:59Z,10"});
    auto table = two_carriers();
    CHECK(run(table, csv).out_of_order == 1);
    CHECK(run(table, csv, {.window = 1h}).out_of_order == 1);
    CHECK(run(table, csv, {.window = 59min}).out_of_order == 2);
    auto wide = run(table, csv, {.window = 72h});
    CHECK(wide.out_of_order == 0);
    CHECK(wide.total.load.channels == 1);
    CHECK(wide.first == at("2026-11-20T10:59:59Z"));
    CHECK(wide.total.calls == 3);
}

TEST_CASE("far apart and very long calls take no memory in between") {
    auto result = run(two_carriers(), calls({"33199000001,1970-01-01T00:00:00Z,10000000", "33199000001,2199-12-31T23:59:59Z,10000000",
                                             "33199000001,2199-12-31T23:59:59.5Z,0.1"}));
    CHECK(result.total.load.channels == 2);
    CHECK(result.total.load.channels_at == at("2199-12-31T23:59:59.5Z"));
}

TEST_CASE("regret against the carrier that took the call") {
    auto csv = "number,start,duration,carrier\n442079460123,1795341600,60,Alpha\n442079460123,1795341600,60,beta\n"
               "33199000001,1795341600,60,alpha\n442079460123,1795341600,60,gamma\n442079460123,1795341600,60,\n";
    auto result = run(two_carriers(), csv);
    REQUIRE(result.carrier_regret.has_value());
    CHECK(result.carrier_regret->calls == 2);  // alpha does not go to France, gamma is not known
    CHECK(result.carrier_regret->dearer == 1);
    CHECK(result.carrier_regret->paid.text() == "0.021000");
    CHECK(result.carrier_regret->optimum.text() == "0.018000");
    CHECK(result.carrier_regret->excess().text() == "0.003000");
    CHECK(result.unknown_carriers == std::vector<std::string>{"gamma"});
    CHECK_FALSE(result.billed_regret.has_value());
}

TEST_CASE("regret against what was billed, in its currency") {
    Settings settings{.exchanges = {{Currency::parse("USD").value(), at("2026-01-01T00:00:00Z"), money("0.5")}}};
    auto table = compile({{{.name = "alpha"}, "44,UK,0.01,0,0,1,,\n"}}, settings);
    auto csv = "number,start,duration,cost,currency\n442079460123,1795341600,60,0.03,USD\n"
               "442079460123,1795341600,60,0.009,\n442079460123,1795341600,60,0.009,GBP\n442079460123,1795341600,60,,\n";
    auto result = run(table, csv);
    REQUIRE(result.billed_regret.has_value());
    CHECK(result.billed_regret->calls == 2);  // no rate of exchange for pounds
    CHECK(result.billed_regret->dearer == 1);
    CHECK(result.billed_regret->paid.text() == "0.024000");
    CHECK(result.billed_regret->excess().text() == "0.004000");
}

TEST_CASE("decided as a router must, that does not know the duration") {
    auto csv = calls({"442079460123,1795341600,61"});
    auto table = two_carriers();
    CHECK(run(table, csv).carriers[0].carrier == "alpha");  // 0.0122 against 0.018
    auto result = run(table, csv, {.decide_for = 180s});    // 0.036 against 0.027
    CHECK(result.carriers[0].carrier == "beta");
    CHECK(result.total.cost.text() == "0.018000");
    CHECK(result.total.billed_seconds == 120);
    CHECK(result.prefixes[0].prefix == "4420");
}

TEST_CASE("attempt fees, and answered calls of no duration") {
    auto table = compile({{{.name = "alpha"}, "44,UK,0.01,0.05,0,1,0.002,\n"}, {{.name = "beta"}, "44,UK,0.02,0.1,0,1,,\n"}});
    auto result = run(table, "number,start,duration,status\n442079460123,1795341600,20,busy\n442079460123,1795341600,0,200\n");
    CHECK(result.total.cost.text() == "0.052000");
    CHECK(result.total.answered == 1);
    CHECK(result.carriers[0].carrier == "alpha");
}

TEST_CASE("carriers that are switched off, and those below the quality that is asked for") {
    auto csv = calls({"442079460123,1795341600,60", "441132960123,1795341600,30"});
    auto table = two_carriers();
    auto result = run(table, csv, {.without = {"beta"}});
    CHECK(result.carriers.size() == 1);
    CHECK(result.total.cost.text() == "0.015000");
    CHECK(result.total.billed_seconds == 90);
    CHECK(run(table, csv, {.without = {"alpha", "beta"}}).unrouted.no_route == 2);
    CHECK(replay(table, csv, {.without = {"gamma"}}).error().fault == Fault::usage);

    Settings settings{.least_samples = 100, .least_asr = 0.4};
    auto with = [&](std::int64_t samples) {
        Carrier beta{.name = "beta", .quality = {.asr = 0.3, .samples = samples}};
        return compile({{{.name = "alpha"}, "44,UK,0.02,0,0,1,,\n"}, {beta, "44,UK,0.01,0,0,1,,\n"}}, settings);
    };
    CHECK(run(with(100), csv).carriers[0].carrier == "alpha");
    CHECK(run(with(99), csv).carriers[0].carrier == "beta");
}

TEST_CASE("guard lists keep calls from being routed by cost") {
    Settings settings{.guards = {.emergency = {"4999"}, .deny = {"4420"}}};
    auto table = compile({{{.name = "alpha"}, "44,UK,0.01,0,0,1,,\n49,DE,0.01,0,0,1,,\n"}}, settings);
    auto result = run(table, calls({"442079460123,1795341600,60", "441132960123,1795341600,60", "4999,1795341600,60"}));
    CHECK(result.total.calls == 1);
    CHECK(result.unrouted.guarded == 2);
}

TEST_CASE("rates for callers need the calling number") {
    auto table = compile({{{.name = "alpha"}, "44,UK,0.01,0,0,1,,\n44,UK,0.50,0,0,1,,33\n"}});
    auto csv = "number,start,duration,from\n442079460123,1795341600,60,33199000001\n442079460123,1795341600,60,49301234567\n"
               "442079460123,1795341600,60,\n";
    CHECK(run(table, csv).total.cost.text() == "0.520000");
}

TEST_CASE("rates of another day") {
    auto deck = read_deck("prefix,rate,effective,end\n44,0.01,,2026-12-01\n44,0.02,2026-12-01,\n", "alpha.csv").value();
    std::vector<CarrierDecks> carriers{{.carrier = {.name = "alpha"}, .decks = {deck}}};
    auto table = Table::compile(std::move(carriers)).value();
    auto csv = calls({"442079460123,2026-11-30T23:59:59Z,60", "442079460123,2026-12-01T00:00:00Z,60"});
    CHECK(run(table, csv).total.cost.text() == "0.030000");
    auto later = run(table, csv, {.at = at("2026-12-02T00:00:00Z")});
    CHECK(later.total.cost.text() == "0.040000");
    CHECK(later.first == at("2026-11-30T23:59:59Z"));
    CHECK(later.total.load.channels == 2);
}

TEST_CASE("expected cost under failover") {
    auto table = compile({{{.name = "alpha", .quality = {.asr = 0.5}}, "44,UK,0.01,0,0,1,0.002,\n"},
                          {{.name = "beta", .quality = {.asr = 0.8}}, "44,UK,0.02,0,0,1,,\n"},
                          {{.name = "gamma"}, "44,UK,0.03,0,0,1,,\n"}});
    auto csv = calls({"442079460123,1795341600,60", "442079460123,1795341600,0"});
    auto result = run(table, csv, {.follow = Follow::failover, .attempts = 2});
    REQUIRE(result.failover.has_value());
    // 0.5 × 0.01 + 0.5 × 0.002 + 0.5 × 0.8 × 0.02, and the attempt fee of the call that nobody answered.
    CHECK(result.failover->cost.text(6, Cost::Round::half_up, Failover::scale) == "0.016000");
    CHECK(result.failover->attempts == doctest::Approx(2.5));
    CHECK(result.failover->unanswered == doctest::Approx(0.1));
    // The third is not known and counts as the middle of the others, 0.5: 0.1 × 0.5 × 0.03 more.
    auto all = run(table, csv, {.follow = Follow::failover});
    CHECK(all.failover->cost.text(6, Cost::Round::half_up, Failover::scale) == "0.017500");
    CHECK(all.total.cost.text() == "0.012000");
}

TEST_CASE("each call goes where evaluate puts it first") {
    Random random(11);
    std::vector<Source> sources;
    for (auto name : {"a", "b", "c", "d", "e"}) {
        Source source{.carrier = {.name = name, .priority = static_cast<int>(random.below(2))}};
        if (random.below(3) == 0) source.carrier.quality.asr = 0.1 * static_cast<double>(random.below(10));
        for (auto prefix : {"44", "441", "4420", "44207", "33", "331"})
            if (random.below(3) != 0)
                source.rows += fmt::format("{},D,0.{:03},0.0{},{},{},0.00{},{}\n", prefix, random.below(30), random.below(4),
                                           random.below(2) * 30, 1 + random.below(2) * 5, random.below(5),
                                           random.below(8) == 0 ? "49" : "");
        if (!source.rows.empty()) sources.push_back(source);
    }
    auto table = compile(sources, {.least_asr = 0.35});
    for (int i = 0; i < 300; ++i) {
        auto number = fmt::format("{}", (i % 2 == 0 ? 44'200'000'000 : 33'100'000'000) + random.below(999'999'999));
        auto seconds = 1 + random.below(200);
        auto from = random.below(2) == 0 ? "49301234567" : "";
        auto without = random.below(3) == 0 ? std::set<std::string, std::less<>>{sources.front().carrier.name}
                                            : std::set<std::string, std::less<>>{};
        Facts facts{.number = E164::parse_digits(number).value(),
                    .at = at("2026-11-22T10:00:00Z"),
                    .duration = std::chrono::seconds(seconds),
                    .without = without};
        if (*from != '\0') facts.from = E164::parse_digits(from).value();
        auto decision = evaluate(table, facts).value();
        auto result = run(table, fmt::format("number,start,duration,from\n{},2026-11-22T10:00:00Z,{},{}\n", number, seconds, from),
                          {.without = without});
        REQUIRE(result.carriers.empty() == decision.ranked.empty());
        if (decision.ranked.empty()) continue;
        CHECK(result.carriers[0].carrier == decision.ranked[0].carrier);
        CHECK(result.total.cost == decision.ranked[0].compared);
        CHECK(result.total.billed_seconds == static_cast<std::uint64_t>(decision.ranked[0].billed_seconds));
    }
}
