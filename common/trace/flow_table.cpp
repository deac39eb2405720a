#include "trace/flow_table.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace trunkbox::trace {
namespace {

constexpr std::size_t least_slots = 1024;

std::uint64_t mix(std::uint64_t sum, std::uint64_t word) {
    sum = (sum ^ word) * 0x9e3779b97f4a7c15ULL;
    return sum ^ (sum >> 32);
}

std::uint64_t mix(std::uint64_t sum, const net::Ip& ip) {
    std::uint64_t halves[2];
    std::memcpy(halves, ip.bytes().data(), sizeof halves);
    return mix(mix(sum, halves[0]), halves[1]);
}

}  // namespace

FlowTable::FlowTable() : slots_(least_slots) {}

std::uint32_t FlowTable::hash(const Flow::Key& key) {
    std::uint64_t ports = std::uint64_t{key.from.port} << 48 | std::uint64_t{key.to.port} << 32 | key.ssrc;
    return static_cast<std::uint32_t>(mix(mix(mix(0x5bd1e995, key.from.ip), key.to.ip), ports));
}

std::optional<FlowTable::Index> FlowTable::find(const Flow::Key& key) const {
    const std::uint32_t wanted = hash(key);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = wanted & mask; slots_[at].entry != 0; at = (at + 1) & mask) {
        const Slot& slot = slots_[at];
        if (slot.hash == wanted && entries_[slot.entry - 1]->flow.key() == key) return slot.entry - 1;
    }
    return std::nullopt;
}

void FlowTable::place(std::uint32_t hash, std::uint32_t entry) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    while (slots_[at].entry != 0) at = (at + 1) & mask;
    slots_[at] = {hash, entry};
}

void FlowTable::grow() {
    std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
    for (const Slot& slot : old)
        if (slot.entry != 0) place(slot.hash, slot.entry);
}

FlowTable::Index FlowTable::insert(Flow flow) {
    if ((linked_ + 1) * 3 > slots_.size()) grow();
    const std::uint32_t hashed = hash(flow.key());
    Index index;
    if (free_.empty()) {
        index = static_cast<Index>(entries_.size());
        entries_.emplace_back(Entry{.flow = std::move(flow)});
    } else {
        index = free_.back();
        free_.pop_back();
        entries_[index].emplace(Entry{.flow = std::move(flow)});
    }
    place(hashed, index + 1);
    ++linked_;
    return index;
}

void FlowTable::unlink(Index index) {
    Entry& entry = at(index);
    if (!std::exchange(entry.linked, false)) return;
    --linked_;
    const std::size_t mask = slots_.size() - 1;
    std::size_t hole = hash(entry.flow.key()) & mask;
    while (slots_[hole].entry != index + 1) hole = (hole + 1) & mask;
    // What stood behind moves up, unless it would then stand before its own place.
    for (std::size_t at = (hole + 1) & mask; slots_[at].entry != 0; at = (at + 1) & mask) {
        const std::size_t home = slots_[at].hash & mask;
        if (((at - home) & mask) < ((at - hole) & mask)) continue;
        slots_[hole] = slots_[at];
        hole = at;
    }
    slots_[hole] = {};
}

void FlowTable::erase(Index index) {
    unlink(index);
    entries_[index].reset();
    free_.push_back(index);
}

std::optional<FlowTable::Index> FlowTable::crowded(const Flow::Key& key) const {
    const std::size_t mask = slots_.size() - 1;
    std::optional<Index> stalest;
    std::size_t at = hash(key) & mask;
    for (std::size_t probes = 0; probes < most_probes; ++probes, at = (at + 1) & mask) {
        if (slots_[at].entry == 0) return std::nullopt;
        const Index index = slots_[at].entry - 1;
        if (!stalest || this->at(index).flow.last() < this->at(*stalest).flow.last()) stalest = index;
    }
    return stalest;
}

std::vector<FlowTable::Index> FlowTable::all() const {
    std::vector<Index> made;
    for (Index index = 0; index < entries_.size(); ++index)
        if (entries_[index]) made.push_back(index);
    std::ranges::sort(made, {}, [&](Index index) { return at(index).flow.id(); });
    return made;
}

}  // namespace trunkbox::trace
