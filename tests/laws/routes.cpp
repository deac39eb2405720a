// A compiled route table answers as a plain evaluator that walks the decks row by row, whatever the decks are.
#include "base/ids.h"
#include "lcr/cheapest.h"
#include "lcr/evaluate.h"

#include <algorithm>
#include <functional>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace trunkbox;
using namespace trunkbox::lcr;
using numbering::E164;
using numbering::Prefix;

namespace {

// ---- the plain evaluator: no index, no shortcut ------------------------------------------------------------------

struct PlainRow {
    std::string carrier;
    std::size_t amendment = 0;
    DeckRow row;
};

struct PlainCarrier {
    std::string name;
    int priority = 0;
    bool enabled = true;
};

struct World {
    std::vector<PlainCarrier> carriers;
    std::vector<PlainRow> rows;
    Settings settings;
};

struct PlainRoute {
    std::string carrier;
    int priority = 0;
    std::size_t line = 0;
    Cost cost;
};

// Second by second, as somebody with a pencil would do it.
Cost plain_cost(const DeckRow& row, std::int64_t seconds) {
    const auto& terms = row.terms;
    if (seconds > 0 && seconds <= terms.grace) return {};
    Cost cost(terms.connect_fee);
    if (seconds == 0) return cost;
    std::int64_t free_left = terms.free_seconds;
    auto charge = [&](Money rate, std::int64_t count) {
        auto given = std::min(free_left, count);
        free_left -= given;
        cost = cost + Cost::per_minute(rate, count - given);
    };
    std::int64_t billed = 0;
    auto rate = row.rate;
    auto increment = terms.increment;
    std::size_t tier = 0;
    auto ends = [&] { return tier < terms.tiers.size() ? terms.tiers[tier].from : longest_call * 3; };
    while (billed < seconds) {
        auto step = billed == 0 && terms.minimum > 0 ? terms.minimum : increment;
        step = std::min(step, ends() - billed);
        charge(rate, step);
        billed += step;
        if (billed == ends()) {
            rate = terms.tiers[tier].rate;
            increment = terms.tiers[tier].increment;
            ++tier;
        }
    }
    if (cost < Cost(terms.minimum_charge)) cost = Cost(terms.minimum_charge);
    if (terms.maximum_charge && cost > Cost(*terms.maximum_charge)) cost = Cost(*terms.maximum_charge);
    return cost;
}

std::optional<Money> plain_exchange(const World& world, Currency currency, Time at) {
    if (currency == world.settings.currency) return Money::parse("1").value();
    std::optional<Exchange> best;
    for (const auto& entry : world.settings.exchanges)
        if (entry.currency == currency && entry.since <= at && (!best || entry.since >= best->since)) best = entry;
    return best ? std::optional(best->rate) : std::nullopt;
}

// The row of one carrier that a call goes by: the longest prefix in force, then the latest to become effective, then
// the last amendment, then blocked before open, then the dearest.
const PlainRow* plain_row(const World& world, const std::string& carrier, const std::string& digits, Time at) {
    const PlainRow* best = nullptr;
    auto better = [](const PlainRow& a, const PlainRow& b) {
        auto key = [](const PlainRow& r) {
            return std::tuple(r.row.prefix.length(), r.row.scope.effective.has_value(),
                              r.row.scope.effective.value_or(Time{}), r.amendment, r.row.terms.blocked, r.row.rate,
                              r.row.terms, r.row.scope);
        };
        return key(a) > key(b);
    };
    for (const auto& candidate : world.rows) {
        const auto& scope = candidate.row.scope;
        if (candidate.carrier != carrier || !digits.starts_with(candidate.row.prefix.text())) continue;
        if ((scope.effective && at < *scope.effective) || (scope.end && *scope.end <= at)) continue;
        if (best == nullptr || better(candidate, *best)) best = &candidate;
    }
    return best;
}

std::vector<PlainRoute> plain_routes(const World& world, const std::string& digits, Time at, std::int64_t seconds) {
    std::vector<PlainRoute> routes;
    for (const auto& carrier : world.carriers) {
        const auto* found = plain_row(world, carrier.name, digits, at);
        if (!carrier.enabled || found == nullptr || found->row.terms.blocked) continue;
        auto exchange = plain_exchange(world, found->row.terms.currency, at);
        if (!exchange) continue;
        auto cost = plain_cost(found->row, seconds);
        if (found->row.terms.currency != world.settings.currency) cost = cost.exchanged(*exchange);
        routes.push_back({carrier.name, carrier.priority, found->row.line, cost});
    }
    std::ranges::sort(routes, [](const PlainRoute& a, const PlainRoute& b) {
        return std::tie(a.cost, a.priority, a.carrier) < std::tie(b.cost, b.priority, b.carrier);
    });
    return routes;
}

// ---- random worlds -----------------------------------------------------------------------------------------------

class Dice {
  public:
    explicit Dice(std::uint64_t seed) : random_({seed, 7}) {}
    std::uint64_t below(std::uint64_t bound) { return random_.next() % bound; }
    bool one_in(std::uint64_t bound) { return below(bound) == 0; }
    template <class T>
    T of(std::initializer_list<T> values) {
        return values.begin()[below(values.size())];
    }

