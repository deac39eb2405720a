#include "output/routes.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::output {

namespace {

Record record(const lcr::Carrier& carrier, const lcr::CarrierContents& its) {
    return {{"carrier", carrier.name},
            {"priority", carrier.priority},
            {"enabled", carrier.enabled},
            {"weight", carrier.weight},
            {"rows", its.rows},
            {"blocked", its.blocked},
            {"files", list(its.files)},
            {"currencies", list(its.currencies)},
            {"first_effective", Value::date(its.first_effective)},
            {"last_effective", Value::date(its.last_effective)},
            {"first_end", Value::date(its.first_end)}};
}

// "60/30", "connect 0.02", "from 2027-01-01 …": what a row says beyond its rate.
std::string particulars(const lcr::Table::Row& row) {
    std::string text;
    auto add = [&](std::string part) { text += (text.empty() ? "" : ", ") + part; };
    const auto& terms = row.terms;
    if (terms.minimum != 0 || terms.increment != 1) add(fmt::format("{}/{} s", terms.minimum, terms.increment));
    if (terms.connect_fee != Money{}) add("connect " + terms.connect_fee.text());
    if (terms.attempt_fee != Money{}) add("attempt " + terms.attempt_fee.text());
    if (terms.grace != 0) add(fmt::format("grace {} s", terms.grace));
    if (terms.free_seconds != 0) add(fmt::format("{} s free", terms.free_seconds));
    if (terms.minimum_charge != Money{}) add("at least " + terms.minimum_charge.text());
    if (terms.maximum_charge) add("at most " + terms.maximum_charge->text());
    for (const auto& tier : terms.tiers)
        add(fmt::format("from {} s {} by {} s", tier.from, tier.rate.text(), tier.increment));
    if (row.scope.effective) add("from " + rfc3339(*row.scope.effective, 0));
    if (row.scope.end) add("until " + rfc3339(*row.scope.end, 0));
    if (!row.scope.time_class.empty()) add(row.scope.time_class);
    if (!row.scope.origin.empty()) add("callers " + row.scope.origin);
    if (row.scope.jurisdiction != lcr::Jurisdiction::any) add(std::string(lcr::name(row.scope.jurisdiction)));
    return text;
}

}  // namespace

Record record(const lcr::Table& table, const std::vector<lcr::CarrierContents>& contents) {
    Value::Array carriers;
    for (std::size_t i = 0; i < contents.size(); ++i) carriers.emplace_back(record(table.carriers()[i], contents[i]));
    return {{"table", table.name()},
            {"rows", table.rows()},
            {"prefixes", table.prefixes()},
            {"currency", table.currency().text()},
            {"bytes", table.image().size()},
            {"carriers", std::move(carriers)}};
}

std::string text(const lcr::Table& table, const std::vector<lcr::CarrierContents>& contents) {
    auto text = fmt::format("{}: {} rows, {} prefixes, {} bytes, in {}\n", table.name(), table.rows(), table.prefixes(),
                            table.image().size(), table.currency().text());
    std::size_t width = 0;
    for (const auto& carrier : table.carriers()) width = std::max(width, carrier.name.size());
    for (std::size_t i = 0; i < contents.size(); ++i) {
        const auto& carrier = table.carriers()[i];
        const auto& its = contents[i];
        text += fmt::format("  {:<{}}  priority {}  {} rows, {} blocked  {}{}\n", carrier.name, width, carrier.priority,
                            its.rows, its.blocked, fmt::join(its.files, ", "), carrier.enabled ? "" : "  switched off");
    }
    return text;
}

Record record(const lcr::Table& table, numbering::Prefix prefix, const lcr::Table::Row& row) {
    Record record{{"prefix", prefix.text()},
                  {"carrier", table.carriers()[row.carrier].name},
                  {"destination", row.destination},
                  {"rate", row.rate.text()},
                  {"currency", row.terms.currency.text()},
                  {"blocked", row.terms.blocked},
                  {"connect_fee", row.terms.connect_fee.text()},
                  {"minimum", row.terms.minimum},
                  {"increment", row.terms.increment},
                  {"effective", Value::date(row.scope.effective)},
                  {"end", Value::date(row.scope.end)},
                  {"particulars", particulars(row)},
                  {"source", row.source()}};
    return record;
}

std::string text(const lcr::Table& table, numbering::Prefix prefix, const lcr::Table::Row& row) {
    auto price = row.terms.blocked ? std::string("blocked")
                                   : fmt::format("{} {} a minute", row.rate.text(), row.terms.currency.text());
    auto more = particulars(row);
    return fmt::format("{:<5}  {}  {}{}{}{}{}  {}", prefix.text(), table.carriers()[row.carrier].name, price,
                       more.empty() ? "" : ", ", more, row.destination.empty() ? "" : "  ", row.destination,
                       row.source());
}

}  // namespace trunkbox::output
