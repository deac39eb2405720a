#include "output/printer.h"

#include "output/render.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ostream>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

namespace trunkbox::output {
namespace {

constexpr std::array<std::pair<Format, std::string_view>, 6> names{{{Format::text, "text"},
                                                                    {Format::json, "json"},
                                                                    {Format::jsonl, "jsonl"},
                                                                    {Format::csv, "csv"},
                                                                    {Format::junit, "junit"},
                                                                    {Format::github, "github"}}};

constexpr std::string_view broken_pipe = "broken pipe";

std::string reason(int code) {
    auto message = code == 0 ? std::string("the write failed") : std::generic_category().message(code);
    if (!message.empty() && message[0] >= 'A' && message[0] <= 'Z')
        message[0] = static_cast<char>(message[0] + 32);
    return message;
}

// The cells of one row, each under its column; a cell whose column is not named is a bug of the caller.
std::vector<std::string> csv_row(const std::vector<std::string>& columns, const std::vector<Cell>& cells) {
    std::vector<std::string> texts(columns.size());
    for (const auto& cell : cells) {
        auto place = std::find(columns.begin(), columns.end(), cell.column);
        if (place == columns.end()) throw std::logic_error("no CSV column '" + cell.column + "'");
        texts[static_cast<std::size_t>(place - columns.begin())] = cell.text;
    }
    return texts;
}

}  // namespace

std::string_view name_of(Format format) {
    for (const auto& [value, name] : names)
        if (value == format) return name;
    throw std::logic_error("format without a name");
}

std::optional<Format> format_named(std::string_view name) {
    for (const auto& [value, known] : names)
        if (known == name) return value;
    return std::nullopt;
}

bool is_broken_pipe(const Error& error) {
    return error.fault == Fault::system && error.what == broken_pipe;
}

Result<void> flush(std::ostream& stream, std::string_view name) {
    // The stream keeps no reason; errno is the failed write's when it is read right after.
    if (stream.good()) {
        errno = 0;
        stream.flush();
    }
    if (stream.good()) return {};
    int code = errno;
    if (code == EPIPE) return failure(Fault::system, {}, std::string(broken_pipe));
    return failure(Fault::system, {}, fmt::format("cannot write '{}': {}", name, reason(code)));
}

Printer::Printer(Setup setup, std::ostream& standard_output)
    : setup_(std::move(setup)), standard_output_(&standard_output) {}

Result<Printer> Printer::open(Setup setup, std::ostream& standard_output) {
    Printer printer(std::move(setup), standard_output);
    const auto& file = printer.setup_.file;
    if (file.empty() || file == "-") return printer;
    errno = 0;
    printer.file_ = std::make_unique<std::ofstream>(file, std::ios::binary | std::ios::trunc);
    if (!printer.file_->is_open())
        return failure(Fault::system, {}, fmt::format("cannot write '{}': {}", file, reason(errno)),
                       "choose another file with --output");
    return printer;
}

Result<void> Printer::check() {
    if (!setup_.live && stream().good()) return {};
    return flush(stream(), file_ ? std::string_view(setup_.file) : "standard output");
}

void Printer::print_csv(const Record& record) {
    if (setup_.columns.empty()) {
        rows_.push_back(record);
        return;
    }
    if (printed_ == 1) stream() << csv_line(setup_.columns);
    stream() << csv_line(csv_row(setup_.columns, flatten(record)));
}

void Printer::count() {
    if (++printed_ > 1 && setup_.shape == Shape::one)
        throw std::logic_error("a second record where one was announced");
}

Result<void> Printer::print_json_line(std::string_view line) {
    errno = 0;
    count();
    if (setup_.format != Format::jsonl) throw std::logic_error("a line of JSON for another format");
    stream() << line << '\n';
    return check();
}

Result<void> Printer::print(const Record& record, std::string_view text) {
    errno = 0;
    count();
    switch (setup_.format) {
        case Format::text: stream() << text << (text.empty() || text.back() == '\n' ? "" : "\n"); break;
        case Format::json:
            if (setup_.shape == Shape::many)
                waiting_.emplace_back(record);
            else
                stream() << to_json(record, Layout::indented) << '\n';
            break;
        case Format::jsonl: stream() << to_json(record, Layout::lines) << '\n'; break;
        case Format::csv: print_csv(record); break;
        case Format::junit:
        case Format::github: break;
    }
    return check();
}

Result<void> Printer::append(std::string_view text) {
    errno = 0;
    bool of_records = setup_.format == Format::json || setup_.format == Format::jsonl || setup_.format == Format::csv;
    if (of_records) return {};
    stream() << text << (text.empty() || text.back() == '\n' ? "" : "\n");
    return check();
}

Result<void> Printer::finish() {
    errno = 0;
    if (setup_.format == Format::json && setup_.shape == Shape::many)
        stream() << to_json(Value(std::move(waiting_)), Layout::indented) << '\n';
    if (setup_.format == Format::csv && setup_.columns.empty() && !rows_.empty()) {
        std::vector<std::vector<Cell>> rows;
        std::vector<std::string> columns;
        for (const auto& record : rows_) {
            for (const auto& cell : rows.emplace_back(flatten(record)))
                if (std::find(columns.begin(), columns.end(), cell.column) == columns.end())
                    columns.push_back(cell.column);
        }
        stream() << csv_line(columns);
        for (const auto& cells : rows) stream() << csv_line(csv_row(columns, cells));
    } else if (setup_.format == Format::csv && printed_ == 0 && !setup_.columns.empty()) {
        stream() << csv_line(setup_.columns);  // an empty table still says what it would hold
    }
    setup_.live = true;
    if (auto done = check(); !done || !file_) return done;
    errno = 0;
    file_->close();
    if (file_->fail())
        return failure(Fault::system, {}, fmt::format("cannot write '{}': {}", setup_.file, reason(errno)));
    return {};
}

}  // namespace trunkbox::output
