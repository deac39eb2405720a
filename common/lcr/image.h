// The bytes of a compiled route table: sections of fixed-size records that are used where they lie. Only lcr's own
// sources look in here; what a file says is checked before it is believed.
#pragma once

#include "base/result.h"
#include "lcr/parallel.h"
#include "lcr/settings.h"
#include "lcr/storage.h"
#include "lcr/table.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace trunkbox::lcr {

enum class Section : std::uint32_t {
    settings,      // packed, settings_codec.h
    text_places,   // u64: where each text ends in texts
    texts,         // names of destinations, files, time classes, origins
    decks,         // DeckRecord
    terms,         // TermsRecord
    tiers,         // TierRecord
    scopes,        // ScopeRecord
    rates,         // i64, units of 10^-12, ascending: those that are no small multiple of the quantum
    rows,          // RowRecord, by prefix, carrier, precedence
    prefixes,      // PrefixRecord, by tree_key, and one behind the last
    boundaries,    // i64, nanoseconds: moments at which any row begins or ends, ascending
    shapes,        // ShapeRecord
    lines,         // LineHead and its candidates, in units of 16 bytes
    others,        // u32, by place: the unit of the lines that hold at other times; leaf_bit and the unit in which a shorter
                   // prefix's line begins, if that one's hold then; no_leaf for none; empty if none has any
    line_rows,     // u32, beside each 8 bytes of `lines`: a head's prefix, the position of the row that a candidate is from
    spill,         // LineCandidate: those that found no room in their line
    spill_rows,    // u32: the positions of theirs
    root,          // RootGroup, for all values of the first digits
    nodes,         // u32: the entries of the root, then NodeStarts and entries of each node, then most_node_words of 0
};
inline constexpr std::size_t section_count = 19;
inline constexpr std::size_t section_alignment = 64;  // bytes
[[nodiscard]] std::string_view name(Section section);

struct SectionEntry {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;  // bytes
    std::uint32_t crc = 0;     // CRC-32C
    std::uint32_t id = 0;
};

struct ImageHeader {
    std::array<char, 8> magic{'T', 'B', 'R', 'O', 'U', 'T', 'E', 'S'};
    std::uint32_t version = 3;
    std::uint32_t byte_order = 0x01020304;
    std::uint64_t size = 0;           // of the whole image
    std::int64_t quantum = 1;         // units of 10^-12 that a line's rates count in
    std::uint32_t root_digits = 5;    // digits that choose the slot of the root
    std::uint32_t sections = section_count;
    std::uint32_t reserved = 0;
    std::uint32_t crc = 0;            // of the header with this at 0, and of the section entries
    std::array<SectionEntry, section_count> section{};
};

struct DeckRecord {
    std::uint32_t carrier = 0;
    std::uint32_t amendment = 0;
    std::uint32_t file = 0;  // text
};

struct TierRecord {
    std::int64_t from = 0, rate = 0, increment = 1;
};

struct TermsRecord {
    std::int64_t connect_fee = 0, attempt_fee = 0, minimum = 0, increment = 1, grace = 0, free_seconds = 0;
    std::int64_t minimum_charge = 0, maximum_charge = -1;  // -1: none
    std::uint32_t first_tier = 0, tiers = 0;
    std::array<char, 3> currency{'E', 'U', 'R'};
    std::uint8_t blocked = 0;
    std::uint32_t shape = 0;  // of the fast lines, or no_shape
};
inline constexpr std::uint32_t no_shape = 0xFFFFFFFF;

struct ScopeRecord {
    static constexpr std::int64_t never = INT64_MIN;
    std::int64_t effective = never, end = never;  // never: none
    std::uint32_t time_class = 0, origin = 0;     // texts; 0 is ""
    std::uint8_t jurisdiction = 0;
    std::array<std::uint8_t, 7> reserved{};
};

// A row's rate in quanta, or an index into `rates`.
inline constexpr std::uint32_t rate_by_index = 0x80000000;

