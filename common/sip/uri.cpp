#include "sip/uri.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "net/address.h"
#include "sip/grammar.h"
#include "sip/parameters.h"

namespace trunkbox::sip {

bool grammar::is_host(std::string_view text) {
    if (text.starts_with('[')) return text.ends_with(']') && net::Ip::parse(text).has_value();
    return !text.empty() && host_name.covers(text);
}

namespace {

Error error(std::string what, std::string fix = "write e.g. 'sip:user@example.com'") {
    return Error{Fault::input, "", std::move(what), std::move(fix)};
}

int hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    c = to_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The byte that the escape at `i` stands for, nothing when none stands there.
std::optional<char> escaped_at(std::string_view text, std::size_t i) {
    if (text[i] != '%' || text.size() - i < 3) return std::nullopt;
    auto high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    return static_cast<char>(high * 16 + low);
}

std::optional<Error> check(std::string_view part, std::string_view text, const grammar::CharSet& set) {
    if (auto place = set.first_other(text); place != std::string_view::npos)
        return error(fmt::format("'{}' in the {} {}", printable(text.substr(place, 1)), part, in_quotes(text)),
                     fmt::format("escape it as '%{:02X}'", static_cast<unsigned char>(text[place])));
    for (auto place = text.find('%'); place != std::string_view::npos; place = text.find('%', place + 1))
        if (!escaped_at(text, place))
            return error(fmt::format("'%' without two hex digits in the {} {}", part, in_quotes(text)),
                         "write a percent sign as '%25'");
    return std::nullopt;
}

// Parts between marks: none empty, each with a name before its '='.
std::optional<Error> check_list(std::string_view part, std::string_view text, char mark,
                                const grammar::CharSet& set) {
    for (bool more = true; more;) {
        auto [one, rest] = split_once(text, mark);
        if (one.empty() || one[0] == '=') return error(fmt::format("{} without a name", part), "take it out");
        if (auto wrong = check(part, one, set)) return wrong;
        more = rest.has_value();
        text = rest.value_or("");
    }
    return std::nullopt;
}

std::optional<Error> read_user(UriView& uri, std::string_view text) {
    auto [user, password] = split_once(text, ':');
    if (user.empty()) return error(fmt::format("no user before '@' in {}", in_quotes(uri.opaque)));
    uri.has_user = true;
    uri.user = user;
    uri.password = password.value_or("");
    if (auto wrong = check("user", uri.user, grammar::user)) return wrong;
    return check("password", uri.password, grammar::password);
}

std::optional<Error> read_host(UriView& uri, std::string_view text) {
    auto colon = text.find(':', text.starts_with('[') ? std::min(text.find(']'), text.size()) : 0);
    uri.host = text.substr(0, colon);
    if (uri.host.empty()) return error(fmt::format("no host in {}", in_quotes(uri.opaque)));
    if (!grammar::is_host(uri.host)) return error(fmt::format("{} is no host name or address", in_quotes(uri.host)));
    if (colon == std::string_view::npos) return std::nullopt;
    auto port = text.substr(colon + 1);
    uri.port = parse_integer<std::uint16_t>(port);
    if (uri.port && *uri.port != 0) return std::nullopt;
    return error(fmt::format("port {} is not 1 to 65535", in_quotes(port)), "leave ':port' out for the default");
}

std::optional<Error> read_sip(UriView& uri) {
    auto text = uri.opaque;
    // Only an '@' tells whether ';' and '?' before it are the user's.
    if (auto sign = text.find('@'); sign != std::string_view::npos) {
        if (auto wrong = read_user(uri, text.substr(0, sign))) return wrong;
        text.remove_prefix(sign + 1);
        if (text.find('@') != std::string_view::npos)
            return error(fmt::format("more than one '@' in {}", in_quotes(uri.opaque)), "escape the others as '%40'");
    }
    auto [address, headers] = split_once(text, '?');
    auto [host, parameters] = split_once(address, ';');
    if (auto wrong = read_host(uri, host)) return wrong;
    uri.parameters = parameters.value_or("");
    uri.headers = headers.value_or("");
    if (parameters)
        if (auto wrong = check_list("URI parameter", *parameters, ';', grammar::uri_parameter)) return wrong;
    return headers ? check_list("URI header", *headers, '&', grammar::uri_header) : std::nullopt;
}

// RFC 3966 section 3: "+" and digits, or a local number of hex digits, '*' and '#', with visual separators.
std::optional<Error> read_tel(UriView& uri) {
    auto [number, parameters] = split_once(uri.opaque, ';');
    bool global = number.starts_with('+');
    bool digits = false, others = false;
    for (char c : global ? number.substr(1) : number) {
        bool digit = is_digit(c) || (!global && (hex_digit(c) >= 0 || c == '*' || c == '#'));
        digits |= digit;
        others |= !digit && std::string_view("-.()").find(c) == std::string_view::npos;
    }
    if (!digits || others)
        return error(fmt::format("{} is no telephone number", in_quotes(number)), "write e.g. 'tel:+442079460000'");
    uri.has_user = true;
    uri.user = number;
    uri.parameters = parameters.value_or("");
    return parameters ? check_list("URI parameter", *parameters, ';', grammar::uri_parameter) : std::nullopt;
}

std::optional<Error> read_other(const UriView& uri) {
    if (uri.opaque.empty()) return error(fmt::format("nothing after '{}:'", uri.scheme));
    for (char c : uri.opaque)
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '<' || c == '>' || c == '"')
            return error(fmt::format("'{}' in the URI {}", printable({&c, 1}), in_quotes(uri.opaque)));
    return std::nullopt;
}

bool same_number(std::string_view a, std::string_view b) {
    auto digits = [](std::string_view text) {
        auto out = lower(text);
        std::erase_if(out, [](char c) { return c == '-' || c == '.' || c == '(' || c == ')'; });
        return out;
    };
    return digits(a) == digits(b);
}

// One form for all spellings: escapes of reserved characters (RFC 2396) and of '%' stay, others are taken back.
std::string canonical(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto byte = escaped_at(text, i);
        if (byte && std::string_view(";/?:@&=+$,%").find(*byte) == std::string_view::npos) {
            out += *byte;
            i += 2;
        } else if (byte) {
            fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(*byte));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs canonical_pairs(std::string_view text, char mark) {
    Pairs pairs;
    if (text.empty()) return pairs;
    for (auto one : split(text, mark)) {
        auto [name, value] = split_once(one, '=');
        pairs.emplace_back(lower(canonical(name)), lower(canonical(value.value_or(""))));
    }
    std::sort(pairs.begin(), pairs.end());
    return pairs;
}

// These have a default, or route elsewhere: in one URI alone they make it another.
bool matters_alone(std::string_view name) {
    return name == "user" || name == "ttl" || name == "method" || name == "maddr" || name == "transport";
}

// Both sorted by name. True when no parameter of `a` speaks against `b`.
bool agree(const Pairs& a, const Pairs& b) {
    return std::all_of(a.begin(), a.end(), [&](const auto& pair) {
        auto other = std::lower_bound(b.begin(), b.end(), std::pair(pair.first, std::string{}));
        if (other == b.end() || other->first != pair.first) return !matters_alone(pair.first);
        return std::binary_search(other, b.end(), pair);
    });
}

bool equivalent_sip(const UriView& a, const UriView& b) {
    if (a.has_user != b.has_user || canonical(a.user) != canonical(b.user)) return false;
    if (canonical(a.password) != canonical(b.password)) return false;
    if (!iequals(a.host, b.host) || a.port != b.port) return false;
    auto of_a = canonical_pairs(a.parameters, ';'), of_b = canonical_pairs(b.parameters, ';');
    return agree(of_a, of_b) && agree(of_b, of_a) &&
           canonical_pairs(a.headers, '&') == canonical_pairs(b.headers, '&');
}

}  // namespace

Result<UriView> UriView::parse(std::string_view text) {
    auto colon = text.find(':');
    UriView uri;
    uri.scheme = text.substr(0, colon);
    if (text.empty()) return tl::unexpected(error("empty URI"));
    if (text.starts_with('<'))
        return tl::unexpected(error(fmt::format("{} is in brackets", in_quotes(text)), "take off '<' and '>'"));
    if (colon == std::string_view::npos || uri.scheme.empty() || !is_alpha(uri.scheme[0]) ||
        !grammar::scheme.covers(uri.scheme))
        return tl::unexpected(error(fmt::format("no scheme in {}", in_quotes(text))));
    uri.opaque = text.substr(colon + 1);
    auto wrong = uri.is_sip() ? read_sip(uri) : iequals(uri.scheme, "tel") ? read_tel(uri) : read_other(uri);
    if (wrong) return tl::unexpected(std::move(*wrong));
    return uri;
}

bool UriView::is_sip() const { return iequals(scheme, "sip") || iequals(scheme, "sips"); }

std::optional<std::string_view> UriView::parameter(std::string_view name) const {
    return sip::parameter(parameters, name);
}

std::string unescape(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto byte = escaped_at(text, i);
        out += byte.value_or(text[i]);
        if (byte) i += 2;
    }
    return out;
}

std::string escape_user(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (grammar::user.has(c) && c != '%' && c != '#') out += c;
        else fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

bool equivalent(const UriView& a, const UriView& b) {
    if (!iequals(a.scheme, b.scheme)) return false;
    if (a.is_sip()) return equivalent_sip(a, b);
    // RFC 3966 section 4.
    if (iequals(a.scheme, "tel"))
        return same_number(a.user, b.user) &&
               canonical_pairs(a.parameters, ';') == canonical_pairs(b.parameters, ';');
    return a.opaque == b.opaque;
}

}  // namespace trunkbox::sip
