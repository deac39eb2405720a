// A UDP socket on the loop.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "net/address.h"
#include "sofia/loop.h"
#include "wire/datagram.h"
#include "wire/recorder.h"

namespace trunkbox::wire {

class UdpSocket {
  public:
    // Port 0 picks a free one; a port that is taken is an error (Fault::system). The loop and the recorder, which may
    // be null, outlive the socket.
    [[nodiscard]] static Result<UdpSocket> bind(sofia::Loop& loop, const net::Endpoint& local,
                                                Recorder* recorder = nullptr, Traffic traffic = Traffic::sip);
    ~UdpSocket();
    UdpSocket(UdpSocket&&) noexcept;
    UdpSocket& operator=(UdpSocket&&) noexcept;

    [[nodiscard]] const net::Endpoint& local() const;

    // The callbacks may send, and may destroy the socket.
    void on_datagram(std::function<void(const Datagram&)> received);
    void on_unreachable(std::function<void(const Unreachable&)> unreachable);

    // Error: Fault::timeout when the machine has no way to the destination, Fault::system for the rest (too long,
    // buffer full). That it went out says nothing about its arrival.
    Result<void> send(const net::Endpoint& to, std::string_view bytes);

  private:
    struct State;
    explicit UdpSocket(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

// The address that this machine would send from to reach `to`; sends nothing.
[[nodiscard]] Result<net::Ip> source_address(const net::Ip& to);

}  // namespace trunkbox::wire
