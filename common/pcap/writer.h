// Writes a capture file: pcap for packets of one link type, pcapng for packets of any.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "net/datagram.h"
#include "net/packet.h"
#include "pcap/reader.h"

namespace trunkbox::pcap {

struct WriteOptions {
    // Of every packet. Nothing: each packet's own, which takes a pcapng file.
    std::optional<int> link_type = net::link_type_raw_ip;
    Precision precision = Precision::nanoseconds;  // of the times; finer ones are cut off
};

class Writer {
  public:
    // Replaces the file. Error: Fault::system.
    [[nodiscard]] static Result<Writer> create(const std::string& path, const WriteOptions& options = {});
    // Writes what is still buffered; whoever wants to know whether that worked calls close() before.
    ~Writer();
    Writer(Writer&&) noexcept;
    Writer& operator=(Writer&&) noexcept;

    // One packet that begins with the header of the file's link type (raw IP where each has its own). After an error
    // (disk full) the file is of no further use: every later call gives the same error.
    [[nodiscard]] Result<void> write(Time time, std::string_view packet);
    // As it was captured, with its length on the wire. Error also (Fault::input, the file is as it was): its link type
    // is not the file's, or its time is outside what the file can say.
    [[nodiscard]] Result<void> write(const net::Frame& frame);
    [[nodiscard]] Result<void> flush();
    [[nodiscard]] Result<void> close();

  private:
    struct State;
    explicit Writer(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace trunkbox::pcap
