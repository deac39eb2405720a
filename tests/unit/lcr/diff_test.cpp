#include "lcr/diff.h"

#include "base/ids.h"
#include "lcr/evaluate.h"

#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace trunkbox;
using namespace trunkbox::lcr;

namespace {

Time at(std::string_view text) {
    return parse_rfc3339(text).value();
}
const Time now = at("2026-11-22T12:00:00Z");
const Time december = at("2026-12-01T00:00:00Z");
const Time january = at("2027-01-01T00:00:00Z");

Money money(std::string_view text) {
    return Money::parse(text).value();
}

DeckRow row(std::string_view prefix, std::string_view rate, Terms terms = {}, Scope scope = {}) {
    return {.prefix = numbering::Prefix::parse(prefix).value(),
            .rate = money(rate),
            .terms = std::move(terms),
            .scope = std::move(scope)};
}
DeckRow blocked(std::string_view prefix) {
    return row(prefix, "0", {.blocked = true});
}
DeckRow from(Time time, std::string_view prefix, std::string_view rate) {
    return row(prefix, rate, {}, {.effective = time});
}

Deck deck(std::string file, std::vector<DeckRow> rows) {
    Deck result(std::move(file));
    std::size_t line = 1;
    for (auto& one : rows) {
        one.line = ++line;
        result.add(one);
    }
    return result;
}
Table table(std::vector<DeckRow> rows) {
    std::vector<Deck> decks;
    decks.push_back(deck("deck.csv", std::move(rows)));
    return one_carrier_table("carrier", std::move(decks)).value();
}

struct Carried {
    std::string name;
    std::vector<DeckRow> rows;
    int priority = 0;
};
Table table_of(std::vector<Carried> carriers, Settings settings = {}) {
    std::vector<CarrierDecks> decks;
    for (auto& [name, rows, priority] : carriers) {
        auto& added = decks.emplace_back();
        added.carrier.name = name;
        added.carrier.priority = priority;
        added.decks.push_back(deck(name + ".csv", std::move(rows)));
    }
    return Table::compile(std::move(decks), std::move(settings)).value();
}

std::string date(const std::optional<Time>& time) {
    return time ? rfc3339(*time, 0).substr(0, 10) : "-";
}
// "44 up +100 | 4420 closed", with dates and what is folded where there is any.
std::string text(const Diff& diff) {
    std::string result;
    for (const auto& change : diff.changes) {
        if (!result.empty()) result += " | ";
        if (diff.carriers.size() > 1) result += diff.carriers[change.carrier] + " ";
        result += fmt::format("{} {}", change.prefix.text(), name(change.kind));
        if (change.percent) result += fmt::format(" {:+.0f}", *change.percent);
        if (change.begins || change.until) result += fmt::format(" {}..{}", date(change.begins), date(change.until));
        if (change.folded > 0) result += fmt::format(" ({})", change.folded);
        if (change.short_notice) result += " short";
    }
    return result;
}
std::string compare(std::vector<DeckRow> before, std::vector<DeckRow> after, DiffOptions options = {.at = now}) {
    return text(diff(table(std::move(before)), table(std::move(after)), options).value());
}

}  // namespace

TEST_CASE("equal tables do not differ, nor do empty ones") {
    CHECK(compare({}, {}) == "");
    CHECK(compare({row("44", "0.01"), row("4420", "0.02")}, {row("4420", "0.02"), row("44", "0.01")}) == "");
}

TEST_CASE("each kind of change") {
    CHECK(compare({}, {row("44", "0.01")}) == "44 new");
    CHECK(compare({row("44", "0.01")}, {}) == "44 closed");
    CHECK(compare({row("44", "0.01")}, {row("44", "0.015")}) == "44 up +50");
    CHECK(compare({row("44", "0.01")}, {row("44", "0.005")}) == "44 down -50");
    CHECK(compare({row("44", "0.01")}, {blocked("44")}) == "44 blocked");
    CHECK(compare({blocked("44")}, {row("44", "0.01")}) == "44 unblocked");
    CHECK(compare({row("44", "0.01")}, {row("44", "0.01", {.minimum = 60, .increment = 60})}) == "44 increments +0");
    CHECK(compare({row("44", "0.01")}, {row("44", "0.01", {.connect_fee = money("0.1")})}) == "44 increments +0");
}

