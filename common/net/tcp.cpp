#include "net/tcp.h"

#include <functional>

namespace trunkbox::net {

namespace {

// The first place of a stream, so far from zero that what is older has a place, too.
constexpr std::uint64_t origin_place = std::uint64_t{1} << 32U;
// Further than any window that a sender may have reaches: another connection of the same ports.
constexpr std::int64_t out_of_reach = std::int64_t{1} << 26U;

enum Flag : std::uint8_t { fin = 1, syn = 2, rst = 4 };

struct Head {
    std::uint16_t from = 0, to = 0;
    std::uint32_t sequence = 0;
    std::uint8_t flags = 0;
    Layer payload{};
};

Stop read_head(const Layer& layer, Head& head) {
    constexpr std::size_t least = 20;
    if (!layer.has(least)) return too_short(layer, least, "TCP header");
    std::size_t length = (be8(layer.bytes, 12) >> 4U) * std::size_t{4};
    if (length < least || length > layer.wire) return Outcome{Fate::damaged, "TCP header length"};
    if (!layer.has(length)) return Outcome{Fate::cut, "TCP header"};
    head = {be16(layer.bytes, 0), be16(layer.bytes, 2), be32(layer.bytes, 4), be8(layer.bytes, 13),
            layer.behind(length)};
    return {};
}

}  // namespace

std::size_t TcpStreams::KeyHash::operator()(const Key& key) const noexcept {
    return std::hash<Endpoint>{}(key.from) * 0x9e3779b97f4a7c15U ^ std::hash<Endpoint>{}(key.to);
}

Outcome TcpStreams::segment(const IpPacket& packet, const Origin& origin) {
    Head head;
    if (auto stop = read_head(packet.payload, head)) return *stop;
    bool controls = (head.flags & (fin | syn | rst)) != 0;
    if (head.payload.wire == 0 && !controls) return {Fate::no_payload, {}};
    Key key{{packet.from, head.from}, {packet.to, head.to}};
    auto* stream = stream_for(key, (head.flags & syn) != 0 || head.payload.wire > 0);
    if (!stream) return {Fate::no_payload, {}};
    if ((head.flags & syn) != 0) open(*stream, head.sequence);
    auto number = head.sequence + ((head.flags & syn) != 0 ? 1U : 0U);
    if (stream->next == 0) restart(*stream, origin_place + number, false);
    // Sequence numbers wrap: which place is meant is the one nearest to the next.
    auto away = std::int64_t{static_cast<std::int32_t>(number - static_cast<std::uint32_t>(stream->next))};
    if (away > out_of_reach || away < -out_of_reach) {
        close(*stream, true);
        restart(*stream, origin_place + number, false);
        away = 0;
    }
    auto begin = stream->next + static_cast<std::uint64_t>(away);
    auto end = begin + head.payload.wire;
    if (head.payload.wire > 0)
        payload(*stream, {.begin = begin, .wire_end = end, .bytes = head.payload.bytes, .origin = &origin});
    if ((head.flags & fin) != 0) stream->fin = end;
    check_end(*stream);
    // Only one that fits ends it: others may be anybody's (RFC 5961).
    if ((head.flags & rst) != 0 && begin >= stream->next && stream->ahead.empty()) stream->framer.end(false);
    stream->last = origin.time;
    account(*stream, true);
    make_room();
    return {head.payload.wire > 0 ? Fate::surplus : Fate::no_payload, {}};
}

TcpStreams::Stream* TcpStreams::stream_for(const Key& key, bool create) {
    if (auto place = places_.find(key); place != places_.end()) return &*place->second;
    if (!create) return nullptr;
    auto& stream = idle_.emplace_back(key, framer_for(key, 0));
    places_.emplace(key, std::prev(idle_.end()));
    return &stream;
}

void TcpStreams::open(Stream& stream, std::uint32_t number) {
    auto first = origin_place + number + 1U;
    bool again = stream.opened && static_cast<std::uint32_t>(stream.first) == static_cast<std::uint32_t>(first);
    if (again) return;
    if (stream.next != 0) close(stream, true);
    restart(stream, first, true);
}

void TcpStreams::restart(Stream& stream, std::uint64_t next, bool opened) {
    stream.framer = framer_for(stream.key, next);
    stream.first = stream.next = next;
    stream.opened = opened;
    stream.fin = 0;
    stream.recent = {};
}

void TcpStreams::payload(Stream& stream, const Arrival& arrival) {
    if (arrival.wire_end <= stream.next) return repeated(stream, arrival);
    if (arrival.begin > stream.next) return keep_ahead(stream, arrival);
    pass_on(stream, arrival);
    drain(stream, arrival.origin->time);
}

void TcpStreams::repeated(Stream& stream, const Arrival& arrival) {
    const auto& origin = *arrival.origin;
    if (!stream.opened && arrival.wire_end <= stream.first) {
        // From before the place where the stream began for us: out of order, so it can only be read by itself.
        auto apart = framer_for(stream.key, arrival.begin);
        apart.append(arrival.bytes, origin);
        apart.end(true);
        stream.first = arrival.begin;
        return;
    }
    auto hash = std::hash<std::string_view>{}(arrival.bytes);
    bool differs = !stream.framer.agrees(arrival.begin, arrival.bytes);
    for (const auto& known : stream.recent)
        differs |= known.begin == arrival.begin && known.size == arrival.bytes.size() && known.hash != hash;
    if (differs) stream.framer.deliver_apart(arrival.bytes, origin, {Anomaly::segment_overlap, origin.frame});
}

// Whether bytes of one place differ in what two segments hold of it.
bool TcpStreams::conflicts(const Segment& one, const Arrival& other) {
    auto begin = std::max(one.begin, other.begin);
    auto end = std::min(one.begin + one.bytes.size(), other.begin + other.bytes.size());
    if (begin >= end) return false;
    auto size = static_cast<std::size_t>(end - begin);
    return std::string_view(one.bytes).substr(static_cast<std::size_t>(begin - one.begin), size) !=
           other.bytes.substr(static_cast<std::size_t>(begin - other.begin), size);
}

void TcpStreams::keep_ahead(Stream& stream, const Arrival& arrival) {
    const auto& origin = *arrival.origin;
    bool conflict = false;
    for (const auto& known : stream.ahead) {
        if (known.begin == arrival.begin && known.bytes == arrival.bytes) return;
        conflict |= conflicts(known, arrival);
    }
    if (stream.ahead.empty()) stream.hole_since = origin.time;
    Segment segment{.begin = arrival.begin,
                    .wire_end = arrival.wire_end,
                    .bytes = std::string(arrival.bytes),
                    .frames = {origin.frames.begin(), origin.frames.end()},
                    .oddities = {origin.oddities.begin(), origin.oddities.end()}};
    if (conflict) segment.oddities.push_back({Anomaly::segment_overlap, origin.frame});
    for (auto frame : segment.frames) ledger_->hold(frame);
    auto place = std::find_if(stream.ahead.begin(), stream.ahead.end(),
                              [&](const Segment& known) { return known.begin > segment.begin; });
    stream.ahead.insert(place, std::move(segment));
    if (stream.ahead.size() > limits_.segments_ahead) give_up_hole(stream, origin.time);
}

// A segment that holds the next byte.
void TcpStreams::pass_on(Stream& stream, const Arrival& arrival) {
    const auto& origin = *arrival.origin;
    auto& framer = stream.framer;
    auto old = std::min(static_cast<std::size_t>(stream.next - arrival.begin), arrival.bytes.size());
    bool conflict = !framer.agrees(arrival.begin, arrival.bytes.substr(0, old));
    for (const auto& known : stream.ahead) conflict |= conflicts(known, arrival);
    if (conflict) framer.note(stream.next, {Anomaly::segment_overlap, origin.frame});
    stream.recent[stream.recent_at++ % stream.recent.size()] = {
        arrival.begin, arrival.bytes.size(), std::hash<std::string_view>{}(arrival.bytes)};
    auto fresh = arrival.bytes.substr(old);
    if (!fresh.empty()) framer.append(fresh, origin);
    if (framer.place() < arrival.wire_end) framer.skip(arrival.wire_end - framer.place());
    stream.next = arrival.wire_end;
}

// What was ahead and is next now.
void TcpStreams::drain(Stream& stream, Time now) {
    while (!stream.ahead.empty() && stream.ahead.front().begin <= stream.next) {
        auto segment = std::move(stream.ahead.front());
        stream.ahead.erase(stream.ahead.begin());
        Origin origin{.time = now, .frame = segment.frames.back(), .frames = segment.frames,
                      .oddities = segment.oddities};
        Arrival arrival{segment.begin, segment.wire_end, segment.bytes, &origin};
        if (segment.wire_end > stream.next) pass_on(stream, arrival);
        else if (!segment.oddities.empty()) stream.framer.deliver_apart(segment.bytes, origin, segment.oddities[0]);
        for (auto frame : segment.frames) ledger_->release(frame);
    }
}

void TcpStreams::give_up_hole(Stream& stream, Time now) {
    ++counts_->holes;
    auto begin = stream.ahead.front().begin;
    stream.framer.skip(begin - stream.next);
    stream.next = begin;
    stream.hole_since = now;
    drain(stream, now);
}

void TcpStreams::check_end(Stream& stream) {
    if (stream.fin == 0 || stream.next < stream.fin) return;
    stream.framer.end(false);
    stream.fin = 0;
}

void TcpStreams::close(Stream& stream, bool cut) {
    while (!stream.ahead.empty()) give_up_hole(stream, stream.last);
    stream.framer.end(cut);
}

// Its cost, and which list it belongs to: the end of it, if a segment came.
void TcpStreams::account(Stream& stream, bool touched) {
    bytes_ -= stream.cost;
    stream.cost = stream.framer.cost();
    for (const auto& segment : stream.ahead) stream.cost += sizeof segment + segment.bytes.capacity() + 128;
    bytes_ += stream.cost;
    bool busy = stream.cost > 0;
    if (busy == stream.busy && !touched) return;
    auto place = places_.at(stream.key);
    auto& to = busy ? busy_ : idle_;
    to.splice(to.end(), stream.busy ? busy_ : idle_, place);
    stream.busy = busy;
}

void TcpStreams::drop(Streams::iterator place) {
    close(*place, true);
    bytes_ -= place->cost;
    places_.erase(place->key);
    (place->busy ? busy_ : idle_).erase(place);
}

void TcpStreams::evict(Streams& from) {
    ++counts_->streams_evicted;
    drop(from.begin());
}

void TcpStreams::make_room() {
    while (bytes_ > limits_.stream_bytes) evict(busy_);
    // One that keeps nothing loses nothing: its next message is found again.
    while (places_.size() > limits_.streams) evict(idle_.empty() ? busy_ : idle_);
}

void TcpStreams::expire(Time now) {
    for (auto place = busy_.begin(); place != busy_.end();) {
        auto& stream = *place++;
        if (stream.ahead.empty() || now - stream.hole_since <= limits_.hole_wait) continue;
        give_up_hole(stream, now);
        check_end(stream);
        account(stream, false);
    }
    for (auto* list : {&busy_, &idle_})
        while (!list->empty() && now - list->front().last > limits_.stream_idle) drop(list->begin());
}

void TcpStreams::finish() {
    for (auto* list : {&busy_, &idle_})
        while (!list->empty()) drop(list->begin());
}

}  // namespace trunkbox::net
