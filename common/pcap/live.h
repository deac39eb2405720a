// Packets as they come in on an interface of this machine.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "net/datagram.h"
#include "pcap/reader.h"

namespace trunkbox::pcap {

class Live {
  public:
    // "any" is all of them. Error: Fault::usage for a filter that is none, else Fault::system: no such interface, or no
    // permission to listen.
    [[nodiscard]] static Result<Live> open(const std::string& interface, const ReadOptions& options = {});
    ~Live();
    Live(Live&&) noexcept;
    Live& operator=(Live&&) noexcept;

    // Readable when there are packets.
    [[nodiscard]] int descriptor() const;
    // What has come since, without waiting, numbered from 1; its bytes are valid during the call. Error: the interface
    // is gone.
    [[nodiscard]] Result<void> each(const std::function<void(const net::Frame&)>& take);

    [[nodiscard]] int link_type() const;
    [[nodiscard]] Precision precision() const;
    // Packets that came and were not read in time.
    [[nodiscard]] std::uint64_t lost() const;

  private:
    struct State;
    explicit Live(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace trunkbox::pcap
