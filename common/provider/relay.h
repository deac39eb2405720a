// Media anchoring (RFC 5853 section 3.2): the RTP of one call passes through two ports of ours, so that neither side
// learns the other's address.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "media/offer_answer.h"
#include "sofia/loop.h"
#include "wire/rtp_port.h"

namespace trunkbox::provider {

enum class Face { outside, inside };  // of the SBC; which is which is its own affair
[[nodiscard]] constexpr Face other(Face face) { return face == Face::outside ? Face::inside : Face::outside; }

class Relay {
  public:
    // Error: Fault::system when no ports are free.
    [[nodiscard]] static Result<std::unique_ptr<Relay>> open(sofia::Loop& loop, const net::Ip& outside,
                                                             const net::Ip& inside, wire::Recorder* recorder);
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    // SDP that came in at `from`, made ready to leave at the other face: our address in place of theirs; other streams
    // than the first audio one are refused. Error: Fault::input when it cannot be understood or has no audio.
    [[nodiscard]] Result<std::string> pass(const std::string& sdp, Face from);

    // An offer of our own to a face: what was last described there, or G.711 and telephone-events.
    [[nodiscard]] Result<std::string> offer(Face to);
    // Answers an offer that came in at `from` by itself; its audio goes on to the other face as before.
    [[nodiscard]] Result<std::string> answer(const std::string& offer, Face from);

    [[nodiscard]] net::Endpoint local(Face face) const { return side(face).port.local(); }
    [[nodiscard]] std::uint64_t packets(Face from) const { return side(from).packets; }

  private:
    struct Side {
        wire::RtpPort port;
        std::optional<net::Endpoint> remote;  // from its SDP
        std::optional<media::Session> ours;   // what we last described to it
        std::uint64_t packets = 0;            // that came in here
    };
    Relay(wire::RtpPort outside, wire::RtpPort inside);
    [[nodiscard]] Side& side(Face face) { return face == Face::outside ? outside_ : inside_; }
    [[nodiscard]] const Side& side(Face face) const { return face == Face::outside ? outside_ : inside_; }
    void forward(Face from, const wire::Datagram& datagram);
    void forward_rtcp(Face from, const wire::Datagram& datagram);

    [[nodiscard]] static media::Capabilities capabilities(const Side& side);

    Side outside_, inside_;
};

}  // namespace trunkbox::provider
