#include "output/decision.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::output {

namespace {

Record route(const lcr::Decision& decision, std::size_t index, bool explain) {
    const auto& entry = decision.ranked[index];
    Record record{{"rank", entry.rank},
                  {"carrier", entry.carrier},
                  {"prefix", entry.prefix.text()},
                  {"destination", entry.destination},
                  {"rate", entry.rate.text()},
                  {"currency", entry.currency().text()},
                  {"billed_seconds", entry.billed_seconds},
                  {"cost", entry.printed_cost},
                  {"source", entry.source}};
    if (entry.margin) record.set("margin", fmt::format("{:.4f}", *entry.margin));
    if (!entry.probability.empty()) record.set("probability", entry.probability);
    if (!explain) return record;
    record.set("reason", entry.reason);
    record.set("arithmetic", lcr::arithmetic(entry, decision));
    record.set("counterfactual", lcr::counterfactual(decision, index));
    record.set("shadowed", list(entry.shadowed));
    return record;
}

Record rejected(const lcr::Rejected& entry) {
    Record record{{"carrier", entry.carrier}, {"reason", lcr::name(entry.reason)}, {"text", entry.text}};
    if (entry.prefix) record.set("prefix", entry.prefix->text());
    if (!entry.source.empty()) record.set("source", entry.source);
    return record;
}

void append_route(std::string& text, const lcr::Decision& decision, std::size_t index, std::size_t carrier_width,
                  bool explain) {
    const auto& entry = decision.ranked[index];
    text += fmt::format("{:>3}  {:<{}}  {:<8}  {} {}  {} a minute, {} s billed  {}  {}\n", entry.rank, entry.carrier,
                        carrier_width, entry.prefix.text(), entry.printed_cost, entry.currency().text(),
                        entry.rate.text(), entry.billed_seconds, entry.destination, entry.source);
    auto line = [&](std::string_view word, std::string_view what) {
        if (!what.empty()) text += fmt::format("       {}: {}\n", word, what);
    };
    if (entry.margin) line("margin", fmt::format("{:.2f} %", *entry.margin * 100));
    line("probability", entry.probability);
    if (!explain) return;
    line("why", entry.reason);
    line("cost", lcr::arithmetic(entry, decision));
    line("else", lcr::counterfactual(decision, index));
    line("shadowed", fmt::format("{}", fmt::join(entry.shadowed, ", ")));
}

}  // namespace

Record record(const lcr::Decision& decision, bool explain) {
    Value::Array routes;
    for (std::size_t i = 0; i < decision.ranked.size(); ++i) routes.emplace_back(route(decision, i, explain));
    Value::Array others;
    for (const auto& entry : decision.rejected) others.emplace_back(rejected(entry));
    Record record{{"number", decision.number.text()},
                  {"at", rfc3339(decision.at, 0)},
                  {"duration", Value::seconds(decision.duration)}};
    if (!decision.profile.empty()) record.set("duration", nullptr);
    if (!decision.guard.routable()) {
        record.set("guard", lcr::name(decision.guard.guard));
        record.set("guarded_by", decision.guard.entry);
    }
    if (explain) record.set("order", lcr::text(decision.order));
    record.set("routes", std::move(routes));
    record.set("rejected", std::move(others));
    return record;
}

std::string text(const lcr::Decision& decision, bool explain) {
    auto text = decision.profile.empty()
                    ? fmt::format("{}  {} s at {}\n", decision.number.text(), seconds(decision.duration),
                                  rfc3339(decision.at, 0))
                    : fmt::format("{}  average call at {}\n", decision.number.text(), rfc3339(decision.at, 0));
    if (!decision.guard.routable())
        text += fmt::format("     {}{}{}\n", lcr::name(decision.guard.guard), decision.guard.entry.empty() ? "" : ": ",
                            decision.guard.entry);
    std::size_t width = 0;
    for (const auto& entry : decision.ranked) width = std::max(width, entry.carrier.size());
    for (std::size_t i = 0; i < decision.ranked.size(); ++i) append_route(text, decision, i, width, explain);
    if (decision.ranked.empty() && decision.guard.routable()) text += "     no route\n";
    for (const auto& entry : decision.rejected)
        text += fmt::format("  -  {}  {}: {}{}{}\n", entry.carrier, lcr::name(entry.reason), entry.text,
                            entry.source.empty() ? "" : "  ", entry.source);
    return text;
}

const std::vector<std::string>& route_columns() {
    static const std::vector<std::string> columns{"number", "rank",     "carrier",        "prefix", "destination",
                                                  "rate",   "currency", "billed_seconds", "cost",   "source"};
    return columns;
}

std::vector<Record> route_rows(const lcr::Decision& decision) {
    std::vector<Record> rows;
    for (std::size_t i = 0; i < std::max<std::size_t>(decision.ranked.size(), 1); ++i) {
        Record row{{"number", decision.number.text()}};
        auto cells = i < decision.ranked.size() ? route(decision, i, false) : Record{};
        for (std::size_t column = 1; column < route_columns().size(); ++column) {
            const auto* cell = cells.find(route_columns()[column]);
            row.set(route_columns()[column], cell != nullptr ? *cell : Value());
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

Record emergency_record(std::string_view digits, const std::vector<std::string>& carriers, Time at,
                        Duration duration) {
    Value::Array routes;
    for (const auto& carrier : carriers)
        routes.emplace_back(Record{{"rank", routes.size() + 1}, {"carrier", carrier}});
    return {{"number", digits},
            {"at", rfc3339(at, 0)},
            {"duration", Value::seconds(duration)},
            {"guard", lcr::name(lcr::Guard::emergency)},
            {"guarded_by", digits},
            {"routes", std::move(routes)},
            {"rejected", Value::Array{}}};
}

}  // namespace trunkbox::output
