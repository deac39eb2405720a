#include "lcr/lint.h"

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
const Time november = at("2026-11-01T00:00:00Z");
const Time tomorrow = at("2026-11-23T00:00:00Z");
const Time december = at("2026-12-01T00:00:00Z");

Money money(std::string_view text) {
    return Money::parse(text).value();
}

struct Line {
    std::string_view prefix;
    std::string_view rate;
    std::string_view destination = "UK";
    Terms terms{};
    Scope scope{};
};

// The first row stands in line 2, as behind a header.
Deck deck(std::string file, const std::vector<Line>& lines) {
    Deck result(std::move(file));
    std::size_t number = 1;
    for (const auto& line : lines)
        result.add({.prefix = numbering::Prefix::parse(line.prefix).value(),
                    .destination = std::string(line.destination),
                    .rate = money(line.rate),
                    .terms = line.terms,
                    .scope = line.scope,
                    .line = ++number});
    return result;
}

struct Sheet {
    std::string carrier;
    std::vector<std::vector<Line>> decks;
};
std::vector<CarrierDecks> carriers(const std::vector<Sheet>& sheets) {
    std::vector<CarrierDecks> result;
    for (const auto& [name, decks] : sheets) {
        auto& added = result.emplace_back();
        added.carrier.name = name;
        for (std::size_t i = 0; i < decks.size(); ++i) added.decks.push_back(deck(fmt::format("{}{}.csv", name, i), decks[i]));
    }
    return result;
}

// "child-equals-parent:3 …": which check found what in which line; premium ranges aside unless they are asked for.
std::string text(const std::vector<LintFinding>& findings) {
    std::string result;
    for (const auto& finding : findings) {
        if (!result.empty()) result += ' ';
        result += fmt::format("{}:{}", name(finding.check), finding.line);
    }
    return result;
}
LintOptions quiet() {
    return {.at = now, .all = true, .without = {Check::premium_open}};
}
std::string found(const std::vector<Line>& lines, const LintOptions& options = quiet()) {
    return text(lint(carriers({{"d", {lines}}}), options));
}
std::string found_among(const std::vector<Sheet>& sheets, const LintOptions& options = quiet()) {
    return text(lint(carriers(sheets), options));
}

}  // namespace

TEST_CASE("every check has its entry, by its number") {
    auto checks = lint_checks();
    for (std::size_t i = 0; i < checks.size(); ++i) {
        CHECK(static_cast<std::size_t>(checks[i].check) == i);
        CHECK_FALSE(checks[i].id.empty());
        CHECK_FALSE(checks[i].what.empty());
        CHECK_FALSE(checks[i].why.empty());
        CHECK(parse_check(checks[i].id) == checks[i].check);
        CHECK(name(checks[i].check) == checks[i].id);
    }
    CHECK(checks.back().check == Check::never_in_force);
    CHECK_FALSE(parse_check("none-such"));
}

TEST_CASE("a clean deck and no deck have no findings") {
    CHECK(found({}) == "");
    CHECK(lint({}).empty());
    CHECK(found({{"44", "0.0123"}, {"4420", "0.0207"}, {"33", "0.01", "France"}}) == "");
}

TEST_CASE("rows that could not be read are findings with their line") {
    std::vector<Error> because{{Fault::input, "my:deck.csv:14:3", "prefix '4x' is not digits", "write e.g. '44'"}};
    auto findings = unreadable_rows(because, 5);
    REQUIRE(findings.size() == 2);
    CHECK(findings[0].file == "my:deck.csv");
    CHECK(findings[0].line == 14);
    CHECK(findings[0].text == "prefix '4x' is not digits");
    CHECK(findings[0].fix == "write e.g. '44'");
    CHECK(findings[1].count == 4);
    CHECK(unreadable_rows({}, 0).empty());
    std::vector<Error> elsewhere{{Fault::input, "", "cut short", ""}};
    CHECK(unreadable_rows(elsewhere, 1)[0].line == 0);
}

TEST_CASE("one prefix twice: the same, or contradicting") {
    CHECK(found({{"44", "0.01"}, {"44", "0.01"}}) == "duplicate:3");
    CHECK(found({{"44", "0.01"}, {"44", "0.02"}}) == "contradiction:3");
    CHECK(found({{"44", "0.01"}, {"44", "0.01", "UK", {.minimum = 30}}}).starts_with("contradiction:3"));
    // For other callers it is another row.
    CHECK(found({{"44", "0.01"}, {"44", "0.02", "UK", {}, {.origin = "33"}}}) == "");
    CHECK(found({{"44", "0.01"}, {"44", "0.02", "UK", {}, {.time_class = "peak"}}}) == "");
}

