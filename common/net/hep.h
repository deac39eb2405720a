// HEP, version 3: what capture agents send: a packet's payload with the addresses and the time of the packet that it
// was taken from.
#pragma once

#include <optional>

#include "net/address.h"
#include "net/layer.h"

namespace trunkbox::net {

struct HepPacket {
    Endpoint from{}, to{};
    Transport transport = Transport::udp;
    std::optional<Time> time{};
    Layer payload{};
};

// Nothing: these bytes are no HEP3, or hold no payload.
[[nodiscard]] std::optional<HepPacket> read_hep(const Layer& datagram);

// For what is no HEP at all this says so first.
[[nodiscard]] inline bool may_be_hep(std::string_view bytes) { return bytes.starts_with("HEP3"); }

}  // namespace trunkbox::net
