#include "numbering/ported.h"

#include "base/csv.h"
#include "base/text.h"
#include "numbering/dialled.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::numbering {

namespace {

Result<E164> number_in(const CsvReader& reader, const CsvField& field) {
    auto dialled = read_dialled(field.text);
    if (!dialled || !dialled->number)
        return failure(Fault::input, reader.where(field), fmt::format("{} is not an E.164 number", in_quotes(field.text)),
                       "write e.g. '+12125550123,+12125550199'");
    return *dialled->number;
}

bool is_header(const CsvRecord& record) {
    return std::ranges::none_of(record.fields, [](const CsvField& field) {
        return std::ranges::any_of(field.text, is_digit);
    });
}

}  // namespace

Result<PortedNumbers> PortedNumbers::read(std::string_view csv, const std::string& file) {
    CsvReader reader(csv, file);
    CsvRecord record;
    PortedNumbers ported;
    for (bool first = true;; first = false) {
        auto more = reader.next(record);
        if (!more) return tl::unexpected(more.error());
        if (!*more) break;
        if (record.fields.size() < 2)
            return failure(Fault::input, reader.where(record.fields.front()), "no routing number in this line",
                           "write e.g. '+12125550123,+12125550199'");
        if (first && is_header(record)) continue;
        auto number = number_in(reader, record.fields[0]);
        if (!number) return tl::unexpected(number.error());
        auto routing = number_in(reader, record.fields[1]);
        if (!routing) return tl::unexpected(routing.error());
        ported.numbers_.push_back({*number, *routing});
    }
    auto& numbers = ported.numbers_;
    std::ranges::sort(numbers);
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    auto twice = std::ranges::adjacent_find(numbers, {}, &Ported::number);
    if (twice != numbers.end())
        return failure(Fault::input, file,
                       fmt::format("'{}' has the routing numbers '{}' and '{}'", twice->number.text(),
                                   twice->routing.text(), std::next(twice)->routing.text()),
                       "keep the one in force");
    return ported;
}

std::optional<E164> PortedNumbers::routing_number(const E164& number) const {
    auto found = std::ranges::lower_bound(numbers_, number, {}, &Ported::number);
    if (found == numbers_.end() || found->number != number) return std::nullopt;
    return found->routing;
}

}  // namespace trunkbox::numbering