  private:
    IdSource random_;
};

const Time epoch = parse_rfc3339("2026-06-01T00:00:00Z").value();
Time day(std::uint64_t number) {
    return epoch + std::chrono::hours(24 * number);
}

Money amount(Dice& dice, bool fine) {
    auto text = fine && dice.one_in(10) ? fmt::format("0.{:012}", dice.below(30'000'000'000))
                                        : fmt::format("0.{:03}", dice.below(20));
    return Money::parse(text).value();
}

Terms random_terms(Dice& dice, bool plain) {
    Terms terms{.connect_fee = dice.one_in(4) ? Money::parse(dice.of({"0.01", "0.005"})).value() : Money{},
                .minimum = dice.of<std::int64_t>({0, 0, 0, 1, 6, 30, 60}),
                .increment = dice.of<std::int64_t>({1, 1, 1, 6, 6, 7, 30, 60})};
    terms.blocked = dice.one_in(12);
    if (plain) return terms;
    if (dice.one_in(10)) terms.free_seconds = static_cast<std::int64_t>(dice.below(100));
    if (dice.one_in(10)) terms.grace = static_cast<std::int64_t>(dice.below(10));
    if (dice.one_in(10)) terms.minimum_charge = amount(dice, false);
    if (dice.one_in(10)) terms.maximum_charge = amount(dice, false);
    if (dice.one_in(8)) terms.tiers.push_back({.from = 120, .rate = amount(dice, false), .increment = 60});
    if (dice.one_in(8) && !terms.tiers.empty())
        terms.tiers.push_back({.from = 300, .rate = amount(dice, false), .increment = 7});
    if (dice.one_in(6)) terms.currency = Currency::parse("USD").value();
    return terms;
}

DeckRow random_row(Dice& dice, bool plain, std::size_t line) {
    // Few digits, so that prefixes meet and nest; seldom a long one.
    std::string digits(1, static_cast<char>('1' + dice.below(3)));
    auto more = dice.one_in(15) ? dice.below(14) : dice.below(5);
    for (std::uint64_t i = 0; i < more; ++i) digits += static_cast<char>('0' + dice.below(4));
    DeckRow row{.prefix = Prefix::parse(digits).value(),
                .destination = fmt::format("place {}", dice.below(3)),
                .rate = amount(dice, !plain),
                .terms = random_terms(dice, plain),
                .line = line};
    if (dice.one_in(3)) row.scope.effective = day(dice.below(8));
    if (dice.one_in(4)) row.scope.end = day(dice.below(8) + 3);
    if (row.scope.effective && row.scope.end && *row.scope.end <= *row.scope.effective) row.scope.end.reset();
    return row;
}

World random_world(Dice& dice) {
    World world;
    bool plain = dice.one_in(2);
    auto carriers = 1 + dice.below(plain && dice.one_in(5) ? 40 : 6);
    for (std::uint64_t i = 0; i < carriers; ++i)
        world.carriers.push_back({fmt::format("c{}", i), static_cast<int>(dice.below(3)), !dice.one_in(10)});
    auto rows = dice.below(dice.one_in(4) ? 400 : 40);
    for (std::size_t i = 0; i < rows; ++i)
        world.rows.push_back({world.carriers[dice.below(carriers)].name, dice.below(2),
                              random_row(dice, plain, i + 2)});
    world.settings.exchanges = {
        {Currency::parse("USD").value(), day(2), Money::parse("0.913").value()},
        {Currency::parse("USD").value(), day(5), Money::parse("0.87654321").value()},
    };
    return world;
}

Table compile(const World& world) {
    std::vector<CarrierDecks> carriers;
    for (const auto& carrier : world.carriers) {
        CarrierDecks decks{.carrier = {.name = carrier.name, .priority = carrier.priority, .enabled = carrier.enabled}};
        for (std::size_t amendment = 0; amendment < 2; ++amendment) {
            auto& deck = decks.decks.emplace_back(fmt::format("{}-{}.csv", carrier.name, amendment));
            for (const auto& row : world.rows)
                if (row.carrier == carrier.name && row.amendment == amendment) deck.add(row.row);
        }
        carriers.push_back(std::move(decks));
    }
    return Table::compile(std::move(carriers), world.settings).value();
}

struct Question {
    std::string digits;
    Time at{};
    std::int64_t seconds = 0;
};

Question random_question(Dice& dice) {
    Question question{.at = day(dice.below(13)), .seconds = static_cast<std::int64_t>(1 + dice.below(700))};
    question.digits = std::string(1, static_cast<char>('1' + dice.below(3)));
    auto more = 3 + dice.below(12);
    for (std::uint64_t i = 0; i < more; ++i) question.digits += static_cast<char>('0' + dice.below(4));
    if (dice.one_in(5)) question.at -= 1ns;
    return question;
}

// ---- the law -----------------------------------------------------------------------------------------------------

// Empty if both ways agree, else what they said.
std::string difference(const World& world, const Table& table, const Question& question) {
    auto expected = plain_routes(world, question.digits, question.at, question.seconds);
    auto number = E164::parse_digits(question.digits).value();
    auto decision = evaluate(table, {.number = number,
                                     .at = question.at,
                                     .duration = std::chrono::seconds(question.seconds)});
    if (!decision) return decision.error().text();
    std::string wanted;
    std::string got;
    for (const auto& route : expected) wanted += fmt::format("{}:{} ", route.carrier, route.cost.text(12));
    for (const auto& entry : decision->ranked) got += fmt::format("{}:{} ", entry.carrier, entry.compared.text(12));
    if (wanted != got) return fmt::format("evaluate: {}, plainly: {}", got, wanted);
    if (decision->ranked.size() + decision->rejected.size() != world.carriers.size()) return "a carrier is missing";
    Call call{.number = number.value(), .seconds = question.seconds, .at = question.at};
    Cheapest answer;
    if (auto done = cheapest(table, {&call, 1}, {&answer, 1}, Origin::row); !done) return done.error().text();
    auto carrier = answer.carrier == Cheapest::none ? "none" : table.carriers()[answer.carrier].name;
    if (carrier != (expected.empty() ? "none" : expected.front().carrier))
        return fmt::format("cheapest: {}, plainly: {}", carrier, wanted);
    if (expected.empty()) return {};
    if (answer.cost != expected.front().cost)
        return fmt::format("cheapest: {}, plainly: {}", answer.cost.text(12), wanted);
    auto row = table.row(answer.row);
    if (!row || row->source() != decision->ranked.front().source) return "cheapest: another row";
    return {};
}

// The smallest world in which the question still gets two answers: rows are left out as long as it does.
World shrink(World world, const Question& question) {
    for (std::size_t size = std::max<std::size_t>(world.rows.size() / 2, 1); size > 0; size /= 2)
        for (std::size_t first = 0; first < world.rows.size();) {
            auto smaller = world;
            auto begin = smaller.rows.begin() + static_cast<std::ptrdiff_t>(first);
            auto end = smaller.rows.begin() + static_cast<std::ptrdiff_t>(std::min(first + size, world.rows.size()));
            smaller.rows.erase(begin, end);
            if (difference(smaller, compile(smaller), question).empty())
                first += size;
            else
                world = std::move(smaller);
        }
    return world;
}

std::string text(const World& world, const Question& question) {
    auto text = fmt::format("number {} at {} for {} s\n", question.digits, rfc3339(question.at, 9), question.seconds);
    for (const auto& carrier : world.carriers)
        text += fmt::format("carrier {} priority {}{}\n", carrier.name, carrier.priority,
                            carrier.enabled ? "" : " off");
    for (const auto& [carrier, amendment, row] : world.rows)
        text += fmt::format(
            "{} deck {} line {}: {} rate {} fee {} {}/{} free {} grace {} charge {} to {} tiers {} {}{}{}{}\n", carrier,
            amendment, row.line, row.prefix.text(), row.rate.text(), row.terms.connect_fee.text(), row.terms.minimum,
            row.terms.increment, row.terms.free_seconds, row.terms.grace, row.terms.minimum_charge.text(),
            row.terms.maximum_charge ? row.terms.maximum_charge->text() : "-", row.terms.tiers.size(),
            row.terms.currency.text(), row.terms.blocked ? " blocked" : "",
            row.scope.effective ? " from " + rfc3339(*row.scope.effective, 0) : "",
            row.scope.end ? " to " + rfc3339(*row.scope.end, 0) : "");
    return text;
}

}  // namespace

TEST_CASE("the compiled table is the plain evaluator") {
    constexpr std::uint64_t worlds = 400;
    constexpr int questions = 25;
    std::size_t routed = 0;
    for (std::uint64_t seed = 0; seed < worlds; ++seed) {
        Dice dice(seed);
        auto world = random_world(dice);
        auto table = compile(world);
        REQUIRE(table.verify().has_value());
        for (int i = 0; i < questions; ++i) {
            auto question = random_question(dice);
            auto apart = difference(world, table, question);
            if (apart.empty()) {
                if (!plain_routes(world, question.digits, question.at, question.seconds).empty()) ++routed;
                continue;
            }
            auto small = shrink(world, question);
            FAIL("world " << seed << ", " << difference(small, compile(small), question) << "\n"
                          << text(small, question));
        }
    }
    // The worlds must not all be empty of routes.
    CHECK(routed > worlds * questions / 4);
}

TEST_CASE("the bytes of a table do not depend on the order of rows") {
    for (std::uint64_t seed = 1000; seed < 1050; ++seed) {
        Dice dice(seed);
        auto world = random_world(dice);
        auto first = compile(world);
        std::vector<std::string> answers;
        for (int round = 0; round < 3; ++round) {
            for (std::size_t i = world.rows.size(); i > 1; --i) std::swap(world.rows[i - 1], world.rows[dice.below(i)]);
            for (std::size_t i = world.carriers.size(); i > 1; --i)
                std::swap(world.carriers[i - 1], world.carriers[dice.below(i)]);
            auto again = compile(world);
            CHECK(std::ranges::equal(first.image(), again.image()));
        }
    }
}

TEST_CASE("a batch is its calls one by one, and each has its longest prefix") {
    for (std::uint64_t seed = 5; seed < 25; ++seed) {
        Dice dice(seed);
        auto world = random_world(dice);
        while (world.rows.size() < 100) world = random_world(dice);
        auto table = compile(world);
        std::vector<Call> calls;
        for (int i = 0; i < 500; ++i) {
            auto question = random_question(dice);
            calls.push_back({E164::parse_digits(question.digits).value().value(), question.seconds, question.at});
        }
        std::vector<Cheapest> together(calls.size());
        REQUIRE(cheapest(table, calls, together, Origin::longest_prefix).has_value());
        for (std::size_t i = 0; i < calls.size(); ++i) {
            Cheapest alone;
            REQUIRE(cheapest(table, {&calls[i], 1}, {&alone, 1}, Origin::longest_prefix).has_value());
            CHECK(alone.carrier == together[i].carrier);
            CHECK(alone.cost == together[i].cost);
            CHECK(alone.place == together[i].place);
            // What the rows decided has the winner's row, and its prefix.
            if (alone.carrier == Cheapest::none || alone.row != Cheapest::none) continue;
            auto number = E164::parse_digits(fmt::format_int(calls[i].number).str()).value();
            CHECK(alone.place == table.longest(number).value());
        }
    }
}
