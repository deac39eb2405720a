#include "lcr/cdr_columns.h"

#include "base/text.h"
#include "lcr/deck_text.h"
#include "lcr/deck_titles.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

struct CdrTitle {
    std::string_view text;  // lower-case, without blanks
    CdrColumn column;
    std::int64_t per_second = 1;
};
// Of several that mean one column, the one that stands first here is it.
constexpr std::array cdr_titles{
    CdrTitle{"number", CdrColumn::number},
    CdrTitle{"called", CdrColumn::number},
    CdrTitle{"callednumber", CdrColumn::number},
    CdrTitle{"calledpartynumber", CdrColumn::number},
    CdrTitle{"calledstationid", CdrColumn::number},
    CdrTitle{"callee", CdrColumn::number},
    CdrTitle{"calleenumber", CdrColumn::number},
    CdrTitle{"calleeid", CdrColumn::number},
    CdrTitle{"dnis", CdrColumn::number},
    CdrTitle{"dialled", CdrColumn::number},
    CdrTitle{"dialed", CdrColumn::number},
    CdrTitle{"diallednumber", CdrColumn::number},
    CdrTitle{"dialednumber", CdrColumn::number},
    CdrTitle{"destinationnumber", CdrColumn::number},
    CdrTitle{"bnumber", CdrColumn::number},
    CdrTitle{"dst", CdrColumn::number},
    CdrTitle{"dstnumber", CdrColumn::number},
    CdrTitle{"dstusername", CdrColumn::number},
    CdrTitle{"dstuser", CdrColumn::number},
    CdrTitle{"dstousername", CdrColumn::number},
    CdrTitle{"dstouser", CdrColumn::number},
    CdrTitle{"tonumber", CdrColumn::number},
    CdrTitle{"touser", CdrColumn::number},
    CdrTitle{"touri", CdrColumn::number},
    CdrTitle{"to", CdrColumn::number},
    CdrTitle{"destination", CdrColumn::number},

    CdrTitle{"start", CdrColumn::start},
    CdrTitle{"starttime", CdrColumn::start},
    CdrTitle{"startstamp", CdrColumn::start},
    CdrTitle{"startuepoch", CdrColumn::start},
    CdrTitle{"startepoch", CdrColumn::start},
    CdrTitle{"callstarttime", CdrColumn::start},
    CdrTitle{"callstart", CdrColumn::start},
    CdrTitle{"startdate", CdrColumn::start},
    CdrTitle{"started", CdrColumn::start},
    CdrTitle{"startedat", CdrColumn::start},
    CdrTitle{"setuptime", CdrColumn::start},
    CdrTitle{"invitetime", CdrColumn::start},
    CdrTitle{"calldate", CdrColumn::start},
    CdrTitle{"timestamp", CdrColumn::start},
    CdrTitle{"datetime", CdrColumn::start},
    CdrTitle{"time", CdrColumn::start},
    CdrTitle{"date", CdrColumn::start},
    CdrTitle{"connecttime", CdrColumn::start},
    CdrTitle{"answertime", CdrColumn::start},
    CdrTitle{"answerstamp", CdrColumn::start},
    CdrTitle{"answer", CdrColumn::start},

    CdrTitle{"billusec", CdrColumn::duration, 1'000'000},
    CdrTitle{"billmsec", CdrColumn::duration, 1000},
    CdrTitle{"billsec", CdrColumn::duration},
    CdrTitle{"billseconds", CdrColumn::duration},
    CdrTitle{"billedseconds", CdrColumn::duration},
    CdrTitle{"billableseconds", CdrColumn::duration},
    CdrTitle{"billedduration", CdrColumn::duration},
    CdrTitle{"billableduration", CdrColumn::duration},
    CdrTitle{"talktime", CdrColumn::duration},
    CdrTitle{"sessiontime", CdrColumn::duration},
    CdrTitle{"acctsessiontime", CdrColumn::duration},
    CdrTitle{"callduration", CdrColumn::duration},
    CdrTitle{"durationms", CdrColumn::duration, 1000},
    CdrTitle{"msduration", CdrColumn::duration, 1000},
    CdrTitle{"durationseconds", CdrColumn::duration},
    CdrTitle{"durationsec", CdrColumn::duration},
    CdrTitle{"duration", CdrColumn::duration},
    CdrTitle{"seconds", CdrColumn::duration},

    CdrTitle{"total", CdrColumn::total},
    CdrTitle{"totalduration", CdrColumn::total},
    CdrTitle{"totalseconds", CdrColumn::total},
    CdrTitle{"elapsed", CdrColumn::total},
    CdrTitle{"uduration", CdrColumn::total, 1'000'000},
    CdrTitle{"mduration", CdrColumn::total, 1000},

    CdrTitle{"from", CdrColumn::from},
    CdrTitle{"fromnumber", CdrColumn::from},
    CdrTitle{"ani", CdrColumn::from},
    CdrTitle{"caller", CdrColumn::from},
    CdrTitle{"callernumber", CdrColumn::from},
    CdrTitle{"calleridnumber", CdrColumn::from},
    CdrTitle{"callerid", CdrColumn::from},
    CdrTitle{"calling", CdrColumn::from},
    CdrTitle{"callingnumber", CdrColumn::from},
    CdrTitle{"callingpartynumber", CdrColumn::from},
    CdrTitle{"callingstationid", CdrColumn::from},
    CdrTitle{"cli", CdrColumn::from},
    CdrTitle{"anumber", CdrColumn::from},
    CdrTitle{"src", CdrColumn::from},
    CdrTitle{"srcnumber", CdrColumn::from},
    CdrTitle{"srcusername", CdrColumn::from},
    CdrTitle{"srcuser", CdrColumn::from},
    CdrTitle{"fromuser", CdrColumn::from},
    CdrTitle{"fromuri", CdrColumn::from},
    CdrTitle{"source", CdrColumn::from},

    CdrTitle{"status", CdrColumn::status},
    CdrTitle{"disposition", CdrColumn::status},
    CdrTitle{"answered", CdrColumn::status},
    CdrTitle{"sipstatus", CdrColumn::status},
    CdrTitle{"sipcode", CdrColumn::status},
    CdrTitle{"siptermstatus", CdrColumn::status},
    CdrTitle{"statuscode", CdrColumn::status},
    CdrTitle{"responsecode", CdrColumn::status},
    CdrTitle{"replycode", CdrColumn::status},
    CdrTitle{"result", CdrColumn::status},

    CdrTitle{"carrier", CdrColumn::carrier},
    CdrTitle{"carriername", CdrColumn::carrier},
    CdrTitle{"provider", CdrColumn::carrier},
    CdrTitle{"vendor", CdrColumn::carrier},
    CdrTitle{"supplier", CdrColumn::carrier},
    CdrTitle{"terminator", CdrColumn::carrier},
    CdrTitle{"gateway", CdrColumn::carrier},
    CdrTitle{"sipgatewayname", CdrColumn::carrier},
    CdrTitle{"trunk", CdrColumn::carrier},

    CdrTitle{"cost", CdrColumn::cost},
    CdrTitle{"billedcost", CdrColumn::cost},
    CdrTitle{"buycost", CdrColumn::cost},
    CdrTitle{"callcost", CdrColumn::cost},
    CdrTitle{"totalcost", CdrColumn::cost},
    CdrTitle{"price", CdrColumn::cost},
    CdrTitle{"charge", CdrColumn::cost},
    CdrTitle{"amount", CdrColumn::cost},

    CdrTitle{"currency", CdrColumn::currency},
    CdrTitle{"pddms", CdrColumn::pdd, 1000},
    CdrTitle{"progressmsec", CdrColumn::pdd, 1000},
    CdrTitle{"pdd", CdrColumn::pdd},
    CdrTitle{"postdialdelay", CdrColumn::pdd},
};

