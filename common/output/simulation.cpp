#include "output/simulation.h"

#include "base/text.h"
#include "output/text_table.h"

#include <span>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace trunkbox::output {

namespace {

using lcr::CarrierShare;
using lcr::Simulation;

std::string moment(Time time) {
    return rfc3339(time, time.time_since_epoch() % std::chrono::seconds(1) == Duration{} ? 0 : 3);
}

std::string minutes(std::uint64_t seconds) {
    return fmt::format("{:.1f}", static_cast<double>(seconds) / 60);
}

// part / whole; nothing where that says nothing.
std::optional<double> ratio(Cost part, Cost whole) {
    if (whole == Cost{}) return std::nullopt;
    return part.ratio(whole);
}
Value share_value(std::optional<double> share) {
    return share ? Value(fmt::format("{:.4f}", *share)) : Value();
}
std::string percent(std::optional<double> share) {
    return share ? fmt::format("{:.1f} %", *share * 100) : "-";
}

std::optional<double> margin_of(const CarrierShare& share) {
    return ratio(share.revenue - share.revenue_cost, share.revenue);
}

// --- as a record

template <class Limit>
Record peak(std::uint64_t most, Time at, const std::optional<Limit>& limit, std::uint64_t above) {
    return {{"most", most}, {"at", most > 0 ? Value(moment(at)) : Value()}, {"limit", limit}, {"above", above}};
}

void set_share(Record& record, const Simulation& simulation, const CarrierShare& share) {
    record.set("calls", share.calls)
        .set("answered", share.answered)
        .set("seconds", share.seconds)
        .set("billed_seconds", share.billed_seconds)
        .set("cost", share.cost.text())
        .set("currency", simulation.currency.text())
        .set("share", share_value(ratio(share.cost, simulation.total.cost)));
    if (simulation.sold)
        record.set("revenue", share.revenue.text())
            .set("revenue_cost", share.revenue_cost.text())
            .set("margin", share_value(margin_of(share)))
            .set("losses", share.losses);
    const auto& load = share.load;
    record.set("channels", peak(load.channels, load.channels_at, share.channels_limit, load.above_channels))
        .set("cps", peak(load.cps, load.cps_at, share.cps_limit, load.above_cps));
}

Value carriers(const Simulation& simulation) {
    Value::Array list;
    for (const auto& share : simulation.carriers) {
        Record entry{{"carrier", share.carrier}};
        set_share(entry, simulation, share);
        list.emplace_back(std::move(entry));
    }
    return list;
}

Value losses(const Simulation& simulation) {
    Value::Array list;
    for (const auto& call : simulation.losses)
        list.emplace_back(Record{{"line", call.line},
                                 {"number", fmt::format("+{}", call.number)},
                                 {"start", moment(call.start)},
                                 {"seconds", call.seconds},
                                 {"carrier", call.carrier},
                                 {"cost", call.cost.text()},
                                 {"price", call.price.text()},
                                 {"loss", call.loss().text()},
                                 {"currency", simulation.currency.text()}});
    return list;
}

enum class By { prefix, destination, unrouted };

Value traffic(const Simulation& simulation, std::span<const lcr::TrafficShare> shares, By by) {
    Value::Array list;
    for (const auto& share : shares) {
        Record entry;
        if (by != By::destination) entry.set("prefix", share.prefix);
        if (by != By::unrouted) entry.set("destination", share.destination);
        entry.set("calls", share.calls).set("seconds", share.seconds);
        if (by != By::unrouted) entry.set("cost", share.cost.text()).set("currency", simulation.currency.text());
        list.emplace_back(std::move(entry));
    }
    return list;
}

Record regret(const Simulation& simulation, const lcr::Regret& regret) {
    return {{"calls", regret.calls},
            {"dearer", regret.dearer},
            {"paid", regret.paid.text()},
            {"optimum", regret.optimum.text()},
            {"excess", regret.excess().text()},
            {"currency", simulation.currency.text()}};
}

std::string expected_cost(const lcr::Failover& failover) {
    return failover.cost.text(6, Cost::Round::half_up, lcr::Failover::scale);
}

// --- as text

// A blank line before each paragraph.
void append(std::string& text, std::string_view paragraph) {
    if (!paragraph.empty()) text += fmt::format("\n{}", paragraph);
}

template <class Limit>
std::string with_limit(std::uint64_t most, const std::optional<Limit>& limit) {
    return limit ? fmt::format("{}/{}", most, *limit) : fmt::format("{}", most);
}

std::string carrier_table(const Simulation& simulation) {
    using Side = TextTable::Side;
    std::vector<TextTable::Column> columns{{"carrier", Side::left}, {"calls"}, {"answered"}, {"minutes"}, {"billed"},
                                           {fmt::format("cost {}", simulation.currency.text())}, {"share"}};
    if (simulation.sold)
        for (auto title : {"revenue", "margin", "losses"}) columns.push_back({title});
    for (auto title : {"channels", "cps"}) columns.push_back({title});
    TextTable table(std::move(columns));
    auto add = [&](std::string name, const CarrierShare& share) {
        std::vector<std::string> cells{std::move(name),
                                       fmt::format("{}", share.calls),
                                       fmt::format("{}", share.answered),
                                       minutes(share.seconds),
                                       minutes(share.billed_seconds),
                                       share.cost.text(),
                                       percent(ratio(share.cost, simulation.total.cost))};
        if (simulation.sold)
            for (auto& cell : {share.revenue.text(), percent(margin_of(share)), fmt::format("{}", share.losses)})
                cells.push_back(cell);
        cells.push_back(with_limit(share.load.channels, share.channels_limit));
        cells.push_back(with_limit(share.load.cps, share.cps_limit));
        table.add(std::move(cells));
    };
    for (const auto& share : simulation.carriers) add(printable(share.carrier), share);
    if (table.empty()) return {};
    add("total", simulation.total);
    return table.text();
}

std::string peaks(const Simulation& simulation) {
    const auto& load = simulation.total.load;
    std::string text;
    if (load.cps > 0)
        text += fmt::format("at most {} channels, first at {}; at most {} calls a second, first at {}\n", load.channels,
                            moment(load.channels_at), load.cps, moment(load.cps_at));
    for (const auto& share : simulation.carriers) {
        if (share.load.above_channels > 0)
            text += fmt::format("{}: {} calls began while its {} channels were taken\n", printable(share.carrier),
                                share.load.above_channels, share.channels_limit.value_or(0));
        if (share.load.above_cps > 0)
            text += fmt::format("{}: {} calls were past its {} a second\n", printable(share.carrier),
                                share.load.above_cps, share.cps_limit.value_or(0));
    }
    if (simulation.out_of_order > 0)
        text += fmt::format("{} calls stood further out of order than the window: channels and calls a second are "
                            "without them\n",
                            simulation.out_of_order);
    return text;
}

std::string traffic_table(const Simulation& simulation, std::span<const lcr::TrafficShare> shares, By by) {
    using Side = TextTable::Side;
    std::vector<TextTable::Column> columns;
    if (by != By::destination) columns.push_back({"prefix", Side::left});
    columns.push_back({"calls"});
    columns.push_back({"minutes"});
    if (by != By::unrouted) {
        columns.push_back({fmt::format("cost {}", simulation.currency.text())});
        columns.push_back({"share"});
        columns.push_back({"destination", Side::left});
    }
    TextTable table(std::move(columns));
    for (const auto& share : shares) {
        std::vector<std::string> cells;
        if (by != By::destination) cells.push_back(share.prefix);
        cells.push_back(fmt::format("{}", share.calls));
        cells.push_back(minutes(share.seconds));
        if (by != By::unrouted) {
            cells.push_back(share.cost.text());
            cells.push_back(percent(ratio(share.cost, simulation.total.cost)));
            cells.push_back(printable(share.destination));
        }
        table.add(std::move(cells));
    }
    return table.empty() ? std::string{} : table.text();
}

std::string unrouted(const Simulation& simulation) {
    const auto& unrouted = simulation.unrouted;
    if (unrouted.all() == 0) return {};
    return fmt::format("{} calls not routed: {} without a route, {} guarded, {} below the margin\n", unrouted.all(),
                       unrouted.no_route, unrouted.guarded, unrouted.below_margin) +
           traffic_table(simulation, simulation.without_route, By::unrouted);
}

std::string loss_table(const Simulation& simulation) {
    if (!simulation.sold) return {};
    auto text = fmt::format("{} calls sold at a loss, {} without a selling price\n", simulation.total.losses,
                            simulation.unpriced);
    using Side = TextTable::Side;
    TextTable table({{fmt::format("loss {}", simulation.currency.text())}, {"cost"}, {"price"},
                     {"carrier", Side::left}, {"number", Side::left}, {"start", Side::left}, {"seconds"}, {"line"}});
    for (const auto& call : simulation.losses)
        table.add({call.loss().text(), call.cost.text(), call.price.text(), printable(call.carrier),
                   fmt::format("+{}", call.number), moment(call.start), fmt::format("{}", call.seconds),
                   fmt::format("{}", call.line)});
    return table.empty() ? text : text + table.text();
}

std::string regret_line(const Simulation& simulation, std::string_view whose, const lcr::Regret& regret) {
    auto currency = simulation.currency.text();
    return fmt::format("{}: {} calls for {} {}, here {} {}: regret {} {} ({}), {} calls dearer\n", whose, regret.calls,
                       regret.paid.text(), currency, regret.optimum.text(), currency, regret.excess().text(), currency,
                       percent(ratio(regret.excess(), regret.optimum)), regret.dearer);
}

std::string regrets(const Simulation& simulation) {
    std::string text;
    if (simulation.carrier_regret)
        text += regret_line(simulation, "by the carriers in the file", *simulation.carrier_regret);
    if (simulation.billed_regret)
        text += regret_line(simulation, "by the costs in the file", *simulation.billed_regret);
    if (!simulation.unknown_carriers.empty()) {
        std::string names;
        for (const auto& name : simulation.unknown_carriers)
            names += fmt::format("{}'{}'", names.empty() ? "" : ", ", printable(name));
        text += fmt::format("carriers in the file that the table does not have: {}\n", names);
    }
    return text;
}

std::string failover_line(const Simulation& simulation) {
    if (!simulation.failover) return {};
    const auto& failover = *simulation.failover;
    return fmt::format("with failover: {} {} expected, {:.1f} attempts, {:.1f} calls that no carrier completes\n",
                       expected_cost(failover), simulation.currency.text(), failover.attempts, failover.unanswered);
}

}  // namespace

