// What is remembered of transactions, dialogs, sources and accounts: flat, by hashes of what is compared. Private to
// sbc/.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "base/time.h"
#include "sbc/state_hash.h"
#include "sbc/state_table.h"
#include "sbc/state_window.h"

namespace trunkbox::sbc {

enum class Method : std::uint8_t {
    other, invite, ack, cancel, bye, reg, options, update, prack, info, refer, subscribe, notify, message, publish,
};
[[nodiscard]] Method method_of(std::string_view text);

// Of a request that went on; by branch, Call-ID, CSeq number and method, so that a branch which serves for many calls
// is none.
struct Transaction : StateLinks {
    Time last{};
    std::uint64_t source = 0;  // that sent the request
    std::uint64_t agent = 0;   // its User-Agent
    std::uint32_t user = 0;    // that it is for
    std::uint16_t status = 0;  // of the latest response; 0 before the first
    std::uint8_t offered = 0;  // m= lines of its offer
    Method method = Method::other;
    bool credentials = false;  // the request had some
    bool unbinds = false;      // it takes a binding back

    // RFC 3261 section 17: 64*T1 for all but an INVITE that rings, with as much again for who is late.
    [[nodiscard]] bool lives(Time now, Duration ringing) const {
        return now - last < (method == Method::invite && status < 200 ? ringing : Duration(64s));
    }
};

// A request as it came to one place, by whatever way; by Call-ID, CSeq, From tag and destination.
struct Arrival : StateLinks {
    Time last{};
    std::uint64_t branch = 0;  // of its topmost Via
    std::uint64_t uri = 0;     // the Request-URI
};

// What was refused: a transaction, or the call that an INVITE would have begun.
struct Refused : StateLinks {};

// Two addresses, and which of them was seen to send something; or one address that was.
struct Pair : StateLinks {
    static constexpr std::uint8_t two = 0, one = 1;  // lists

    std::array<bool, 2> sent{};  // the one whose hash is lower, the other
};

// One way between two endpoints that a dialog's requests or session descriptions take. Each fork of a request has its
// own, and begins it where the request was.
struct DialogPath {
    std::uint64_t version = 0;  // of the latest session description's o= line
    std::uint32_t key = 0;      // 0: not in use
    std::uint32_t cseq = 0;     // of the latest request
    std::uint32_t session = 0;  // the o= line's session; 0 before the first
    std::uint32_t body = 0;     // the session description
    std::uint32_t media = 0;    // … its addresses and ports
    std::uint32_t network = 0;  // where its media are; 0: not to be said
    Method method = Method::other;  // of that request
    bool has_cseq = false;
};

// One party of a dialog as it was seen.
struct DialogSide {
    std::array<std::uint32_t, 6> addresses{};
    std::uint32_t contact = 0;     // that was read last
    std::uint8_t address_count = 0, next_path = 0;
    bool anywhere = false;         // has more addresses, or one that a name stands for
    std::uint16_t peer = 0;        // of the policy, from 1
    std::array<DialogPath, 4> paths{};

    [[nodiscard]] bool knows(std::uint64_t address) const {
        for (std::size_t i = 0; i < address_count; ++i)
            if (addresses[i] == static_cast<std::uint32_t>(address)) return true;
        return false;
    }
    void learn(std::uint64_t address) {
        if (knows(address)) return;
        if (address_count == addresses.size()) anywhere = true;
        else addresses[address_count++] = static_cast<std::uint32_t>(address);
    }
    struct Way {
        std::uint32_t key = 0;    // of endpoints and the callee's tag
        std::uint32_t first = 0;  // … of endpoints alone
    };
    [[nodiscard]] DialogPath* path(Way way) {
        for (std::uint32_t wanted : {way.key, way.first})
            for (DialogPath& known : paths)
                if (known.key == wanted) return &known;
        return nullptr;
    }
    DialogPath& path_or_new(Way way) {
        DialogPath* known = path(way);
        if (known != nullptr && known->key == way.key) return *known;
        DialogPath made = known != nullptr ? *known : DialogPath{};
        made.key = way.key;
        DialogPath& into = paths[next_path];
        next_path = static_cast<std::uint8_t>((next_path + 1U) % paths.size());
        into = made;
        return into;
    }
};

enum class DialogState : std::uint8_t { early, answered, acknowledged, failed, over };
enum class Party : std::uint8_t { caller, callee };
[[nodiscard]] constexpr Party other(Party party) { return party == Party::caller ? Party::callee : Party::caller; }

// By Call-ID and the tag of who began it.
struct Dialog : StateLinks {
    static constexpr std::uint8_t past = 0, fleeting = 1, standing = 2;  // lists: over or failed; not answered; in a call

