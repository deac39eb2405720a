#include "lcr/deck_options.h"

#include "base/text.h"
#include "lcr/deck_titles.h"

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

tl::unexpected<Error> bad_map(std::string_view key, std::string_view value, std::string fix) {
    return failure(Fault::input, "",
                   fmt::format("map '{}={}' is not understood", printable(key), printable(value)),
                   std::move(fix));
}

}  // namespace

bool is_deck_option(std::string_view key) {
    auto name = normalised(key);
    return name == "date order" || name == "per";
}

Result<DeckOptions> read_deck_options(const ColumnMap& map) {
    DeckOptions options;
    for (const auto& [key, value] : map) {
        if (!is_deck_option(key)) continue;
        auto word = normalised(value);
        if (normalised(key) == "per") {
            auto seconds = parse_integer<std::int64_t>(word);
            if (word == "minute")
                options.per = 60;
            else if (word == "second")
                options.per = 1;
            else if (word == "increment")
                options.per = 0;
            else if (seconds && *seconds >= 1 && *seconds <= 3600)
                options.per = *seconds;
            else
                return bad_map(key, value, "write 'minute', 'second', 'increment' or a number of seconds");
        } else {
            auto order = parse_date_order(value);
            if (!order) return tl::unexpected(order.error());
            options.date_order = *order;
        }
    }
    return options;
}

}  // namespace trunkbox::lcr
