// A back-to-back user agent for one call: the leg that came in, the leg that goes on, and the media between them
// (RFC 7092, RFC 5853 section 3.1: nothing of one side's dialog is seen on the other).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "provider/relay.h"
#include "ua/call.h"

namespace trunkbox::provider {

// How long a leg may ring whose end is somebody else's to decide: the caller's, or the proxy's, which knows of the others.
inline constexpr Duration rings_as_told = 1h;

class Bridge : public std::enable_shared_from_this<Bridge> {
  public:
    struct Plan {
        ua::Agent& in;
        ua::Agent& out;
        Face arrival;                  // the face of `in`
        sip::call::CalledSetup called;
        sip::call::CallerSetup caller; // its offer is made from the one that came in
        net::Endpoint first_hop;
        wire::Recorder* recorder = nullptr;
        std::function<void(const net::Endpoint&)> anchored{};  // told of each RTP port that the call passes through
    };
    struct Result {
        sip::call::Outcome outcome;  // of the leg that went on; of the one that came in when there was none
        std::uint64_t packets_in = 0, packets_out = 0;  // RTP that came in at the arrival's face, and at the other
    };
    // `done` once, from the loop, perhaps before this returns null (refused at once: no audio, no ports).
    static std::shared_ptr<Bridge> open(Plan plan, const ua::Agent::Incoming& invite,
                                        std::function<void(const Result&)> done);
    ~Bridge();
    void hang_up();
    [[nodiscard]] const Relay& relay() const { return *relay_; }

  private:
    Bridge(Plan plan, std::function<void(const Result&)> done) : plan_(std::move(plan)), done_(std::move(done)) {}
    [[nodiscard]] bool take(const ua::Agent::Incoming& invite);
    [[nodiscard]] trunkbox::Result<std::string> onward_offer(const std::string& offer);
    void dial(const std::string& offer);
    void rang(const sip::call::Progress& progress);
    void answered(const sip::call::Established& established);
    void acknowledged(const sip::call::Established& established);
    void offered_by_caller(const sip::call::Offered& offered);
    void offered_by_called(const sip::call::Offered& offered);
    void answer_here(ua::Call& call, Face face, const sip::call::Offered& offered);
    void in_ended(const sip::call::Outcome& outcome);
    void out_ended(const sip::call::Outcome& outcome);
    void settle();

    Plan plan_;
    std::function<void(const Result&)> done_;
    std::unique_ptr<Relay> relay_;
    std::shared_ptr<ua::Call> in_, out_;
    std::string described_;  // our answer to the caller, once the far end has made one
    bool late_ = false;      // the INVITE came without an offer
    std::optional<sip::call::Outcome> in_outcome_, out_outcome_;
};

// What the caller is told when the leg that went on failed: its own status, or 408 and 503 for what was no answer.
[[nodiscard]] sip::call::Reject refusal(const sip::call::Outcome& outcome);

}  // namespace trunkbox::provider
