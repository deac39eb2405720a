// What stands in the cells of call records.
#pragma once

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "lcr/deck_dates.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trunkbox::lcr {

// A called or calling number: E.164 with or without "+" or "00", in a sip or tel URI, with separators. region: ISO 3166
// letters that numbers without "+" and "00" are read by.
[[nodiscard]] Result<std::uint64_t> read_cdr_number(std::string_view cell, std::string_view region);

// Seconds, "1:02:03", "2:03", at most longest_call; per_second: 1000 where the column has milliseconds.
[[nodiscard]] Result<Duration> read_cdr_duration(std::string_view cell, std::int64_t per_second);

// Whether a disposition ("ANSWERED", "NO ANSWER"), a SIP status ("200", "486 Busy Here") or a yes or no says that the
// call was answered.
[[nodiscard]] Result<bool> read_cdr_status(std::string_view cell);

// Start times. Neighbours in a file are of one day and mostly of one minute, so what was made of these is kept.
class CdrTimeReader {
  public:
    explicit CdrTimeReader(std::string zone) : zone_(std::move(zone)), utc_(zone_ == "UTC") {}
    // Of "03/04/2026 10:00:00"; where it is unknown, only dates that can be read in one way are.
    void order(DateOrder order) { order_ = order; }
    [[nodiscard]] Result<Time> read(std::string_view cell);

  private:
    // "2026-11-22T10:07:" and what stands behind the seconds, as in the last cell.
    [[nodiscard]] std::optional<Time> in_last_minute(std::string_view cell) const;
    void remember_minute(std::string_view cell, Time time);
    [[nodiscard]] std::optional<Time> wall_time(std::string_view cell);
    [[nodiscard]] std::optional<std::int64_t> day_of(std::string_view date);
    [[nodiscard]] std::optional<Time> from_zone(std::int64_t local_seconds);
    [[nodiscard]] std::optional<Time> at_wall(Time shown);

    std::string zone_;
    bool utc_;
    DateOrder order_ = DateOrder::unknown;
    std::string day_text_;     // the last date
    std::int64_t day_ = 0;     // and its seconds since 1970
    std::int64_t quarter_ = 0;  // of an hour of local time, since 1970, whose offset is known
    std::optional<std::int64_t> offset_;
    std::string minute_text_;  // of the last cell, up to the seconds
    std::string minute_rest_;  // and behind them
    Time minute_{};            // at second 0
};

}  // namespace trunkbox::lcr