    // What every message looks at comes first.
    Time last{};
    DialogState state = DialogState::early;
    bool call = false;               // an INVITE began it
    bool adopted = false;            // how it began was not seen
    bool forked = false;             // more tags than are kept
    bool responses = false;          // a response of the other end was seen
    std::uint8_t tag_count = 0;
    std::uint8_t offered = 0;        // m= lines of an offer that waits for the ACK
    std::array<std::uint64_t, 3> tags{};  // of the other end; a forked request has several
    std::array<DialogSide, 2> sides{};
    Time answered{};                 // its 2xx
    Time ended{};
    std::uint64_t account = 0;       // the caller's
    std::uint64_t spending = 0;      // what the call counts for while it lives; 0: nothing
    std::uint64_t session = 0;       // where the INVITE's media are
    std::uint64_t challenge = 0;     // realm of a challenge by the caller

    [[nodiscard]] DialogSide& side(Party party) { return sides[static_cast<std::size_t>(party)]; }
    [[nodiscard]] bool knows_tag(std::uint64_t tag) const {
        for (std::size_t i = 0; i < tag_count; ++i)
            if (tags[i] == tag) return true;
        return false;
    }
    void learn_tag(std::uint64_t tag) {
        if (knows_tag(tag)) return;
        if (tag_count == tags.size()) forked = true;
        else tags[tag_count++] = tag;
    }
};

// An address that requests come from.
struct Source : StateLinks {
    SlidingCount requests{};
    SlidingCount failures{};
    Time success = Time::min();     // the latest
    DifferentLately<16> users{};    // that it asked for in vain
    std::uint64_t realm = 0;        // that challenges it as its own
};

// A number that a source dials, by its last digits.
struct DialledBy : StateLinks {
    DifferentLately<8> spellings{};
};

struct Ban : StateLinks {
    Time until{};
    std::string_view rule{};  // of the rule table
};

struct Binding {
    std::uint64_t source = 0, agent = 0;
    Time until = Time::min();
};

// An address of record, or a peer of the policy.
struct Account : StateLinks {
    SlidingCount invites{};
    SlidingCount registrations{};
    DifferentLately<8> guessers{};            // sources that failed
    std::array<Binding, 4> bindings{};
    std::array<std::uint16_t, 16> countries{};
    std::array<std::uint32_t, 32> lengths{};  // of its latest calls, in seconds
    std::uint32_t calls = 0;
    std::uint8_t country_count = 0;
    std::uint8_t length_count = 0, next_length = 0;

    [[nodiscard]] bool calls_to(std::uint16_t country) const {
        return std::find(countries.begin(), countries.begin() + country_count, country) !=
               countries.begin() + country_count;
    }
};

// What one account calls below one country code.
struct Spending : StateLinks {
    SlidingCount minute{};
    Time day{};                     // since when the calls are counted
    std::uint64_t number = 0;       // called last
    std::uint32_t calls = 0;
    std::uint32_t running = 0;
    std::uint32_t sequence = 0;     // calls of that number one after another
};

// Of a challenge, or of credentials.
struct Nonce : StateLinks {
    std::uint64_t call = 0, source = 0;
    std::uint64_t count = 0;   // the latest nc
    std::uint32_t cseq = 0;
    bool used = false;
};

}  // namespace trunkbox::sbc
