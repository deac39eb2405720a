// CSV records (RFC 4180) over a text that the caller holds, with the place of every field for errors.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox {

struct CsvField {
    std::string_view
        text;  // without its quotes; into the reader's text, or into the record where "" was undone
    std::size_t line = 0;    // from 1
    std::size_t column = 0;  // from 1, in bytes
    bool quoted = false;
};

// Valid until the next record is read into it and as long as the reader's text is.
class CsvRecord {
  public:
    CsvRecord() = default;
    CsvRecord(const CsvRecord&) = delete;
    CsvRecord& operator=(const CsvRecord&) = delete;

    std::vector<CsvField> fields;
    std::size_t line = 0;  // where the record begins
    bool quoted = false;   // any of its fields

  private:
    friend class CsvReader;
    std::deque<std::string> undoubled_;
};

// Reads ',', ';' or tab separated text, quoted fields with line breaks in them, LF, CRLF and a UTF-8 byte
// order mark. Stricter than most: a quote inside a bare field, text behind a closing quote, an unclosed quote,
// a NUL byte and more than 100,000 fields in a record are errors. Empty lines are passed over.
class CsvReader {
  public:
    // separator 0: whichever of ';', tab and ',' stands most often in the first line outside quotes.
    // name: the file in errors, "routes.csv:14:6".
    explicit CsvReader(std::string_view text, std::string name, char separator = 0);

    // False at the end. After an error the reader stands at the end.
    [[nodiscard]] Result<bool> next(CsvRecord& record);
    // Readers of so many parts of what is left, or fewer, about equally long, each from the beginning of a record to the
    // end of one. If the text is well formed, they read together what this one would; if not, one of them says so. The
    // first counts the lines on, the others from 1.
    [[nodiscard]] std::vector<CsvReader> parts(std::size_t count) const;
    [[nodiscard]] std::size_t line() const { return line_; }  // in which it stands
    [[nodiscard]] char separator() const { return separator_; }
    [[nodiscard]] std::string where(const CsvField& field) const;

  private:
    [[nodiscard]] std::size_t find_mark();
    void mark(std::size_t block);
    [[nodiscard]] Result<void> quoted_field(CsvRecord& record);
    [[nodiscard]] tl::unexpected<Error> stray_byte();
    [[nodiscard]] tl::unexpected<Error> bad(std::size_t line, std::size_t column, std::string what,
                                            std::string fix);
    [[nodiscard]] bool at_line_end() const;
    void skip_line_end();
    [[nodiscard]] std::size_t record_behind(std::size_t begin, std::size_t place) const;
    [[nodiscard]] std::size_t column() const { return place_ - line_start_ + 1; }

    std::string_view text_;
    std::string name_;
    char separator_;
    // The bytes that a field without quotes goes up to, of the 64 from block_ on: a bit each, the first one's lowest.
    std::uint64_t marks_ = 0;
    std::size_t block_ = 0;
    std::size_t place_ = 0;
    std::size_t line_ = 1;
    std::size_t line_start_ = 0;
};

}  // namespace trunkbox
