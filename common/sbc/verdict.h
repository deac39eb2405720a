// What the SBC says about one packet: the action, the rule that decided it, and everything else that was seen.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::sbc {

enum class Action : std::uint8_t {
    accept,   // goes on (RFC 3261 section 16.3)
    reject,   // answered with `status`
    drop,     // no answer
    unknown,  // cut by the capture: nothing can be said
    non_sip,  // no SIP message: a keep-alive, another protocol
};

// "accept", "reject", "drop", "unknown", "non_sip".
[[nodiscard]] std::string_view name(Action action);

// What one rule does with one message.
enum class Effect : std::uint8_t {
    off,      // the rule does not run
    note,     // said, and nothing follows from it
    alert,    // said, and worth somebody's attention
    strip,    // said: what the finding points at does not go on
    rewrite,  // said: what the finding points at goes on in another form
    reject,   // answered with a status
    drop,     // not answered
    unknown,  // no verdict is possible
    non_sip,  // there is no message
};

[[nodiscard]] std::string_view name(Effect effect);

struct Outcome {
    Effect effect = Effect::note;
    int status = 0;  // with reject: 400 to 699

    bool operator==(const Outcome&) const = default;
};

// "note", "reject 400".
[[nodiscard]] std::string text(Outcome outcome);

// One rule's word about one place of the message.
struct Finding {
    std::string_view rule{};     // "M-101": of the rule table, valid for ever
    Outcome outcome{};
    std::uint32_t offset = 0;  // bytes from the packet's first
    std::string reason{};        // one line, safe to print, shows the bytes at fault

    bool operator==(const Finding&) const = default;
};

// Borrows the frames from the packet; all else is its own.
struct Verdict {
    Action action = Action::accept;
    int status = 0;                            // reject: the status to answer with
    std::string_view rule{};                   // the one that decided; "" when accepted
    std::string reason{};                      // its reason
    std::span<const std::uint64_t> frames{};   // of the capture, as the packet named them
    std::uint32_t offset = 0;                  // where the deciding fault shows
    bool close = false;                        // the stream's framing is lost: close the connection (section 18.3)
    std::vector<Finding> findings{};           // all the others, in the order of precedence

    bool operator==(const Verdict& other) const;
};

}  // namespace trunkbox::sbc
