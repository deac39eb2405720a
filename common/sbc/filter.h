// A capture put through a policy: every payload judged, every frame accounted for.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <unordered_map>

#include "net/dissector.h"
#include "sbc/ahead.h"
#include "sbc/distinct.h"
#include "sbc/judge.h"
#include "sip/message_view.h"

namespace trunkbox::sbc {

// What becomes of a frame: the worst of what its messages got. Unknown is worse than accepted, rejected than all.
enum class FrameClass : std::uint8_t { non_sip, accepted, unknown, rejected };

// "non_sip", "accepted", "unknown", "rejected".
[[nodiscard]] std::string_view name(FrameClass frame_class);

class FilterSink {
  public:
    // Each frame before anything is said of what it holds, and when that was all at once. Its bytes are valid so long.
    virtual void begins(const net::Frame&) {}
    virtual void ends() {}
    // Every SIP message, and any other payload that a rule had something to say of. Borrowed until it returns.
    virtual void judged(const net::Datagram& datagram, const sip::MessageView& message, const Verdict& verdict) = 0;
    // Every frame once, when nothing that it has a part in is still to come.
    virtual void settled(std::uint64_t frame, FrameClass frame_class) = 0;

  protected:
    ~FilterSink() = default;
};

// frames = accepted + rejected + non_sip + unknown, once the filter has finished.
struct FilterSummary {
    std::uint64_t frames = 0;
    std::uint64_t accepted = 0;
    std::uint64_t rejected = 0;  // or dropped
    std::uint64_t non_sip = 0;
    std::uint64_t unknown = 0;
    std::uint64_t unread = 0;    // of the unknown: of a link type that is not read
    std::uint64_t messages = 0;  // of SIP, also those that are cut
    std::uint64_t calls = 0;     // different Call-IDs of INVITEs
    std::uint64_t alerts = 0;    // messages with a finding that alerts
    std::map<std::string_view, std::uint64_t> rules{};  // by id: payloads that each had something to say of
};

class Filter final : private net::DatagramSink {
  public:
    // The sink outlives the filter.
    Filter(Policy policy, FilterSink& sink);
    Filter(const Filter&) = delete;
    Filter& operator=(const Filter&) = delete;
    ~Filter() = default;

    void feed(const net::Frame& frame);
    // … of frames that were taken apart ahead; then all are, and finish() is theirs.
    void feed(Batch& batch);
    // What is incomplete is judged as what it is; every frame is settled then.
    void finish();

    // Of what was fed so far.
    [[nodiscard]] FilterSummary summary() const;
    // For who takes frames apart ahead.
    [[nodiscard]] const Judge& judge() const { return judge_; }

  private:
    friend class Batch;
    void begins(const net::Frame& frame);
    void ends() { sink_.ends(); }
    void datagram(const net::Datagram& datagram) override;
    void datagram(const net::Datagram& datagram, ReadMessage* message);
    void take(const net::Datagram& datagram, const sip::MessageView& message, const Verdict& verdict);
    void settled(const net::Settled& settled) override;
    void count(const Verdict& verdict);
    void mark(const net::Datagram& datagram, const Verdict& verdict);
    void mark(std::uint64_t frame, FrameClass frame_class);
    [[nodiscard]] FrameClass take_waiting(std::uint64_t frame);

    FilterSink& sink_;
    Judge judge_;
    net::Dissector dissector_;
    FilterSummary summary_;
    std::array<std::uint64_t, RuleSet::capacity> hits_{};  // by the rule's place
    Distinct calls_;
    std::uint64_t current_ = 0;                        // the frame that is being fed
    FrameClass current_class_ = FrameClass::non_sip;   // so far
    std::unordered_map<std::uint64_t, FrameClass> waiting_;  // earlier ones that are not settled yet
};

}  // namespace trunkbox::sbc