struct RowRecord {
    std::uint32_t rate = 0, terms = 0, scope = 0, destination = 0, line = 0, deck = 0;
};

struct PrefixRecord {
    static constexpr std::uint32_t none = 0xFFFFFFFF;
    std::uint64_t key = 0;        // tree_key
    std::uint32_t shorter = none; // place of the longest prefix that this one begins with
    std::uint32_t first_row = 0;
};

struct ShapeRecord {
    std::uint64_t fee = 0;  // connect fee in sixtieths of the quantum
    std::uint32_t minimum = 0, increment = 1;
};

// The candidates of one prefix between two boundaries that can be the cheapest for some duration, by rate, then
// carrier. A prefix has one line for each stretch of time that differs. The search leads to the one for the time at which
// nearly all rows have begun; the others stand one behind the other, the later in front, where `others` says.
struct LineHead {
    static constexpr std::uint8_t slow = 0xFF;     // count: not decided here, the rows must be asked
    static constexpr std::uint16_t ever = 0xFFFF;  // until
    std::uint16_t from = 0, until = ever;          // holds once so many boundaries have passed, until so many have
    std::uint8_t length = 0;                       // digits of the prefix
    std::uint8_t count = 0;  // candidates; above most_in_line the last slot's rate says where in `spill` they go on
    std::uint16_t reserved = 0;

    [[nodiscard]] bool holds(std::uint32_t passed) const { return from <= passed && passed < until; }
    [[nodiscard]] std::uint32_t units() const { return units_for(count == slow ? 0 : count); }
    [[nodiscard]] static std::uint32_t units_for(std::size_t candidates) {
        return candidates <= 1 ? 1 : candidates <= 3 ? 2 : 4;
    }
};
struct LineCandidate {
    std::uint32_t rate = 0;     // a minute, in quanta
    std::uint16_t carrier = 0;
    std::uint16_t shape = 0;
};
static_assert(sizeof(LineHead) == 8 && sizeof(LineCandidate) == 8);
inline constexpr std::size_t line_unit = 16;     // bytes
inline constexpr std::size_t slots_in_unit = line_unit / sizeof(LineCandidate);
inline constexpr std::size_t most_in_line = 7;   // 64 bytes: one cache line
inline constexpr std::size_t most_units = 4;     // so many can be read from any line's beginning: the section goes on behind it
inline constexpr std::size_t most_stretches = 32;  // of one prefix; more changes than that are looked up

// The search for the longest prefix. The first digits choose a slot of the root, each two further ones a way of a node; of
// slots or ways that lead to the same, only the first is kept, and a bit says where it stands. What it leads to is an
// entry of `nodes`: leaf_bit and the unit in `lines` where the line of the longest prefix begins, or the node to go on
// from, in units of 8 bytes.
struct RootGroup {
    std::uint64_t starts = 0;  // of 64 slots: bit s where the slot leads elsewhere than the one before it
    std::uint32_t before = 0;  // how many such slots stand before this group, which is where their entries begin
    std::uint32_t reserved = 0;
};
struct NodeStarts {
    std::array<std::uint64_t, 2> bits{};  // the same of 100 ways; the first one's is set, and the entries follow
};
[[nodiscard]] constexpr std::size_t root_groups(std::uint64_t slots) { return static_cast<std::size_t>((slots + 63) / 64); }
inline constexpr std::size_t node_unit = 2;                        // words of 4 bytes
inline constexpr std::size_t starts_words = sizeof(NodeStarts) / sizeof(std::uint32_t);
inline constexpr std::size_t most_node_words = starts_words + 100;  // so many can be read from any node's beginning
inline constexpr std::uint32_t leaf_bit = 0x80000000;
inline constexpr std::uint32_t no_leaf = 0x7FFFFFFF;

class Image {
  public:
    static Result<std::unique_ptr<const Image>> open(std::span<const std::byte> bytes,
                                                     std::shared_ptr<const void> keep, std::string name);
    [[nodiscard]] Result<void> verify() const;

