#include "lcr/durations.h"

#include "base/csv.h"
#include "base/text.h"
#include "lcr/terms.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

constexpr std::size_t most_durations = 100'000;
constexpr std::uint32_t most_weight = 1'000'000'000;

struct Places {
    std::size_t seconds = 0;
    std::size_t weight = 0;
};

Result<Places> read_header(const CsvReader& reader, const CsvRecord& header) {
    std::optional<std::size_t> seconds;
    std::optional<std::size_t> weight;
    for (std::size_t i = 0; i < header.fields.size(); ++i) {
        auto name = lower(trim(header.fields[i].text));
        if (name == "seconds" || name == "duration") seconds = i;
        if (name == "weight" || name == "calls" || name == "share") weight = i;
    }
    if (!seconds || !weight)
        return failure(Fault::input, reader.where(header.fields.front()),
                       fmt::format("no column '{}'", seconds ? "weight" : "seconds"),
                       "begin with the header row 'seconds,weight'");
    return Places{*seconds, *weight};
}

template <class T>
Result<T> whole(const CsvReader& reader, const CsvField& field, T least, T most) {
    auto number = parse_integer<T>(trim(field.text));
    if (!number || *number < least || *number > most)
        return failure(Fault::input, reader.where(field),
                       fmt::format("'{}' is not a whole number from {} to {}", printable(field.text), least, most),
                       "write e.g. '60'");
    return *number;
}

}  // namespace

Result<std::vector<DurationShare>> read_durations(std::string_view csv, std::string_view file) {
    CsvReader reader(csv, std::string(file));
    CsvRecord record;
    auto more = reader.next(record);
    if (!more) return tl::unexpected(more.error());
    if (!*more)
        return failure(Fault::input, std::string(file), "no durations in it", "begin with the header row 'seconds,weight'");
    auto places = read_header(reader, record);
    if (!places) return tl::unexpected(places.error());
    auto width = record.fields.size();
    std::vector<DurationShare> shares;
    std::uint64_t total = 0;
    for (;;) {
        more = reader.next(record);
        if (!more) return tl::unexpected(more.error());
        if (!*more) break;
        if (record.fields.size() != width || shares.size() >= most_durations)
            return failure(Fault::input, reader.where(record.fields.front()),
                           record.fields.size() != width ? "record has another number of fields than the header"
                                                         : "too many durations",
                           "give seconds and weight");
        auto seconds = whole<std::int64_t>(reader, record.fields[places->seconds], 0, longest_call);
        if (!seconds) return tl::unexpected(seconds.error());
        auto weight = whole<std::uint32_t>(reader, record.fields[places->weight], 0, most_weight);
        if (!weight) return tl::unexpected(weight.error());
        total += *weight;
        if (*weight > 0) shares.push_back({*seconds, *weight});
    }
    if (total == 0) return failure(Fault::input, std::string(file), "the weights are all 0", "count the calls");
    return shares;
}

}  // namespace trunkbox::lcr
