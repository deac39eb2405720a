#include "output/simulation.h"

#include "base/text.h"
#include "lcr/deck_reader.h"
#include "output/render.h"
#include "output/text_table.h"

#include <stdexcept>

#include <doctest/doctest.h>

using namespace trunkbox;

namespace {

lcr::Table compile(std::initializer_list<std::pair<lcr::Carrier, std::string_view>> sources) {
    std::vector<lcr::CarrierDecks> carriers;
    for (const auto& [carrier, rows] : sources) {
        auto deck = lcr::read_deck("prefix,destination,rate,increment\n" + std::string(rows), carrier.name + ".csv");
        REQUIRE(deck.has_value());
        carriers.push_back({.carrier = carrier, .decks = {*deck}});
    }
    auto table = lcr::Table::compile(std::move(carriers), {});
    REQUIRE(table.has_value());
    return std::move(*table);
}

// alpha is dear for London and cheap elsewhere in the country; beta bills whole minutes.
lcr::Table two_carriers() {
    return compile({{{.name = "alpha", .channels = 1, .cps = 1.5}, "44,Britain,0.006,1\n4420,London,0.012,1\n"},
                    {{.name = "beta"}, "44,UK,0.009,60\n33,France,0.003,1\n"}});
}

lcr::Simulation replay(std::string_view csv, const lcr::SimulateOptions& options = {}) {
    auto table = two_carriers();
    auto reader = lcr::CdrReader::open(csv, "calls.csv");
    REQUIRE(reader.has_value());
    auto simulation = lcr::simulate(table, *reader, options);
    REQUIRE(simulation.has_value());
    return std::move(*simulation);
}

std::string json(const lcr::Simulation& simulation) {
    return output::to_json(output::record(simulation), output::Layout::lines);
}
bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// 61 s to London: alpha 0.0122, beta 0.018. 60 s: beta 0.009, alpha 0.012. Nobody has Germany.
constexpr std::string_view calls = "number,start,duration\n"
                                   "442079460123,2026-11-22T10:00:00Z,61\n"
                                   "442079460123,2026-11-22T10:00:00.250Z,60\n"
                                   "441132960123,2026-11-22T10:00:30Z,30\n"
                                   "49301234567,2026-11-22T10:01:00Z,90\n";

}  // namespace

TEST_CASE("a simulation as a record") {
    auto text = json(replay(calls));
    CHECK(holds(text, R"({"calls":4,"answered":4,"first":"2026-11-22T10:00:00Z","last":"2026-11-22T10:01:00Z",)"
                      R"("currency":"EUR","total":{"calls":3,"answered":3,"seconds":151,"billed_seconds":151,)"
                      R"("cost":"0.024200","currency":"EUR","share":"1.0000",)"));
    // 30 s at 0.006 are 0.003; with 0.0122 that is 0.0152 of 0.0242.
    CHECK(holds(text, R"("carriers":[{"carrier":"alpha","calls":2,"answered":2,"seconds":91,"billed_seconds":91,)"
                      R"("cost":"0.015200","currency":"EUR","share":"0.6281",)"
                      R"("channels":{"most":2,"at":"2026-11-22T10:00:30Z","limit":1,"above":1},)"
                      R"("cps":{"most":1,"at":"2026-11-22T10:00:00Z","limit":1.5,"above":0}},)"));
    CHECK(holds(text, R"("channels":{"most":1,"at":"2026-11-22T10:00:00.250Z","limit":null,"above":0})"));
    CHECK(holds(text, R"("unrouted":{"no_route":1,"guarded":0,"below_margin":0})"));
    CHECK(holds(text, R"("without_route":[{"prefix":"49301","calls":1,"seconds":90}])"));
    CHECK(holds(text, R"("destinations":[{"destination":"London","calls":2,"seconds":121,"cost":"0.021200",)"));
    CHECK_FALSE(holds(text, "revenue"));
    CHECK_FALSE(holds(text, "regret"));
    CHECK_FALSE(holds(text, "failover"));
}

TEST_CASE("a simulation as text") {
    auto text = output::text(replay(calls, {.top = 1}));
    CHECK(text == "4 calls, 4 answered, 2026-11-22T10:00:00Z to 2026-11-22T10:01:00Z\n"
                  "\n"
                  "carrier  calls  answered  minutes  billed  cost EUR    share  channels    cps\n"
                  "alpha        2         2      1.5     1.5  0.015200   62.8 %       2/1  1/1.5\n"
                  "beta         1         1      1.0     1.0  0.009000   37.2 %         1      1\n"
                  "total        3         3      2.5     2.5  0.024200  100.0 %         3      2\n"
                  "\n"
                  "at most 3 channels, first at 2026-11-22T10:00:30Z; at most 2 calls a second, first at "
                  "2026-11-22T10:00:00Z\n"
                  "alpha: 1 calls began while its 1 channels were taken\n"
                  "\n"
                  "1 calls not routed: 1 without a route, 0 guarded, 0 below the margin\n"
                  "prefix  calls  minutes\n"
                  "49301       1      1.5\n"
                  "\n"
                  "prefix  calls  minutes  cost EUR   share  destination\n"
                  "4420        2      2.0  0.021200  87.6 %  London\n"
                  "\n"
                  "calls  minutes  cost EUR   share  destination\n"
                  "    2      2.0  0.021200  87.6 %  London\n");
}

