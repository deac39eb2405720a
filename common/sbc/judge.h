// The judge: one packet in, one verdict out. The edge and the offline filter ask the same one.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "sbc/memory.h"
#include "sbc/packet.h"
#include "sbc/policy.h"
#include "sbc/settings.h"
#include "sbc/verdict.h"
#include "sip/message.h"
#include "sip/message_view.h"

namespace trunkbox::sbc {

class Reading;
struct Opinion;
struct Subject;

// Judges as a proxy does before it routes (RFC 3261 section 16.3). Of several faults the deciding one is: a rule about
// whether there is a message at all; one that drops; the start line's, in the order of the table; the one at the
// lowest offset; at one offset the table's first. What cannot be answered (a response, an ACK, a request without Via)
// is dropped where it would be rejected.
class Judge {
  public:
    // Who judges what strangers send as it comes gives a key that they do not know.
    explicit Judge(Policy policy, HashKey key = {});

    // One packet after another, in the order of their arrival: every rule is asked, and what happened is remembered.
    [[nodiscard]] Verdict judge(const Packet& packet);
    // The same, for who has read the packet already; `view` is the view of packet.bytes.
    [[nodiscard]] Verdict judge(const Packet& packet, const sip::MessageView& view);
    // The same of a packet for which is_sound_media() holds. Nothing: no rule has a word on it but silent_media_rule, as of
    // nearly all, and judge() makes its verdict of that.
    [[nodiscard]] std::optional<Verdict> judge_media(const Packet& packet);
    // The same in two steps, of a SIP message; `reading` is the reading of `view`. The first remembers nothing: several
    // threads may take it, also while another judges.
    [[nodiscard]] Opinion look(const Packet& packet, const sip::MessageView& view, const Reading& reading) const;
    [[nodiscard]] Verdict judge(const Packet& packet, const sip::MessageView& view, const Reading& reading, Opinion opinion);

    // One message alone, as it stands in a file: only the rules that need nothing else (scope packet and message)
    // are asked, and nothing is remembered.
    [[nodiscard]] Verdict judge_message(std::string_view bytes) const;
    [[nodiscard]] Verdict judge_message(const sip::MessageView& view) const;

    [[nodiscard]] const Policy& policy() const { return policy_; }
    [[nodiscard]] const Memory& memory() const { return memory_; }

  private:
    [[nodiscard]] Verdict judge(Subject& subject, Opinion&& opinion);
    // Without the memory.
    [[nodiscard]] Subject subject(const Packet& packet, const sip::MessageView& view, const Reading& reading) const;

    Policy policy_;
    Settings settings_;
    Memory memory_;
};

// The response that a verdict of reject asks for: the status, and what that status must carry (Unsupported in a
// 420). Its To tag is made from the request, so that a retransmission gets the same one (section 8.2.7). Control
// bytes of the request are not echoed.
[[nodiscard]] sip::Message rejection(const sip::MessageView& request, const Verdict& verdict, const Policy& policy);

}  // namespace trunkbox::sbc
