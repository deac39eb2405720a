// What a judge remembers of the packets before. Packet time is its only clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/time.h"
#include "sbc/rule_set.h"
#include "sbc/state_hash.h"

namespace trunkbox::sbc {

struct MediaPresent;
struct Present;
struct State;
struct Subject;
struct Verdict;

// Bounded, whatever is sent; what is forgotten for want of room is counted. The rules of scope transaction, dialog,
// rate and media read it by Subject::memory; only the judge makes it see and learn.
class Memory {
  public:
    struct Counts {
        std::uint64_t evicted = 0;    // forgotten before their time, for want of room
        std::uint64_t backwards = 0;  // packets that are earlier than one before them
        Duration most_backwards{};    // by how much at most
    };

    // Who judges what strangers send as it comes gives a key that they do not know.
    explicit Memory(HashKey key = {});
    Memory(Memory&&) noexcept;
    Memory& operator=(Memory&&) noexcept;
    ~Memory();

    // First of all, of a message that see() is told of next: what it is known by is worked out, and what is known of it
    // fetched while others look at it. see() does so itself where nobody did.
    void expect(const Subject& subject);
    // Before the rules look at a packet: time goes on, what counts every packet counts this one, and what is known of
    // its transaction, dialog, source and account is looked up.
    void see(const Subject& subject);
    // The same of RTP or RTCP, which teaches at once what there is to learn; false when no rule has anything to say of it.
    [[nodiscard]] bool see_media(const Subject& subject);
    // When its verdict stands: what the message begins, changes or ends. In Mode::enforce a packet that was rejected
    // or dropped leaves nothing behind but that it was.
    void learn(const Subject& subject, const Verdict& verdict);

    // The latest packet's time; it never goes back.
    [[nodiscard]] Time now() const;
    [[nodiscard]] Counts counts() const;
    // What it holds, and the most that it may come to.
    [[nodiscard]] std::size_t bytes() const;
    [[nodiscard]] static std::size_t most_bytes();

    // Of the packet seen last: what is known of it, those of the rules that need it which can hit, and how texts are compared.
    [[nodiscard]] const Present& present() const;
    [[nodiscard]] const MediaPresent& media() const;
    [[nodiscard]] const RuleSet& awake() const;
    [[nodiscard]] const KeyedHash& hash() const;
    // The dialog of a Call-ID and a tag of either end is known; it may be somebody else's.
    enum class Ownership : std::uint8_t { no_dialog, foreign, own };
    [[nodiscard]] Ownership owns_dialog(const Subject& subject, std::uint64_t call, std::uint64_t tag,
                                        std::uint64_t other_tag) const;

  private:
    std::unique_ptr<State> state_;
};

}  // namespace trunkbox::sbc