constexpr std::array<std::string_view, cdr_column_count> column_names{"number", "start",   "duration", "total",    "from",
                                                                      "status", "carrier", "cost",     "currency", "pdd"};

struct Position {
    CdrColumn column;
    std::size_t place;  // from 0
};
// accountcode, src, dst, dcontext, clid, channel, dstchannel, lastapp, lastdata, start, answer, end, duration, billsec,
// disposition, amaflags
constexpr std::array asterisk{Position{CdrColumn::number, 2},    Position{CdrColumn::start, 9},
                              Position{CdrColumn::duration, 13}, Position{CdrColumn::total, 12},
                              Position{CdrColumn::from, 1},      Position{CdrColumn::status, 14}};
// caller_id_name, caller_id_number, destination_number, context, start_stamp, answer_stamp, end_stamp, duration,
// billsec, hangup_cause, uuid, …
constexpr std::array freeswitch{Position{CdrColumn::number, 2}, Position{CdrColumn::start, 4},
                                Position{CdrColumn::duration, 8}, Position{CdrColumn::total, 7},
                                Position{CdrColumn::from, 1}};

std::string joined(std::string_view title) {
    auto text = normalised(title);
    std::erase(text, ' ');
    return text;
}

struct CdrMeaning {
    const CdrTitle* title = nullptr;
    std::optional<Currency> currency{};
};
CdrMeaning cdr_meaning_of(std::string_view field) {
    constexpr std::size_t longest_title = 100;
    if (field.size() > longest_title) return {};
    auto find = [](std::string_view text) -> const CdrTitle* {
        auto found = std::ranges::find(cdr_titles, text, &CdrTitle::text);
        return found == cdr_titles.end() ? nullptr : &*found;
    };
    auto bare = without_unit(normalised(field));
    if (const auto* title = find(joined(field))) return {title, {}};
    return {find(joined(bare.text)), bare.currency};
}

