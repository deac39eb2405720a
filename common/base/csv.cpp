#include "base/csv.h"

#include <algorithm>
#include <array>
#include <bit>

#include <fmt/format.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

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

constexpr bool ends_quoted(char c) {
    return c == '"' || c == '\n' || c == '\r' || c == '\0';
}

constexpr std::size_t block_size = 64;

// A bit for each byte, of up to 64, that a field without quotes goes up to.
std::uint64_t marks_of(std::string_view bytes, char separator) {
    std::uint64_t marks = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        marks |= std::uint64_t{bytes[i] == separator || ends_quoted(bytes[i])} << i;
    return marks;
}

// The same of 64 bytes that are there. Decks have hundreds of millions.
std::uint64_t marks_of_block(const char* bytes, char separator) {
#if defined(__SSE2__)
    auto marks_of_16 = [&](const char* at) {
        __m128i part = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        auto is = [&](char c) { return _mm_cmpeq_epi8(part, _mm_set1_epi8(c)); };
        __m128i ends = _mm_or_si128(_mm_or_si128(is('\n'), is('\r')), _mm_or_si128(is('"'), is('\0')));
        return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(ends, is(separator)))));
    };
    return marks_of_16(bytes) | marks_of_16(bytes + 16) << 16U | marks_of_16(bytes + 32) << 32U | marks_of_16(bytes + 48) << 48U;
#else
    return marks_of({bytes, block_size}, separator);
#endif
}

}  // namespace

CsvReader::CsvReader(std::string_view text, std::string name, char separator)
    : text_(text), name_(std::move(name)), separator_(separator) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
    if (separator_ == 0) separator_ = detect_separator(text_);
    mark(0);
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

// Where the first record begins at `place` or behind it. One begins at `begin`, and a line ends one where as many quotes
// were opened as closed; doubled ones change nothing.
std::size_t CsvReader::record_behind(std::size_t begin, std::size_t place) const {
    auto before = text_.substr(begin, place - begin);
    before.remove_prefix(std::min(before.find('"'), before.size()));  // most decks have none, which is found quickly
    bool quoted = std::ranges::count(before, '"') % 2 != 0;
    for (; place < text_.size(); ++place) {
        if (text_[place] == '"') quoted = !quoted;
        if (text_[place] == '\n' && !quoted) return place + 1;
    }
    return place;
}

std::vector<CsvReader> CsvReader::parts(std::size_t count) const {
    std::vector<CsvReader> all;
    auto share = (text_.size() - place_) / std::max<std::size_t>(count, 1) + 1;
    for (auto begin = place_; begin < text_.size();) {
        auto end = text_.size() - begin > share ? record_behind(begin, begin + share) : text_.size();
        auto& part = all.emplace_back(*this);
        part.text_ = text_.substr(0, end);
        part.place_ = part.line_start_ = begin;
        if (begin != place_) part.line_ = 1;
        part.mark(begin);
        begin = end;
    }
    return all;
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
            auto end = find_mark();
            record.fields.push_back({.text = text_.substr(place_, end - place_), .line = line_, .column = column()});
            place_ = end;
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

void CsvReader::mark(std::size_t block) {
    block_ = block;
    auto left = text_.substr(block);
    marks_ = left.size() < block_size ? marks_of(left, separator_) : marks_of_block(left.data(), separator_);
}

// The first byte from place_ on that a field without quotes goes up to, or the end.
std::size_t CsvReader::find_mark() {
    if (place_ - block_ >= block_size) mark(place_);
    auto marks = marks_ >> (place_ - block_);
    if (marks != 0) return place_ + static_cast<std::size_t>(std::countr_zero(marks));
    while (text_.size() - block_ > block_size) {
        mark(block_ + block_size);
        if (marks_ != 0) return block_ + static_cast<std::size_t>(std::countr_zero(marks_));
    }
    return text_.size();
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
