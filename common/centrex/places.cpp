#include "centrex/places.h"

#include <array>

#include <fmt/format.h>

namespace trunkbox::centrex {

std::string address_line(const Row& address) {
    const auto& addresses = table("address");
    auto part = [&](std::string_view column) { return text(cell(addresses, address, column)); };
    auto both = [](const std::string& first, const std::string& second) {
        return first.empty() || second.empty() ? first + second : first + ' ' + second;
    };
    const auto floor = part("floor"), room = part("room");
    std::string line;
    for (const auto& piece : {both(part("house"), part("street")), floor.empty() ? floor : "floor " + floor,
                              room.empty() ? room : "room " + room, both(part("postcode"), part("city")), part("state"),
                              part("country")})
        if (!piece.empty()) line += (line.empty() ? "" : ", ") + piece;
    return line;
}

}  // namespace trunkbox::centrex
