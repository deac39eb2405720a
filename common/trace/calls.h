// Calls out of datagrams: who called whom, when it rang, was answered and ended, who ended it, and how it sounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "net/datagram.h"
#include "trace/message.h"
#include "trace/streams.h"

namespace trunkbox::trace {

enum class Side { caller, callee };

[[nodiscard]] std::string_view name(Side side);

// What became of a call.
enum class Ending {
    open,       // no end was captured
    completed,  // answered, then BYE
    refused,    // a final response of 300 and more
    cancelled,  // by CANCEL, before the answer
    timeout,    // 408, or no final response within three minutes of the last message (Timer C)
};

[[nodiscard]] std::string_view name(Ending ending);

// As From or To says.
struct Party {
    std::string uri{};
    std::string display{};  // without quotes
    std::string number{};   // the user part, unescaped; what stands in a tel URI
    bool operator==(const Party&) const = default;
};

// The audio of one direction, as it was seen nearest to its listener.
struct Audio {
    std::uint64_t packets = 0;
    std::uint64_t lost = 0;
    Duration mean_jitter{};
    std::optional<double> mos{};
    std::string digits{};  // by RFC 4733 and by INFO
};

// One INVITE outside a dialog and what became of it. Each leg of a back-to-back user agent is a call of its own.
struct Call {
    std::string call_id{};
    Party from{};
    Party to{};
    net::Endpoint caller{};  // between these the INVITE was first seen
    net::Endpoint callee{};
    Time invited{};
    std::optional<Time> ringing{};   // the first 180 or 183
    std::optional<Time> answered{};  // the first 2xx to the INVITE
    std::optional<Time> ended{};     // BYE, CANCEL's 487, or the final refusal
    int status = 0;                  // the final one; 0 when none was seen
    std::string reason{};            // its phrase
    Ending ending = Ending::open;
    std::optional<Side> hung_up_by{};  // who sent the BYE, or the caller who cancelled
    std::string codec{};             // the first audio format of the SDP answer; "" when none was seen
    std::size_t branches = 0;        // different To tags seen: more than one means that the call was forked
    std::size_t messages = 0;        // of its Call-ID
    std::size_t retransmissions = 0;
    Audio from_caller{};
    Audio from_callee{};
    std::vector<Stream> streams{};

    // From the INVITE to the first sign of the far end: ringing, answer or refusal (ITU-T E.721).
    [[nodiscard]] std::optional<Duration> post_dial_delay() const;
    // From answer to end; nothing when either was not seen.
    [[nodiscard]] std::optional<Duration> duration() const;
    // "both", "caller", "callee" or "none": whose audio was seen.
    [[nodiscard]] std::string_view audio() const;
};

// Takes the datagrams of a capture as they come, and gives calls once they are over. Time is the capture's own.
class Calls {
  public:
    struct Limits {
        std::size_t calls = 65'536;
        Streams::Limits streams{};
    };
    struct Counters {
        std::uint64_t messages = 0;  // SIP, of any method
        std::uint64_t evicted = 0;   // calls that were given before they were over
    };
    Calls();
    explicit Calls(Limits limits);
    ~Calls();
    Calls(Calls&&) noexcept;
    Calls& operator=(Calls&&) noexcept;

    void receive(const net::Datagram& datagram);
    // The calls that ended 32 s ago (64 T1: nothing of them is repeated any more), or found no place, in the order in
    // which they were given up.
    [[nodiscard]] std::vector<Call> take();
    // Streams that no call announced, or that found no place.
    [[nodiscard]] std::vector<Stream> take_streams();
    // All that is left, and the streams that belong to none, each in the order of their begin.
    [[nodiscard]] std::vector<Call> finish();

    // Listener and counters.
    [[nodiscard]] Streams& streams();
    [[nodiscard]] const Counters& counters() const;

  private:
    class State;
    std::unique_ptr<State> state_;
};

// In the order of their INVITEs. Messages may come in any order: time stamps decide.
[[nodiscard]] std::vector<Call> calls(std::span<const Message> messages);

}  // namespace trunkbox::trace
