// Where help has to go.
#pragma once

#include "centrex/row.h"

#include <string>

namespace trunkbox::centrex {

// A row of "address" in one line: "1 rue Exemple, floor 2, room 214, 75001 Paris, FR".
[[nodiscard]] std::string address_line(const Row& address);

}  // namespace trunkbox::centrex
