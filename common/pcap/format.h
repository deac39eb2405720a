// The two formats of a capture file, read from a window.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "base/time.h"
#include "pcap/input.h"
#include "pcap/reader.h"

namespace trunkbox::pcap {

// What no capture of one packet exceeds; a larger one is a lie that would be paid for in memory.
inline constexpr std::uint32_t most_packet_bytes = 262144;

enum class Step : std::uint8_t { packet, end, cut, damaged };

class Format {
  public:
    Format() = default;
    Format(const Format&) = delete;
    Format& operator=(const Format&) = delete;
    virtual ~Format() = default;

    // Fills all of the packet but its number. It borrows from the window.
    [[nodiscard]] virtual Step next(Window& window, Packet& packet) = 0;
    [[nodiscard]] virtual Precision precision() const = 0;
    [[nodiscard]] virtual std::optional<int> link_type() const = 0;

    // Of the step that failed.
    [[nodiscard]] const std::string& why() const { return why_; }

  protected:
    Step damaged(std::string why) {
        why_ = std::move(why);
        return Step::damaged;
    }

  private:
    std::string why_;
};

// Reads the file's header, and of pcapng all up to the first packet. Error: why it is none, without the file's name.
[[nodiscard]] tl::expected<std::unique_ptr<Format>, std::string> open_classic(Window& window);
[[nodiscard]] tl::expected<std::unique_ptr<Format>, std::string> open_ng(Window& window);

// Seconds and nanoseconds since 1970, if we can say them: until 2262.
[[nodiscard]] std::optional<Time> make_time(std::int64_t seconds, std::uint64_t nanoseconds);

// Numbers as they stand in a file: of the other byte order than this machine's, if `swapped`.
template <class T>
[[nodiscard]] T load(const char* at, bool swapped) {
    std::make_unsigned_t<T> value{};
    std::memcpy(&value, at, sizeof(T));
    if (!swapped) return static_cast<T>(value);
    if constexpr (sizeof(T) == 2) return static_cast<T>(__builtin_bswap16(value));
    else if constexpr (sizeof(T) == 4) return static_cast<T>(__builtin_bswap32(value));
    else return static_cast<T>(__builtin_bswap64(value));
}

}  // namespace trunkbox::pcap
