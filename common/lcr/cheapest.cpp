#include "lcr/cheapest.h"

#include "lcr/evaluate.h"
#include "lcr/exchange.h"
#include "lcr/image.h"
#include "lcr/line_search.h"
#include "lcr/select.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

constexpr std::uint64_t least_number = 1000;
constexpr std::uint64_t past_numbers = 1'000'000'000'000'000;

// The same search, with the instruction that counts bits where there is one.
bool run_plain(LineSearch& search, std::span<const Call> calls, std::span<Cheapest> answers, Found* found) {
    return search.run(calls, answers, found);
}
bool run_one_plain(LineSearch& search, const Call& call, Cheapest& answer, Found& found) {
    return search.run_one(call, answer, found);
}
#if defined(__x86_64__)
__attribute__((target("popcnt"))) bool run_popcnt(LineSearch& search, std::span<const Call> calls,
                                                  std::span<Cheapest> answers, Found* found) {
    return search.run(calls, answers, found);
}
__attribute__((target("popcnt"))) bool run_one_popcnt(LineSearch& search, const Call& call, Cheapest& answer,
                                                      Found& found) {
    return search.run_one(call, answer, found);
}
#endif

Result<numbering::E164> number_of(const Call& call) {
    return numbering::E164::parse_digits(fmt::format_int(call.number).str());
}

// What the lines do not decide: by the rows, as evaluate does it.
Result<void> ask_rows(const Table& table, const Call& call, Cheapest& answer) {
    auto number = number_of(call);
    if (!number) return tl::unexpected(number.error());
    answer = {};
    Facts facts{.number = *number, .at = call.at, .duration = std::chrono::seconds(call.seconds)};
    auto findings = select_rows(table, facts);
    if (!findings) return tl::unexpected(findings.error());
    for (std::size_t i = 0; i < findings->size(); ++i) {
        const auto& placed = (*findings)[i].row;
        if (!placed || !table.carriers()[i].enabled) continue;
        auto row = table.row(placed->position);
        if (!row) return tl::unexpected(row.error());
        auto exchange = exchange_at(table.settings(), row->terms.currency, call.at);
        if (row->terms.blocked || !exchange) continue;
        auto [billed, cost] = bill(row->rate, row->terms, facts.duration);
        if (row->terms.currency != table.currency()) cost = cost.exchanged(*exchange);
        // The carriers stand by priority and name, so that of equals the first stays.
        if (answer.carrier != Cheapest::none && cost >= answer.cost) continue;
        answer = {.carrier = static_cast<std::uint32_t>(i),
                  .place = placed->place,
                  .row = placed->position,
                  .billed_seconds = billed,
                  .cost = cost};
    }
    return {};
}

// A row's own prefix: the number's longest one, or one of the shorter ones.
Result<void> find_place(const Table& table, std::span<const PrefixRecord> prefixes, Cheapest& answer) {
    // A family stands before its members, which keeps a file that lies from leading in a circle.
    for (auto place = answer.place; place < prefixes.size() - 1; place = prefixes[place].shorter) {
        answer.place = place;
        if (answer.row >= prefixes[place].first_row && answer.row < prefixes[place + 1].first_row) return {};
        if (prefixes[place].shorter >= place) break;
    }
    return table.parts().damaged(Section::line_rows, "a candidate that no row gives");
}

bool is_found(const Cheapest& answer, const Found& found) {
    return found.is_decided() && answer.carrier != Cheapest::none;
}

void find_places(const LineSearch& search, std::span<Cheapest> answers, std::span<const Found> found) {
    auto place_of = [&](std::size_t i) -> const std::uint32_t* {
        if (!is_found(answers[i], found[i])) return nullptr;
        return search.place_of(found[i].look == Look::decided ? found[i].unit : found[i].own);
    };
    for (std::size_t i = 0; i < answers.size(); ++i) __builtin_prefetch(place_of(i));
    for (std::size_t i = 0; i < answers.size(); ++i)
        if (const auto* place = place_of(i); place != nullptr) answers[i].place = *place;
}

