// What a socket hands up: bytes, addresses and one time stamp, before any parser has seen them.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "net/address.h"

namespace trunkbox::wire {

struct Datagram {
    Time time;                // of arrival: the kernel's stamp, on the scale of the loop's now()
    net::Endpoint from, to;   // `to` is the address it was really sent to, also on a socket bound to 0.0.0.0
    std::string_view bytes;   // up to 65535, may be empty; valid during the callback
};

// The network said that a datagram of ours did not arrive (ICMP). Never dressed as an answer.
struct Unreachable {
    Time time;
    net::Endpoint to;    // where ours was sent
    std::string reason;  // "connection refused", "no route to host" …
};

}  // namespace trunkbox::wire