TEST_CASE("dates of one prefix that overlap") {
    // The usual way to announce a price is no overlap, nor is a clean succession.
    CHECK(found({{"44", "0.02"}, {"44", "0.01", "UK", {}, {.effective = december}}}) == "");
    CHECK(found({{"44", "0.02", "UK", {}, {.end = december}}, {"44", "0.01", "UK", {}, {.effective = december}}}) == "");
    CHECK(found({{"44", "0.02", "UK", {}, {.end = december}}, {"44", "0.01", "UK", {}, {.effective = tomorrow}}}) ==
          "overlap:3");
}

TEST_CASE("a child that costs what its parent costs") {
    CHECK(found({{"44", "0.01"}, {"4420", "0.01"}, {"442079", "0.01"}}) == "redundant:3 redundant:4");
    CHECK(found({{"44", "0.01"}, {"4420", "0.012"}, {"442079", "0.01"}}) == "");
    CHECK(found({{"44", "0.01"}, {"4420", "0.01", "UK", {.connect_fee = money("0.1")}}}) == "");
    CHECK(found({{"44", "0.01"}, {"4420", "0.01", "UK", {}, {.origin = "33"}}}) == "");
    // It will be needed when the parent's price changes.
    CHECK(found({{"44", "0.01"}, {"4420", "0.01"}, {"44", "0.005", "UK", {}, {.effective = december}}}) == "");
}

TEST_CASE("what half of a deck can be of is counted, unless all is asked for") {
    std::vector<Line> lines{{"44", "0.01"}};
    for (auto prefix : {"441", "442", "443", "444", "445", "446", "447"}) lines.push_back({prefix, "0.01"});
    auto findings = lint(carriers({{"d", {lines}}}), {.at = now, .without = {Check::premium_open}});
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].count == 7);
    CHECK(findings[0].line == 0);
    CHECK(findings[0].severity == Severity::note);
    CHECK(findings[0].text == "7 of 8 rows: row that costs what its parent costs, e.g. '441' (line 3), '442' (line 4), '443' "
                              "(line 5), '444' (line 6), '445' (line 7)");
    CHECK(lint(carriers({{"d", {lines}}}), quiet()).size() == 7);
}

TEST_CASE("of other checks the first few are told, then the rest is counted") {
    std::vector<Line> lines;
    for (auto prefix : {"210", "214", "215", "217", "219", "259", "280"}) lines.push_back({prefix, "0.01", "?"});
    auto findings = lint(carriers({{"d", {lines}}}), {.at = now, .most = 2});
    CHECK(text(findings) == "country-code:2 country-code:3 country-code:0");
    CHECK(findings[2].count == 5);
}

TEST_CASE("country codes that nobody has") {
    CHECK(found({{"999", "0.01", "?"}}) == "country-code:2");
    CHECK(found({{"2107946", "0.01", "London"}}) == "country-code:2");
    // Shorter than a country code is a family of countries.
    CHECK(found({{"4", "0.01", "Europe"}, {"42", "0.02", "Central Europe"}, {"420", "0.03", "Czechia"}}) == "");
}

TEST_CASE("prefixes longer than the numbers, and those that a spreadsheet rounded") {
    CHECK(found({{"121255501234", "0.01", "USA"}}) == "over-length:2");
    CHECK(found({{"12125550123", "0.01", "USA"}}) == "");
    CHECK(found({{"447000000000", "0.01"}}) == "trailing-zeros:2");
    CHECK(found({{"4470000", "0.01"}, {"44700010000", "0.02"}}) == "");
}

TEST_CASE("prices of nothing") {
    CHECK(found({{"44", "0"}}) == "zero-rate:2");
    CHECK(found({{"44", "0", "UK", {.blocked = true}}}) == "");
    CHECK(found({{"44", "0", "UK", {.connect_fee = money("0.1")}}}) == "");
    CHECK(found({{"44", "0", "UK", {.tiers = {{.from = 60, .rate = money("0.1")}}}}}) == "");
    CHECK(found({{"1800", "0", "USA toll-free"}}) == "");
}

TEST_CASE("destinations: none, of another country, in two countries") {
    CHECK(found({{"44", "0.01", ""}}) == "no-destination:2");
    CHECK(found({{"20", "0.01", "United Kingdom London"}}) == "name-mismatch:2");
    CHECK(found({{"44", "0.01", "UNITED KINGDOM-London"}, {"1242", "0.2", "Bahamas"}, {"1", "0.01", "Canada"}}) == "");
    CHECK(found({{"245", "0.1", "Guinea-Bissau"}, {"224", "0.1", "Guinea"}, {"245", "0.1", "Guineafowl"}}) ==
          "duplicate:4");
    CHECK(found({{"44", "0.01", "Zone 1"}, {"33", "0.01", "Zone 1"}, {"34", "0.01", "Zone 2"}}) == "split-destination:2");
    CHECK(found({{"1404", "0.01", "Georgia"}, {"1212555", "0.01", "Jordan"}}) == "");
}

