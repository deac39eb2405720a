// The grammar of To, From and Contact (RFC 3261 section 20 and 25.1), read for its breaches.
#include <algorithm>

#include "base/text.h"
#include "sbc/reading.h"
#include "sip/parameters.h"

namespace trunkbox::sbc {
namespace {

constexpr std::string_view blanks = " \t\r\n";

// The index behind the closing quote of the quoted-string that begins the text.
std::optional<std::size_t> end_of_quoted(std::string_view text) {
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            return i + 1;
    }
    return std::nullopt;
}

// One pair of brackets leaves no doubt about where the URI is.
bool one_pair_of_brackets(std::string_view text) {
    return std::ranges::count(text, '<') == 1 && std::ranges::count(text, '>') == 1 && text.find('<') < text.find('>');
}

bool is_display_of_tokens(std::string_view display) {
    while (!(display = trim(display)).empty()) {
        std::size_t end = std::min(display.find_first_of(blanks), display.size());
        if (!sip::is_token(display.substr(0, end))) return false;
        display.remove_prefix(end);
    }
    return true;
}

bool has_scheme(std::string_view uri) {
    std::size_t colon = uri.find(':');
    if (colon == std::string_view::npos || colon == 0 || !is_alpha(uri[0])) return false;
    return std::ranges::all_of(uri.substr(0, colon), [](char c) {
        return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
    });
}

// What follows the URI: nothing, or ";name" and ";name=value" any number of times.
std::optional<FieldFault> check_parameters(std::string_view rest) {
    rest = trim(rest);
    if (rest.empty()) return std::nullopt;
    if (rest.front() != ';') return FieldFault{"text behind the URI", false};
    if (rest.back() == ';') return FieldFault{"an empty parameter", false};
    for (const sip::Parameter& parameter : sip::parameters(rest.substr(1)))
        if (trim(parameter.name).empty()) return FieldFault{"an empty parameter", false};
    return std::nullopt;
}

std::optional<FieldFault> check_uri(std::string_view uri, bool brackets, bool one_reading) {
    std::string_view inner = trim(uri);
    if (!has_scheme(inner)) return FieldFault{"no URI", false};
    if (has_blank(inner)) return FieldFault{"a blank in the URI", false};
    if (brackets && inner.size() != uri.size()) return FieldFault{"blanks between the brackets", one_reading};
    return std::nullopt;
}

std::optional<FieldFault> check_name_addr(std::string_view item, std::size_t open) {
    bool one_reading = one_pair_of_brackets(item);
    std::size_t close = item.find('>', open);
    if (close == std::string_view::npos) return FieldFault{"'<' without '>'", false};
    if (auto fault = check_uri(item.substr(open + 1, close - open - 1), true, one_reading)) return fault;
    return check_parameters(item.substr(close + 1));
}

std::optional<FieldFault> check_addr_spec(std::string_view item) {
    std::size_t end = std::min(item.find(';'), item.size());
    std::string_view uri = item.substr(0, end);
    if (auto fault = check_uri(uri, false, false)) return fault;
    if (auto fault = check_parameters(item.substr(end))) return fault;
    // Whether a parameter behind it belongs to the URI cannot be told.
    bool one_reading = end == item.size() && uri.find(',') == std::string_view::npos;
    if (uri.find('?') != std::string_view::npos) return FieldFault{"'?' in a URI without <>", one_reading};
    if (uri.find(',') != std::string_view::npos) return FieldFault{"',' in a URI without <>", false};
    return std::nullopt;
}

}  // namespace

bool has_blank(std::string_view text) { return text.find_first_of(blanks) != std::string_view::npos; }

std::optional<FieldFault> check_field(std::string_view item) {
    item = trim(item);
    if (item.empty()) return FieldFault{"no URI", false};

    if (item.front() == '"') {
        auto end = end_of_quoted(item);
        if (!end) return FieldFault{"an unterminated quoted string", one_pair_of_brackets(item)};
        std::string_view rest = trim(item.substr(*end));
        if (!rest.starts_with('<')) return FieldFault{"a quoted string without <> behind it", false};
        return check_name_addr(rest, 0);
    }

    std::size_t open = item.find('<');
    // A '<' in a parameter's quoted value opens no URI.
    bool brackets = open != std::string_view::npos && item.find(":") > open;
    if (!brackets) brackets = open != std::string_view::npos && item.find('"') > open && item.find(';') > open;
    if (!brackets) return check_addr_spec(item);
    if (auto fault = check_name_addr(item, open)) return fault;
    if (!is_display_of_tokens(item.substr(0, open)))
        return FieldFault{"a display name that is no token and has no quotes", one_pair_of_brackets(item)};
    return std::nullopt;
}

}  // namespace trunkbox::sbc