TEST_CASE("what means the same is no change") {
    // Inherited instead of written out, and the other way round.
    CHECK(compare({row("44", "0.01")}, {row("44", "0.01"), row("4420", "0.01")}) == "");
    CHECK(compare({row("44", "0.01"), row("4420", "0.01")}, {row("44", "0.01")}) == "");
    // No price and a block are both no route.
    CHECK(compare({}, {blocked("44")}) == "");
    CHECK(compare({blocked("44")}, {}) == "");
    // A blocked row's rate says nothing; a first interval as long as the others is none of its own.
    CHECK(compare({blocked("44")}, {row("44", "5", {.blocked = true})}) == "");
    CHECK(compare({row("44", "0.01", {.increment = 60})}, {row("44", "0.01", {.minimum = 60, .increment = 60})}) == "");
}

TEST_CASE("a longer prefix is compared with what it inherited") {
    CHECK(compare({row("44", "0.01")}, {row("44", "0.01"), row("4420", "0.02")}) == "4420 up +100");
    CHECK(compare({row("44", "0.01"), row("4420", "0.02")}, {row("44", "0.01")}) == "4420 down -50");
    CHECK(compare({row("44", "0.01")}, {row("44", "0.01"), blocked("449")}) == "449 blocked");
    // The block went, and the parent shines through.
    CHECK(compare({row("44", "0.01"), blocked("449")}, {row("44", "0.01")}) == "449 unblocked");
}

TEST_CASE("the shortest prefix tells a change, and counts the longer ones that show the same") {
    std::vector<DeckRow> before{row("44", "0.01"), row("4420", "0.01"), row("4420794", "0.01"), row("447", "0.03")};
    CHECK(compare(before, {row("44", "0.02"), row("4420", "0.02"), row("447", "0.03")}) == "44 up +100 (2)");
    // An exception below the change, and one below the exception.
    CHECK(compare(before, {row("44", "0.02"), row("4420", "0.01"), row("4420794", "0.02"), row("447", "0.03")}) ==
          "44 up +100 | 4420794 up +100");
    // The same percentage of another price is another change.
    CHECK(compare({row("44", "0.01"), row("447", "0.03")}, {row("44", "0.02"), row("447", "0.06")}) ==
          "44 up +100 | 447 up +100");
}

TEST_CASE("siblings are not merged into a family that neither table has") {
    CHECK(compare({row("441", "0.01"), row("442", "0.01")}, {row("441", "0.02"), row("442", "0.02")}) ==
          "441 up +100 | 442 up +100");
}

TEST_CASE("changes that begin later come with their date") {
    std::vector<DeckRow> before{row("44", "0.01")};
    CHECK(compare(before, {row("44", "0.01"), from(december, "44", "0.02")}) == "44 up +100 2026-12-01..-");
    CHECK(compare(before, {row("44", "0.01"), from(december, "44", "0.02"), from(january, "44", "0.005")}) ==
          "44 up +100 2026-12-01..2027-01-01 | 44 down -50 2027-01-01..-");
    CHECK(compare(before, {row("44", "0.01", {}, {.end = december})}) == "44 closed 2026-12-01..-");
    CHECK(compare(before, {row("44", "0.01"), from(december, "44", "0.02")}, {.at = now, .ahead = false}) == "");
    CHECK(compare(before, {row("44", "0.01"), from(december, "44", "0.02")}, {.at = january}) == "44 up +100 2026-12-01..-");
    // Announced in both: no change.
    CHECK(compare({row("44", "0.01"), from(december, "44", "0.02")}, {row("44", "0.01"), from(december, "44", "0.02")}) == "");
}

