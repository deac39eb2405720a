#include "decisions.h"

#include "lcr/evaluate.h"
#include "measure.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <stdexcept>

namespace trunkbox::bench {

namespace {

void need(const Result<void>& result) {
    if (!result) throw std::runtime_error(result.error().text());
}

bool same(const lcr::Cheapest& a, const lcr::Cheapest& b) { return a.carrier == b.carrier && a.cost == b.cost; }

// Each of the calls by the evaluator, which says why and takes its time.
void check(const lcr::Table& table, std::span<const lcr::Call> calls, std::span<const lcr::Cheapest> answers,
           Decisions& decisions) {
    Cost cost;
    Cost evaluated;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        const auto number = numbering::E164::parse_digits(std::to_string(calls[i].number));
        lcr::Facts facts{.number = number.value(), .at = calls[i].at,
                         .duration = std::chrono::seconds(calls[i].seconds), .max = 1};
        const auto decision = lcr::evaluate(table, facts);
        if (!decision) throw std::runtime_error(decision.error().text());
        ++decisions.checked;
        if (decision->ranked.empty() || answers[i].carrier == lcr::Cheapest::none) {
            ++decisions.wrong;  // each of the numbers has a route
            continue;
        }
        const lcr::Candidate& best = decision->ranked.front();
        cost = cost + answers[i].cost;
        evaluated = evaluated + best.compared;
        if (best.carrier != table.carriers()[answers[i].carrier].name || best.compared != answers[i].cost) {
            ++decisions.wrong;
        }
    }
    decisions.cost = cost.text();
    decisions.evaluated = evaluated.text();
}

}  // namespace

Decisions decide(const lcr::Table& table, const std::vector<lcr::Call>& calls, std::size_t rounds) {
    const std::span all(calls);
    std::vector<lcr::Cheapest> answers(calls.size());
    lcr::LeastCost least(table);
    need(least.decide(all, answers));  // brings the table into memory
    Decisions decisions;
    decisions.batched = median_of(rounds, [&] {
        const double began = thread_seconds();
        need(least.decide(all, answers));
        return static_cast<double>(all.size()) / (thread_seconds() - began);
    });
    const auto some = all.first(calls.size() / 4);
    std::vector<lcr::Cheapest> singly(some.size());
    decisions.singly = median_of(rounds, [&] {
        const double began = thread_seconds();
        for (std::size_t i = 0; i < some.size(); ++i) {
            need(least.decide(some.subspan(i, 1), std::span(singly).subspan(i, 1)));
        }
        return static_cast<double>(some.size()) / (thread_seconds() - began);
    });
    for (std::size_t i = 0; i < singly.size(); ++i) decisions.wrong += same(singly[i], answers[i]) ? 0U : 1U;
    const std::size_t sample = std::min<std::size_t>(calls.size(), 2000);
    check(table, all.first(sample), std::span<const lcr::Cheapest>(answers).first(sample), decisions);
    return decisions;
}

}  // namespace trunkbox::bench
