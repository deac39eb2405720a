// Writes a capture file: pcap, nanoseconds, raw IP packets.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace trunkbox::pcap {

class Writer {
  public:
    // Replaces the file. Error: Fault::system.
    [[nodiscard]] static Result<Writer> create(const std::string& path);
    // Writes what is still buffered; whoever wants to know whether that worked calls close() before.
    ~Writer();
    Writer(Writer&&) noexcept;
    Writer& operator=(Writer&&) noexcept;

    // One packet that begins with its IP header. After an error (disk full) the file is of no further use: every
    // later call gives the same error.
    [[nodiscard]] Result<void> write(Time time, std::string_view packet);
    [[nodiscard]] Result<void> flush();
    [[nodiscard]] Result<void> close();

  private:
    struct State;
    explicit Writer(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace trunkbox::pcap