TEST_CASE("a dated parent shows through at a child only as far as the child lets it") {
    std::vector<DeckRow> before{row("44", "0.01")};
    std::vector<DeckRow> after{row("44", "0.01"), from(december, "44", "0.02"),
                               row("4420", "0.01", {}, {.end = january})};
    // Until January the child keeps the old price; then it is gone and the parent's rise is its own.
    CHECK(compare(before, after) == "44 up +100 2026-12-01..- | 4420 up +100 2027-01-01..-");
    after.back().scope.end = december;
    CHECK(compare(before, after) == "44 up +100 2026-12-01..- (1)");
}

TEST_CASE("a rise is short notice when it begins before the notice has passed") {
    std::vector<DeckRow> before{row("44", "0.01")};
    DiffOptions week{.at = now, .announced = now};
    DiffOptions month{.at = now, .announced = now, .notice_days = 30};
    CHECK(compare(before, {row("44", "0.01"), from(december, "44", "0.02")}, week) == "44 up +100 2026-12-01..-");
    CHECK(compare(before, {row("44", "0.01"), from(december, "44", "0.02")}, month) == "44 up +100 2026-12-01..- short");
    CHECK(compare(before, {row("44", "0.01"), from(december, "44", "0.005")}, month) == "44 down -50 2026-12-01..-");
    // Without a date it begins at once; other terms can be a rise as well.
    CHECK(compare(before, {row("44", "0.02")}, week) == "44 up +100 short");
    CHECK(compare(before, {row("44", "0.01", {.connect_fee = money("0.01")})}, week) == "44 increments +0 short");
    CHECK(compare({row("44", "0.01", {.increment = 60})}, {row("44", "0.01")}, week) == "44 increments +0");
    CHECK(compare(before, {row("44", "0.02")}) == "44 up +100");
}

TEST_CASE("exactly the notice is no short notice") {
    auto exact = now + std::chrono::days(7);
    std::vector<DeckRow> after{row("44", "0.01"), from(exact, "44", "0.02")};
    CHECK(diff(table({row("44", "0.01")}), table(after), {.at = now, .announced = now})->short_notices() == 0);
    CHECK(diff(table({row("44", "0.01")}), table(after), {.at = now, .announced = now + 1ns})->short_notices() == 1);
}

TEST_CASE("rows for some hours or callers are compared with rows for the same") {
    Scope peak{.time_class = "peak"};
    std::vector<DeckRow> before{row("44", "0.01"), row("44", "0.05", {}, {.origin = "33"})};
    CHECK(compare(before, {row("44", "0.01"), row("44", "0.06", {}, {.origin = "33"})}) == "44 up +20");
    // Gone: those callers pay what everybody pays.
    CHECK(compare(before, {row("44", "0.01")}) == "44 down -80");
    CHECK(compare({row("44", "0.05", {}, peak)}, {row("44", "0.05", {}, peak)}) == "");
    // A change for everybody is told once, though the callers from 33 have the same.
    CHECK(compare({row("44", "0.01"), row("49", "0.01", {}, {.origin = "33"})},
                  {row("44", "0.02"), row("49", "0.01", {}, {.origin = "33"})}) == "44 up +100");
}

TEST_CASE("carriers are found by name, whatever their order") {
    auto before = table_of({{"alpha", {row("44", "0.01")}}, {"beta", {row("44", "0.02")}}, {"gone", {row("44", "0.03")}}});
    auto after = table_of({{"beta", {row("44", "0.03")}}, {"alpha", {row("44", "0.01")}, 5}, {"new", {row("44", "0.03")}}});
    CHECK(text(*diff(before, after, {.at = now})) == "beta 44 up +50 | gone 44 closed | new 44 new");
    CHECK(diff(before, after, {.at = now})->count(ChangeKind::up) == 1);
    CHECK(diff(before, before, {.at = now})->empty());
}

TEST_CASE("the rows before and after can be asked for") {
    auto before = table({row("44", "0.01")});
    auto after = table({row("33", "1"), row("44", "0.02")});
    auto result = diff(before, after, {.at = now}).value();
    REQUIRE(result.changes.size() == 2);
    CHECK(result.changes[0].before == Change::none);
    const auto& rise = result.changes[1];
    CHECK(before.row(rise.before)->source() == "deck.csv:2");
    CHECK(after.row(rise.after)->source() == "deck.csv:3");
    CHECK(after.row(rise.after)->rate == money("0.02"));
    CHECK(result.prefixes == 2);
}

