#include "net/fragments.h"

#include <functional>

namespace trunkbox::net {

namespace {

constexpr std::uint32_t longest_packet = 65535;
// Many times what honest hosts need for the longest packet; overlapping pieces have no other bound.
constexpr std::size_t most_pieces = 2048;

// What of the transport header a first fragment must hold: the flags of TCP, too (RFC 1858 section 3.2).
std::uint32_t least_first(std::uint8_t protocol) {
    if (protocol == ip_protocol::tcp) return 16;
    if (protocol == ip_protocol::udp) return 8;
    return protocol == ip_protocol::sctp ? 12 : 0;
}

void add_oddity(std::vector<Oddity>& oddities, Anomaly what, std::uint64_t frame) {
    for (const auto& known : oddities)
        if (known.what == what) return;
    oddities.push_back({what, frame});
}

}  // namespace

std::size_t Fragments::KeyHash::operator()(const Key& key) const noexcept {
    auto hash = std::hash<Ip>{}(key.from) * 31 + std::hash<Ip>{}(key.to);
    return (hash * 31 + key.id) * 31 + key.protocol;
}

Outcome Fragments::add(const IpPacket& fragment, const Origin& origin) {
    auto size = static_cast<std::uint32_t>(fragment.payload.wire);
    // All but the last are multiples of eight bytes; a fragment of nothing is none.
    if ((fragment.more && size % 8 != 0) || size == 0) return {Fate::damaged, "fragment length"};
    Key key{.from = fragment.from, .to = fragment.to, .id = fragment.id, .protocol = fragment.protocol};
    if (fragment.from.is_v6()) key.protocol = 0;
    Piece piece{.begin = fragment.offset,
                .end = fragment.offset + size,
                .hash = std::hash<std::string_view>{}(fragment.payload.bytes)};
    if (auto place = places_.find(key); place != places_.end()) {
        if (is_copy(*place->second, piece)) return {Fate::surplus, {}};
        // The identification came round again.
        if (place->second->done) erase(place->second);
    }
    auto& entry = entry_for(key, origin.time);
    entry.last = entry.packet.time = origin.time;
    for (auto frame : origin.frames) {
        ledger_->hold(frame);
        entry.packet.frames.push_back(frame);
    }
    for (const auto& oddity : origin.oddities) add_oddity(entry.packet.oddities, oddity.what, oddity.frame);
    check(entry, fragment, piece, origin.frame);
    store(entry, fragment, piece);
    charge(entry);
    if (entry.total != 0 && covered(entry) >= entry.total) {
        hand_over(entry, true);
    } else if (entry.pieces.size() > most_pieces) {
        ++counts_->fragments_evicted;
        hand_over(entry, false);
    }
    make_room();
    return {Fate::surplus, {}};
}

Fragments::Entry& Fragments::entry_for(const Key& key, Time now) {
    if (auto place = places_.find(key); place != places_.end()) return *place->second;
    auto& entry = entries_.emplace_back();
    entry.key = key;
    entry.first = now;
    entry.packet.from = key.from;
    entry.packet.to = key.to;
    places_.emplace(key, std::prev(entries_.end()));
    return entry;
}

bool Fragments::is_copy(const Entry& entry, const Piece& piece) const {
    return std::binary_search(entry.pieces.begin(), entry.pieces.end(), piece);
}

void Fragments::check(Entry& entry, const IpPacket& fragment, const Piece& piece, std::uint64_t frame) const {
    auto& packet = entry.packet;
    if (fragment.before + piece.end > longest_packet) {
        add_oddity(packet.oddities, Anomaly::datagram_too_long, frame);
        packet.forbidden = true;
    }
    if (piece.begin == 0 && fragment.more && piece.end < least_first(fragment.protocol))
        add_oddity(packet.oddities, Anomaly::fragment_overlap, frame);
    bool differs = false, overlaps = false;
    for (const auto& known : entry.pieces) {
        if (known.begin >= piece.end) break;
        if (known.end <= piece.begin) continue;
        overlaps = true;
        auto begin = std::max(known.begin, piece.begin);
        auto end = std::min({known.end, piece.end, static_cast<std::uint32_t>(packet.bytes.size()),
                             piece.begin + static_cast<std::uint32_t>(fragment.payload.bytes.size())});
        if (begin < end && std::string_view(packet.bytes).substr(begin, end - begin) !=
                               fragment.payload.bytes.substr(begin - piece.begin, end - begin))
            differs = true;
    }
    // Two last fragments that end at different places, or one before what is known already.
    bool beyond = entry.total != 0 && (piece.end > entry.total || (!fragment.more && piece.end != entry.total));
    bool before = !fragment.more && entry.farthest > piece.end;
    // IPv6 forbids every overlap but that of a copy, which is none.
    if (differs || beyond || before || (overlaps && fragment.from.is_v6())) {
        add_oddity(packet.oddities, Anomaly::fragment_overlap, frame);
        if (fragment.from.is_v6()) packet.forbidden = true;
    }
}

// Of bytes that two fragments bring, those that came first are kept.
void Fragments::store(Entry& entry, const IpPacket& fragment, const Piece& piece) {
    auto& bytes = entry.packet.bytes;
    if (!fragment.more && entry.total == 0) entry.total = piece.end;
    entry.farthest = std::max(entry.farthest, piece.end);
    if (piece.begin == 0) {
        entry.first_protocol = fragment.protocol;
    } else if (entry.first_protocol == 0) {
        entry.packet.protocol = fragment.protocol;
    }
    if (fragment.payload.is_cut())
        entry.usable = std::min(entry.usable, piece.begin + static_cast<std::uint32_t>(fragment.payload.bytes.size()));
    auto captured = piece.begin + static_cast<std::uint32_t>(fragment.payload.bytes.size());
    if (bytes.size() < captured) bytes.resize(captured);
    auto from = piece.begin;
    for (const auto& known : entry.pieces) {
        if (known.begin >= captured || from >= captured) break;
        if (known.end <= from) continue;
        if (known.begin > from)
            fragment.payload.bytes.copy(bytes.data() + from, known.begin - from, from - piece.begin);
        from = known.end;
    }
    if (from < captured) fragment.payload.bytes.copy(bytes.data() + from, captured - from, from - piece.begin);
    entry.pieces.insert(std::upper_bound(entry.pieces.begin(), entry.pieces.end(), piece), piece);
}

// How far the pieces reach without a gap.
std::uint32_t Fragments::covered(const Entry& entry) {
    std::uint32_t end = 0;
    for (const auto& piece : entry.pieces) {
        if (piece.begin > end) break;
        end = std::max(end, piece.end);
    }
    return end;
}

void Fragments::charge(Entry& entry) {
    bytes_ -= entry.cost;
    entry.cost = sizeof(Entry) + entry.packet.bytes.capacity() + entry.pieces.capacity() * sizeof(Piece) +
                 entry.packet.frames.capacity() * (sizeof(std::uint64_t) + 64);
    bytes_ += entry.cost;
}

void Fragments::hand_over(Entry& entry, bool complete) {
    auto& packet = entry.packet;
    if (entry.first_protocol != 0) packet.protocol = entry.first_protocol;
    packet.complete = complete;
    auto end = covered(entry);
    packet.wire = complete ? entry.total : end;
    packet.bytes.resize(std::min({packet.bytes.size(), std::size_t{end}, std::size_t{entry.usable}, packet.wire}));
    if (!complete) add_oddity(packet.oddities, Anomaly::fragments_missing, packet.frames.back());
    sort_frames(packet.frames);
    ready_.push_back(std::move(packet));
    entry.packet = {};
    entry.done = true;
    charge(entry);
}

void Fragments::erase(Entries::iterator place) {
    bytes_ -= place->cost;
    places_.erase(place->key);
    entries_.erase(place);
}

void Fragments::make_room() {
    while (!entries_.empty() && (bytes_ > limits_.fragment_bytes || entries_.size() > limits_.fragmented_packets)) {
        if (!entries_.front().done) {
            ++counts_->fragments_evicted;
            hand_over(entries_.front(), false);
        }
        erase(entries_.begin());
    }
}

void Fragments::expire(Time now) {
    while (!entries_.empty() && now - entries_.front().first > limits_.fragments_wait) {
        if (!entries_.front().done) {
            ++counts_->fragments_expired;
            hand_over(entries_.front(), false);
        }
        erase(entries_.begin());
    }
}

void Fragments::finish() {
    for (auto& entry : entries_) {
        if (entry.done) continue;
        ++counts_->fragments_expired;
        hand_over(entry, false);
    }
    entries_.clear();
    places_.clear();
    bytes_ = 0;
}

Reassembled Fragments::take() {
    auto packet = std::move(ready_.front());
    ready_.pop_front();
    return packet;
}

}  // namespace trunkbox::net
