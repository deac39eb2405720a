#include "lcr/deck_titles.h"

#include "base/text.h"
#include "lcr/deck_amounts.h"
#include "lcr/deck_text.h"

#include <algorithm>
#include <array>

namespace trunkbox::lcr {

namespace {

// Of each column the first is our own name for it.
constexpr Title titles[]{
    {"prefix", Column::prefix},
    {"prefixes", Column::prefix},
    {"code", Column::prefix},
    {"codes", Column::prefix},
    {"dial code", Column::prefix},
    {"dial codes", Column::prefix},
    {"dialcode", Column::prefix},
    {"dialing code", Column::prefix},
    {"dialling code", Column::prefix},
    {"destination code", Column::prefix},
    {"breakout", Column::prefix},
    {"npanxx", Column::prefix},
    {"npa nxx", Column::prefix},

    {"area codes", Column::area},
    {"area code", Column::area},
    {"city code", Column::area},
    {"city codes", Column::area},
    {"area prefix", Column::area},
    {"area prefixes", Column::area},

    {"country code", Column::country_code},
    {"country codes", Column::country_code},
    {"countrycode", Column::country_code},
    {"cc", Column::country_code},

    {"destination", Column::destination},
    {"destination name", Column::destination},
    {"name", Column::destination},
    {"description", Column::destination},
    {"code name", Column::destination},
    {"region", Column::destination},
    {"area", Column::destination},
    {"zone", Column::destination},

    {"country", Column::country},
    {"country name", Column::country},

    {"rate", Column::rate},
    {"rate per minute", Column::rate},
    {"rate/min", Column::rate},
    {"rate per min", Column::rate},
    {"rate minute", Column::rate},
    {"per minute rate", Column::rate},
    {"per minute cost", Column::rate},
    {"cost per minute", Column::rate},
    {"cost/min", Column::rate},
    {"price", Column::rate},
    {"price per minute", Column::rate},
    {"price/min", Column::rate},
    {"cost", Column::rate},
    {"rate cost", Column::rate},
    {"new rate", Column::rate},

    {"interstate rate", Column::inter_rate},
    {"interrate", Column::inter_rate},
    {"inter rate", Column::inter_rate},
    {"inter", Column::inter_rate},
    {"interstate", Column::inter_rate},
    {"interlata", Column::inter_rate},

    {"intrastate rate", Column::intra_rate},
    {"intrarate", Column::intra_rate},
    {"intra rate", Column::intra_rate},
    {"intra", Column::intra_rate},
    {"intrastate", Column::intra_rate},
    {"intralata", Column::intra_rate},

    {"indeterminate rate", Column::ij_rate},
    {"ijrate", Column::ij_rate},
    {"ij rate", Column::ij_rate},
    {"ij", Column::ij_rate},
    {"indeterminate", Column::ij_rate},

    {"currency", Column::currency},
    {"ccy", Column::currency},
    {"currency code", Column::currency},

    {"connect fee", Column::connect_fee},
    {"connect cost", Column::connect_fee},
    {"connection cost", Column::connect_fee},
    {"connection fee", Column::connect_fee},
    {"connection charge", Column::connect_fee},
    {"connect charge", Column::connect_fee},
    {"conn charge", Column::connect_fee},
    {"setup fee", Column::connect_fee},
    {"setup", Column::connect_fee},
    {"setup charge", Column::connect_fee},
    {"rate surcharge", Column::connect_fee},
    {"surcharge", Column::connect_fee},
    {"sf", Column::connect_fee},

    {"attempt fee", Column::attempt_fee},
    {"attempt charge", Column::attempt_fee},
    {"per attempt", Column::attempt_fee},

    {"minimum", Column::minimum},
    {"minimum seconds", Column::minimum},
    {"minimum time", Column::minimum},
    {"minimum duration", Column::minimum},
    {"min time", Column::minimum},
    {"min seconds", Column::minimum},
    {"min duration", Column::minimum},
    {"first interval", Column::minimum},
    {"initial interval", Column::minimum},
    {"initial increment", Column::minimum},
    {"rate minimum", Column::minimum},
    {"duration", Column::minimum},

    {"increment", Column::increment},
    {"increments", Column::increment},
    {"interval", Column::increment},
    {"sub interval", Column::increment},
    {"next interval", Column::increment},
    {"subsequent interval", Column::increment},
    {"subsequent increment", Column::increment},
    {"billing increment", Column::increment},
    {"billing increments", Column::increment},
    {"billing", Column::increment},
    {"billing terms", Column::increment},
    {"rate increment", Column::increment},
    {"granularity", Column::increment},
    {"sec granularity", Column::increment},

    {"grace time", Column::grace},
    {"grace", Column::grace},
    {"grace period", Column::grace},
    {"rate nocharge time", Column::grace},

    {"free seconds", Column::free_seconds},
    {"included seconds", Column::free_seconds},

    {"minimum charge", Column::minimum_charge},
    {"min charge", Column::minimum_charge},
    {"minimum cost", Column::minimum_charge},
    {"min cost", Column::minimum_charge},

    {"maximum charge", Column::maximum_charge},
    {"max charge", Column::maximum_charge},
    {"maximum cost", Column::maximum_charge},
    {"max cost", Column::maximum_charge},

    {"tiers", Column::tiers},

    {"blocked", Column::blocked},
    {"barred", Column::blocked},

    {"status", Column::status},
    {"change", Column::status},
    {"rate change", Column::status},

    {"effective", Column::effective},
    {"effective date", Column::effective},
    {"effective from", Column::effective},
    {"effective time", Column::effective},
    {"start date", Column::effective},
    {"start", Column::effective},
    {"valid from", Column::effective},

    {"end", Column::end},
    {"end date", Column::end},
    {"end time", Column::end},
    {"effective till", Column::end},
    {"effective to", Column::end},
    {"valid to", Column::end},
    {"valid till", Column::end},
    {"valid until", Column::end},
    {"expires", Column::end},
    {"expiry", Column::end},
    {"expiry date", Column::end},
    {"expiration date", Column::end},

    {"time class", Column::time_class},

    {"origin", Column::origin},
    {"from", Column::origin},
    {"origin prefix", Column::origin},
    {"origin group", Column::origin},
    {"a number prefix", Column::origin},
    {"a number", Column::origin},
    {"src code", Column::origin},
    {"src prefix", Column::origin},
    {"originating prefix", Column::origin},

    {"jurisdiction", Column::jurisdiction},

    // Who is tried first, what is sent, and notes: nothing of this is in the price.
    {"precedence", Column::ignored},
    {"priority", Column::ignored},
    {"weight", Column::ignored},
    {"prepend", Column::ignored},
    {"strip", Column::ignored},
    {"routes", Column::ignored},
    {"options", Column::ignored},
    {"rate name", Column::ignored},
    {"iso country code", Column::ignored},
    {"iso", Column::ignored},
    {"iso code", Column::ignored},
    {"caller id numbers", Column::ignored},
    {"comment", Column::ignored},
    {"comments", Column::ignored},
    {"note", Column::ignored},
    {"notes", Column::ignored},
    {"remark", Column::ignored},
    {"remarks", Column::ignored},
    {"old rate", Column::ignored},
    {"previous rate", Column::ignored},
    {"current rate", Column::ignored},

    // Several carriers or price lists in one file would be mixed up.
    {"trunk", Column::constant},
    {"carrier", Column::constant},
    {"rate version", Column::constant},
    {"ratedeck", Column::constant},
    {"ratedeck id", Column::constant},
    {"ratedeck name", Column::constant},
    {"rate table", Column::constant},
    {"account id", Column::constant},

    {"time profile id", Column::neutral},
    {"time profile", Column::neutral},
    {"direction", Column::neutral, "outbound"},
    {"seconds", Column::neutral, "60"},
    {"policy", Column::neutral, "r"},
    {"internal rate cost", Column::neutral},
    {"internal rate surcharge", Column::neutral},
    {"pvt rate cost", Column::neutral},
    {"pvt rate surcharge", Column::neutral},
    {"local rate", Column::neutral},
    {"ocn", Column::neutral},
    {"lata", Column::neutral},
    {"mrc", Column::neutral},
    {"", Column::neutral},
};

// What stands in brackets behind a title and says nothing that is not so anyway.
constexpr std::array<std::string_view, 14> plain_units{"s",          "sec",    "secs", "second", "seconds",
                                                       "in seconds", "in sec", "min",  "/min",   "per min",
                                                       "per minute", "minute", "gmt",  "utc"};

// Three letters in a title are one of these; elsewhere any three are a currency.
constexpr std::array<std::string_view, 32> currencies{"usd", "eur", "gbp", "chf", "cad", "aud", "nzd", "jpy",
                                                      "cny", "inr", "sek", "nok", "dkk", "pln", "czk", "huf",
                                                      "ron", "bgn", "try", "rub", "uah", "zar", "brl", "mxn",
                                                      "sgd", "hkd", "aed", "sar", "ils", "krw", "thb", "myr"};

}  // namespace

std::span<const Title> known_titles() {
    return titles;
}

const Title* find_title(std::string_view normalised) {
    auto* found = std::ranges::find(titles, normalised, &Title::text);
    return found == std::end(titles) ? nullptr : found;
}

std::string_view name_of(Column column) {
    if (column >= Column::ignored) return {};
    return std::ranges::find(titles, column, &Title::column)->text;
}

std::string normalised(std::string_view title) {
    std::string name;
    for (char c : to_utf8(clean_cell(title))) {
        bool blank = c == '_' || c == '-' || c == '.' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!blank)
            name += to_lower(c);
        else if (!name.empty() && name.back() != ' ')
            name += ' ';
    }
    if (name.ends_with(' ')) name.pop_back();
    return name;
}

BareTitle without_unit(std::string_view normalised) {
    BareTitle bare{.text = std::string(normalised)};
    auto open = normalised.find_first_of("([");
    if (open == std::string_view::npos || open == 0 ||
        !(normalised.ends_with(')') || normalised.ends_with(']')))
        return bare;
    auto unit = trim(normalised.substr(open + 1, normalised.size() - open - 2));
    auto title = std::string(trim(normalised.substr(0, open)));
    if (std::ranges::find(plain_units, unit) != plain_units.end()) return {.text = title};
    unit = trim(split_once(unit, '/').first);
    bool symbol = unit.size() != 3 || !std::ranges::all_of(unit, is_alpha);
    if (!symbol && std::ranges::find(currencies, unit) == currencies.end()) return bare;
    if (auto currency = read_currency(unit)) return {.text = title, .currency = *currency};
    return bare;
}

}  // namespace trunkbox::lcr
