// The carrier that a replayed call goes to, and what it then costs: fast by the table's lines, by its rows where these
// do not say enough.
#pragma once

#include "lcr/cheapest.h"
#include "lcr/evaluate.h"
#include "lcr/simulate.h"
#include "lcr/table.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace trunkbox::lcr {

struct Question {
    std::uint64_t number = 0;
    std::uint64_t from = 0;  // 0: unknown
    Time at{};               // of the rates
    std::int64_t seconds = 0;
    bool answered = false;
};

struct Answer {
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t carrier = none;  // index into Table::carriers()
    std::uint32_t place = none;    // of the number's longest prefix in the table; only of routed calls
    bool guarded = false;          // a guard list keeps it from being routed by cost
    std::int64_t billed_seconds = 0;
    Cost decided{};  // for the duration that the choice went by
    Cost cost{};     // of the call as it was; both in the table's currency
};

class CallRouter {
  public:
    struct Rules {
        std::optional<Duration> decide_for{};
        const std::set<std::string, std::less<>>* without = nullptr;
    };
    CallRouter(const Table& table, const Rules& rules);

    // Both spans have the same length. Fault::input if the table is damaged.
    [[nodiscard]] Result<void> route(std::span<const Question> questions, std::span<Answer> answers);

    // What this carrier asks for the call; nothing if it does not take it.
    [[nodiscard]] Result<std::optional<Cost>> cost_with(std::size_t carrier, const Question& question);

    // The carriers that take the call, best first, with what it costs with each and what a failed attempt costs.
    struct Choice {
        std::uint32_t carrier = 0;
        Cost decided{};
        Cost cost{};
        std::int64_t billed_seconds = 0;
        Cost attempt{};
    };
    [[nodiscard]] Result<std::vector<Choice>> choices(const Question& question);

  private:
    // The rows of a table, unpacked.
    struct RowPrice {
        std::uint32_t position = Answer::none;
        std::uint32_t carrier = 0;
        Money rate{};
        Terms terms{};
    };
    [[nodiscard]] std::int64_t deciding_seconds(const Question& question) const;
    [[nodiscard]] bool is_guarded(std::uint64_t number) const;
    [[nodiscard]] bool needs_row(const Question& question) const;
    [[nodiscard]] bool lines_decide(const Question& question, const Cheapest& found) const;
    Result<void> settle(const Question& question, const Cheapest& found, Answer& answer);
    Result<void> by_rows(const Question& question, Answer& answer);
    Result<void> set_place(const Question& question, Answer& answer) const;
    [[nodiscard]] Result<const RowPrice*> price_of(std::uint32_t position);
    [[nodiscard]] std::optional<Bill> bill_of(const RowPrice& row, Time at, std::int64_t seconds, bool answered) const;
    [[nodiscard]] Result<std::optional<std::uint32_t>> plain_row(std::size_t carrier, const Question& question,
                                                                 bool& plain) const;

    const Table& table_;
    LeastCost least_;
    std::optional<std::int64_t> decide_for_;
    std::vector<bool> admitted_;  // by carrier
    bool all_admitted_ = true;
    bool has_guards_ = false;
    bool asks_caller_ = false;     // some row is for certain callers or jurisdictions
    bool has_attempt_fees_ = false;
    std::vector<RowPrice> prices_;  // direct-mapped by position
    std::vector<Call> calls_;
    std::vector<Cheapest> found_;
    std::vector<std::size_t> which_;
};

}  // namespace trunkbox::lcr