TEST_CASE("no calls, and none that is routed") {
    auto none = replay("number,start,duration\n");
    CHECK(output::text(none) == "no calls\n");
    CHECK(holds(json(none), R"({"calls":0,"answered":0,"first":null,"last":null,)"));
    CHECK(holds(json(none), R"("share":null)"));
    CHECK(holds(json(none), R"("channels":{"most":0,"at":null,"limit":null,"above":0})"));
    auto text = output::text(replay("number,start,duration\n49301234567,2026-11-22T10:01:00Z,90\n"));
    CHECK(text == "1 calls, 1 answered, 2026-11-22T10:01:00Z to 2026-11-22T10:01:00Z\n\n"
                  "1 calls not routed: 1 without a route, 0 guarded, 0 below the margin\n"
                  "prefix  calls  minutes\n49301       1      1.5\n");
}

TEST_CASE("selling prices, regret and failover stand where they were asked for") {
    // 61 s sold at 0.01 a minute are 0.010167.
    auto retail = compile({{{.name = "retail"}, "44,UK,0.010,1\n"}});
    auto simulation = replay("number,start,duration,carrier,cost\n"
                             "442079460123,2026-11-22T10:00:00Z,61,beta,0.0202\n"
                             "442079460123,2026-11-22T10:00:00Z,61,gamma,\n",
                             {.sell = &retail, .follow = lcr::Follow::failover});
    auto text = output::text(simulation);
    CHECK(holds(text, "revenue   margin  losses"));
    CHECK(holds(text, "0.020333  -20.0 %       2"));
    CHECK(holds(text, "2 calls sold at a loss, 0 without a selling price\n"
                      "loss EUR      cost     price  carrier  number         start                 seconds  line\n"
                      "0.002033  0.012200  0.010167  alpha    +442079460123  2026-11-22T10:00:00Z       61     2\n"));
    CHECK(holds(text, "by the carriers in the file: 1 calls for 0.018000 EUR, here 0.012200 EUR: regret 0.005800 EUR "
                      "(47.5 %), 1 calls dearer\n"));
    CHECK(holds(text, "by the costs in the file: 1 calls for 0.020200 EUR, here 0.012200 EUR: regret 0.008000 EUR "
                      "(65.6 %), 1 calls dearer\n"));
    CHECK(holds(text, "carriers in the file that the table does not have: 'gamma'\n"));
    CHECK(holds(text, "with failover: 0.024400 EUR expected, 2.0 attempts, 0.0 calls that no carrier completes\n"));
    auto record = json(simulation);
    CHECK(holds(record, R"("revenue":"0.020333","revenue_cost":"0.024400","margin":"-0.2000","losses":2)"));
    CHECK(holds(record, R"("losses":[{"line":2,"number":"+442079460123","start":"2026-11-22T10:00:00Z","seconds":61,)"
                        R"("carrier":"alpha","cost":"0.012200","price":"0.010167","loss":"0.002033","currency":"EUR"},)"));
    CHECK(holds(record, R"("carrier_regret":{"calls":1,"dearer":1,"paid":"0.018000","optimum":"0.012200",)"
                        R"("excess":"0.005800","currency":"EUR"})"));
    CHECK(holds(record, R"("unknown_carriers":["gamma"])"));
    CHECK(holds(record, R"("failover":{"cost":"0.024400","currency":"EUR","attempts":2,"unanswered":0})"));
}

TEST_CASE("names that would move the cursor are shown, not obeyed") {
    lcr::Simulation simulation;
    simulation.calls = 1;
    simulation.carriers = {{.carrier = "a\x1b[2J"}};
    simulation.destinations = {{.destination = "b\n\x07"}};
    simulation.unknown_carriers = {"c\r"};
    auto text = output::text(simulation);
    CHECK(text.find_first_of("\x1b\x07\r") == std::string::npos);
    CHECK(holds(text, "a\\x1b[2J"));
}

TEST_CASE("a text table is aligned by characters") {
    using Side = output::TextTable::Side;
    output::TextTable table({{"name", Side::left}, {"n"}});
    CHECK(table.empty());
    table.add({"Zürich", "1"});
    table.add({"", "100"});
    CHECK(table.text() == "name      n\nZürich    1\n        100\n");
    CHECK_THROWS_AS(table.add({"one"}), std::logic_error);
}