TEST_CASE("increments and currencies that differ where they should not") {
    Terms minutes{.minimum = 60, .increment = 60};
    auto findings = lint(carriers({{"d", {{{"44", "0.01"}, {"441", "0.02", "UK", minutes}, {"442", "0.03"}}}}}), quiet());
    CHECK(text(findings) == "mixed-increments:3");
    CHECK(findings[0].text == "'UK' bills by 60/60 here, by 1/1 in 2 rows");
    CHECK(found({{"44", "0.01", "UK", {.minimum = 1}}, {"441", "0.02"}}) == "");
    CHECK(found({{"44", "0.01", "UK", minutes}, {"33", "0.02", "France"}}) == "");
    Terms dollars{.currency = Currency::parse("USD").value()};
    CHECK(found({{"44", "0.01"}, {"33", "0.02", "France"}, {"49", "0.03", "Germany", dollars}}) == "mixed-currencies:4");
    CHECK(found({{"44", "0.01", "UK", dollars}, {"33", "0.02", "France", dollars}}) == "");
}

TEST_CASE("a rate with its decimal mark moved") {
    CHECK(found({{"44", "0.0123"}, {"4420", "0.123"}}) == "decimal-slip:3");
    CHECK(found({{"44", "0.0123"}, {"4420", "0.00123"}}) == "decimal-slip:3");
    CHECK(found({{"44", "0.0123"}, {"4420", "0.124"}}) == "");
    // Round prices meet by chance, unless it is one destination.
    CHECK(found({{"44", "0.01", "UK"}, {"447", "0.1", "UK Mobile"}}) == "");
    CHECK(found({{"44", "0.01", "UK"}, {"447", "0.1", "UK"}}) == "decimal-slip:3");
}

TEST_CASE("a rate far from the others of its destination, or of its family") {
    std::vector<Line> lines{{"441", "0.010"}, {"442", "0.011"}, {"443", "0.012"}, {"447", "0.1103"}};
    CHECK(found(lines) == "");
    lines.back().rate = "0.1203";
    CHECK(found(lines) == "outlier:5");
    lines.back().rate = "0.0009";
    CHECK(found(lines) == "outlier:5");
    lines.back().terms.blocked = true;
    CHECK(found(lines) == "");
    std::vector<Line> unnamed{{"44", "0.3", ""}, {"441", "0.010", ""}, {"442", "0.011", ""}, {"443", "0.012", ""}, {"447", "0.1203", ""}};
    auto options = quiet();
    options.without.insert(Check::no_destination);
    CHECK(found(unnamed, options) == "outlier:6");
}

TEST_CASE("a rate far from the other carriers', which takes two of them") {
    Sheet a{"a", {{{"44", "0.01"}}}};
    Sheet b{"b", {{{"44", "0.011"}}}};
    Sheet odd{"odd", {{{"44", "0.11"}}}};
    CHECK(found_among({a, b, odd}) == "outlier:2");
    CHECK(lint(carriers({a, b, odd}), quiet())[0].file == "odd0.csv");
    CHECK(found_among({a, odd}) == "");
    // What the others inherit counts as well; another currency does not.
    CHECK(found_among({a, b, {"odd", {{{"4420", "0.11"}}}}}) == "outlier:2");
    CHECK(found_among({a, b, {"odd", {{{"44", "0.11", "UK", {.currency = Currency::parse("USD").value()}}}}}}) == "");
}

TEST_CASE("a margin hole: no price of one's own where all others ask more") {
    Sheet a{"a", {{{"44", "0.01"}, {"447", "0.03"}}}};
    Sheet b{"b", {{{"44", "0.012"}, {"447", "0.04"}, {"4470", "0.05"}}}};
    Sheet hole{"hole", {{{"44", "0.011"}}}};
    auto findings = lint(carriers({a, b, hole}), quiet());
    CHECK(text(findings) == "margin-hole:2");
    CHECK(findings[0].file == "hole0.csv");
    CHECK(findings[0].text == "'447' goes by '44' at 0.011, 2 other carriers ask 0.03 or more for it");
    CHECK(found_among({a, hole}) == "");
    // One of the others has no such row, or none that is dearer.
    CHECK(found_among({a, b, hole, {"c", {{{"44", "0.012"}}}}}) == "");
    CHECK(found_among({a, {"b", {{{"44", "0.012"}, {"447", "0.009"}}}}, hole}) == "");
    CHECK(found_among({a, b, {"hole", {{{"44", "0.011"}, {"447", "0.03"}}}}}) == "");
}