Record record(const Simulation& simulation) {
    bool any = simulation.calls > 0;
    Record total;
    set_share(total, simulation, simulation.total);
    Record record{{"calls", simulation.calls},
                  {"answered", simulation.answered},
                  {"first", any ? Value(moment(simulation.first)) : Value()},
                  {"last", any ? Value(moment(simulation.last)) : Value()},
                  {"currency", simulation.currency.text()},
                  {"total", std::move(total)},
                  {"carriers", carriers(simulation)},
                  {"unrouted", Record{{"no_route", simulation.unrouted.no_route},
                                      {"guarded", simulation.unrouted.guarded},
                                      {"below_margin", simulation.unrouted.below_margin}}},
                  {"without_route", traffic(simulation, simulation.without_route, By::unrouted)},
                  {"out_of_order", simulation.out_of_order},
                  {"prefixes", traffic(simulation, simulation.prefixes, By::prefix)},
                  {"destinations", traffic(simulation, simulation.destinations, By::destination)}};
    if (simulation.sold) record.set("unpriced", simulation.unpriced).set("losses", losses(simulation));
    if (simulation.carrier_regret) record.set("carrier_regret", regret(simulation, *simulation.carrier_regret));
    if (simulation.billed_regret) record.set("billed_regret", regret(simulation, *simulation.billed_regret));
    if (simulation.carrier_regret) record.set("unknown_carriers", list(simulation.unknown_carriers));
    if (simulation.failover)
        record.set("failover", Record{{"cost", expected_cost(*simulation.failover)},
                                      {"currency", simulation.currency.text()},
                                      {"attempts", simulation.failover->attempts},
                                      {"unanswered", simulation.failover->unanswered}});
    return record;
}

std::string text(const Simulation& simulation) {
    if (simulation.calls == 0) return "no calls\n";
    auto text = fmt::format("{} calls, {} answered, {} to {}\n", simulation.calls, simulation.answered,
                            moment(simulation.first), moment(simulation.last));
    append(text, carrier_table(simulation));
    append(text, peaks(simulation));
    append(text, unrouted(simulation));
    append(text, loss_table(simulation));
    append(text, regrets(simulation));
    append(text, failover_line(simulation));
    append(text, traffic_table(simulation, simulation.prefixes, By::prefix));
    append(text, traffic_table(simulation, simulation.destinations, By::destination));
    return text;
}

}  // namespace trunkbox::output
