// Reads a capture file: pcap and pcapng, microseconds and nanoseconds, either byte order.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace trunkbox::pcap {

struct Packet {
    Time time;
    int link_type = 0;               // of the registry that capture files use: 1 Ethernet, 101 raw IP …
    std::string_view bytes;          // what was captured; valid until the next packet is asked for
    std::uint32_t original_length = 0;  // on the wire; more than bytes holds when the capture was cut short
};

class Reader {
  public:
    // Error: Fault::system when it cannot be read, Fault::input when it is no capture.
    [[nodiscard]] static Result<Reader> open(const std::string& path);
    ~Reader();
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;

    // Nothing at the end of the file. Error (Fault::input, with the number of the packet) where the file is cut or
    // damaged; what came before it was sound.
    [[nodiscard]] Result<std::optional<Packet>> next();

  private:
    struct State;
    explicit Reader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace trunkbox::pcap
