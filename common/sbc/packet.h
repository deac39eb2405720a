// What is judged: one datagram or one framed message, as the wire or the capture gave it.
#pragma once

#include "net/datagram.h"

namespace trunkbox::sbc {

// Borrows its bytes; they must live as long as the judging takes, its frames as long as the verdict.
using Packet = net::Datagram;

}  // namespace trunkbox::sbc