    // Records of a section; what does not fill a whole record is not there.
    template <class T>
    [[nodiscard]] std::span<const T> records(Section section) const {
        static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 16);
        auto part = bytes_of(section);
        return {static_cast<const T*>(static_cast<const void*>(part.data())), part.size() / sizeof(T)};
    }
    [[nodiscard]] std::span<const std::byte> bytes_of(Section section) const {
        const auto& entry = header().section[static_cast<std::size_t>(section)];
        return bytes_.subspan(entry.offset, entry.length);
    }
    [[nodiscard]] const ImageHeader& header() const {
        return *static_cast<const ImageHeader*>(static_cast<const void*>(bytes_.data()));
    }
    [[nodiscard]] std::string_view text(std::uint32_t id) const;  // "" if there is none
    [[nodiscard]] Terms terms(const TermsRecord& record) const;
    [[nodiscard]] static Currency currency(const TermsRecord& record);
    [[nodiscard]] Scope scope(const ScopeRecord& record) const;
    [[nodiscard]] tl::unexpected<Error> damaged(Section section, std::string_view why) const;

    [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const Settings& settings() const { return settings_; }
    [[nodiscard]] std::span<const Carrier> carriers() const { return settings_.carriers; }
    // The unit of the line that the longest prefix of a number of 15 padded digits has; no_leaf for none.
    [[nodiscard]] std::uint32_t find_line(std::uint64_t padded) const;
    // The prefix that the line is of; PrefixRecord::none of a file that lies.
    [[nodiscard]] std::uint32_t place_of_line(std::uint32_t unit) const;

  private:
    Image() = default;
    std::span<const std::byte> bytes_;
    std::shared_ptr<const void> keep_;
    std::string name_;
    Settings settings_;  // carriers in the table's order, with the decks' own first
};

// An image under construction, in the storage that it will stay in. In this order: the rows, every other section, place,
// what there was left room for, seal.
class ImageBuilder {
  public:
    explicit ImageBuilder(Storage& storage) : storage_(storage) {}

    // The rows are most of an image, so they are written where they will lie, in front of the other sections. Their
    // values are indeterminate until they are written; the span is good until place.
    [[nodiscard]] Result<std::span<RowRecord>> rows(std::size_t count);

    template <class T>
    void set(Section section, std::vector<T> records) {
        static_assert(std::is_trivially_copyable_v<T>);
        auto owner = std::make_shared<const std::vector<T>>(std::move(records));
        auto bytes = std::as_bytes(std::span(*owner));
        parts_[index(section)] = {bytes.size(), bytes, owner};
    }
    // For what is written into its part once it has its place.
    void leave_room(Section section, std::size_t bytes) { parts_[index(section)] = {bytes, {}, {}}; }
    std::int64_t quantum = 1;
    std::uint32_t root_digits = 5;

    // Gives every section its place and copies those that were set, which are not kept.
    [[nodiscard]] Result<void> place(const Parallel& parallel);
    template <class T>
    [[nodiscard]] std::span<T> part(Section section) const {
        static_assert(std::is_trivially_copyable_v<T>);
        const auto& entry = header_.section[index(section)];
        return {static_cast<T*>(static_cast<void*>(memory_.data() + entry.offset)), entry.length / sizeof(T)};
    }
    // The whole, with its checksums.
    [[nodiscard]] std::span<const std::byte> seal(const Parallel& parallel);

  private:
    struct Part {
        std::size_t size = 0;
        std::span<const std::byte> bytes{};
        std::shared_ptr<const void> keep{};
    };
    static std::size_t index(Section section) { return static_cast<std::size_t>(section); }
    void place_sections();
    void for_each_section(const Parallel& parallel, const std::function<void(std::size_t)>& work) const;

    Storage& storage_;
    ImageHeader header_;
    std::array<Part, section_count> parts_{};
    std::span<std::byte> memory_;
};

}  // namespace trunkbox::lcr
