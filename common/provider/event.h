// What happens inside the provider, told as it happens.
#pragma once

#include <functional>
#include <string>

#include "base/time.h"
#include "net/address.h"
#include "output/value.h"

namespace trunkbox::provider {

struct Event {
    Time time;
    std::string station;    // "edge", "proxy", "sbc-north", "carrier-north", "registrar"
    std::string kind;       // "registered", "refused", "routed", "rerouted", "delivered", "call"
    std::string text;       // for a person, one line
    output::Record detail;  // the same as data
};

using Tell = std::function<void(Event)>;
// An address that a station has opened, for whoever draws who spoke with whom.
using Opened = std::function<void(const net::Endpoint&, const std::string& station)>;

}  // namespace trunkbox::provider
