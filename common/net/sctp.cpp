#include "net/sctp.h"

#include <functional>

namespace trunkbox::net {

namespace {

constexpr std::size_t common_header = 12, sctp_chunk_header = 4, data_header = 16;
constexpr std::uint8_t data_chunk = 0;
constexpr std::size_t most_chunks = 1024;  // of one association, waiting

}  // namespace

Outcome SctpMessages::packet(const IpPacket& packet, const Origin& origin) {
    auto layer = packet.payload;
    if (!layer.has(common_header)) return too_short(layer, common_header, "SCTP header");
    Key key{.tag = be32(layer.bytes, 4), .from = be16(layer.bytes, 0), .to = be16(layer.bytes, 2)};
    Outcome outcome{Fate::no_payload, {}};
    for (layer = layer.behind(common_header); layer.wire > 0;) {
        if (!layer.has(sctp_chunk_header)) return layer.is_cut() ? Outcome{Fate::cut, "SCTP chunk"} : outcome;
        std::size_t length = be16(layer.bytes, 2);
        if (length < sctp_chunk_header || length > layer.wire) return {Fate::damaged, "SCTP chunk length"};
        auto flags = be8(layer.bytes, 1);
        if (be8(layer.bytes, 0) == data_chunk) {
            if (length <= data_header) return {Fate::damaged, "SCTP chunk length"};
            if (!layer.has(data_header)) return {Fate::cut, "SCTP chunk"};
            auto& known = association(key, origin);
            known.from = {packet.from, key.from};
            known.to = {packet.to, key.to};
            Chunk chunk{.begins = (flags & 2U) != 0,
                        .ends = (flags & 1U) != 0,
                        .number = be32(layer.bytes, 4),
                        .data = layer.first(length).behind(data_header)};
            auto result = data(known, chunk, origin);
            if (result.fate < outcome.fate) outcome = result;
        }
        auto padded = std::min((length + 3) / 4 * 4, layer.wire);
        if (!layer.has(padded)) break;  // cut within this chunk
        layer = layer.behind(padded);
    }
    return outcome;
}

SctpMessages::Association& SctpMessages::association(const Key& key, const Origin& origin) {
    auto place = places_.find(key);
    if (place == places_.end()) {
        while (places_.size() >= limits_.streams) {
            ++counts_->streams_evicted;
            drop(associations_.begin());
        }
        associations_.emplace_back().key = key;
        place = places_.emplace(key, std::prev(associations_.end())).first;
    }
    associations_.splice(associations_.end(), associations_, place->second);
    place->second->last = origin.time;
    return *place->second;
}

bool SctpMessages::is_repeated(Association& association, const Chunk& chunk) const {
    auto place = association.pieces.find(chunk.number);
    if (place != association.pieces.end()) return place->second.bytes == chunk.data.bytes;
    std::pair<std::uint32_t, std::size_t> same{chunk.number, std::hash<std::string_view>{}(chunk.data.bytes)};
    return std::find(association.recent.begin(), association.recent.end(), same) != association.recent.end();
}

Outcome SctpMessages::data(Association& association, const Chunk& chunk, const Origin& origin) {
    constexpr Outcome surplus{Fate::surplus, {}};
    if (is_repeated(association, chunk)) return surplus;
    auto hash = std::hash<std::string_view>{}(chunk.data.bytes);
    association.recent[association.recent_at++ % association.recent.size()] = {chunk.number, hash};
    if (chunk.begins && chunk.ends) {
        ledger_->deliver({.time = origin.time, .from = association.from, .to = association.to,
                          .transport = Transport::sctp, .bytes = chunk.data.bytes, .cut = chunk.data.is_cut(),
                          .frames = origin.frames, .oddities = origin.oddities});
        return {Fate::delivered, {}};
    }
    keep(association, chunk, origin);
    complete(association, chunk.number, origin.time);
    if (association.pieces.size() > most_chunks) {
        ++counts_->streams_evicted;
        give_up(association, origin.time);
    }
    // The oldest go, also those that keep nothing: looking for one that does would cost more than they are worth.
    while (bytes_ > limits_.stream_bytes) {
        ++counts_->streams_evicted;
        drop(associations_.begin());
    }
    return surplus;
}

void SctpMessages::keep(Association& association, const Chunk& chunk, const Origin& origin) {
    if (association.pieces.empty()) association.oldest = origin.time;
    // Another chunk of that number takes the place of the first.
    if (auto place = association.pieces.find(chunk.number); place != association.pieces.end())
        forget(association, place, std::next(place));
    auto& piece = association.pieces[chunk.number];
    piece = {.begins = chunk.begins,
             .ends = chunk.ends,
             .cut = chunk.data.is_cut(),
             .bytes = std::string(chunk.data.bytes),
             .frames = {origin.frames.begin(), origin.frames.end()},
             .oddities = {origin.oddities.begin(), origin.oddities.end()}};
    for (auto frame : piece.frames) ledger_->hold(frame);
    bytes_ += cost(piece);
}

std::size_t SctpMessages::cost(const Piece& piece) { return piece.bytes.size() + 256; }

void SctpMessages::forget(Association& association, Pieces::iterator first, Pieces::iterator end) {
    for (auto place = first; place != end; ++place) {
        bytes_ -= cost(place->second);
        for (auto frame : place->second.frames) ledger_->release(frame);
    }
    association.pieces.erase(first, end);
}

// The chunks of one message have numbers in a row (RFC 9260 section 6.9): are they all there now?
void SctpMessages::complete(Association& association, std::uint32_t number, Time time) {
    auto first = number, last = number;
    for (auto place = association.pieces.find(first); !place->second.begins;) {
        place = association.pieces.find(--first);
        if (place == association.pieces.end()) return;
    }
    for (auto place = association.pieces.find(last); !place->second.ends;) {
        place = association.pieces.find(++last);
        if (place == association.pieces.end()) return;
    }
    deliver(association, first, last, time, true);
}

void SctpMessages::deliver(Association& association, std::uint32_t first, std::uint32_t last, Time time,
                           bool whole) {
    std::string bytes;
    std::vector<std::uint64_t> frames;
    std::vector<Oddity> oddities;
    bool begins = association.pieces.at(first).begins, open = true;
    for (auto number = first; number != last + 1U; ++number) {
        const auto& piece = association.pieces.at(number);
        // Behind a chunk that the capture cut nothing has its place.
        if (open) bytes += piece.bytes;
        open &= !piece.cut;
        frames.insert(frames.end(), piece.frames.begin(), piece.frames.end());
        oddities.insert(oddities.end(), piece.oddities.begin(), piece.oddities.end());
    }
    sort_frames(frames);
    ledger_->deliver({.time = time, .from = association.from, .to = association.to, .transport = Transport::sctp,
                      .bytes = bytes, .cut = !whole || !open, .opaque = !begins, .frames = frames,
                      .oddities = oddities});
    for (auto number = first; number != last + 1U; ++number) {
        auto place = association.pieces.find(number);
        forget(association, place, std::next(place));
    }
}

// What is there of messages that are not whole: each run of chunks by itself.
void SctpMessages::give_up(Association& association, Time time) {
    while (!association.pieces.empty()) {
        ++counts_->holes;
        auto first = association.pieces.begin()->first, last = first;
        for (;;) {
            auto next = association.pieces.find(last + 1U);
            if (association.pieces.at(last).ends || next == association.pieces.end() || next->second.begins) break;
            ++last;
        }
        deliver(association, first, last, time, false);
    }
}

void SctpMessages::drop(Associations::iterator place) {
    give_up(*place, place->last);
    places_.erase(place->key);
    associations_.erase(place);
}

void SctpMessages::expire(Time now) {
    for (auto& association : associations_)
        if (!association.pieces.empty() && now - association.oldest > limits_.hole_wait) give_up(association, now);
    while (!associations_.empty() && now - associations_.front().last > limits_.stream_idle)
        drop(associations_.begin());
}

void SctpMessages::finish() {
    while (!associations_.empty()) drop(associations_.begin());
}

}  // namespace trunkbox::net
