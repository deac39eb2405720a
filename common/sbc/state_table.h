// A table whose size is bounded: where it is full, what was touched longest ago by packet time makes room. Private to
// sbc/.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/time.h"

namespace trunkbox::sbc {

// What every entry begins with.
struct StateLinks {
    std::uint64_t key = 0;
    std::uint32_t place = 0;              // its own, from 1
    std::uint32_t newer = 0, older = 0;   // its neighbours in the order of being touched
    std::uint32_t touched = 0;            // when, in 2^30 ns
    std::uint8_t list = 0;
};

// Entry derives from StateLinks and is not moved while it is in the table. Of several lists the first gives way first:
// what a stranger can make for nothing does not drive out what took two to make. Nothing is allocated where what was
// forgotten makes room. What is touched again within four seconds keeps its place in the order: moving it would cost
// more than all else.
template <class Entry, std::size_t lists = 1>
class StateTable {
  public:
    // capacity: of entries, at least one.
    explicit StateTable(std::uint32_t capacity) : capacity_(capacity) {}

    [[nodiscard]] Entry* find(std::uint64_t key) {
        if (size_ == 0) return nullptr;
        for (std::size_t at = home(key);; at = next(at)) {
            const Slot& slot = slots_[at];
            if (slot.place == 0) return nullptr;
            if (slot.mark == mark(key) && entry(slot.place).key == key) return &entry(slot.place);
        }
    }

    // It will be asked for soon: the processor fetches where it is, one table beside the other.
    void expect(std::uint64_t key) const {
        if (size_ > 0) bring(slots_[home(key)].place);
    }

    // … and then, the entry that probably has it.
    void fetch(std::uint64_t key) {
        if (size_ == 0) return;
        std::uint32_t place = slots_[home(key)].place;
        if (place == 0) return;
        const Entry& near = entry(place);
        bring(near.touched);
        if (sizeof(Entry) > 64) __builtin_prefetch(reinterpret_cast<const char*>(&near) + 64);
    }

    // A new entry in the first list. The key must not be there. forget(entry) is told what makes room for it, and says
    // whether that was of use still.
    template <class Forget>
    Entry& insert(std::uint64_t key, Time now, Forget forget) {
        if (size_ == capacity_) {
            Entry& last = oldest();
            if (forget(last)) ++evicted_;
            erase(last);
        }
        if ((size_ + 1) * 2 > slots_.size()) grow();
        std::uint32_t place = take_place();
        Entry& made = entry(place);
        made.key = key;
        made.place = place;
        made.touched = seconds_of(now);
        link(made, 0);
        settle({mark(key), place}, key);
        ++size_;
        return made;
    }
    Entry& insert(std::uint64_t key, Time now) {
        return insert(key, now, [](const Entry&) { return true; });
    }
    // The entry of that key, touched; a new one where there was none.
    template <class Forget>
    Entry& at(std::uint64_t key, Time now, Forget forget) {
        Entry* known = find(key);
        if (known == nullptr) return insert(key, now, forget);
        touch(*known, now);
        return *known;
    }
    Entry& at(std::uint64_t key, Time now) {
        return at(key, now, [](const Entry&) { return true; });
    }

    // From now on it is the last one of its list to make room.
    void touch(Entry& touched, Time now) {
        if (seconds_of(now) - touched.touched < 4) return;
        move(touched, touched.list, now);
    }
    // … of another list.
    void move(Entry& moved, std::uint8_t list, Time now) {
        unlink(moved);
        moved.touched = seconds_of(now);
        link(moved, list);
    }

    void erase(Entry& gone) {
        unlink(gone);
        std::size_t hole = home(gone.key);
        while (slots_[hole].place != gone.place) hole = next(hole);
        // What stood behind moves up, unless it would then stand before its own place.
        for (std::size_t at = next(hole); slots_[at].place != 0; at = next(at)) {
            std::size_t mask = slots_.size() - 1, own = home(entry(slots_[at].place).key);
            if (((at - own) & mask) < ((at - hole) & mask)) continue;
            slots_[hole] = slots_[at];
            hole = at;
        }
        slots_[hole] = {};
        gone.newer = free_;
        free_ = gone.place;
        --size_;
        expect_end(gone.list);
    }