// In rounds, each of which calls for the memory that the next one, or the caller, will look at. The places are there.
Result<void> find_rows(const Table& table, std::span<Cheapest> answers, std::span<const Found> found) {
    auto prefixes = table.parts().records<PrefixRecord>(Section::prefixes);
    auto rows = table.parts().records<RowRecord>(Section::rows);
    auto in_line = table.parts().records<std::uint32_t>(Section::line_rows);
    auto spilt = table.parts().records<std::uint32_t>(Section::spill_rows);
    auto row_of = [&](std::uint32_t slot) {
        auto positions = (slot & in_spill) != 0 ? spilt : in_line;
        auto index = slot & ~in_spill;
        return index < positions.size() ? &positions[index] : nullptr;
    };
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (!is_found(answers[i], found[i])) continue;
        const auto* row = row_of(found[i].slot);
        if (row == nullptr) return table.parts().damaged(Section::line_rows, "a candidate without a row");
        answers[i].row = *row;
        if (*row < rows.size()) __builtin_prefetch(&rows[*row]);
        if (answers[i].place < prefixes.size()) __builtin_prefetch(&prefixes[answers[i].place]);
    }
    for (std::size_t i = 0; i < answers.size(); ++i)
        if (is_found(answers[i], found[i]))
            if (auto done = find_place(table, prefixes, answers[i]); !done) return done;
    return {};
}

Error unfit(const Call& call) {
    if (call.number < least_number || call.number >= past_numbers)
        return {Fault::usage, "", fmt::format("'{}' is not an E.164 number", call.number), "it has 4 to 15 digits"};
    return {Fault::usage, "", fmt::format("a call of {} s", call.seconds),
            fmt::format("1 to {} s can be rated", longest_call)};
}
bool is_fit(const Call& call) {
    // Two questions, not four: what is too small wraps to what is too large.
    return call.number - least_number < past_numbers - least_number &&
           static_cast<std::uint64_t>(call.seconds) - 1 < static_cast<std::uint64_t>(longest_call);
}

}  // namespace

struct LeastCost::Lookup {
    LineSearch search;
    decltype(&run_plain) run = run_plain;
    decltype(&run_one_plain) run_one = run_one_plain;

    explicit Lookup(const Image& image) : search(image) {
#if defined(__x86_64__)
        if (__builtin_cpu_supports("popcnt") == 0) return;
        run = run_popcnt;
        run_one = run_one_popcnt;
#endif
    }
};

LeastCost::LeastCost(const Table& table) : table_(table), lookup_(std::make_unique<Lookup>(table.parts())) {}
LeastCost::~LeastCost() = default;

Result<void> LeastCost::decide(std::span<const Call> calls, std::span<Cheapest> answers, Origin origin) {
    if (calls.size() == 1) return decide_one(calls, answers, origin);
    for (std::size_t first = 0; first < calls.size(); first += searches_at_once) {
        auto some = calls.subspan(first, std::min(searches_at_once, calls.size() - first));
        if (auto done = decide_some(some, answers.subspan(first, some.size()), origin); !done) return done;
    }
    return {};
}

Result<void> LeastCost::decide_one(std::span<const Call> call, std::span<Cheapest> answer, Origin origin) {
    if (!is_fit(call[0])) return tl::unexpected(unfit(call[0]));
    Found found;
    bool decided = lookup_->run_one(lookup_->search, call[0], answer[0], found);
    if (decided && origin == Origin::none) return {};
    return complete(call, answer, {&found, 1}, origin);
}

Result<void> LeastCost::decide_some(std::span<const Call> calls, std::span<Cheapest> answers, Origin origin) {
    bool fit = true;
    for (const auto& call : calls) fit &= is_fit(call);
    if (!fit) return tl::unexpected(unfit(*std::ranges::find_if_not(calls, is_fit)));
    std::array<Found, searches_at_once> found;
    bool decided = lookup_->run(lookup_->search, calls, answers, found.data());
    if (decided && origin == Origin::none) return {};
    return complete(calls, answers, std::span(found).first(calls.size()), origin);
}

// What the lines leave open.
Result<void> LeastCost::complete(std::span<const Call> calls, std::span<Cheapest> answers, std::span<const Found> found,
                                 Origin origin) {
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (found[i].is_decided()) continue;
        if (found[i].look == Look::damaged) return table_.parts().damaged(Section::lines, "the way to a number");
        if (auto done = ask_rows(table_, calls[i], answers[i]); !done) return done;
    }
    if (origin != Origin::none) find_places(lookup_->search, answers, found);
    return origin == Origin::row ? find_rows(table_, answers, found) : Result<void>{};
}

Result<void> cheapest(const Table& table, std::span<const Call> calls, std::span<Cheapest> answers, Origin origin) {
    return LeastCost(table).decide(calls, answers, origin);
}

}  // namespace trunkbox::lcr