TEST_CASE("another currency is compared by the rate of exchange, or said to be another") {
    Terms dollars{.currency = Currency::parse("USD").value()};
    CHECK(compare({row("44", "0.01")}, {row("44", "0.01", dollars)}) == "44 currency");
    Settings settings;
    settings.exchanges.push_back({.currency = dollars.currency, .since = now - std::chrono::days(9), .rate = money("0.5")});
    auto before = table_of({{"a", {row("44", "0.01")}}}, settings);
    CHECK(text(*diff(before, table_of({{"a", {row("44", "0.03", dollars)}}}, settings), {.at = now})) == "44 up +50");
    CHECK(text(*diff(before, table_of({{"a", {row("44", "0.02", dollars)}}}, settings), {.at = now})) ==
          "44 increments +0");
}

TEST_CASE("traffic is laid on the changes, and says who carries it before and after") {
    auto before = table_of({{"alpha", {row("44", "0.06"), row("4420", "0.06")}}, {"beta", {row("44", "0.12")}}});
    auto after = table_of({{"alpha", {row("44", "0.06"), row("4420", "0.18")}}, {"beta", {row("44", "0.12")}}});
    std::vector<Traffic> traffic{{.number = 442079460123, .seconds = 30, .calls = 2},
                                 {.number = 441632960123, .seconds = 60},
                                 {.number = 33199000001, .seconds = 10},
                                 {.number = 442079460124, .seconds = 0}};
    auto result = diff(before, after, {.at = now, .traffic = traffic}).value();
    CHECK(text(result) == "alpha 4420 up +200");
    const auto& impact = result.changes[0].impact;
    CHECK(impact.calls == 2);
    CHECK(impact.seconds == 60);
    CHECK(impact.first_before == 60);
    CHECK(impact.first_after == 0);
    CHECK(impact.before == Cost(money("0.06")));
    CHECK(impact.after == Cost(money("0.18")));
    CHECK(result.before == Cost(money("0.12")));
    CHECK(result.after == Cost(money("0.18")));
    REQUIRE(result.moves.size() == 3);
    auto moved = std::ranges::find(result.moves, "beta", &Move::to);
    REQUIRE(moved != result.moves.end());
    CHECK(moved->from == "alpha");
    CHECK(moved->calls == 2);
    CHECK(moved->after - moved->before == Cost(money("0.06")));
    CHECK(std::ranges::find(result.moves, "", &Move::to)->seconds == 10);
}

TEST_CASE("traffic lies on the longest prefix, and where that did not change on none") {
    std::vector<Traffic> traffic{{.number = 442079460123, .seconds = 60},
                                 {.number = 4420, .seconds = 60},
                                 {.number = 447400123456, .seconds = 60},
                                 {.number = 45100000, .seconds = 60}};
    auto result = diff(table({row("44", "0.01"), row("447", "0.05"), row("44207", "0.01")}),
                       table({row("44", "0.02"), row("447", "0.05"), row("44207", "0.02")}), {.at = now, .traffic = traffic})
                      .value();
    CHECK(text(result) == "44 up +100 (1)");
    CHECK(result.changes[0].impact.calls == 2);
}

TEST_CASE("traffic takes place when the announced prices have begun, or when it is said to") {
    auto before = table({row("44", "0.06")});
    auto after = table({row("44", "0.06"), from(december, "44", "0.12")});
    std::vector<Traffic> traffic{{.number = 442079460123, .seconds = 60}};
    auto later = diff(before, after, {.at = now, .traffic = traffic}).value();
    CHECK(later.traffic_at == december);
    CHECK(later.after == Cost(money("0.12")));
    CHECK(later.changes[0].impact.after == Cost(money("0.12")));
    auto today = diff(before, after, {.at = now, .traffic = traffic, .traffic_at = now}).value();
    CHECK(today.after == Cost(money("0.06")));
    CHECK(today.changes[0].impact.calls == 0);
}

