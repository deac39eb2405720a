// The only user of libphonenumber. Its first use costs some milliseconds, so "+" and digits go without it.
#include "numbering/spelling.h"

#include "base/text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <phonenumbers/phonenumberutil.h>

namespace trunkbox::numbering {

namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

const PhoneNumberUtil& util() {
    return *PhoneNumberUtil::GetInstance();
}

tl::unexpected<Error> bad(std::string_view text, std::string_view why, std::string fix) {
    return failure(Fault::input, "", fmt::format("number '{}' {}", printable(text), why), std::move(fix));
}

// libphonenumber takes letters for a keypad's digits and reads URI parameters; a number that says "call me"
// or names its context is not one that we guess about.
bool is_number_text(std::string_view text) {
    constexpr std::string_view marks = "+ .-()/[]\t";
    return text.size() <= 64 && std::ranges::any_of(text, is_digit) && std::ranges::all_of(text, [&](char c) {
               return is_digit(c) || marks.find(c) != std::string_view::npos;
           });
}

std::string_view explain(PhoneNumberUtil::ErrorType error) {
    switch (error) {
        case PhoneNumberUtil::NO_PARSING_ERROR: return "is understood";
        case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR: return "has no country code that exists";
        case PhoneNumberUtil::NOT_A_NUMBER: return "is not a telephone number";
        case PhoneNumberUtil::TOO_SHORT_AFTER_IDD: return "ends after the international prefix";
        case PhoneNumberUtil::TOO_SHORT_NSN: return "is too short";
        case PhoneNumberUtil::TOO_LONG_NSN: return "is too long";
    }
    return "is not understood";
}

// Nothing of a number that the library does not take as it stands: behind the country code it takes off a trunk prefix.
PhoneNumber to_phone_number(const E164& number) {
    PhoneNumber parsed;
    std::string again;
    if (util().Parse(number.text(), "ZZ", &parsed) == PhoneNumberUtil::NO_PARSING_ERROR)
        util().Format(parsed, PhoneNumberUtil::E164, &again);
    if (again != number.text()) parsed.Clear();
    return parsed;
}

constexpr std::array<std::pair<Format, std::string_view>, 4> format_names{
    {{Format::e164, "e164"},
     {Format::international, "international"},
     {Format::national, "national"},
     {Format::rfc3966, "rfc3966"}}};

PhoneNumberUtil::PhoneNumberFormat to_library(Format format) {
    switch (format) {
        case Format::e164: return PhoneNumberUtil::E164;
        case Format::international: return PhoneNumberUtil::INTERNATIONAL;
        case Format::national: return PhoneNumberUtil::NATIONAL;
        case Format::rfc3966: return PhoneNumberUtil::RFC3966;
    }
    return PhoneNumberUtil::E164;
}

}  // namespace

Result<E164> read_number(std::string_view text, std::string_view region) {
    text = trim(text);
    constexpr std::string_view scheme = "tel:";  // RFC 3966, as `format` writes it
    if (istarts_with(text, scheme)) text.remove_prefix(scheme.size());
    if (text.starts_with('+') && std::ranges::all_of(text.substr(1), is_digit)) return E164::parse(text);
    if (!is_number_text(text)) return bad(text, "is not a telephone number", "write e.g. '+442079460123'");
    if (region.empty() && !text.starts_with('+') && !text.starts_with("(+"))
        return bad(text, "has no country code and no region to read it by",
                   "write it with '+', e.g. '+442079460123'");
    if (!region.empty() && !is_region(region))
        return failure(Fault::input, "", fmt::format("region '{}' is not known", printable(region)),
                       "write two letters, e.g. 'FR'");
    PhoneNumber parsed;
    auto error = util().Parse(std::string(text), region.empty() ? "ZZ" : std::string(region), &parsed);
    if (error != PhoneNumberUtil::NO_PARSING_ERROR)
        return bad(text, explain(error), "write e.g. '+442079460123'");
    // Some numbers that are in use are too short for the plan's own table of lengths: "+1 310-1234".
    if (util().IsPossibleNumberWithReason(parsed) != PhoneNumberUtil::IS_POSSIBLE && !util().IsValidNumber(parsed))
        return bad(
            text,
            fmt::format("does not have the length of a number of country code {}", parsed.country_code()),
            "count its digits");
    std::string formatted;
    util().Format(parsed, PhoneNumberUtil::E164, &formatted);
    return E164::parse(formatted);
}

bool is_region(std::string_view region) {
    return region.size() == 2 && util().GetCountryCodeForRegion(std::string(region)) != 0;
}

std::string format(const E164& number, Format format) {
    if (format == Format::e164) return number.text();
    auto parsed = to_phone_number(number);
    // A number outside every plan has no grouping; it is still a number.
    if (!parsed.has_country_code()) return format == Format::rfc3966 ? "tel:" + number.text() : number.text();
    std::string text;
    util().Format(parsed, to_library(format), &text);
    // Nor has one whose grouping drops digits, as that of Mexico does with the 1 that mobile numbers once had.
    std::string digits;
    std::ranges::copy_if(text, std::back_inserter(digits), is_digit);
    if (format == Format::national || digits == number.digits()) return text;
    return format == Format::rfc3966 ? "tel:" + number.text() : number.text();
}

std::string_view name(Format format) {
    for (const auto& [value, text] : format_names)
        if (value == format) return text;
    return {};
}

std::optional<Format> parse_format(std::string_view name) {
    for (const auto& [value, text] : format_names)
        if (text == name) return value;
    return std::nullopt;
}

std::string region_of(const E164& number) {
    auto parsed = to_phone_number(number);
    std::string region;
    if (parsed.has_country_code()) util().GetRegionCodeForNumber(parsed, &region);
    return region == "ZZ" || region == "001" ? std::string{} : region;
}

bool is_valid(const E164& number) {
    auto parsed = to_phone_number(number);
    return parsed.has_country_code() && util().IsValidNumber(parsed);
}

std::string enum_domain(const E164& number, std::string_view suffix) {
    std::string domain;
    auto digits = number.digits();
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
        domain += *digit;
        domain += '.';
    }
    return domain.append(suffix);
}

}  // namespace trunkbox::numbering
