#include "lcr/simulate.h"

#include "base/text.h"
#include "lcr/exchange.h"
#include "lcr/simulate_load.h"
#include "lcr/simulate_route.h"
#include "lcr/simulate_totals.h"

#include <algorithm>
#include <deque>
#include <ratio>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

constexpr std::size_t batch_size = 1024;

// What a failover chain is expected to do with one call.
struct Chain {
    double reached = 1;  // chance that the attempt at hand is made
    double attempts = 0;
    Cost cost{};         // times Failover::scale
    static std::uint32_t parts(double chance) {
        return static_cast<std::uint32_t>(chance * static_cast<double>(Failover::scale) + 0.5);
    }
    void attempt(double chance, Cost answered, Cost failed) {
        attempts += reached;
        cost = cost + answered.times(parts(reached * chance)) + failed.times(parts(reached * (1 - chance)));
        reached *= 1 - chance;
    }
};

class Simulator {
  public:
    Simulator(const Table& table, CdrReader& reader, const SimulateOptions& options)
        : table_(table),
          reader_(reader),
          options_(options),
          router_(table, {.decide_for = options.decide_for, .without = &options.without}),
          prefixes_(table),
          losses_(options.top),
          total_load_({}, {}),
          window_(std::clamp<std::int64_t>(started_seconds(options.window), 1, most_window)) {
        if (options.sell != nullptr) price_router_.emplace(*options.sell, CallRouter::Rules{options.decide_for, {}});
        for (const auto& carrier : table.carriers()) {
            loads_.emplace_back(carrier.channels, carrier.cps);
            shares_.push_back({.carrier = carrier.name,
                               .channels_limit = carrier.channels,
                               .cps_limit = carrier.cps});
        }
    }

    Result<Simulation> run();

  private:
    static constexpr std::int64_t most_window = longest_call;

    Result<void> check() const;
    Result<void> replay(std::span<const Cdr> calls);
    [[gnu::always_inline]] inline void prefetch(const Answer& answer) const;
    Result<void> account(const Cdr& call, const Question& question, const Answer& answer, const Answer* price);
    [[nodiscard]] bool leaves_margin(const Answer& answer, const Answer* price) const;
    void note_time(Time start);
    void note_load(const Cdr& call, std::uint32_t carrier);
    void note_price(const Cdr& call, const Question& question, const Answer& answer, const Answer& price);
    Result<void> note_regret(const Cdr& call, const Question& question, const Answer& answer);
    Result<void> note_failover(const Question& question, Cost first_choice);
    [[nodiscard]] std::uint32_t known_carrier(std::uint32_t named);
    [[nodiscard]] double chance_of(std::uint32_t carrier) const;
    void find_usual_chance();
    Result<Simulation> finish();

    const Table& table_;
    CdrReader& reader_;
    const SimulateOptions& options_;
    CallRouter router_;
    std::optional<CallRouter> price_router_;
    PrefixTotals prefixes_;
    UnroutedDigits unrouted_digits_;
    LargestLosses losses_;
    LoadMeter total_load_;
    std::deque<LoadMeter> loads_;       // by carrier
    std::vector<CarrierShare> shares_;  // the same
    std::vector<std::uint32_t> named_;  // by CdrReader::carriers()
    Regret carrier_regret_;
    Regret billed_regret_;
    Failover failover_;
    double usual_chance_ = 1;
    std::int64_t window_;
    std::int64_t newest_ = 0;  // second of the latest start so far
    Simulation result_;
    std::vector<Question> questions_;
    std::vector<Answer> answers_;
    std::vector<Answer> prices_;
};

Result<void> Simulator::check() const {
    if (options_.least_margin && options_.sell == nullptr)
        return failure(Fault::usage, "", "a margin needs selling prices", "give a table of them too");
    if (options_.sell != nullptr && options_.sell->currency() != table_.currency())
        return failure(Fault::usage, "",
                       fmt::format("selling prices are in {}, routes in {}", options_.sell->currency().text(),
                                   table_.currency().text()),
                       "compile both in one currency");
    for (const auto& name : options_.without)
        if (!table_.carrier(name))
            return failure(Fault::usage, "", fmt::format("the table has no carrier '{}'", printable(name)),
                           "name one of its carriers");
    return {};
}

Result<Simulation> Simulator::run() {
    if (auto good = check(); !good) return tl::unexpected(good.error());
    find_usual_chance();
    std::vector<Cdr> calls(batch_size);
    for (;;) {
        auto count = reader_.next(calls);
        if (!count) return tl::unexpected(count.error());
        if (*count == 0) return finish();
        if (auto done = replay(std::span(calls).first(*count)); !done) return tl::unexpected(done.error());
    }
}

