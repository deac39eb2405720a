// What --pcap and --ladder are made from: every datagram of the sockets that share a recorder, once each, in the order
// in which they came.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "net/address.h"
#include "pcap/writer.h"
#include "wire/datagram.h"

namespace trunkbox::wire {

// What a socket is for; only the messages of sip sockets are kept in memory.
enum class Traffic { sip, media };

// A SIP message as it travelled; owns its bytes.
struct Recorded {
    Time time;
    net::Endpoint from, to;
    std::string bytes;
};

class Recorder {
  public:
    struct Config {
        std::string pcap;            // path of the capture file; empty: none
        std::size_t keep = 0;        // SIP messages kept in memory; beyond it the later ones are only counted
    };
    // Error: Fault::system when the capture file cannot be made.
    [[nodiscard]] static Result<Recorder> open(Config config);

    // The sockets call these. A datagram between two of our own sockets is recorded where it arrives, any other one
    // where it is sent or arrives.
    void opened(const net::Endpoint& local);
    void closed(const net::Endpoint& local);
    void sent(const Datagram& datagram, Traffic traffic);
    void received(const Datagram& datagram, Traffic traffic);

    [[nodiscard]] const std::deque<Recorded>& messages() const { return messages_; }
    [[nodiscard]] std::uint64_t not_kept() const { return not_kept_; }

    // The first error of the capture file: from then on nothing more was written to it.
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }
    // Ends the capture file; later datagrams are not written. Gives the first error there was.
    [[nodiscard]] Result<void> close();

  private:
    explicit Recorder(Config config) : config_(std::move(config)) {}
    void record(const Datagram& datagram, Traffic traffic);
    [[nodiscard]] bool is_ours(const net::Endpoint& endpoint) const;

    Config config_;
    std::optional<pcap::Writer> writer_;
    std::optional<Error> error_;
    std::multiset<net::Endpoint> locals_;
    std::deque<Recorded> messages_;
    std::uint64_t not_kept_ = 0;
};

}  // namespace trunkbox::wire
