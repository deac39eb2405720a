// The rule table: one row a rule, with what it matches, what it does, where that comes from and how it can be wrong.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sbc/packet.h"
#include "sbc/policy.h"
#include "sbc/reading.h"
#include "sbc/rule_set.h"
#include "sbc/settings.h"
#include "sbc/verdict.h"
#include "sip/message_view.h"

namespace trunkbox::sbc {

class Memory;

// What a rule sees. Borrows everything.
struct Subject {
    const sip::MessageView& message;  // Kind::not_sip with the rules of scope packet and media
    const Reading& reading;           // the message taken apart once, for all rules
    const Packet& packet;
    const Policy& policy;
    Direction direction = Direction::unknown;
    const Peer* peer = nullptr;        // at the far end; of an unknown direction, at the packet's source
    Memory* memory = nullptr;          // there for the rules that need it
    const Setting* setting = nullptr;  // of the rule that is asked
    const SettingsRow* settings = nullptr;  // of all rules, with the memory
    const WordIndex* words = nullptr;       // of the policy's lists; there for every rule

    [[nodiscard]] bool trusts_peer() const { return peer != nullptr && peer->trusted; }
    // The first N parameters of the rule that is asked: auto [requests, seconds] = s.values<2>();
    template <std::size_t N>
    [[nodiscard]] std::array<std::int64_t, N> values() const {
        static_assert(N <= most_parameters);
        std::array<std::int64_t, N> first{};
        for (std::size_t i = 0; i < N; ++i) first[i] = setting->values[i];
        return first;
    }
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

// What a rule needs to know. One message alone is judged by the first two.
enum class Scope : std::uint8_t {
    packet,       // the packet, before there is a message
    message,      // one message alone
    transport,    // one message and the transport that brought it
    time,         // one message and the time of its packet
    peer,         // one message, its direction and the peer at the far end
    list,         // one message and a list of the policy
    transaction,  // those before it of its transaction
    dialog,       // those before it of its dialog
    rate,         // those before it of its source or account
    media,        // a packet of RTP or RTCP, and the session descriptions before it
};

// How often it hits what is no fault or no attack.
enum class Risk : std::uint8_t { none, low, medium, high };

enum class Messages : std::uint8_t { all, requests, responses };

// What must be there for the rule to hit at all; where it is not, the rule is not asked.
struct When {
    Messages of = Messages::all;
    std::span<const sip::HeaderName> headers{};  // one of these; none: whatever the message holds
    Direction direction = Direction::unknown;    // unknown: any
    bool body = false;                           // the message has one
    bool flawed = false;                         // the view stumbled over something
    bool repeated = false;                       // a header stands twice
    bool unusual = false;                        // an address or the topmost Via is not of the usual form
    bool irregular = false;                      // is_regular() does not hold
    bool excessive = false;                      // is_moderate() does not hold
    bool wordy = false;                          // a user of an address is more than a number or a name
};

// A number that a policy can set.
struct Parameter {
    std::string_view name;  // "requests"
    std::string_view what;  // "of one source in that time"
    std::int64_t strict = 0, lenient = 0;
    std::int64_t least = 0, most = 0;  // what can be set
};

struct Rule {
    std::string_view id;      // "M-101"
    std::string_view what;    // what it matches
    Defaults usual;
    std::string_view cases;   // where the outcome differs from `usual`; "" when nowhere
    std::string_view source;  // the clause or the practice behind it
    Scope scope = Scope::message;
    Risk risk = Risk::low;
    Hits (*apply)(const Subject&) = nullptr;
    When when{};
    std::span<const Parameter> parameters{};  // at most most_parameters
    bool edits = false;  // what it points at can be stripped or rewritten

    [[nodiscard]] constexpr bool has_memory() const { return scope >= Scope::transaction; }
};

// In the order of the catalogue, which breaks ties at one offset.
[[nodiscard]] std::span<const Rule> rules();
[[nodiscard]] const Rule* find_rule(std::string_view id);
// Its place in the table.
[[nodiscard]] std::size_t place(const Rule& rule);

[[nodiscard]] std::string_view name(Scope scope);
[[nodiscard]] std::string_view name(Risk risk);

}  // namespace trunkbox::sbc
