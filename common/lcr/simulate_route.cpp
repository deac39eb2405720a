#include "lcr/simulate_route.h"

#include "lcr/exchange.h"
#include "lcr/image.h"
#include "lcr/select.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

constexpr std::int64_t usual_seconds = 180;  // of a call whose duration is not known
constexpr std::size_t remembered_rows = 8192;

bool is_good(const Carrier& carrier, const Settings& settings) {
    const auto& quality = carrier.quality;
    if (quality.samples && *quality.samples < settings.least_samples) return true;
    bool asr = quality.asr && settings.least_asr && *quality.asr < *settings.least_asr;
    bool ner = quality.ner && settings.least_ner && *quality.ner < *settings.least_ner;
    return !asr && !ner;
}

Result<numbering::E164> number_of(std::uint64_t value) {
    return numbering::E164::parse_digits(fmt::format_int(value).str());
}

}  // namespace

CallRouter::CallRouter(const Table& table, const Rules& rules) : table_(table), least_(table), prices_(remembered_rows) {
    if (rules.decide_for) decide_for_ = std::max<std::int64_t>(started_seconds(*rules.decide_for), 1);
    const auto& settings = table.settings();
    for (const auto& carrier : table.carriers()) {
        bool left_out = rules.without != nullptr && rules.without->contains(carrier.name);
        admitted_.push_back(carrier.enabled && !left_out && is_good(carrier, settings));
        // Those that are not enabled are no candidates of the lines either.
        if (carrier.enabled && !admitted_.back()) all_admitted_ = false;
    }
    const auto& guards = settings.guards;
    has_guards_ = !guards.emergency.empty() || !guards.deny.empty() || !guards.allow.empty();
    asks_caller_ = std::ranges::any_of(table.parts().records<ScopeRecord>(Section::scopes), [](const auto& scope) {
        return scope.origin != 0 || scope.jurisdiction != 0;
    });
    has_attempt_fees_ = std::ranges::any_of(table.parts().records<TermsRecord>(Section::terms),
                                            [](const auto& terms) { return terms.attempt_fee != 0; });
}

std::int64_t CallRouter::deciding_seconds(const Question& question) const {
    if (decide_for_) return *decide_for_;
    return question.answered ? question.seconds : usual_seconds;
}

bool CallRouter::is_guarded(std::uint64_t number) const {
    auto digits = fmt::format_int(number);
    return !guard(table_.settings().guards, {digits.data(), digits.size()}).routable();
}

// Where the cost of the call is another than the one that the choice went by.
bool CallRouter::needs_row(const Question& question) const {
    return question.answered ? decide_for_.has_value() : has_attempt_fees_;
}

Result<void> CallRouter::route(std::span<const Question> questions, std::span<Answer> answers) {
    std::ranges::fill(answers, Answer{});
    for (bool with_row : {false, true}) {
        which_.clear();
        calls_.clear();
        for (std::size_t i = 0; i < questions.size(); ++i) {
            const auto& question = questions[i];
            if (needs_row(question) != with_row) continue;
            if (has_guards_ && is_guarded(question.number)) {
                answers[i].guarded = true;
                continue;
            }
            auto seconds = deciding_seconds(question);
            if (seconds < 1) {  // answered and hung up at once: the lines do not know such calls
                if (auto done = by_rows(question, answers[i]); !done) return done;
                continue;
            }
            which_.push_back(i);
            calls_.push_back({.number = question.number, .seconds = seconds, .at = question.at});
        }
        found_.assign(calls_.size(), Cheapest{});
        if (auto done = least_.decide(calls_, found_, with_row ? Origin::row : Origin::longest_prefix); !done) return done;
        for (std::size_t i = 0; i < which_.size(); ++i)
            if (auto done = settle(questions[which_[i]], found_[i], answers[which_[i]]); !done) return done;
    }
    return {};
}

// The cheapest of all is the cheapest of some as long as it is one of them. The lines hand over to the rows where these
// ask for more than the time, but cannot say who calls.
bool CallRouter::lines_decide(const Question& question, const Cheapest& found) const {
    bool asked_rows = found.row != Cheapest::none || found.carrier == Cheapest::none;
    if (asks_caller_ && question.from != 0 && asked_rows) return false;
    return all_admitted_ || found.carrier == Cheapest::none || admitted_[found.carrier];
}

Result<void> CallRouter::settle(const Question& question, const Cheapest& found, Answer& answer) {
    if (!lines_decide(question, found)) return by_rows(question, answer);
    if (found.carrier == Cheapest::none) return {};
    answer.carrier = found.carrier;
    answer.place = found.place;
    answer.decided = found.cost;
    if (question.answered) {
        answer.cost = found.cost;
        answer.billed_seconds = found.billed_seconds;
    }
    if (found.row == Cheapest::none) return {};
    if (needs_row(question)) {
        auto price = price_of(found.row);
        if (!price) return tl::unexpected(price.error());
        auto bill = bill_of(**price, question.at, question.seconds, question.answered).value_or(Bill{});
        answer.cost = bill.cost;
        answer.billed_seconds = bill.seconds;
    }
    return set_place(question, answer);
}

Result<void> CallRouter::set_place(const Question& question, Answer& answer) const {
    auto number = number_of(question.number);
    if (!number) return tl::unexpected(number.error());
    auto place = table_.longest(*number);
    if (!place) return tl::unexpected(place.error());
    answer.place = place->value_or(Answer::none);
    return {};
}

