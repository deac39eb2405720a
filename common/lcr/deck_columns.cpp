#include "lcr/deck_columns.h"

#include "base/text.h"

#include <vector>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

struct Title {
    std::string_view text;  // lower-case, words parted by one blank
    Column column;
};

constexpr std::array titles{
    Title{"prefix", Column::prefix},
    Title{"code", Column::prefix},
    Title{"dial code", Column::prefix},
    Title{"destination", Column::destination},
    Title{"name", Column::destination},
    Title{"rate", Column::rate},
    Title{"rate per minute", Column::rate},
    Title{"per minute cost", Column::rate},
    Title{"currency", Column::currency},
    Title{"connect fee", Column::connect_fee},
    Title{"connect cost", Column::connect_fee},
    Title{"setup fee", Column::connect_fee},
    Title{"setup", Column::connect_fee},
    Title{"minimum", Column::minimum},
    Title{"min time", Column::minimum},
    Title{"first interval", Column::minimum},
    Title{"increment", Column::increment},
    Title{"interval", Column::increment},
    Title{"sub interval", Column::increment},
    Title{"effective", Column::effective},
    Title{"effective date", Column::effective},
    Title{"start date", Column::effective},
    Title{"end", Column::end},
    Title{"end date", Column::end},
    Title{"expires", Column::end},
    Title{"blocked", Column::blocked},
    Title{"status", Column::status},
};

std::string normalised(std::string_view text) {
    auto name = lower(trim(text));
    for (char& c : name)
        if (c == '_' || c == '-') c = ' ';
    return name;
}

tl::unexpected<Error> unknown(const CsvReader& reader, const CsvField& field, std::string_view name) {
    std::vector<std::string_view> known;
    for (const auto& title : titles) known.push_back(title.text);
    auto near = nearest(name, known);
    auto fix = near.empty() ? std::string(
                                  "columns are prefix, destination, rate, currency, connect fee, minimum, "
                                  "increment, effective, end, blocked, status")
                            : fmt::format("did you mean '{}'?", near);
    return failure(Fault::input, reader.where(field),
                   fmt::format("column '{}' is not known", printable(name)), fix);
}

}  // namespace

Result<Columns> read_columns(const CsvReader& reader, const CsvRecord& header) {
    Columns columns;
    for (std::size_t i = 0; i < header.fields.size(); ++i) {
        const auto& field = header.fields[i];
        auto name = normalised(field.text);
        const Title* found = nullptr;
        for (const auto& title : titles)
            if (title.text == name) found = &title;
        if (found == nullptr) return unknown(reader, field, name);
        auto& place = columns[static_cast<std::size_t>(found->column)];
        if (place)
            return failure(
                Fault::input, reader.where(field),
                fmt::format("column '{}' means the same as column {}", printable(name), *place + 1),
                "keep one of them");
        place = i;
    }
    for (auto [column, name] : {std::pair{Column::prefix, "prefix"}, std::pair{Column::rate, "rate"}})
        if (!columns[static_cast<std::size_t>(column)])
            return failure(Fault::input, reader.where(header.fields.front()),
                           fmt::format("no column '{}'", name),
                           "begin the deck with a header row, e.g. 'prefix,destination,rate'");
    return columns;
}

}  // namespace trunkbox::lcr
