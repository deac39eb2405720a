// Where a tool's records go: text, JSON, JSON lines or CSV, to standard output or a file.
#pragma once

#include "base/result.h"
#include "output/value.h"

#include <fstream>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::output {

enum class Format { text, json, jsonl, csv, junit, github };

[[nodiscard]] std::string_view name_of(Format format);
[[nodiscard]] std::optional<Format> format_named(std::string_view name);

// The reader of our standard output went away (`trunkbox … | head`): a reason to end, not to complain.
[[nodiscard]] bool is_broken_pipe(const Error& error);

// Flushes; Fault::system with what the system says if anything written to `stream` was lost. `name` is for
// the error.
[[nodiscard]] Result<void> flush(std::ostream& stream, std::string_view name);

class Printer {
  public:
    enum class Shape {
        one,
        many
    };  // one record, or any number: JSON makes an object of the first, a list of the second

    struct Setup {
        Format format = Format::text;
        Shape shape = Shape::one;
        std::string file = {};  // empty or "-": standard output
        // CSV only. Named: rows are written as they come and a record with another column is a bug.
        // Empty: rows are kept to the end, the columns are all that occurred, in the order of their first
        // occurrence.
        std::vector<std::string> columns = {};
        bool live = true;  // flush each record; off for batches that nobody watches
    };

    // Opens the file at once, so that what cannot be written is known before the work; Fault::system if it
    // cannot. `standard_output` must outlive the printer.
    [[nodiscard]] static Result<Printer> open(Setup setup, std::ostream& standard_output);

    // `text` is the record's form for Format::text; a newline is added if it has none, nothing is written if
    // it is empty.
    [[nodiscard]] Result<void> print(const Record& record, std::string_view text);
    // A record that is a line of JSON already, without its newline; only with Format::jsonl.
    [[nodiscard]] Result<void> print_json_line(std::string_view line);
    // Setup::live from here on.
    void flush_each(bool each) { setup_.live = each; }
    // Must be called once, at the end: writes what had to wait. Fault::system if any of it could not be
    // written.
    [[nodiscard]] Result<void> finish();

    // Where text that belongs to no record goes: a ladder below a call, a whole report in the forms of CI servers.
    // Nothing is written in formats that are made of records.
    [[nodiscard]] Result<void> append(std::string_view text);

    [[nodiscard]] Format format() const { return setup_.format; }

  private:
    Printer(Setup setup, std::ostream& standard_output);
    [[nodiscard]] std::ostream& stream() { return file_ ? *file_ : *standard_output_; }
    [[nodiscard]] Result<void> check();
    void count();
    void print_csv(const Record& record);

    Setup setup_;
    std::ostream* standard_output_;
    std::unique_ptr<std::ofstream> file_;
    std::size_t printed_ = 0;
    Value::Array waiting_;      // JSON, many
    std::vector<Record> rows_;  // CSV without named columns
};

}  // namespace trunkbox::output