class CdrHeader {
  public:
    CdrHeader(const CsvReader& reader, const CsvRecord& first, const CdrOptions& options)
        : reader_(reader), first_(first), options_(options), map_(options.map) {}

    Result<CdrColumns> read() {
        if (auto done = take_date_order(); !done) return tl::unexpected(done.error());
        if (auto done = follow_map(); !done) return tl::unexpected(done.error());
        columns_.untitled = is_untitled();
        if (!columns_.untitled) {
            if (auto done = follow_titles(); !done) return tl::unexpected(done.error());
            if (options_.dialect != CdrDialect::by_header && !is_complete()) follow_dialect();
        }
        if (auto done = check_complete(); !done) return tl::unexpected(done.error());
        return columns_;
    }

  private:
    [[nodiscard]] std::string where(std::size_t place) const { return reader_.where(first_.fields[place]); }
    std::size_t& place_of(CdrColumn column) { return columns_.places[static_cast<std::size_t>(column)]; }

    // A title, or a number from 1.
    [[nodiscard]] Result<std::size_t> find(std::string_view theirs) const {
        auto number = parse_integer<std::size_t>(theirs);
        if (number && *number >= 1 && *number <= first_.fields.size()) return *number - 1;
        auto wanted = joined(theirs);
        for (std::size_t i = 0; !number && i < first_.fields.size(); ++i)
            if (joined(first_.fields[i].text) == wanted) return i;
        return failure(Fault::input, where(0), fmt::format("file of calls has no column '{}'", printable(theirs)),
                       fmt::format("name one of its titles, or a number from 1 to {}", first_.fields.size()));
    }

    Result<void> take_date_order() {
        auto found = std::ranges::find(map_, "date order", [](const auto& entry) { return normalised(entry.first); });
        if (found == map_.end()) return {};
        auto order = parse_date_order(found->second);
        if (!order) return tl::unexpected(order.error());
        columns_.date_order = *order;
        map_.erase(found);
        return {};
    }

    Result<void> follow_map() {
        for (const auto& [ours, theirs] : map_) {
            auto known = std::ranges::find(column_names, lower(ours));
            if (known == column_names.end()) {
                auto near = nearest(ours, column_names);
                return failure(Fault::usage, "",
                               fmt::format("map '{}={}' names no column of calls", printable(ours), printable(theirs)),
                               near.empty() ? fmt::format("write one of {}", fmt::join(column_names, ", "))
                                            : fmt::format("did you mean '{}'?", near));
            }
            auto place = find(theirs);
            if (!place) return tl::unexpected(place.error());
            columns_.places[static_cast<std::size_t>(known - column_names.begin())] = *place;
        }
        return {};
    }

