#include "base/zone.h"

#include "base/text.h"

#include <stdexcept>

// How Debian builds the library; its classes differ without.
#define USE_OS_TZDB 1
#include <date/tz.h>
#include <fmt/format.h>

namespace trunkbox {

namespace {

const date::time_zone* locate(std::string_view name) {
    try {
        return date::locate_zone(name);
    } catch (const std::runtime_error&) {  // the library's way to say that there is none
        return nullptr;
    }
}

tl::unexpected<Error> unknown(std::string_view zone) {
    return failure(Fault::input, "", fmt::format("'{}' is not a time zone", printable(zone)),
                   "write e.g. 'Europe/Paris'");
}

}  // namespace

Result<WallClock> wall_clock(Time time, std::string_view zone) {
    const auto* found = locate(zone);
    if (found == nullptr) return unknown(zone);
    auto local = found->to_local(time);
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
    return found->to_sys(date::local_time<Duration>(local.time_since_epoch()), date::choose::earliest);
}

std::string rfc3339_in(Time time, std::string_view zone) {
    const auto* found = locate(zone);
    if (found == nullptr) return rfc3339(time, 0);
    auto offset = found->get_info(date::floor<std::chrono::seconds>(time)).offset;
    auto text = rfc3339(time + offset, 0);
    text.pop_back();
    auto minutes = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
    return text + fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60, std::abs(minutes) % 60);
}

}  // namespace trunkbox
