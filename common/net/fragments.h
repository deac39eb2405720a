// Puts fragmented IP packets together (RFC 791 section 3.2, RFC 8200 section 4.5), whatever the order; notices what
// fragments are abused for: overlaps (RFC 1858, 3128, 5722) and packets longer than there can be.
#pragma once

#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "net/ip_layer.h"
#include "net/ledger.h"

namespace trunkbox::net {

// A packet put together, or given up. Its frames are held in the ledger until released by whoever takes it.
struct Reassembled {
    Ip from{}, to{};
    std::uint8_t protocol = 0;
    Time time{};                          // of its last fragment
    std::string bytes{};                  // without gaps from its beginning on
    std::size_t wire = 0;                 // its length; less is known of what is not complete
    bool complete = false;
    bool forbidden = false;               // no receiver may use it
    std::vector<std::uint64_t> frames{};  // ascending
    std::vector<Oddity> oddities{};
};

class Fragments {
  public:
    Fragments(Ledger& ledger, const DissectorLimits& limits, DissectorCounts& counts)
        : ledger_(&ledger), limits_(limits), counts_(&counts) {}

    // Holds the frames of the origin, or says why it does not. What is complete or given up then waits in take().
    [[nodiscard]] Outcome add(const IpPacket& fragment, const Origin& origin);
    // Gives up what waits for too long.
    void expire(Time now);
    void finish();
    [[nodiscard]] bool has_ready() const { return !ready_.empty(); }
    [[nodiscard]] Reassembled take();
    [[nodiscard]] bool is_empty() const { return entries_.empty() && ready_.empty(); }

  private:
    struct Key {
        Ip from{}, to{};
        std::uint32_t id = 0;
        std::uint8_t protocol = 0;  // IPv4 only
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept;
    };
    struct Piece {
        std::uint32_t begin = 0, end = 0;
        std::size_t hash = 0;
        auto operator<=>(const Piece&) const = default;
    };
    struct Entry {
        Key key{};
        Time first{}, last{};
        Reassembled packet{};
        std::vector<Piece> pieces{};    // ascending
        std::uint32_t total = 0;        // 0: the last fragment is missing
        std::uint32_t farthest = 0;
        std::uint32_t usable = ~0U;     // the capture cut a fragment here
        std::uint8_t first_protocol = 0;
        bool done = false;              // given away; kept to know late copies
        std::size_t cost = 0;
    };
    using Entries = std::list<Entry>;  // in the order in which they began

    Entry& entry_for(const Key& key, Time now);
    [[nodiscard]] bool is_copy(const Entry& entry, const Piece& piece) const;
    void check(Entry& entry, const IpPacket& fragment, const Piece& piece, std::uint64_t frame) const;
    void store(Entry& entry, const IpPacket& fragment, const Piece& piece);
    [[nodiscard]] static std::uint32_t covered(const Entry& entry);
    void charge(Entry& entry);
    void hand_over(Entry& entry, bool complete);
    void erase(Entries::iterator place);
    void make_room();

    Ledger* ledger_;
    DissectorLimits limits_;
    DissectorCounts* counts_;
    Entries entries_;
    std::unordered_map<Key, Entries::iterator, KeyHash> places_;
    std::list<Reassembled> ready_;
    std::size_t bytes_ = 0;
};

}  // namespace trunkbox::net
