// Flows by their key: a flat hash table that allocates nothing for a packet of a flow that it knows. Private to this
// folder.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "trace/flow.h"

namespace trunkbox::trace {

struct StreamOwner;  // a call

class FlowTable {
  public:
    using Index = std::uint32_t;
    struct Entry {
        Flow flow;
        std::vector<StreamOwner*> owners{};
        bool linked = true;  // found by its key; another flow may have the key of one that is over
    };

    FlowTable();

    [[nodiscard]] std::optional<Index> find(const Flow::Key& key) const;
    // The key must not be there.
    Index insert(Flow flow);
    void unlink(Index index);
    void erase(Index index);
    // Where keys of one hash stand in too long a row, which only a sender who means harm brings about: the one of them
    // that was silent longest.
    [[nodiscard]] std::optional<Index> crowded(const Flow::Key& key) const;

    [[nodiscard]] Entry& at(Index index) { return *entries_[index]; }
    [[nodiscard]] const Entry& at(Index index) const { return *entries_[index]; }
    [[nodiscard]] std::size_t size() const { return entries_.size() - free_.size(); }
    // All entries, in the order of their flows' first packets.
    [[nodiscard]] std::vector<Index> all() const;

  private:
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t entry = 0;  // index + 1; 0: free
    };
    static constexpr std::size_t most_probes = 64;

    [[nodiscard]] static std::uint32_t hash(const Flow::Key& key);
    void place(std::uint32_t hash, std::uint32_t entry);
    void grow();

    std::vector<Slot> slots_;  // a power of two, at most a third of it taken
    std::size_t linked_ = 0;
    std::vector<std::optional<Entry>> entries_;
    std::vector<Index> free_;
};

}  // namespace trunkbox::trace
