// Text scanners that allocate only where they return a string. ASCII only: SIP, CSV and JSON keys need no more.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trunkbox {

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
[[nodiscard]] constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

[[nodiscard]] std::string lower(std::string_view text);
// In any case; both are of one length.
[[nodiscard]] bool alike(std::string_view a, std::string_view b);
[[nodiscard]] inline bool iequals(std::string_view a, std::string_view b) { return a.size() == b.size() && alike(a, b); }
[[nodiscard]] inline bool istarts_with(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() && alike({text.data(), prefix.size()}, prefix);
}

// Without blanks, tabs, CR and LF at both ends.
[[nodiscard]] constexpr std::string_view trim(std::string_view text) {
    auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    const char* begin = text.data();
    const char* end = begin + text.size();
    while (begin != end && is_blank(*begin)) ++begin;
    while (begin != end && is_blank(end[-1])) --end;
    return {begin, static_cast<std::size_t>(end - begin)};
}

// The part before the first `mark` and the part after it; no mark: {text, nullopt}.
[[nodiscard]] inline std::pair<std::string_view, std::optional<std::string_view>> split_once(std::string_view text,
                                                                                            char mark) {
    auto place = text.find(mark);
    if (place == std::string_view::npos) return {text, std::nullopt};
    return {{text.data(), place}, std::string_view(text.data() + place + 1, text.size() - place - 1)};
}
// Every part between marks, empty ones too.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char mark);

// The whole text as a number, or nothing: no sign for unsigned types, no blanks, no overflow.
template <std::integral T>
[[nodiscard]] std::optional<T> parse_integer(std::string_view text, int base = 10) {
    T value{};
    // Nearly all are decimal and short: those cannot overflow, and need no table of digits.
    if (base == 10 && !text.empty() && text.size() <= std::numeric_limits<T>::digits10 && is_digit(text.front())) {
        std::uint64_t sum = 0;
        for (char c : text) {
            if (!is_digit(c)) return std::nullopt;
            sum = sum * 10 + static_cast<std::uint64_t>(c - '0');
        }
        return static_cast<T>(sum);
    }
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return value;
}
[[nodiscard]] std::optional<double> parse_number(std::string_view text);
// "4.47E+11", "4,47e11": a long number that a spreadsheet kept only the first digits of.
[[nodiscard]] bool is_floating_point(std::string_view cell);

[[nodiscard]] std::string hex(std::span<const std::uint8_t> bytes);

// Printable form for messages to a person: control bytes and bytes >= 0x80 that are no UTF-8 become \xNN,
// cut after `most` bytes with "...".
[[nodiscard]] std::string printable(std::string_view text, std::size_t most = 60);
// … in single quotes, as messages show it.
[[nodiscard]] std::string in_quotes(std::string_view text);

// The candidate that was probably meant, by edit distance (at most a third of the length); empty if none.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace trunkbox