TEST_CASE("traffic to what is no number is an error") {
    auto some = table({row("44", "0.01")});
    for (std::uint64_t number : {std::uint64_t{0}, std::uint64_t{12}, std::uint64_t{10'000'000'000'000'000}}) {
        std::vector<Traffic> traffic{{.number = number, .seconds = 60}};
        auto result = diff(some, some, {.at = now, .traffic = traffic});
        REQUIRE_FALSE(result);
        CHECK(result.error().fault == Fault::usage);
    }
}

TEST_CASE("time classes and groups of origins need no settings to be compared") {
    std::vector<Deck> decks;
    decks.push_back(deck("d.csv", {row("44", "0.01", {}, {.time_class = "peak", .origin = "eea"})}));
    CHECK(one_carrier_table("carrier", std::move(decks)));
    CHECK_FALSE(one_carrier_table("", {}));
}

TEST_CASE("the first moment at which anything is in force") {
    CHECK(first_in_force(table({row("44", "0.01")}), now) == now);
    CHECK(first_in_force(table({from(january, "44", "0.01"), from(december, "33", "0.01")}), now) == december);
    CHECK(first_in_force(table({from(december, "44", "0.01")}), january) == january);
    CHECK(first_in_force(table({row("44", "0.01", {}, {.end = december})}), january) == january);
    CHECK(first_in_force(table({}), now) == now);
}

namespace {

// Few digits, so that prefixes nest; few prices, so that they meet.
std::vector<DeckRow> random_rows(IdSource& random) {
    std::vector<DeckRow> rows;
    auto count = random.next() % 8;
    for (std::uint64_t i = 0; i < count; ++i) {
        std::string prefix = "44";
        for (auto more = random.next() % 4; more > 0; --more) prefix += static_cast<char>('0' + random.next() % 2);
        auto& added = rows.emplace_back(row(prefix, fmt::format("0.0{}", 1 + random.next() % 3)));
        added.terms.blocked = random.next() % 6 == 0;
        if (random.next() % 4 == 0) added.terms.increment = 60;
        if (random.next() % 3 == 0) added.scope.effective = now + std::chrono::days(random.next() % 5) - 48h;
        if (random.next() % 4 == 0) added.scope.end = now + std::chrono::days(random.next() % 5) - 24h;
    }
    return rows;
}

std::optional<Cost> price(const Table& table, std::uint64_t number, std::int64_t seconds, Time time) {
    Facts facts{.number = numbering::E164::parse_digits(std::to_string(number)).value(),
                .at = time,
                .duration = std::chrono::seconds(seconds)};
    auto decision = evaluate(table, facts).value();
    if (decision.ranked.empty()) return std::nullopt;
    return decision.ranked.front().cost;
}

}  // namespace

TEST_CASE("what the changes say of any number is what routing says of it in both tables") {
    IdSource random({7, 11});
    for (int round = 0; round < 400; ++round) {
        auto before = table(random_rows(random));
        auto after = table(random_rows(random));
        auto time = now + std::chrono::hours(random.next() % 120);
        auto number = 44'000'000'000 + random.next() % 2 * 100'000'000 + random.next() % 2 * 10'000'000 * 100 +
                      random.next() % 2 * 10'000'000 + random.next() % 2 * 1'000'000;
        std::vector<Traffic> traffic{{.number = number, .seconds = 30}};
        auto result = diff(before, after, {.at = now, .traffic = traffic, .traffic_at = time}).value();
        Cost was;
        Cost is;
        std::uint64_t calls = 0;
        for (const auto& change : result.changes) {
            calls += change.impact.calls;
            was = was + change.impact.before;
            is = is + change.impact.after;
        }
        auto old_price = price(before, number, 30, time);
        auto new_price = price(after, number, 30, time);
        CAPTURE(round);
        CAPTURE(number);
        REQUIRE(calls <= 1);
        if (calls == 0)
            CHECK(old_price == new_price);
        else {
            CHECK(was == old_price.value_or(Cost{}));
            CHECK(is == new_price.value_or(Cost{}));
        }
        CHECK(result.before == old_price.value_or(Cost{}));
        CHECK(result.after == new_price.value_or(Cost{}));
    }
}
