// What is judged: the bytes of one datagram or one framed message, as the wire or the capture gave them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "net/address.h"

namespace trunkbox::sbc {

// Borrows `bytes`; they must live as long as the judging takes.
struct Packet {
    Time time{};
    net::Endpoint from{};
    net::Endpoint to{};
    net::Transport transport = net::Transport::udp;
    std::string_view bytes{};
    bool cut = false;                   // the capture holds less of it than the wire did
    std::vector<std::uint64_t> frames{};  // of the capture; empty on a live wire
};

}  // namespace trunkbox::sbc