Result<void> Simulator::replay(std::span<const Cdr> calls) {
    questions_.clear();
    for (const auto& call : calls)
        questions_.push_back({.number = call.number,
                              .from = call.from,
                              .at = options_.at.value_or(call.start),
                              .seconds = started_seconds(call.duration),
                              .answered = call.answered});
    answers_.resize(calls.size());
    if (auto done = router_.route(questions_, answers_); !done) return done;
    if (price_router_) {
        prices_.resize(calls.size());
        if (auto done = price_router_->route(questions_, prices_); !done) return done;
    }
    constexpr std::size_t ahead = 8;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (i + ahead < calls.size()) prefetch(answers_[i + ahead]);
        const auto* price = price_router_ ? &prices_[i] : nullptr;
        if (auto done = account(calls[i], questions_[i], answers_[i], price); !done) return done;
    }
    return {};
}

// Where it is inlined: of a function that only prefetches GCC says that it does nothing, and leaves its calls out.
void Simulator::prefetch(const Answer& answer) const {
    if (answer.place != Answer::none) __builtin_prefetch(prefixes_.near(answer.place), 1);
}

bool Simulator::leaves_margin(const Answer& answer, const Answer* price) const {
    if (!options_.least_margin || price == nullptr) return true;
    if (price->carrier == Answer::none || price->decided == Cost{}) return false;
    return (price->decided - answer.decided).is_share(*options_.least_margin, price->decided);
}

void Simulator::note_time(Time start) {
    if (result_.calls == 1) result_.first = result_.last = start;
    result_.first = std::min(result_.first, start);
    result_.last = std::max(result_.last, start);
    newest_ = result_.last.time_since_epoch().count() / std::nano::den;
}

Result<void> Simulator::account(const Cdr& call, const Question& question, const Answer& answer, const Answer* price) {
    ++result_.calls;
    if (call.answered) ++result_.answered;
    note_time(call.start);
    if (answer.guarded) {
        ++result_.unrouted.guarded;
        return {};
    }
    if (answer.carrier == Answer::none) {
        ++result_.unrouted.no_route;
        unrouted_digits_.add(call.number, question.seconds);
        return {};
    }
    if (!leaves_margin(answer, price)) {
        ++result_.unrouted.below_margin;
        return {};
    }
    auto& share = shares_[answer.carrier];
    ++share.calls;
    if (call.answered) ++share.answered;
    share.seconds += static_cast<std::uint64_t>(question.seconds);
    share.billed_seconds += static_cast<std::uint64_t>(answer.billed_seconds);
    share.cost = share.cost + answer.cost;
    if (answer.place != Answer::none) prefixes_.add(answer.place, question.seconds, answer.cost);
    note_load(call, answer.carrier);
    if (price != nullptr) note_price(call, question, answer, *price);
    if (auto done = note_regret(call, question, answer); !done) return done;
    return options_.follow == Follow::failover ? note_failover(question, answer.cost) : Result<void>{};
}

void Simulator::note_load(const Cdr& call, std::uint32_t carrier) {
    auto limit = newest_ - window_;
    if (call.start.time_since_epoch().count() / std::nano::den < limit) {
        ++result_.out_of_order;
        return;
    }
    total_load_.add(call.start, call.occupied, limit);
    loads_[carrier].add(call.start, call.occupied, limit);
}

void Simulator::note_price(const Cdr& call, const Question& question, const Answer& answer, const Answer& price) {
    if (price.carrier == Answer::none) {
        ++result_.unpriced;
        return;
    }
    auto& share = shares_[answer.carrier];
    share.revenue = share.revenue + price.cost;
    share.revenue_cost = share.revenue_cost + answer.cost;
    if (answer.cost <= price.cost) return;
    ++share.losses;
    if (losses_.takes(answer.cost - price.cost))
        losses_.add({.number = call.number,
                     .start = call.start,
                     .seconds = question.seconds,
                     .carrier = share.carrier,
                     .cost = answer.cost,
                     .price = price.cost,
                     .line = call.line});
}

// The table's carrier that the file calls so.
std::uint32_t Simulator::known_carrier(std::uint32_t named) {
    auto names = reader_.carriers();
    for (auto i = named_.size(); i < names.size(); ++i) {
        auto exact = table_.carrier(names[i]);
        auto carriers = table_.carriers();
        auto alike = std::ranges::find_if(carriers, [&](const Carrier& its) { return iequals(its.name, names[i]); });
        if (!exact && alike != carriers.end()) exact = static_cast<std::size_t>(alike - carriers.begin());
        named_.push_back(exact ? static_cast<std::uint32_t>(*exact) : Answer::none);
    }
    return named == Cdr::no_carrier ? Answer::none : named_[named];
}

