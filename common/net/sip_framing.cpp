#include "net/sip_framing.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace trunkbox::net {

namespace {

// No honest start line or method is longer; what is, is no start line that anybody waits for.
constexpr std::size_t most_line = 65536, most_method = 8192;

constexpr auto token_table = [] {
    std::array<bool, 256> table{};
    for (unsigned c = 0; c < 256; ++c) {
        auto letter = static_cast<char>(c);
        table[c] = c < 128 && (is_alpha(letter) || is_digit(letter) ||
                               std::string_view("-.!%*_+`'~").find(letter) != std::string_view::npos);
    }
    return table;
}();
bool is_token(char c) { return token_table[static_cast<unsigned char>(c)]; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view trim_blanks(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && (is_blank(text.back()) || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

bool is_version(std::string_view text, std::string_view protocol) {
    return text.size() > protocol.size() && istarts_with(text, protocol) && is_digit(text[protocol.size()]);
}

bool may_become(std::string_view text, std::string_view protocol) {
    return text.size() <= protocol.size() && istarts_with(protocol, text);
}

// A whole line: METHOD URI VERSION, of either protocol.
StartLine request_line(std::string_view line) {
    auto first = line.find_first_of(" \t"), last = line.find_last_of(" \t");
    if (first == std::string_view::npos || first == last) return StartLine::none;
    if (trim_blanks(line.substr(first, last - first)).empty()) return StartLine::none;
    auto version = line.substr(last + 1);
    if (is_version(version, "SIP/")) return StartLine::sip;
    return is_version(version, "HTTP/") ? StartLine::http : StartLine::none;
}

// Calls `visit` with the name and the value, still folded, of each header line, until it says true.
template <class Visit>
void each_header(std::string_view header, Visit visit) {
    auto feed = header.find('\n');
    while (feed != std::string_view::npos && feed + 1 < header.size()) {
        auto begin = feed + 1;
        feed = header.find('\n', begin);
        while (feed != std::string_view::npos && feed + 1 < header.size() && is_blank(header[feed + 1]))
            feed = header.find('\n', feed + 1);
        auto line = header.substr(begin, feed == std::string_view::npos ? feed : feed - begin);
        auto colon = line.find(':');
        if (colon != std::string_view::npos && visit(trim_blanks(line.substr(0, colon)), trim(line.substr(colon + 1))))
            return;
    }
}

}  // namespace

StartLine start_line(std::string_view bytes) {
    while (!bytes.empty() && is_blank(bytes.front())) bytes.remove_prefix(1);
    // Most of what is no start line shows it here, before anything is searched.
    auto end = std::find_if_not(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(
                                                                   std::min(bytes.size(), most_method)), is_token);
    auto method = static_cast<std::size_t>(end - bytes.begin());
    if (method == bytes.size()) return method < most_method ? StartLine::unfinished : StartLine::none;
    if (bytes[method] == '/') {
        if (is_version(bytes, "SIP/")) return StartLine::sip;
        if (is_version(bytes, "HTTP/")) return StartLine::http;
        return may_become(bytes, "SIP/") || may_become(bytes, "HTTP/") ? StartLine::unfinished : StartLine::none;
    }
    if (method == 0 || !is_blank(bytes[method])) return StartLine::none;
    auto feed = bytes.substr(0, most_line).find('\n');
    if (feed != std::string_view::npos) return request_line(trim_blanks(bytes.substr(0, feed)));
    return bytes.size() < most_line ? StartLine::unfinished : StartLine::none;
}

std::size_t count_line_ends(std::string_view bytes) {
    return std::min(bytes.find_first_not_of("\r\n"), bytes.size());
}

std::optional<std::size_t> header_end(std::string_view bytes, std::size_t from) {
    for (auto feed = bytes.find('\n', from); feed != std::string_view::npos; feed = bytes.find('\n', feed + 1)) {
        auto rest = bytes.substr(feed + 1);
        if (rest.starts_with('\n')) return feed + 2;
        if (rest.starts_with("\r\n")) return feed + 3;
    }
    return std::nullopt;
}

std::optional<std::size_t> content_length(std::string_view header) {
    std::optional<std::size_t> length;
    each_header(header, [&](std::string_view name, std::string_view value) {
        if (!iequals(name, "content-length") && !iequals(name, "l")) return false;
        constexpr std::uint64_t most = 0x7fffffff;
        auto number = parse_integer<std::uint64_t>(value);
        if (number && *number <= most) length = static_cast<std::size_t>(*number);
        return true;
    });
    return length;
}

bool upgrades_to_web_socket(std::string_view header) {
    // An answer does so with 101 alone.
    if (istarts_with(header, "HTTP/") && header.substr(0, 13).find(" 101") == std::string_view::npos) return false;
    bool upgrades = false;
    each_header(header, [&](std::string_view name, std::string_view value) {
        upgrades = iequals(name, "upgrade") && lower(value).find("websocket") != std::string::npos;
        return upgrades;
    });
    return upgrades;
}

}  // namespace trunkbox::net
