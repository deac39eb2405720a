#include "base/csv.h"

#include <algorithm>
#include <array>

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

}  // namespace

CsvReader::CsvReader(std::string_view text, std::string name, char separator)
    : text_(text), name_(std::move(name)), separator_(separator) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
    if (separator_ == 0) separator_ = detect_separator(text_);
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
    record.undoubled_.clear();
    while (place_ < text_.size() && at_line_end()) skip_line_end();
    if (place_ == text_.size()) return false;
    record.line = line_;
    for (;;) {
        bool quoted = place_ < text_.size() && text_[place_] == '"';
        auto field = quoted ? quoted_field(record) : bare_field();
        if (!field) return tl::unexpected(field.error());
        record.fields.push_back(*field);
        if (place_ == text_.size()) return true;
        if (at_line_end()) {
            skip_line_end();
            return true;
        }
        ++place_;  // the separator
    }
}

Result<CsvField> CsvReader::bare_field() {
    CsvField field{.line = line_, .column = column()};
    auto begin = place_;
    while (place_ < text_.size() && text_[place_] != separator_ && !at_line_end()) {
        if (text_[place_] == '"')
            return bad(line_, column(), "quote inside a field that is not quoted",
                       "quote the whole field and double the quotes in it");
        if (text_[place_] == '\0')
            return bad(line_, column(), "NUL byte", "save the file as CSV text in UTF-8");
        ++place_;
    }
    field.text = text_.substr(begin, place_ - begin);
    return field;
}

Result<CsvField> CsvReader::quoted_field(CsvRecord& record) {
    CsvField field{.line = line_, .column = column(), .quoted = true};
    auto begin = ++place_;
    std::string* undoubled = nullptr;
    for (;;) {
        if (place_ == text_.size())
            return bad(field.line, field.column, "quote is never closed", "close it with '\"'");
        if (text_[place_] == '\0')
            return bad(line_, column(), "NUL byte", "save the file as CSV text in UTF-8");
        if (text_[place_] == '"') {
            if (!text_.substr(place_ + 1).starts_with('"')) break;
            if (undoubled == nullptr) undoubled = &record.undoubled_.emplace_back();
            undoubled->append(text_.substr(begin, place_ + 1 - begin));
            place_ += 2;
            begin = place_;
        } else if (at_line_end()) {
            skip_line_end();
        } else {
            ++place_;
        }
    }
    field.text = text_.substr(begin, place_ - begin);
    if (undoubled != nullptr) field.text = undoubled->append(field.text);
    ++place_;
    if (place_ < text_.size() && text_[place_] != separator_ && !at_line_end())
        return bad(line_, column(), "text behind a closing quote", "double the quotes inside a quoted field");
    return field;
}

}  // namespace trunkbox
