// Reads a capture file: pcap and pcapng, any resolution of time, either byte order, as it is or packed by gzip or zstd.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "net/datagram.h"

namespace trunkbox::pcap {

// Its bytes are valid until the next one is asked for.
using Packet = net::Frame;

enum class Precision { microseconds, nanoseconds };

struct ReadOptions {
    std::string filter;  // of pcap-filter(7); empty: every packet
};

class Reader {
  public:
    // "-" is standard input. Error: Fault::system when it cannot be read, Fault::input when it is no capture,
    // Fault::usage when the filter is none; that error names the word at fault.
    [[nodiscard]] static Result<Reader> open(const std::string& path, const ReadOptions& options = {});
    ~Reader();
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;

    // Nothing at the end of the file. Error (Fault::input with the number of the packet, Fault::system) where the file
    // is damaged or cannot be read on; what came before it was sound. Packets that the filter passes over are numbered.
    [[nodiscard]] Result<std::optional<Packet>> next();

    // After the end: the file stops within a packet, or within what packs it. What came before was sound.
    [[nodiscard]] const std::optional<Error>& cut() const;

    // Of the first packet's interface and all that were described before it; microseconds if that is all they keep.
    [[nodiscard]] Precision precision() const;
    // The same of the link type; nothing if they differ.
    [[nodiscard]] std::optional<int> link_type() const;

  private:
    struct State;
    explicit Reader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace trunkbox::pcap