Result<const CallRouter::RowPrice*> CallRouter::price_of(std::uint32_t position) {
    auto& slot = prices_[position % remembered_rows];
    if (slot.position == position) return &slot;
    auto row = table_.row(position);
    if (!row) return tl::unexpected(row.error());
    slot = {position, static_cast<std::uint32_t>(row->carrier), row->rate, std::move(row->terms)};
    return &slot;
}

// In the table's currency; nothing without a rate of exchange.
std::optional<Bill> CallRouter::bill_of(const RowPrice& row, Time at, std::int64_t seconds, bool answered) const {
    Bill result{.seconds = 0, .cost = Cost(row.terms.attempt_fee)};
    if (answered) result = bill(row.rate, row.terms, std::chrono::seconds(seconds));
    if (row.terms.currency == table_.currency()) return result;
    auto exchange = exchange_at(table_.settings(), row.terms.currency, at);
    if (!exchange) return std::nullopt;
    result.cost = result.cost.exchanged(*exchange);
    return result;
}

Result<std::vector<CallRouter::Choice>> CallRouter::choices(const Question& question) {
    std::vector<Choice> all;
    auto number = number_of(question.number);
    if (!number) return tl::unexpected(number.error());
    auto seconds = deciding_seconds(question);
    Facts facts{.number = *number, .at = question.at, .duration = std::chrono::seconds(seconds)};
    if (question.from != 0)
        if (auto from = number_of(question.from)) facts.from = *from;
    auto findings = select_rows(table_, facts);
    if (!findings) return tl::unexpected(findings.error());
    for (std::uint32_t i = 0; i < findings->size(); ++i) {
        const auto& placed = (*findings)[i].row;
        if (!placed || !admitted_[i]) continue;
        auto price = price_of(placed->position);
        if (!price) return tl::unexpected(price.error());
        if ((*price)->terms.blocked) continue;
        auto decided = bill_of(**price, question.at, seconds, true);
        auto actual = bill_of(**price, question.at, question.seconds, question.answered);
        auto attempt = bill_of(**price, question.at, 0, false);
        if (decided && actual && attempt)
            all.push_back({i, decided->cost, actual->cost, actual->seconds, attempt->cost});
    }
    // The carriers stand by priority and name, which decide between equal costs.
    std::ranges::stable_sort(all, {}, &Choice::decided);
    return all;
}

Result<void> CallRouter::by_rows(const Question& question, Answer& answer) {
    auto all = choices(question);
    if (!all) return tl::unexpected(all.error());
    if (all->empty()) return {};
    answer.carrier = all->front().carrier;
    answer.decided = all->front().decided;
    answer.cost = all->front().cost;
    answer.billed_seconds = all->front().billed_seconds;
    return set_place(question, answer);
}

// The carrier's row in force of the longest prefix, as long as nothing but time decides.
Result<std::optional<std::uint32_t>> CallRouter::plain_row(std::size_t carrier, const Question& question,
                                                           bool& plain) const {
    auto rows = table_.parts().records<RowRecord>(Section::rows);
    auto scopes = table_.parts().records<ScopeRecord>(Section::scopes);
    auto decks = table_.parts().records<DeckRecord>(Section::decks);
    auto carrier_of = [&](const RowRecord& row) { return row.deck < decks.size() ? decks[row.deck].carrier : 0; };
    auto now = question.at.time_since_epoch().count();
    auto number = number_of(question.number);
    if (!number) return tl::unexpected(number.error());
    auto place = table_.longest(*number);
    while (place && *place) {
        auto range = table_.rows_of(**place);
        if (!range) return tl::unexpected(range.error());
        auto all = rows.subspan(range->first, range->last - range->first);
        auto wanted = static_cast<std::uint32_t>(carrier);
        std::span its(std::ranges::lower_bound(all, wanted, {}, carrier_of),
                      std::ranges::upper_bound(all, wanted, {}, carrier_of));
        std::optional<std::uint32_t> found;
        for (const auto& row : its) {
            if (row.scope >= scopes.size()) return table_.parts().damaged(Section::rows, "a scope");
            const auto& scope = scopes[row.scope];
            plain = plain && scope.time_class == 0 && scope.origin == 0 && scope.jurisdiction == 0;
            bool begun = scope.effective == ScopeRecord::never || scope.effective <= now;
            bool ended = scope.end != ScopeRecord::never && scope.end <= now;
            if (begun && !ended && !found) found = static_cast<std::uint32_t>(&row - rows.data());
        }
        if (found || !plain) return found;
        place = table_.shorter(**place);
    }
    if (!place) return tl::unexpected(place.error());
    return std::optional<std::uint32_t>{};
}

Result<std::optional<Cost>> CallRouter::cost_with(std::size_t carrier, const Question& question) {
    bool plain = true;
    auto row = plain_row(carrier, question, plain);
    if (!row) return tl::unexpected(row.error());
    if (!plain) {
        auto number = number_of(question.number);
        if (!number) return tl::unexpected(number.error());
        Facts facts{.number = *number, .at = question.at, .duration = std::chrono::seconds(question.seconds)};
        if (question.from != 0)
            if (auto from = number_of(question.from)) facts.from = *from;
        auto findings = select_rows(table_, facts);
        if (!findings) return tl::unexpected(findings.error());
        const auto& placed = (*findings)[carrier].row;
        *row = placed ? std::optional(placed->position) : std::nullopt;
    }
    if (!*row) return std::optional<Cost>{};
    auto price = price_of(**row);
    if (!price) return tl::unexpected(price.error());
    auto bill = bill_of(**price, question.at, question.seconds, question.answered);
    if ((*price)->terms.blocked || !bill) return std::optional<Cost>{};
    return std::optional(bill->cost);
}

}  // namespace trunkbox::lcr
