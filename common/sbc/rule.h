// The rule table: one row a rule, with what it matches, what it does, where that comes from and how it can be wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sbc/packet.h"
#include "sbc/policy.h"
#include "sbc/verdict.h"
#include "sip/message_view.h"

namespace trunkbox::sbc {

// What a rule sees. Borrows everything.
struct Subject {
    const sip::MessageView& message;
    const Packet& packet;
    const Policy& policy;
};

struct Defaults {
    Outcome strict{};
    Outcome lenient{};
};

// A rule that hit. `instead` where this case is treated otherwise than the row's defaults say.
struct Hit {
    std::uint32_t offset = 0;
    std::string reason{};
    std::optional<Defaults> instead{};
};

using Hits = std::vector<Hit>;  // nearly always empty, which costs nothing

// What a rule needs to know.
enum class Scope : std::uint8_t {
    packet,     // the packet, before there is a message
    message,    // one message alone
    transport,  // one message and the transport that brought it
};

// How often it hits what is no fault or no attack.
enum class Risk : std::uint8_t { none, low, medium, high };

struct Rule {
    std::string_view id;      // "M-101"
    std::string_view what;    // what it matches
    Defaults usual;
    std::string_view cases;   // where the outcome differs from `usual`; "" when nowhere
    std::string_view source;  // the clause or the practice behind it
    Scope scope = Scope::message;
    Risk risk = Risk::low;
    Hits (*apply)(const Subject&) = nullptr;
};

// In the order of the catalogue, which breaks ties at one offset.
[[nodiscard]] std::span<const Rule> rules();
[[nodiscard]] const Rule* find_rule(std::string_view id);

[[nodiscard]] std::string_view name(Scope scope);
[[nodiscard]] std::string_view name(Risk risk);

}  // namespace trunkbox::sbc