Result<void> Simulator::note_regret(const Cdr& call, const Question& question, const Answer& answer) {
    auto add = [&](Regret& regret, Cost paid) {
        ++regret.calls;
        if (paid > answer.cost) ++regret.dearer;
        regret.paid = regret.paid + paid;
        regret.optimum = regret.optimum + answer.cost;
    };
    if (call.has_cost)
        if (auto rate = exchange_at(table_.settings(), call.currency, question.at)) {
            auto paid = Cost(call.cost);
            add(billed_regret_, call.currency == table_.currency() ? paid : paid.exchanged(*rate));
        }
    if (call.carrier == Cdr::no_carrier) return {};
    auto carrier = known_carrier(call.carrier);
    if (carrier == Answer::none) return {};
    if (carrier == answer.carrier) {
        add(carrier_regret_, answer.cost);
        return {};
    }
    auto paid = router_.cost_with(carrier, question);
    if (!paid) return tl::unexpected(paid.error());
    if (*paid) add(carrier_regret_, **paid);
    return {};
}

// The middle of what is known; where nothing is, every carrier completes its calls.
void Simulator::find_usual_chance() {
    std::vector<double> known;
    for (const auto& carrier : table_.carriers())
        if (carrier.quality.asr && carrier.quality.samples.value_or(table_.settings().least_samples) >=
                                       table_.settings().least_samples)
            known.push_back(std::clamp(*carrier.quality.asr, 0.0, 1.0));
    std::ranges::sort(known);
    if (!known.empty()) usual_chance_ = known[(known.size() - 1) / 2];
}

double Simulator::chance_of(std::uint32_t carrier) const {
    const auto& quality = table_.carriers()[carrier].quality;
    bool enough = quality.samples.value_or(table_.settings().least_samples) >= table_.settings().least_samples;
    return quality.asr && enough ? std::clamp(*quality.asr, 0.0, 1.0) : usual_chance_;
}

// Of calls that were not answered nothing is known but that the first attempt was made.
Result<void> Simulator::note_failover(const Question& question, Cost first_choice) {
    Chain chain;
    if (question.answered) {
        auto choices = router_.choices(question);
        if (!choices) return tl::unexpected(choices.error());
        if (choices->size() > options_.attempts) choices->resize(std::max<std::size_t>(options_.attempts, 1));
        for (const auto& choice : *choices) chain.attempt(chance_of(choice.carrier), choice.cost, choice.attempt);
        failover_.unanswered += chain.reached;
    } else {
        chain.attempt(1, first_choice, first_choice);
    }
    failover_.attempts += chain.attempts;
    failover_.cost = failover_.cost + chain.cost;
    return {};
}

void add(CarrierShare& total, const CarrierShare& share) {
    total.calls += share.calls;
    total.answered += share.answered;
    total.seconds += share.seconds;
    total.billed_seconds += share.billed_seconds;
    total.cost = total.cost + share.cost;
    total.revenue = total.revenue + share.revenue;
    total.revenue_cost = total.revenue_cost + share.revenue_cost;
    total.losses += share.losses;
}

Result<Simulation> Simulator::finish() {
    result_.currency = table_.currency();
    result_.sold = options_.sell != nullptr;
    for (std::size_t i = 0; i < shares_.size(); ++i) {
        if (shares_[i].calls == 0) continue;
        add(result_.total, shares_[i]);
        shares_[i].load = loads_[i].finish();
        result_.carriers.push_back(std::move(shares_[i]));
    }
    result_.total.load = total_load_.finish();
    std::ranges::sort(result_.carriers, [](const CarrierShare& a, const CarrierShare& b) {
        return a.cost != b.cost ? a.cost > b.cost : a.carrier < b.carrier;
    });
    auto prefixes = prefixes_.prefixes(options_.top);
    if (!prefixes) return tl::unexpected(prefixes.error());
    result_.prefixes = std::move(*prefixes);
    auto destinations = prefixes_.destinations(options_.top);
    if (!destinations) return tl::unexpected(destinations.error());
    result_.destinations = std::move(*destinations);
    result_.without_route = unrouted_digits_.most(options_.top);
    result_.losses = std::move(losses_).list();
    static_cast<void>(known_carrier(Cdr::no_carrier));
    for (std::size_t i = 0; i < named_.size(); ++i)
        if (named_[i] == Answer::none) result_.unknown_carriers.push_back(reader_.carriers()[i]);
    std::ranges::sort(result_.unknown_carriers);
    if (reader_.has(CdrColumn::carrier)) result_.carrier_regret = carrier_regret_;
    if (reader_.has(CdrColumn::cost)) result_.billed_regret = billed_regret_;
    if (options_.follow == Follow::failover) result_.failover = failover_;
    return std::move(result_);
}

}  // namespace

Result<Simulation> simulate(const Table& table, CdrReader& calls, const SimulateOptions& options) {
    return Simulator(table, calls, options).run();
}

}  // namespace trunkbox::lcr
