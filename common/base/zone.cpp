#include "base/zone.h"

#include "base/late_functions.h"
#include "base/text.h"

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <date/tz.h>
#include <fmt/format.h>

namespace trunkbox {

namespace {

// Loaded by the first zone: most processes live without one, and it takes the dynamic loader longer than all that they do.
// Its functions are C++, of which a library has the mangled names, and a method's `this` is its first argument.
struct DateTz : LateFunctions {
    using LateFunctions::LateFunctions;

    const date::time_zone* (*locate_zone)(std::string_view name) = find("_ZN4date11locate_zoneESt17basic_string_viewIcSt11char_traitsIcEE");
    date::sys_info (*info)(const date::time_zone*, date::sys_seconds) = find(
        "_ZNK4date9time_zone13get_info_implENSt6chrono10time_pointINS1_3_V212system_clock"
        "ENS1_8durationIlSt5ratioILl1ELl1EEEEEE");
    date::local_info (*info_on_the_wall)(const date::time_zone*, date::local_seconds) = find(
        "_ZNK4date9time_zone13get_info_implENSt6chrono10time_pointINS_7local_tENS1_8durationIlSt5ratioILl1ELl1EEEEEE");
};

// Without it no answer that depends on a zone would be right, and few callers have somebody to tell.
const DateTz& date_tz() {
    static const auto loaded = load_functions<DateTz>("libdate-tz.so.3");
    if (!loaded) throw std::system_error(ELIBACC, std::generic_category(), "libdate-tz, of the package libdate-tz3");
    return *loaded;
}

// Null for what is no zone.
const date::time_zone* locate(std::string_view name) {
    const auto& library = date_tz();
    try {
        return library.locate_zone(name);
    } catch (const std::runtime_error&) {  // its way to say that there is none
        return nullptr;
    }
}

tl::unexpected<Error> unknown(std::string_view zone) {
    return failure(Fault::input, "", fmt::format("'{}' is not a time zone", printable(zone)),
                   "write e.g. 'Europe/Paris'");
}

std::chrono::seconds offset_at(const date::time_zone* zone, Time time) {
    return date_tz().info(zone, date::floor<std::chrono::seconds>(time)).offset;
}

}  // namespace

Result<WallClock> wall_clock(Time time, std::string_view zone) {
    const auto* found = locate(zone);
    if (found == nullptr) return unknown(zone);
    auto local = time + offset_at(found, time);
    auto day = date::floor<date::days>(local);
    auto weekday = date::weekday(day).iso_encoding() - 1;
    auto minute = std::chrono::duration_cast<std::chrono::minutes>(local - day).count();
    return WallClock{.weekday = static_cast<int>(weekday), .minute = static_cast<int>(minute)};
}

Result<void> check_zone(std::string_view zone) {
    if (locate(zone) == nullptr) return unknown(zone);
    return {};
}

Result<Time> from_wall_clock(Time local, std::string_view zone) {
    const auto* found = locate(zone);
    if (found == nullptr) return unknown(zone);
    auto seconds = date::local_seconds(date::floor<std::chrono::seconds>(local).time_since_epoch());
    auto info = date_tz().info_on_the_wall(found, seconds);
    if (info.result == date::local_info::nonexistent) return info.first.end;
    return local - info.first.offset;
}

std::string rfc3339_in(Time time, std::string_view zone) {
    const auto* found = locate(zone);
    if (found == nullptr) return rfc3339(time, 0);
    auto offset = offset_at(found, time);
    auto text = rfc3339(time + offset, 0);
    text.pop_back();
    auto minutes = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
    return text + fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60, std::abs(minutes) % 60);
}

}  // namespace trunkbox
