#include "base/text.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

namespace trunkbox {

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = to_lower(c);
    return out;
}

bool alike(std::string_view a, std::string_view b) {
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] != b[i] && to_lower(a[i]) != to_lower(b[i])) return false;
    return true;
}

std::vector<std::string_view> split(std::string_view text, char mark) {
    std::vector<std::string_view> parts;
    for (;;) {
        auto [part, rest] = split_once(text, mark);
        parts.push_back(part);
        if (!rest) return parts;
        text = *rest;
    }
}

std::optional<double> parse_number(std::string_view text) {
    double value{};
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool is_floating_point(std::string_view cell) {
    const auto found = std::ranges::find_if(cell, [](char c) { return c == 'e' || c == 'E'; });
    if (found == cell.begin() || found == cell.end()) return false;
    const auto exponent = static_cast<std::size_t>(found - cell.begin());
    auto mantissa = cell.substr(0, exponent);
    auto power = cell.substr(exponent + 1);
    if (power.starts_with('+') || power.starts_with('-')) power.remove_prefix(1);
    auto of_number = [](char c) { return is_digit(c) || c == '.' || c == ','; };
    return is_digit(mantissa.front()) && std::ranges::all_of(mantissa, of_number) && !power.empty() &&
           std::ranges::all_of(power, is_digit);
}

std::string hex(std::span<const std::uint8_t> bytes) {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (auto byte : bytes) fmt::format_to(std::back_inserter(out), "{:02x}", byte);
    return out;
}

namespace {

// Length of the UTF-8 sequence at the front, 0 if it is none or a control character.
std::size_t utf8_length(std::string_view text) {
    auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (byte(0) < 0x20 || byte(0) == 0x7f) return 0;
    if (byte(0) < 0x80) return 1;
    std::size_t length = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
    if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xc0) != 0x80) return 0;
    // Not the shortest form, a surrogate, beyond U+10FFFF (RFC 3629 section 4).
    if ((byte(0) == 0xe0 && byte(1) < 0xa0) || (byte(0) == 0xed && byte(1) >= 0xa0) ||
        (byte(0) == 0xf0 && byte(1) < 0x90) || (byte(0) == 0xf4 && byte(1) >= 0x90))
        return 0;
    // C1 controls move a terminal's cursor as well as C0 ones do.
    return length == 2 && byte(0) == 0xc2 && byte(1) < 0xa0 ? 0 : length;
}

}  // namespace

std::string printable(std::string_view text, std::size_t most) {
    auto is_plain = [](char c) { return c >= 0x20 && c < 0x7f; };
    if (text.size() <= most && std::ranges::all_of(text, is_plain)) return std::string(text);
    std::string out;
    std::size_t i = 0;
    while (i < text.size() && i < most) {
        auto length = utf8_length(text.substr(i));
        if (length == 0) {
            fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(text[i++]));
        } else {
            out.append(text.substr(i, length));
            i += length;
        }
    }
    if (i < text.size()) out += "...";
    return out;
}

std::string in_quotes(std::string_view text) { return fmt::format("'{}'", printable(text)); }

namespace {

// Letters left out, added, changed, or swapped with the next count one each.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before, above(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before = std::exchange(above, row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            auto same = [&](std::size_t x, std::size_t y) { return to_lower(a[x - 1]) == to_lower(b[y - 1]); };
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same(i, j) ? 0u : 1u)});
            if (i > 1 && j > 1 && same(i, j - 1) && same(i - 1, j)) row[j] = std::min(row[j], before[j - 2] + 1);
        }
    }
    return row[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (auto candidate : candidates) {
        auto distance = edit_distance(word, candidate);
        if (distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

}  // namespace trunkbox
