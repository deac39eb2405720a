#include "lcr/deck_text.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace trunkbox::lcr {

namespace {

std::uint8_t byte_at(std::string_view text, std::size_t place) {
    return static_cast<std::uint8_t>(text[place]);
}

constexpr std::string_view no_break_blank = "\xc2\xa0";

// U+00A0, in UTF-8 or alone as Latin-1 has it. At the end of a text an alone A0 may be the last byte of
// another letter in UTF-8 ("à" is C3 A0), so there it must follow ASCII.
bool drop_first_blank(std::string_view& text) {
    if (text.starts_with(no_break_blank))
        text.remove_prefix(2);
    else if (text.starts_with('\xa0'))
        text.remove_prefix(1);
    else
        return false;
    return true;
}
bool drop_last_blank(std::string_view& text) {
    if (text.ends_with(no_break_blank))
        text.remove_suffix(2);
    else if (text.ends_with('\xa0') && (text.size() == 1 || byte_at(text, text.size() - 2) < 0x80))
        text.remove_suffix(1);
    else
        return false;
    return true;
}

std::string_view trim_all(std::string_view text) {
    do text = trim(text);
    while (drop_first_blank(text) || drop_last_blank(text));
    return text;
}

// Of the sequence at `place`, 0 if it is none.
std::size_t sequence_length(std::string_view text, std::size_t place) {
    auto first = byte_at(text, place);
    if (first < 0x80) return 1;
    std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() - place < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte_at(text, place + i) & 0xc0U) != 0x80) return 0;
    auto second = byte_at(text, place + 1);
    bool shortest = (first != 0xe0 || second >= 0xa0) && (first != 0xf0 || second >= 0x90);
    bool in_range = (first != 0xed || second < 0xa0) && (first != 0xf4 || second < 0x90);
    return shortest && in_range ? length : 0;
}

void append_utf8(std::string& out, char16_t letter) {
    auto put = [&](unsigned value) { out += static_cast<char>(value); };
    if (letter < 0x80) {
        put(letter);
    } else if (letter < 0x800) {
        put(0xc0U | letter >> 6U);
        put(0x80U | (letter & 0x3fU));
    } else {
        put(0xe0U | letter >> 12U);
        put(0x80U | (letter >> 6U & 0x3fU));
        put(0x80U | (letter & 0x3fU));
    }
}

// What Windows-1252 has at 80 to 9F; the five bytes it has nothing at are the replacement character.
constexpr std::array<char16_t, 32> windows_1252{
    0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};

}  // namespace

std::string_view clean_odd_cell(std::string_view cell) {
    cell = trim_all(cell);
    if (cell.size() >= 3 && cell.starts_with("=\"") && cell.ends_with('"'))
        cell = trim_all(cell.substr(2, cell.size() - 3));
    if (cell.starts_with('\'')) cell = trim_all(cell.substr(1));
    return cell;
}

bool is_utf8(std::string_view text) {
    for (std::size_t place = 0; place < text.size();) {
        auto length = sequence_length(text, place);
        if (length == 0) return false;
        place += length;
    }
    return true;
}

std::string to_utf8(std::string_view text) {
    if (is_utf8(text)) return std::string(text);
    std::string out;
    out.reserve(text.size() * 2);
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto byte = byte_at(text, i);
        bool special = byte >= 0x80 && byte < 0xa0;
        append_utf8(out, special ? windows_1252[byte - std::size_t{0x80}] : char16_t{byte});
    }
    return out;
}

bool is_formula_error(std::string_view cell) {
    constexpr std::array<std::string_view, 10> errors{"#N/A",  "#REF!",  "#VALUE!", "#NAME?", "#DIV/0!",
                                                      "#NUM!", "#NULL!", "#WERT!",  "#NV",    "#BEZUG!"};
    return std::ranges::any_of(errors, [&](std::string_view error) { return iequals(cell, error); });
}

}  // namespace trunkbox::lcr
