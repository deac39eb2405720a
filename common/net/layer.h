// One layer of a frame while it is taken apart, and how taking it apart may end.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "net/dissector.h"

namespace trunkbox::net {

[[nodiscard]] inline std::uint8_t be8(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}
[[nodiscard]] inline std::uint16_t be16(std::string_view bytes, std::size_t at) {
    std::uint16_t value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return __builtin_bswap16(value);
}
[[nodiscard]] inline std::uint32_t be32(std::string_view bytes, std::size_t at) {
    std::uint32_t value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return __builtin_bswap32(value);
}

// What was captured of a layer, and how long it was on the wire: never less.
struct Layer {
    std::string_view bytes{};
    std::size_t wire = 0;

    [[nodiscard]] bool has(std::size_t count) const { return bytes.size() >= count; }
    [[nodiscard]] bool is_cut() const { return bytes.size() < wire; }
    // What follows the first `count` bytes, which are there.
    [[nodiscard]] Layer behind(std::size_t count) const {
        return {{bytes.data() + count, bytes.size() - count}, wire - count};
    }
    // The first `count` bytes of those on the wire.
    [[nodiscard]] Layer first(std::size_t count) const {
        return {{bytes.data(), std::min(count, bytes.size())}, count};
    }
};

struct Outcome {
    Fate fate = Fate::delivered;
    std::string_view why{};  // a constant
};
// Why it goes no further, if it does not.
using Stop = std::optional<Outcome>;

// For a layer that does not hold the `count` bytes of its header: was it the capture, or does the layer lie?
[[nodiscard]] inline Outcome too_short(const Layer& layer, std::size_t count, std::string_view why) {
    return {layer.wire >= count ? Fate::cut : Fate::damaged, why};
}

}  // namespace trunkbox::net
