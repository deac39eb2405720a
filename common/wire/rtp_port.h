// An RTP port and its RTCP port, the next one above (RFC 3550 section 11).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "wire/udp_socket.h"

namespace trunkbox::wire {

// Both ends included; the even ports in it that have their odd neighbour in it too are used.
struct PortRange {
    std::uint16_t first = 0;
    std::uint16_t last = 0;
};

class RtpPort {
  public:
    // Without a range the system picks. Error: Fault::system when no pair is free.
    [[nodiscard]] static Result<RtpPort> bind(sofia::Loop& loop, const net::Ip& local,
                                              std::optional<PortRange> range = std::nullopt,
                                              Recorder* recorder = nullptr);

    [[nodiscard]] const net::Endpoint& local() const { return rtp_.local(); }  // even
    [[nodiscard]] const net::Endpoint& local_rtcp() const { return rtcp_.local(); }

    void on_rtp(std::function<void(const Datagram&)> received) { rtp_.on_datagram(std::move(received)); }
    void on_rtcp(std::function<void(const Datagram&)> received) { rtcp_.on_datagram(std::move(received)); }
    void on_unreachable(std::function<void(const Unreachable&)> unreachable) {
        rtp_.on_unreachable(std::move(unreachable));
    }

    Result<void> send_rtp(const net::Endpoint& to, std::string_view bytes) { return rtp_.send(to, bytes); }
    Result<void> send_rtcp(const net::Endpoint& to, std::string_view bytes) { return rtcp_.send(to, bytes); }

  private:
    RtpPort(UdpSocket rtp, UdpSocket rtcp) : rtp_(std::move(rtp)), rtcp_(std::move(rtcp)) {}
    UdpSocket rtp_, rtcp_;
};

}  // namespace trunkbox::wire
