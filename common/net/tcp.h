// TCP segments (RFC 9293) to streams, each direction by itself: split, repeated, overlapping, out of order, begun
// before the capture. What is missing is waited for within bounds.
#pragma once

#include <array>
#include <list>
#include <unordered_map>
#include <vector>

#include "net/ip_layer.h"
#include "net/stream_framer.h"

namespace trunkbox::net {

class TcpStreams {
  public:
    TcpStreams(Ledger& ledger, const DissectorLimits& limits, DissectorCounts& counts)
        : ledger_(&ledger), limits_(limits), counts_(&counts) {}

    [[nodiscard]] Outcome segment(const IpPacket& packet, const Origin& origin);
    // Gives up the holes and the streams that waited for too long.
    void expire(Time now);
    void finish();
    [[nodiscard]] bool is_empty() const { return places_.empty(); }

  private:
    // Places in a stream are sequence numbers that do not wrap.
    struct Segment {
        std::uint64_t begin = 0, wire_end = 0;
        std::string bytes{};
        std::vector<std::uint64_t> frames{};
        std::vector<Oddity> oddities{};
    };
    struct Arrival {
        std::uint64_t begin = 0, wire_end = 0;
        std::string_view bytes{};
        const Origin* origin = nullptr;
    };
    struct Recent {  // a segment that was passed on, to compare repetitions with
        std::uint64_t begin = 0;
        std::size_t size = 0, hash = 0;
    };
    struct Key {
        Endpoint from{}, to{};
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept;
    };
    struct Stream {
        Stream(const Key& ends, StreamFramer begun) : key(ends), framer(std::move(begun)) {}
        Key key;
        StreamFramer framer;
        std::uint64_t first = 0;  // where it began for us
        std::uint64_t next = 0;   // what comes next; 0: nothing is known
        std::uint64_t fin = 0;    // where it ends; 0: not known
        bool opened = false;      // its SYN was seen
        bool busy = false;        // keeps bytes: in the list of those
        Time last{};
        Time hole_since{};
        std::vector<Segment> ahead{};  // ascending
        std::array<Recent, 4> recent{};
        std::size_t recent_at = 0;
        std::size_t cost = 0;
    };
    using Streams = std::list<Stream>;  // the one that was longest without a segment first

    [[nodiscard]] StreamFramer framer_for(const Key& key, std::uint64_t place) const {
        return StreamFramer(*ledger_, key.from, key.to, limits_.message_bytes, place);
    }
    Stream* stream_for(const Key& key, bool create);
    void open(Stream& stream, std::uint32_t number);
    void restart(Stream& stream, std::uint64_t next, bool opened);
    [[nodiscard]] static bool conflicts(const Segment& one, const Arrival& other);
    void payload(Stream& stream, const Arrival& arrival);
    void repeated(Stream& stream, const Arrival& arrival);
    void keep_ahead(Stream& stream, const Arrival& arrival);
    void pass_on(Stream& stream, const Arrival& arrival);
    void drain(Stream& stream, Time now);
    void give_up_hole(Stream& stream, Time now);
    void check_end(Stream& stream);
    void close(Stream& stream, bool cut);
    void account(Stream& stream, bool touched);
    void drop(Streams::iterator place);
    void evict(Streams& from);
    void make_room();

    Ledger* ledger_;
    DissectorLimits limits_;
    DissectorCounts* counts_;
    Streams idle_, busy_;
    std::unordered_map<Key, Streams::iterator, KeyHash> places_;
    std::size_t bytes_ = 0;
};

}  // namespace trunkbox::net