    // All that is needed is numbered, and what stands there is a number already.
    [[nodiscard]] bool is_untitled() const {
        for (const auto& [ours, theirs] : map_)
            if (!parse_integer<std::size_t>(theirs)) return false;
        if (!is_complete()) return false;
        auto cell = clean_cell(first_.fields[columns_.place(CdrColumn::start)].text);
        return !cell.empty() && is_digit(cell.front());
    }

    [[nodiscard]] bool is_complete() const {
        return std::ranges::all_of(needed_columns, [&](CdrColumn column) { return columns_.has(column); });
    }

    Result<void> follow_titles() {
        std::array<const CdrTitle*, cdr_column_count> best{};
        auto mapped = columns_;
        for (std::size_t i = 0; i < first_.fields.size(); ++i) {
            auto [title, currency] = cdr_meaning_of(first_.fields[i].text);
            if (title == nullptr || mapped.has(title->column)) continue;
            if (std::ranges::find(mapped.places, i) != mapped.places.end()) continue;
            auto& before = best[static_cast<std::size_t>(title->column)];
            if (before == title)
                return failure(Fault::input, where(i),
                               fmt::format("column '{}' stands twice", printable(first_.fields[i].text)),
                               fmt::format("say which of them with a map, e.g. '{}={}'",
                                           name(title->column), i + 1));
            if (title->text == "duration") plain_duration_ = i;
            if (before != nullptr && before < title) continue;
            before = title;
            place_of(title->column) = i;
            columns_.per_second[static_cast<std::size_t>(title->column)] = title->per_second;
            if (currency) columns_.currency = currency;
        }
        // Where billed seconds stand beside it, "duration" has the ringing in it.
        if (plain_duration_ && columns_.place(CdrColumn::duration) != *plain_duration_ &&
            !columns_.has(CdrColumn::total))
            place_of(CdrColumn::total) = *plain_duration_;
        return {};
    }

    void follow_dialect() {
        columns_ = {.date_order = columns_.date_order};
        columns_.untitled = true;
        auto take = [&](std::span<const Position> positions) {
            for (auto [column, place] : positions) place_of(column) = place;
        };
        if (options_.dialect == CdrDialect::asterisk) take(asterisk);
        if (options_.dialect == CdrDialect::freeswitch) take(freeswitch);
        for (const auto& [ours, theirs] : map_)
            if (auto place = find(theirs))
                place_of(static_cast<CdrColumn>(std::ranges::find(column_names, lower(ours)) - column_names.begin())) = *place;
    }

    [[nodiscard]] Result<void> check_complete() const {
        for (auto column : needed_columns) {
            if (columns_.has(column)) continue;
            bool transactions = std::ranges::any_of(
                first_.fields, [](const CsvField& field) { return joined(field.text) == "totag"; });
            if (column == CdrColumn::duration && transactions)
                return failure(Fault::input, where(0), "records are of SIP transactions and have no duration",
                               "export the calls that they make up, in Kamailio the 'cdrs' or 'acc_cdrs' table");
            return failure(Fault::input, where(0), fmt::format("no column '{}'", name(column)),
                           "begin the file with a header, e.g. 'number,start,duration', or say with --map which it is");
        }
        return {};
    }

    const CsvReader& reader_;
    const CsvRecord& first_;
    const CdrOptions& options_;
    std::map<std::string, std::string, std::less<>> map_;  // of columns
    std::optional<std::size_t> plain_duration_;
    CdrColumns columns_;
};

}  // namespace

std::string_view name(CdrColumn column) {
    return column_names[static_cast<std::size_t>(column)];
}

std::optional<CdrDialect> parse_cdr_dialect(std::string_view name) {
    if (iequals(name, "asterisk")) return CdrDialect::asterisk;
    if (iequals(name, "freeswitch")) return CdrDialect::freeswitch;
    return std::nullopt;
}

Result<CdrColumns> read_cdr_columns(const CsvReader& reader, const CsvRecord& first, const CdrOptions& options) {
    return CdrHeader(reader, first, options).read();
}

}  // namespace trunkbox::lcr
