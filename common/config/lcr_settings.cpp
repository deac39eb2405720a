#include "config/lcr_settings.h"

#include "base/text.h"
#include "base/zone.h"
#include "config/json.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

namespace trunkbox::config {

namespace {

constexpr std::int64_t settings_version = 1;
constexpr std::int64_t most_count = 1'000'000'000;

// Numbers as people write them, "+44 20" aside: digits, a '+' in front is dropped.
Result<std::string> read_digits(const Node& node, std::size_t most = numbering::max_digits) {
    auto text = node.text();
    if (!text) return tl::unexpected(text.error());
    auto digits = text->starts_with('+') ? text->substr(1) : *text;
    if (digits.empty() || digits.size() > most || !std::ranges::all_of(digits, is_digit))
        return node.wrong(fmt::format("'{}' is not 1 to {} digits", printable(*text), most), "write e.g. '1900'");
    return std::string(digits);
}

Fields::Step digits_into(std::vector<std::string>& into) {
    return [&into](const Node& node) -> Result<void> {
        auto digits = read_digits(node);
        if (!digits) return tl::unexpected(digits.error());
        into.push_back(std::move(*digits));
        return {};
    };
}

Fields::Step currency_into(Currency& into) {
    return [&into](const Node& node) -> Result<void> {
        auto text = node.text();
        if (!text) return tl::unexpected(text.error());
        auto currency = Currency::parse(*text);
        if (!currency) return node.wrong(currency.error());
        into = *currency;
        return {};
    };
}

// An ASR or NER.
Fields::Step share_into(std::optional<double>& into) {
    return [&into](const Node& node) -> Result<void> {
        auto share = node.number();
        if (!share) return tl::unexpected(share.error());
        if (!(*share >= 0 && *share <= 1))
            return node.wrong(fmt::format("{} is not from 0 to 1", *share), "write 45 % as 0.45");
        into = *share;
        return {};
    };
}

Fields::Step seconds_into(std::optional<double>& into) {
    return [&into](const Node& node) -> Result<void> {
        auto duration = node.duration();
        if (!duration) return tl::unexpected(duration.error());
        into = seconds(*duration);
        return {};
    };
}

Fields::Step count_into(std::optional<std::int64_t>& into, std::int64_t least) {
    return [&into, least](const Node& node) -> Result<void> {
        auto count = node.integer(least, most_count);
        if (!count) return tl::unexpected(count.error());
        into = *count;
        return {};
    };
}

Result<void> read_since(const Node& node, Time& into) {
    auto text = node.text();
    if (!text) return tl::unexpected(text.error());
    constexpr std::size_t date_only = 10;  // "2026-11-01"
    auto since = parse_rfc3339(text->size() == date_only ? std::string(*text) + "T00:00:00Z" : std::string(*text));
    if (!since)
        return node.wrong(fmt::format("'{}' is no time", printable(*text)),
                          "write e.g. '2026-11-01' or '2026-11-01T08:00:00Z'");
    into = *since;
    return {};
}

Result<void> read_exchange_rate(const Node& node, Money& into) {
    constexpr int most_decimals = 9;  // so that a cost in another currency is exact
    auto text = node.decimal();
    if (!text) return tl::unexpected(text.error());
    auto rate = Money::parse(*text);
    if (!rate) return node.wrong(rate.error());
    if (rate->decimals_used() > most_decimals)
        return node.wrong(fmt::format("rate '{}' has more than {} decimals", printable(*text), most_decimals),
                          "round it");
    if (rate->units() == 0) return node.wrong("a rate of exchange is above 0");
    into = *rate;
    return {};
}

Result<void> read_exchange(const Node& node, std::vector<lcr::Exchange>& exchanges) {
    lcr::Exchange exchange;
    Fields fields(node);
    fields.need("currency", currency_into(exchange.currency));
    fields.need("since", [&](const Node& value) { return read_since(value, exchange.since); });
    fields.need("rate", [&](const Node& value) { return read_exchange_rate(value, exchange.rate); });
    if (auto done = fields.done(); !done) return done;
    if (std::ranges::any_of(exchanges, [&](const lcr::Exchange& other) {
            return other.currency == exchange.currency && other.since == exchange.since;
        }))
        return node.wrong(fmt::format("'{}' has a rate from then on already", exchange.currency.text()),
                          "keep one of them");
    exchanges.push_back(exchange);
    return {};
}

constexpr std::array<std::string_view, 7> weekdays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

std::optional<unsigned> weekday(std::string_view text) {
    auto day = std::ranges::find_if(weekdays, [&](std::string_view name) { return iequals(name, trim(text)); });
    if (day == weekdays.end()) return std::nullopt;
    return static_cast<unsigned>(day - weekdays.begin());
}

// "Mon-Fri", "Sat,Sun", "Fri-Mon".
Result<void> read_days(const Node& node, std::uint8_t& into) {
    auto text = node.text();
    if (!text) return tl::unexpected(text.error());
    unsigned days = 0;
    for (auto part : split(*text, ',')) {
        auto [first_name, last_name] = split_once(part, '-');
        auto first = weekday(first_name);
        auto last = last_name ? weekday(*last_name) : first;
        if (!first || !last)
            return node.wrong(fmt::format("'{}' is not days of the week", printable(trim(part))),
                              "write e.g. 'Mon-Fri' or 'Sat,Sun'");
        for (auto day = *first;; day = (day + 1) % weekdays.size()) {
            days |= 1U << day;
            if (day == *last) break;
        }
    }
    into = static_cast<std::uint8_t>(days);
    return {};
}

Fields::Step clock_into(std::int32_t& into) {
    return [&into](const Node& node) -> Result<void> {
        auto text = node.text();
        if (!text) return tl::unexpected(text.error());
        auto [hour_text, minute_text] = split_once(*text, ':');
        auto hour = parse_integer<unsigned>(hour_text);
        auto minute = parse_integer<unsigned>(minute_text.value_or(""));
        bool two_digits = minute_text && minute_text->size() == 2 && hour_text.size() <= 2;
        if (!hour || !minute || !two_digits || *minute > 59 || *hour * 60 + *minute > 1440)
            return node.wrong(fmt::format("'{}' is no time of day", printable(*text)), "write e.g. '08:00'");
        into = static_cast<std::int32_t>(*hour * 60 + *minute);
        return {};
    };
}

Result<void> read_span(const Node& node, std::vector<lcr::WeekSpan>& spans) {
    lcr::WeekSpan span{.days = 0x7F};
    Fields fields(node);
    fields.take("days", [&](const Node& value) { return read_days(value, span.days); });
    fields.take("from", clock_into(span.from_minute));
    fields.take("to", clock_into(span.to_minute));
    if (auto done = fields.done(); !done) return done;
    if (span.from_minute == span.to_minute || span.from_minute == 1440)
        return node.wrong("no time passes between 'from' and 'to'", "a whole day is from '00:00' to '24:00'");
    spans.push_back(span);
    return {};
}

// A value that is a list with something in it.
Result<void> read_list(const Node& node, std::string_view of, const Fields::Step& step) {
    auto items = node.items();
    if (!items) return tl::unexpected(items.error());
    if (items->empty()) return node.wrong(fmt::format("the list of {} is empty", of), "fill it or leave it out");
    for (const auto& item : *items)
        if (auto done = step(item); !done) return done;
    return {};
}

void read_time_classes(Fields& fields, lcr::Settings& settings) {
    fields.entries("time_classes", [&](std::string_view name, const Node& node) -> Result<void> {
        if (trim(name).empty()) return node.wrong("a time class needs a name", "write e.g. 'peak'");
        auto& spans = settings.time_classes[std::string(name)];
        return read_list(node, "hours", [&](const Node& item) { return read_span(item, spans); });
    });
}

void read_origins(Fields& fields, lcr::Settings& settings) {
    fields.entries("origins", [&](std::string_view name, const Node& node) -> Result<void> {
        // In a deck digits are a caller's prefix, and this one word are callers without a number.
        if (trim(name).empty() || is_digit(name.front()) || name == lcr::invalid_origin)
            return node.wrong(fmt::format("'{}' cannot name a group of callers", printable(name)), "write e.g. 'eea'");
        return read_list(node, "prefixes", digits_into(settings.origins[std::string(name)]));
    });
}

// An NPA or NPA-NXX, in one state or LATA only.
void read_areas(Fields& fields, std::string_view key, std::map<std::string, std::vector<std::string>>& areas) {
    constexpr std::size_t npa = 3, npa_nxx = 6;
    std::map<std::string, std::string_view> taken;
    fields.entries(key, [&](std::string_view name, const Node& node) -> Result<void> {
        auto& codes = areas[std::string(name)];
        return read_list(node, "codes", [&](const Node& item) -> Result<void> {
            auto code = read_digits(item, npa_nxx);
            if (!code || (code->size() != npa && code->size() != npa_nxx))
                return item.wrong("a code is an NPA or NPA-NXX", "write e.g. '212' or '212555'");
            auto [other, is_new] = taken.try_emplace(*code, name);
            if (!is_new)
                return item.wrong(fmt::format("'{}' is in '{}' already", *code, printable(other->second)),
                                  "keep it in one");
            codes.push_back(std::move(*code));
            return {};
        });
    });
}

Result<void> read_guards(const Node& node, lcr::Guards& guards) {
    Fields fields(node);
    fields.each("emergency", digits_into(guards.emergency));
    fields.take("emergency_carriers", guards.emergency_carriers);
    fields.each("deny", digits_into(guards.deny));
    fields.each("allow", digits_into(guards.allow));
    if (auto done = fields.done(); !done) return done;
    if (!guards.emergency_carriers.empty() && guards.emergency.empty())
        return node.wrong("'emergency_carriers' without 'emergency'", "say which numbers they take, e.g. '112'");
    return {};
}

Result<void> read_quality(const Node& node, lcr::Settings& settings) {
    Fields fields(node);
    fields.take_integer("least_samples", settings.least_samples, 0, most_count);
    fields.take("least_asr", share_into(settings.least_asr));
    fields.take("least_ner", share_into(settings.least_ner));
    return fields.done();
}

std::optional<lcr::RerouteRule> reroute_rule(std::string_view name) {
    constexpr std::string_view q850 = "Q.850 ";
    lcr::RerouteRule rule;
    bool is_cause = istarts_with(name, q850);
    auto code = parse_integer<int>(is_cause ? trim(name.substr(q850.size())) : name);
    rule.kind = is_cause ? lcr::RerouteRule::Kind::cause : lcr::RerouteRule::Kind::status;
    if (!code || (is_cause ? *code < 1 || *code > 127 : *code < 300 || *code > 699)) return std::nullopt;
    rule.code = *code;
    return rule;
}

void read_reroute(Fields& fields, lcr::Settings& settings) {
    fields.entries("reroute", [&](std::string_view name, const Node& node) -> Result<void> {
        auto rule = reroute_rule(name);
        if (!rule)
            return node.wrong(fmt::format("'{}' is no failure of a call", printable(name)),
                              "write a SIP status from 300 to 699, e.g. '404', or a cause, e.g. 'Q.850 17'");
        auto next = node.text();
        if (!next) return tl::unexpected(next.error());
        if (*next != "reroute" && *next != "stop")
            return node.wrong(fmt::format("'{}' is not known", printable(*next)), "write 'reroute' or 'stop'");
        rule->next = *next == "reroute" ? lcr::Next::reroute : lcr::Next::stop;
        settings.reroute.push_back(*rule);
        return {};
    });
}

constexpr std::array<Choice<lcr::Rounding>, 4> roundings{{{"half_up", lcr::Rounding::half_up},
                                                          {"half_even", lcr::Rounding::half_even},
                                                          {"up", lcr::Rounding::up},
                                                          {"down", lcr::Rounding::down}}};
constexpr std::array<Choice<lcr::RateBy>, 2> numbers_to_rate_by{
    {{"dialled", lcr::RateBy::dialled}, {"routing_number", lcr::RateBy::routing_number}}};
constexpr std::array<Choice<lcr::JurisdictionBasis>, 2> bases{
    {{"state", lcr::JurisdictionBasis::state}, {"lata", lcr::JurisdictionBasis::lata}}};
constexpr std::array<Choice<lcr::Indeterminate>, 3> indeterminates{{{"dearer", lcr::Indeterminate::dearer},
                                                                    {"interstate", lcr::Indeterminate::interstate},
                                                                    {"intrastate", lcr::Indeterminate::intrastate}}};

void read_measurements(Fields& fields, lcr::Carrier& carrier) {
    fields.take("asr", share_into(carrier.quality.asr));
    fields.take("ner", share_into(carrier.quality.ner));
    fields.take("acd", seconds_into(carrier.quality.acd));
    fields.take("pdd", seconds_into(carrier.quality.pdd));
    fields.take("samples", count_into(carrier.quality.samples, 0));
    fields.take("channels", count_into(carrier.channels, 1));
    fields.take("cps", [&](const Node& node) -> Result<void> {
        auto cps = node.number();
        if (!cps) return tl::unexpected(cps.error());
        if (!(*cps > 0 && *cps <= static_cast<double>(most_count)))
            return node.wrong(fmt::format("{} is not above 0", *cps), "a carrier that takes no call has 'enabled' false");
        carrier.cps = *cps;
        return {};
    });
}

Result<void> read_carrier(std::string_view name, const Node& node, lcr::Settings& settings) {
    // Such a name could not be given one on the command line.
    if (trim(name).empty() || name.find('=') != std::string_view::npos)
        return node.wrong(fmt::format("'{}' cannot name a carrier", printable(name)), "write e.g. 'alpha'");
    lcr::Carrier carrier{.name = std::string(name)};
    std::int64_t priority = 0, weight = 0, digits = carrier.digits;
    Fields fields(node);
    fields.take_integer("priority", priority, 0, 1'000'000);
    fields.take("enabled", carrier.enabled);
    fields.take_integer("weight", weight, 0, most_count);
    fields.take("zone", [&](const Node& value) -> Result<void> {
        auto zone = value.text();
        if (!zone) return tl::unexpected(zone.error());
        if (auto known = check_zone(*zone); !known) return value.wrong(known.error());
        carrier.zone = *zone;
        return {};
    });
    fields.take<lcr::Rounding>("rounding", carrier.rounding, roundings);
    fields.take_integer("digits", digits, 0, Money::decimals);
    fields.take<lcr::RateBy>("rate_by", carrier.rate_by, numbers_to_rate_by);
    fields.take<lcr::JurisdictionBasis>("basis", carrier.basis, bases);
    fields.take<lcr::Indeterminate>("indeterminate", carrier.indeterminate, indeterminates);
    read_measurements(fields, carrier);
    if (auto done = fields.done(); !done) return done;
    carrier.priority = static_cast<int>(priority);
    carrier.weight = static_cast<std::uint32_t>(weight);
    carrier.digits = static_cast<int>(digits);
    settings.carriers.push_back(std::move(carrier));
    return {};
}

// One is one: a rate for the table's own currency would never be used.
Result<void> check_own_currency(const Node& node, const lcr::Settings& settings) {
    if (std::ranges::find(settings.exchanges, settings.currency, &lcr::Exchange::currency) == settings.exchanges.end())
        return {};
    return node.wrong(fmt::format("'{}' is exchanged for itself", settings.currency.text()),
                      "say the table's currency as 'currency'");
}

}  // namespace

Result<lcr::Settings> read_lcr_settings(std::string_view json, std::string_view file) {
    auto document = read_json(json, file);
    if (!document) return tl::unexpected(document.error());
    lcr::Settings settings;
    Fields fields(document->root());
    fields.version(settings_version);
    fields.take("currency", currency_into(settings.currency));
    fields.each("exchange", [&](const Node& node) { return read_exchange(node, settings.exchanges); });
    if (auto exchange = fields.find("exchange")) fields.check(check_own_currency(*exchange, settings));
    read_time_classes(fields, settings);
    read_origins(fields, settings);
    read_areas(fields, "states", settings.states);
    read_areas(fields, "latas", settings.latas);
    fields.take("guards", [&](const Node& node) { return read_guards(node, settings.guards); });
    fields.take("quality", [&](const Node& node) { return read_quality(node, settings); });
    read_reroute(fields, settings);
    fields.entries("carriers", [&](std::string_view name, const Node& node) {
        return read_carrier(name, node, settings);
    });
    if (auto done = fields.done(); !done) return tl::unexpected(done.error());
    return settings;
}

Result<std::vector<lcr::CarrierDecks>> with_settings(std::vector<NamedDecks> decks, const lcr::Settings& settings,
                                                     std::string_view file) {
    std::vector<std::string_view> names;
    for (const auto& named : decks) names.push_back(named.carrier);
    for (const auto& carrier : settings.carriers) {
        if (std::ranges::find(names, carrier.name) != names.end()) continue;
        auto near = nearest(carrier.name, names);
        return failure(Fault::input, std::string(file),
                       fmt::format("carrier '{}' has no deck", printable(carrier.name)),
                       near.empty() ? fmt::format("give it one, e.g. '{0}={0}.csv', or take it out of the settings",
                                                  printable(carrier.name))
                                    : fmt::format("did you mean '{}'?", printable(near)));
    }
    std::vector<lcr::CarrierDecks> carriers;
    for (auto& named : decks) {
        auto known = std::ranges::find(settings.carriers, named.carrier, &lcr::Carrier::name);
        auto& carrier = carriers.emplace_back();
        carrier.carrier = known == settings.carriers.end() ? lcr::Carrier{} : *known;
        carrier.carrier.name = std::move(named.carrier);
        carrier.decks = std::move(named.decks);
    }
    return carriers;
}

}  // namespace trunkbox::config