TEST_CASE("premium and satellite ranges that are open") {
    LintOptions options{.at = now, .all = true};
    auto open = lint(carriers({{"d", {{{"44", "0.01"}}}}}), options);
    REQUIRE(open.size() == 1);
    CHECK(open[0].check == Check::premium_open);
    CHECK(open[0].severity == Severity::warning);
    CHECK(open[0].text == "'449' (United Kingdom premium rate) is open at 0.01, the price of '44'");
    CHECK(found({{"44", "0.01"}, {"449", "0", "UK", {.blocked = true}}}, options) == "");
    // A price of its own is a choice, worth a note.
    auto priced = lint(carriers({{"d", {{{"881", "5", "Satellite"}, {"88216", "4", "Satellite"}}}}}), options);
    CHECK(text(priced) == "premium-open:2 split-destination:3 premium-open:3");
    auto is_note = [](const LintFinding& finding) { return finding.severity == Severity::note; };
    CHECK(std::ranges::count_if(priced, is_note) == 2);
}

TEST_CASE("a rise within the notice") {
    Line base{"44", "0.01"};
    auto rise = [&](std::string_view prefix, std::string_view rate, std::optional<Time> effective) {
        return found_among({{"d", {{base}, {{prefix, rate, "UK", {}, {.effective = effective}}}}}});
    };
    CHECK(rise("44", "0.02", tomorrow) == "short-notice:2");
    CHECK(rise("4420", "0.02", tomorrow) == "short-notice:2");
    CHECK(rise("44", "0.009", tomorrow) == "");
    CHECK(rise("44", "0.02", december) == "");
    CHECK(rise("33", "0.02", tomorrow) == "name-mismatch:2");
    // Begun already: nothing is announced any more. Without a date it begins at once.
    CHECK(rise("44", "0.02", november) == "");
    CHECK(rise("4420", "0.02", std::nullopt) == "short-notice:2");
    auto options = quiet();
    options.notice_days = 30;
    auto sheets = std::vector<Sheet>{{"d", {{base}, {{"44", "0.02", "UK", {}, {.effective = december}}}}}};
    CHECK(found_among(sheets, options) == "short-notice:2");
    CHECK(lint(carriers(sheets), options)[0].text ==
          "the rate rises from 0.01 to 0.02 on 2026-12-01, within 30 days of 2026-11-22T12:00:00Z");
    options.at.reset();
    CHECK(found_among(sheets, options) == "");
    // Other terms at the same rate can make a call dearer.
    CHECK(found_among({{"d", {{base}, {{"44", "0.01", "UK", {.connect_fee = money("0.1")}, {.effective = tomorrow}}}}}}) ==
          "short-notice:2");
}

TEST_CASE("rows that have ended, and rows that never are in force") {
    CHECK(found({{"44", "0.01", "UK", {}, {.end = november}}}) == "expired:2");
    CHECK(found({{"44", "0.01", "UK", {}, {.end = december}}}) == "");
    CHECK(found({{"44", "0.01", "UK", {}, {.effective = december, .end = november}}}) == "never-in-force:2");
    CHECK(found({{"44", "0.01", "UK", {}, {.effective = december, .end = december}}}) == "never-in-force:2");
    auto replaced = lint(carriers({{"d", {{{"44", "0.02"}}, {{"44", "0.01"}}}}}), quiet());
    CHECK(text(replaced) == "never-in-force:2");
    CHECK(replaced[0].text == "'d1.csv:2' replaces it from its first moment on");
}

TEST_CASE("checks can be left out, and findings stand by deck and line") {
    std::vector<Sheet> sheets{{"b", {{{"999", "0", ""}}}}, {"a", {{{"33", "0.01", "France"}, {"33", "0.02", "France"}}}}};
    CHECK(found_among(sheets) == "country-code:2 zero-rate:2 no-destination:2 contradiction:3");
    auto options = quiet();
    for (auto check : {Check::country_code, Check::zero_rate, Check::no_destination}) options.without.insert(check);
    CHECK(found_among(sheets, options) == "contradiction:3");
}

TEST_CASE("very many rows of one prefix are read in time") {
    std::vector<Line> lines(20'000, Line{"44", "0.01"});
    auto findings = lint(carriers({{"d", {lines}}}), {.at = now, .without = {Check::premium_open}});
    CHECK(findings.back().count + findings.size() - 1 == lines.size() - 1);
    for (auto& line : lines) line.scope.effective = tomorrow;
    CHECK_FALSE(lint(carriers({{"d", {lines}}}), {.at = now}).empty());
}
