#include "sip/name_addr.h"

#include <fmt/format.h>

#include "base/text.h"
#include "sip/grammar.h"

namespace trunkbox::sip {
namespace {

tl::unexpected<Error> bad(std::string what, std::string fix = "write e.g. '\"Name\" <sip:user@host>;tag=1'") {
    return failure(Fault::input, "", std::move(what), std::move(fix));
}

// *(token LWS): several tokens, or none.
bool is_token_list(std::string_view text) {
    for (char c : text)
        if (!grammar::token.has(c) && !grammar::is_space(c)) return false;
    return true;
}

// Where '<' stands that no quoted string holds, npos when there is none.
std::size_t open_bracket(std::string_view item) {
    for (std::size_t i = 0; i < item.size() && item[i] != ';'; ++i) {
        if (item[i] == '<') return i;
        if (item[i] != '"') continue;
        auto close = grammar::closing_quote(item, i);
        if (close == std::string_view::npos) break;
        i = close;
    }
    return std::string_view::npos;
}

bool has_scheme(std::string_view uri) {
    auto colon = uri.find(':');
    return colon != std::string_view::npos && colon > 0 && is_alpha(uri[0]) &&
           grammar::scheme.covers(uri.substr(0, colon));
}

// `rest` begins at the first ';' or is empty.
Result<NameAddr> with_parameters(NameAddr address, std::string_view rest) {
    if (rest.empty()) return address;
    address.parameters = rest.substr(1);
    if (trim(address.parameters).empty()) return bad("a ';' with no parameter after it");
    for (const auto& one : parameters(address.parameters)) {
        if (one.name.empty()) return bad(fmt::format("empty parameter in {}", in_quotes(rest)));
        if (!is_token(one.name)) return bad(fmt::format("parameter name {} is no token", in_quotes(one.name)));
        if (one.value.starts_with('"')) {
            if (grammar::closing_quote(one.value, 0) != one.value.size() - 1)
                return bad(fmt::format("quotes of parameter {} do not close at its end", in_quotes(one.name)));
        } else if (one.value.find_first_of(" \t\r\n\"") != std::string_view::npos) {
            return bad(fmt::format("parameter {} has the value {}", in_quotes(one.name), in_quotes(one.value)),
                       "put the value in quotes");
        }
    }
    return address;
}

Result<NameAddr> parse_bracketed(std::string_view item, std::size_t open) {
    auto close = item.find('>', open);
    if (close == std::string_view::npos) return bad(fmt::format("no '>' after {}", in_quotes(item.substr(open))));
    NameAddr address;
    address.brackets = true;
    address.display = trim(item.substr(0, open));
    address.uri = item.substr(open + 1, close - open - 1);
    if (address.display.starts_with('"')) {
        if (grammar::closing_quote(address.display, 0) != address.display.size() - 1)
            return bad(fmt::format("text after the closing quote in {}", in_quotes(address.display)));
    } else if (!is_token_list(address.display)) {
        return bad(fmt::format("display name {} is not made of tokens", in_quotes(address.display)),
                   "put the name in quotes");
    }
    if (address.uri.find_first_of(" \t\r\n<") != std::string_view::npos)
        return bad(fmt::format("blank or '<' in the URI {}", in_quotes(address.uri)));
    if (!has_scheme(address.uri)) return bad(fmt::format("no scheme in the URI {}", in_quotes(address.uri)));
    auto rest = trim(item.substr(close + 1));
    if (!rest.empty() && rest[0] != ';') return bad(fmt::format("{} after '>'", in_quotes(rest)));
    return with_parameters(address, rest);
}

Result<NameAddr> parse_bare(std::string_view item) {
    auto semicolon = item.find(';');
    NameAddr address;
    address.uri = trim(item.substr(0, semicolon));
    if (address.uri.starts_with('"')) return bad(fmt::format("quoted string not closed in {}", in_quotes(item)));
    if (auto place = address.uri.find_first_of(" \t\r\n\"<>"); place != std::string_view::npos)
        return bad(fmt::format("{} is neither name and <URI> nor a URI", in_quotes(address.uri)));
    // Section 20: what holds a comma, question mark or semicolon must stand in brackets.
    if (address.uri.find_first_of(",?") != std::string_view::npos)
        return bad(fmt::format("',' or '?' in the URI {}", in_quotes(address.uri)), "put the URI between '<' and '>'");
    if (!has_scheme(address.uri)) return bad(fmt::format("no scheme in the URI {}", in_quotes(address.uri)));
    return with_parameters(address, semicolon == std::string_view::npos ? "" : item.substr(semicolon));
}

}  // namespace

Result<NameAddr> NameAddr::parse(std::string_view item) {
    item = trim(item);
    if (item.empty()) return bad("empty address");
    if (item == "*") return NameAddr{.display = {}, .uri = {}, .brackets = false, .parameters = {}, .star = true};
    auto open = open_bracket(item);
    return open == std::string_view::npos ? parse_bare(item) : parse_bracketed(item, open);
}

NameAddr NameAddr::lenient(std::string_view item) {
    if (auto strict = parse(item)) return *strict;
    item = trim(item);
    NameAddr address;
    auto open = open_bracket(item);
    if (open == std::string_view::npos) open = item.find('<');
    auto rest = item;
    if (open != std::string_view::npos) {
        auto close = std::min(item.find('>', open), item.size());
        address.brackets = true;
        address.display = trim(item.substr(0, open));
        address.uri = trim(item.substr(open + 1, close - open - 1));
        rest = item.substr(close);
    } else {
        address.uri = trim(item.substr(0, item.find(';')));
    }
    auto semicolon = rest.find(';');
    if (semicolon != std::string_view::npos) address.parameters = rest.substr(semicolon + 1);
    return address;
}

std::optional<std::string_view> NameAddr::parameter(std::string_view name) const {
    return sip::parameter(parameters, name);
}

}  // namespace trunkbox::sip
