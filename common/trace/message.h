// A message that was seen on its way, with the two addresses between which it went.
#pragma once

#include <string>

#include "base/time.h"
#include "net/address.h"

namespace trunkbox::trace {

struct Message {
    Time time{};
    net::Endpoint from{};
    net::Endpoint to{};
    std::string bytes{};
};

}  // namespace trunkbox::trace
