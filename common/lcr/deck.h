// A rate deck: what one carrier asks for calls, by prefix, as its CSV file says.
#pragma once

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "numbering/prefix.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::lcr {

struct DeckRow {
    numbering::Prefix prefix;
    std::string destination{};
    Money rate{};  // a minute
    Currency currency{};
    Money connect_fee{};              // once for an answered call
    std::int64_t minimum = 0;         // seconds that are billed at least
    std::int64_t increment = 1;       // seconds, at least 1; what is past the minimum is rounded up to these
    std::optional<Time> effective{};  // in force from here on (included); none: always was
    std::optional<Time> end{};        // to here (excluded); none: for good
    bool blocked = false;             // the carrier does not take these calls
    std::size_t line = 0;             // in the file
    bool operator==(const DeckRow&) const = default;
};

struct Deck {
    std::string file{};
    std::vector<DeckRow> rows{};
};

// The first record names the columns (case, blanks and '_' aside):
//   prefix | code | dial code                  required; "44", "+44"
//   rate | rate per minute | per minute cost   required unless the row is blocked; a minute
//   destination | name, currency (EUR when absent), connect fee | setup fee | connect cost,
//   minimum | min time | first interval, increment | interval | sub interval (seconds, or "30/6" in
//   increment), effective | effective date | start date, end | end date | expires (RFC 3339, or YYYY-MM-DD
//   for that day 00:00 UTC), blocked (yes/no) , status (active/open or blocked/closed)
// A semicolon-separated deck may write decimal commas. The first row that cannot be understood is the error,
// with its FILE:LINE:COLUMN; `file` is only its name.
[[nodiscard]] Result<Deck> read_deck(std::string_view csv, std::string_view file);

}  // namespace trunkbox::lcr
