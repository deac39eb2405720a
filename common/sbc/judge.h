// The judge: one packet in, one verdict out. The edge and the offline filter ask the same one.
#pragma once

#include "sbc/packet.h"
#include "sbc/policy.h"
#include "sbc/verdict.h"
#include "sip/message.h"
#include "sip/message_view.h"

namespace trunkbox::sbc {

// Holds the policy alone: its rules look at one message each, so that a verdict depends on nothing before it.
class Judge {
  public:
    explicit Judge(Policy policy) : policy_(std::move(policy)) {}

    // Judges as a proxy does before it routes (RFC 3261 section 16.3). Of several faults the deciding one is: a
    // rule about whether there is a message at all; one that drops; the start line's, in the order of the table;
    // the one at the lowest offset; at one offset the table's first. What cannot be answered (a response, an ACK,
    // a request without Via) is dropped where it would be rejected.
    [[nodiscard]] Verdict judge(const Packet& packet) const;
    // The same, for who has read the packet already; `view` is the view of packet.bytes.
    [[nodiscard]] Verdict judge(const Packet& packet, const sip::MessageView& view) const;

    [[nodiscard]] const Policy& policy() const { return policy_; }

  private:
    Policy policy_;
};

// The response that a verdict of reject asks for: the status, and what that status must carry (Unsupported in a
// 420). Its To tag is made from the request, so that a retransmission gets the same one (section 8.2.7). Control
// bytes of the request are not echoed.
[[nodiscard]] sip::Message rejection(const sip::MessageView& request, const Verdict& verdict, const Policy& policy);

}  // namespace trunkbox::sbc
