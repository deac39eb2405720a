// The user messages of SCTP's data chunks (RFC 9260 section 3.3.1): several in a packet, or one in several.
#pragma once

#include <array>
#include <list>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "net/ip_layer.h"
#include "net/ledger.h"

namespace trunkbox::net {

class SctpMessages {
  public:
    SctpMessages(Ledger& ledger, const DissectorLimits& limits, DissectorCounts& counts)
        : ledger_(&ledger), limits_(limits), counts_(&counts) {}

    [[nodiscard]] Outcome packet(const IpPacket& packet, const Origin& origin);
    // Gives up messages of which chunks were missing for too long.
    void expire(Time now);
    void finish();
    [[nodiscard]] bool is_empty() const { return places_.empty(); }

  private:
    // One direction of an association; its hosts may send from any of their addresses.
    struct Key {
        std::uint32_t tag = 0;
        std::uint16_t from = 0, to = 0;
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept {
            return (std::size_t{key.tag} << 32U | std::size_t{key.from} << 16U | key.to) * 0x9e3779b97f4a7c15U;
        }
    };
    struct Chunk {
        bool begins = false, ends = false;
        std::uint32_t number = 0;  // TSN
        Layer data{};
    };
    struct Piece {
        bool begins = false, ends = false, cut = false;
        std::string bytes{};
        std::vector<std::uint64_t> frames{};
        std::vector<Oddity> oddities{};
    };
    using Pieces = std::map<std::uint32_t, Piece>;  // by TSN
    struct Association {
        Key key{};
        Endpoint from{}, to{};
        Pieces pieces{};
        std::array<std::pair<std::uint32_t, std::size_t>, 8> recent{};  // TSN and hash of what was delivered
        std::size_t recent_at = 0;
        Time last{}, oldest{};
    };
    using Associations = std::list<Association>;  // the one that was longest without a chunk first

    Association& association(const Key& key, const Origin& origin);
    [[nodiscard]] Outcome data(Association& association, const Chunk& chunk, const Origin& origin);
    [[nodiscard]] bool is_repeated(Association& association, const Chunk& chunk) const;
    void keep(Association& association, const Chunk& chunk, const Origin& origin);
    [[nodiscard]] static std::size_t cost(const Piece& piece);
    void forget(Association& association, Pieces::iterator first, Pieces::iterator end);
    void complete(Association& association, std::uint32_t number, Time time);
    void deliver(Association& association, std::uint32_t first, std::uint32_t last, Time time, bool whole);
    void give_up(Association& association, Time time);
    void drop(Associations::iterator place);

    Ledger* ledger_;
    DissectorLimits limits_;
    DissectorCounts* counts_;
    Associations associations_;
    std::unordered_map<Key, Associations::iterator, KeyHash> places_;
    std::size_t bytes_ = 0;
};

}  // namespace trunkbox::net