    // What over(entry) says is of no use any more, beginning with what was touched longest ago; two at most, which is
    // more than are made at a time.
    template <class Over>
    void expire(std::uint8_t list, Over over) {
        for (int i = 0; i < 2; ++i) {
            Entry* last = oldest(list);
            if (last == nullptr || !over(*last)) return;
            erase(*last);
        }
    }

    // Touched longest ago of that list, or nullptr.
    [[nodiscard]] Entry* oldest(std::uint8_t list) {
        return ends_[list].oldest == 0 ? nullptr : &entry(ends_[list].oldest);
    }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t bytes() const { return slots_.size() * sizeof(Slot) + chunks_.size() * chunk * sizeof(Entry); }
    [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

  private:
    struct Slot {
        std::uint32_t mark = 0, place = 0;  // place 0: free
    };
    struct Ends {
        std::uint32_t newest = 0, oldest = 0;
    };
    static constexpr std::uint32_t chunk = 64;

  public:
    // What an entry takes when the table is full.
    static constexpr std::size_t bytes_each = sizeof(Entry) + 4 * sizeof(Slot);

  private:
    static std::uint32_t seconds_of(Time now) {
        return static_cast<std::uint32_t>(now.time_since_epoch().count() >> 30);
    }
    static std::uint32_t mark(std::uint64_t key) { return static_cast<std::uint32_t>(key >> 32U); }
    [[nodiscard]] std::size_t home(std::uint64_t key) const { return key & (slots_.size() - 1); }
    [[nodiscard]] std::size_t next(std::size_t at) const { return (at + 1) & (slots_.size() - 1); }
    [[nodiscard]] Entry& entry(std::uint32_t place) { return chunks_[(place - 1) / chunk][(place - 1) % chunk]; }

    // What goes next from the end of the list has not been touched for long: the processor fetches what its erasing looks
    // at before that.
    void expect_end(std::uint8_t list) {
        const std::uint32_t end = ends_[list].oldest;
        if (end == 0) return;
        const Entry& next = entry(end);
        bring(slots_[home(next.key)].place);
        if (next.newer != 0) bring(entry(next.newer).touched);
    }

    // Read, and not waited for. A mere hint is dropped where the processor does not know the page by heart, and of tables as
    // large as these it seldom does.
    static void bring(const std::uint32_t& number) {
        static_cast<void>(*static_cast<const volatile std::uint32_t*>(&number));
    }

    Entry& oldest() {
        for (std::uint8_t list = 0; list + 1U < lists; ++list)
            if (Entry* found = oldest(list)) return *found;
        return entry(ends_[lists - 1].oldest);
    }

    std::uint32_t take_place() {
        if (free_ != 0) {
            std::uint32_t place = free_;
            free_ = entry(place).newer;
            entry(place) = Entry{};
            return place;
        }
        if (made_ % chunk == 0) chunks_.push_back(std::make_unique<Entry[]>(chunk));
        return ++made_;
    }

    void link(Entry& linked, std::uint8_t list) {
        Ends& ends = ends_[list];
        linked.list = list;
        linked.newer = 0;
        linked.older = ends.newest;
        (ends.newest == 0 ? ends.oldest : entry(ends.newest).newer) = linked.place;
        ends.newest = linked.place;
    }
    void unlink(Entry& linked) {
        Ends& ends = ends_[linked.list];
        (linked.newer == 0 ? ends.newest : entry(linked.newer).older) = linked.older;
        (linked.older == 0 ? ends.oldest : entry(linked.older).newer) = linked.newer;
    }

    void settle(Slot slot, std::uint64_t key) {
        std::size_t at = home(key);
        while (slots_[at].place != 0) at = next(at);
        slots_[at] = slot;
    }
    void grow() {
        std::vector<Slot> before(slots_.empty() ? 16 : slots_.size() * 2);
        before.swap(slots_);
        for (const Slot& slot : before)
            if (slot.place != 0) settle(slot, entry(slot.place).key);
    }

    std::size_t capacity_, size_ = 0;
    std::vector<Slot> slots_{};  // a power of two, at most half of it taken
    std::vector<std::unique_ptr<Entry[]>> chunks_{};
    std::uint32_t made_ = 0, free_ = 0;
    std::array<Ends, lists> ends_{};
    std::uint64_t evicted_ = 0;
};

}  // namespace trunkbox::sbc
