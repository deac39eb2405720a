#include "base/csv.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>

namespace trunkbox {

namespace {

char detect_separator(std::string_view text) {
    // ';' and tab first: a decimal comma must not outvote the separator when they stand equally often.
    constexpr std::array<char, 3> candidates{';', '\t', ','};
    std::array<std::size_t, 3> counts{};
    bool quoted = false;
    for (char c : text) {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '\n' || c == '\r') break;
        for (std::size_t i = 0; i < candidates.size(); ++i)
            if (c == candidates[i]) ++counts[i];
    }
    auto best = std::max_element(counts.begin(), counts.end());
    return *best == 0 ? ',' : candidates[static_cast<std::size_t>(best - counts.begin())];
}

// A field takes more memory than it takes text.
constexpr std::size_t most_fields = 100'000;

constexpr std::uint64_t each_byte = 0x0101010101010101;
constexpr std::uint64_t high_bits = 0x80 * each_byte;

// The high bit of each byte that is less than 0x20, or that is c; above the first of them there may be more.
constexpr std::uint64_t below_blank(std::uint64_t word) {
    return (word - 0x20 * each_byte) & ~word & high_bits;
}
constexpr std::uint64_t equal_to(std::uint64_t word, char c) {
    auto differing = word ^ (static_cast<unsigned char>(c) * each_byte);
    return (differing - each_byte) & ~differing & high_bits;
}

constexpr bool ends_quoted(char c) {
    return c == '"' || c == '\n' || c == '\r' || c == '\0';
}

}  // namespace

CsvReader::CsvReader(std::string_view text, std::string name, char separator)
    : text_(text), name_(std::move(name)), separator_(separator) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
    if (separator_ == 0) separator_ = detect_separator(text_);
    for (char c : {separator_, '\n', '\r', '"', '\0'}) ends_bare_[static_cast<unsigned char>(c)] = true;
}

std::string CsvReader::where(const CsvField& field) const {
    return fmt::format("{}:{}:{}", name_, field.line, field.column);
}

tl::unexpected<Error> CsvReader::bad(std::size_t line, std::size_t column, std::string what,
                                     std::string fix) {
    place_ = text_.size();
    return failure(Fault::input, fmt::format("{}:{}:{}", name_, line, column), std::move(what),
                   std::move(fix));
}

bool CsvReader::at_line_end() const {
    return text_[place_] == '\n' || text_[place_] == '\r';
}

void CsvReader::skip_line_end() {
    if (text_.substr(place_).starts_with("\r\n")) ++place_;
    ++place_;
    ++line_;
    line_start_ = place_;
}

Result<bool> CsvReader::next(CsvRecord& record) {
    record.fields.clear();
    if (!record.undoubled_.empty()) record.undoubled_.clear();
    record.quoted = false;
    while (place_ < text_.size() && at_line_end()) skip_line_end();
    if (place_ == text_.size()) return false;
    record.line = line_;
    for (;;) {
        if (record.fields.size() == most_fields)
            return bad(line_, column(), fmt::format("record has more than {} fields", most_fields),
                       "break the lines of the file");
        if (place_ < text_.size() && text_[place_] == '"') {
            if (auto done = quoted_field(record); !done) return tl::unexpected(done.error());
        } else {
            bare_field(record);
        }
        if (place_ == text_.size()) return true;
        if (text_[place_] == separator_) {
            ++place_;
        } else if (at_line_end()) {
            skip_line_end();
            return true;
        } else {
            return stray_byte();
        }
    }
}

// Decks have hundreds of millions of these: eight bytes at a time, little-endian, as all that runs this is.
void CsvReader::bare_field(CsvRecord& record) {
    const char* begin = text_.data() + place_;
    const char* end = text_.data() + text_.size();
    const char* at = begin;
    auto ends = [&] { return ends_bare_[static_cast<unsigned char>(*at)]; };
    while (end - at >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, 8);
        auto flags = below_blank(word) | equal_to(word, '"') | equal_to(word, separator_);
        at += flags == 0 ? 8 : std::countr_zero(flags) / 8;
        if (flags == 0) continue;
        if (ends()) break;
        ++at;  // another control character
    }
    if (end - at < 8)
        while (at != end && !ends()) ++at;
    auto length = static_cast<std::size_t>(at - begin);
    record.fields.push_back({.text = {begin, length}, .line = line_, .column = column()});
    place_ += length;
}

tl::unexpected<Error> CsvReader::stray_byte() {
    if (text_[place_] == '\0') return bad(line_, column(), "NUL byte", "save the file as CSV text in UTF-8");
    return bad(line_, column(), "quote inside a field that is not quoted",
               "quote the whole field and double the quotes in it");
}

Result<void> CsvReader::quoted_field(CsvRecord& record) {
    CsvField field{.line = line_, .column = column(), .quoted = true};
    record.quoted = true;
    auto begin = ++place_;
    std::string* undoubled = nullptr;
    for (;;) {
        while (place_ < text_.size() && !ends_quoted(text_[place_])) ++place_;
        if (place_ == text_.size())
            return bad(field.line, field.column, "quote is never closed", "close it with '\"'");
        if (text_[place_] == '\0') return stray_byte();
        if (at_line_end()) {
            skip_line_end();
            continue;
        }
        if (!text_.substr(place_ + 1).starts_with('"')) break;
        if (undoubled == nullptr) undoubled = &record.undoubled_.emplace_back();
        undoubled->append(text_.substr(begin, place_ + 1 - begin));
        place_ += 2;
        begin = place_;
    }
    field.text = text_.substr(begin, place_ - begin);
    if (undoubled != nullptr) field.text = undoubled->append(field.text);
    ++place_;
    if (place_ < text_.size() && text_[place_] != separator_ && !at_line_end())
        return bad(line_, column(), "text behind a closing quote", "double the quotes inside a quoted field");
    record.fields.push_back(field);
    return {};
}

}  // namespace trunkbox
