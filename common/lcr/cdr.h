// Call detail records as switches write them to CSV: one record is one call.
#pragma once

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::lcr {

struct Cdr {
    static constexpr std::uint32_t no_carrier = std::numeric_limits<std::uint32_t>::max();
    std::uint64_t number = 0;  // called, E.164 digits
    std::uint64_t from = 0;    // calling, E.164 digits; 0: not given, or no such number
    Time start{};
    Duration duration{};    // answered part; 0 of a call that was not answered
    Duration occupied{};    // from the start on, ringing included; never less than duration
    Money cost{};           // that was billed, where has_cost
    Currency currency{};    // of cost
    std::uint32_t carrier = no_carrier;  // that took the call, index into CdrReader::carriers()
    bool has_cost = false;
    bool answered = false;
    std::size_t line = 0;  // in the file
};

enum class CdrColumn : std::uint8_t {
    number,    // called
    start,
    duration,  // answered seconds
    total,     // seconds with ringing
    from,      // calling
    status,    // a disposition, a SIP status, yes or no
    carrier,
    cost,
    currency,
    pdd,       // post-dial delay, seconds
};
inline constexpr std::size_t cdr_column_count = 10;
// "number", "start" …: what a map calls them.
[[nodiscard]] std::string_view name(CdrColumn column);

// Files that have no header, the columns in the switch's own order.
enum class CdrDialect : std::uint8_t {
    by_header,
    asterisk,    // cdr_csv: Master.csv
    freeswitch,  // mod_cdr_csv with its example template
};
[[nodiscard]] std::optional<CdrDialect> parse_cdr_dialect(std::string_view name);  // "asterisk", "freeswitch"

struct CdrOptions {
    // Our name of a column to the header's, or to its number from 1: {"number", "Ziel"}, {"duration", "7"}. Where all
    // are numbers and number, start and duration are among them, the file may have no header.
    std::map<std::string, std::string, std::less<>> map{};
    CdrDialect dialect = CdrDialect::by_header;
    std::string zone = "UTC";  // IANA name, of times without an offset; one that is shown twice is the first of the two
    std::string region{};      // ISO 3166 letters: numbers without "+" or "00" are national there; "": they are E.164
    Currency currency{};       // of costs that name none
    bool skip_bad = false;       // leave out records that cannot be understood, and count them
    std::size_t most_bad = 100;  // errors that are kept of these
};

// Recognises a header by the titles that switches and billing systems use (Asterisk, FreeSWITCH, the cdrs and acc_cdrs
// tables of Kamailio, and plain words); columns it does not know are passed over. Start times are RFC 3339,
// "2026-11-22 10:00:00", 14 digits, an epoch in s, ms, µs or ns, or a date as read_date knows it with a time of day behind
// it, of which the map's "date order" is "day first" or "month first" where both could be. A call is answered if its status says so, else if
// it has a duration. The text is read once, from front to end, and nothing is allocated a record.
class CdrReader {
  public:
    // `csv` outlives the reader; `file` is only its name. Errors: no header, a column missing or named twice, an
    // unknown zone, a map that names nothing.
    [[nodiscard]] static Result<CdrReader> open(std::string_view csv, std::string_view file,
                                                const CdrOptions& options = {});
    // How many of the batch were filled, from the front; 0 at the end. A record that cannot be understood is the error,
    // with its FILE:LINE:COLUMN, unless skip_bad; CSV that is none always is. After an error the reader is at its end.
    [[nodiscard]] Result<std::size_t> next(std::span<Cdr> batch);

    [[nodiscard]] bool has(CdrColumn column) const;
    [[nodiscard]] std::span<const std::string> carriers() const;  // seen so far, in order of appearance
    [[nodiscard]] std::size_t skipped() const;
    [[nodiscard]] std::span<const Error> skipped_because() const;  // the first most_bad of them
    [[nodiscard]] const std::string& file() const;

    CdrReader(CdrReader&&) noexcept;
    CdrReader& operator=(CdrReader&&) noexcept;
    ~CdrReader();

  private:
    class Rows;
    explicit CdrReader(std::unique_ptr<Rows> rows);
    std::unique_ptr<Rows> rows_;
};

}  // namespace trunkbox::lcr
