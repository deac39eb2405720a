#include "lcr/image.h"

#include "base/crc32c.h"
#include "lcr/settings_codec.h"
#include "lcr/trie.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>

#include <fmt/format.h>

namespace trunkbox::lcr {

namespace {

constexpr std::array<std::string_view, section_count> names{
    "settings", "text_places", "texts",  "decks", "terms", "tiers", "scopes", "rates", "rows",
    "prefixes", "boundaries",  "shapes", "lines", "others", "line_rows", "spill", "spill_rows", "root",  "nodes"};

std::uint32_t header_crc(ImageHeader header) {
    header.crc = 0;
    return crc32c(std::as_bytes(std::span(&header, 1)));
}

std::size_t aligned(std::size_t size) {
    return (size + section_alignment - 1) / section_alignment * section_alignment;
}

tl::unexpected<Error> not_a_table(const std::string& name, std::string why) {
    return failure(Fault::input, name, std::move(why), "make it with 'trunkbox lcr compile'");
}

Result<void> check_header(std::span<const std::byte> bytes, const std::string& name) {
    if (bytes.size() < sizeof(ImageHeader)) return not_a_table(name, "not a route table, it is too short");
    ImageHeader header;
    std::memcpy(static_cast<void*>(&header), bytes.data(), sizeof header);
    const ImageHeader expected;
    if (header.magic != expected.magic) return not_a_table(name, "not a route table, it begins otherwise");
    if (header.byte_order != expected.byte_order)
        return not_a_table(name, "route table of a machine with another byte order");
    if (header.version != expected.version)
        return not_a_table(name, fmt::format("route table of version {}, this program reads version {}",
                                             header.version, expected.version));
    if (header.size != bytes.size())
        return not_a_table(name, fmt::format("route table is cut: {} bytes of {}", bytes.size(), header.size));
    if (header.crc != header_crc(header)) return not_a_table(name, "route table is damaged: checksum of its header");
    for (std::size_t i = 0; i < section_count; ++i) {
        const auto& entry = header.section[i];
        if (entry.id != i || entry.offset % section_alignment != 0 || entry.offset > bytes.size() ||
            entry.length > bytes.size() - entry.offset)
            return not_a_table(name, fmt::format("route table is damaged: place of section '{}'", names[i]));
    }
    if (header.sections != section_count || header.quantum < 1 || header.root_digits < 1 || header.root_digits > 7)
        return not_a_table(name, "route table is damaged: its header");
    return {};
}

}  // namespace

std::string_view name(Section section) {
    return names[static_cast<std::size_t>(section)];
}

Result<std::unique_ptr<const Image>> Image::open(std::span<const std::byte> bytes, std::shared_ptr<const void> keep,
                                                 std::string name) {
    if (auto good = check_header(bytes, name); !good) return tl::unexpected(good.error());
    std::unique_ptr<Image> image(new Image);
    image->bytes_ = bytes;
    image->keep_ = std::move(keep);
    image->name_ = std::move(name);
    // All else leans on the settings, and they are small.
    auto packed = image->bytes_of(Section::settings);
    if (crc32c(packed) != image->header().section[static_cast<std::size_t>(Section::settings)].crc)
        return image->damaged(Section::settings, "checksum");
    auto settings = unpack_settings(packed);
    if (!settings) return image->damaged(Section::settings, settings.error().what);
    image->settings_ = std::move(*settings);
    if (image->records<PrefixRecord>(Section::prefixes).empty())
        return image->damaged(Section::prefixes, "its end is missing");
    std::size_t slots = 1;
    for (std::uint32_t i = 0; i < image->header().root_digits; ++i) slots *= 10;
    if (image->records<RootGroup>(Section::root).size() != root_groups(slots))
        return image->damaged(Section::root, "its size");
    return image;
}

tl::unexpected<Error> Image::damaged(Section section, std::string_view why) const {
    return not_a_table(name_, fmt::format("route table is damaged: section '{}', {}", lcr::name(section), why));
}

std::string_view Image::text(std::uint32_t id) const {
    auto ends = records<std::uint64_t>(Section::text_places);
    auto all = bytes_of(Section::texts);
    if (id >= ends.size()) return {};
    auto begin = id == 0 ? 0 : ends[id - 1];
    auto end = ends[id];
    if (begin > end || end > all.size()) return {};
    return {static_cast<const char*>(static_cast<const void*>(all.data())) + begin, end - begin};
}

Currency Image::currency(const TermsRecord& record) {
    return Currency::of_letters(record.currency);
}

Terms Image::terms(const TermsRecord& record) const {
    Terms terms{.connect_fee = Money::of_units(record.connect_fee),
                .attempt_fee = Money::of_units(record.attempt_fee),
                .minimum = std::clamp<std::int64_t>(record.minimum, 0, longest_call),
                .increment = std::clamp<std::int64_t>(record.increment, 1, longest_call),
                .grace = std::clamp<std::int64_t>(record.grace, 0, longest_call),
                .free_seconds = std::clamp<std::int64_t>(record.free_seconds, 0, longest_call),
                .minimum_charge = Money::of_units(record.minimum_charge),
                .blocked = record.blocked != 0};
    if (record.maximum_charge >= 0) terms.maximum_charge = Money::of_units(record.maximum_charge);
    terms.currency = currency(record);
    auto tiers = records<TierRecord>(Section::tiers);
    for (std::uint32_t i = 0; i < record.tiers && record.first_tier + std::uint64_t{i} < tiers.size(); ++i) {
        const auto& tier = tiers[record.first_tier + i];
        auto above = terms.tiers.empty() ? terms.minimum : terms.tiers.back().from;
        if (tier.from <= above || tier.from > longest_call) break;
        terms.tiers.push_back({.from = tier.from,
                               .rate = Money::of_units(tier.rate),
                               .increment = std::clamp<std::int64_t>(tier.increment, 1, longest_call)});
    }
    return terms;
}

Scope Image::scope(const ScopeRecord& record) const {
    auto moment = [](std::int64_t count) -> std::optional<Time> {
        if (count == ScopeRecord::never) return std::nullopt;
        return Time(Duration(count));
    };
    return {.effective = moment(record.effective),
            .end = moment(record.end),
            .time_class = std::string(text(record.time_class)),
            .origin = std::string(text(record.origin)),
            .jurisdiction = static_cast<Jurisdiction>(std::min<std::uint8_t>(record.jurisdiction, 3))};
}

std::uint32_t Image::find_line(std::uint64_t padded) const {
    return TrieView(*this).find(padded);
}

std::uint32_t Image::place_of_line(std::uint32_t unit) const {
    auto beside = records<std::uint32_t>(Section::line_rows);
    auto slot = std::size_t{unit} * slots_in_unit;
    return slot < beside.size() ? beside[slot] : PrefixRecord::none;
}

Result<void> Image::verify() const {
    for (std::size_t i = 0; i < section_count; ++i) {
        auto section = static_cast<Section>(i);
        if (crc32c(bytes_of(section)) != header().section[i].crc) return damaged(section, "checksum");
    }
    auto prefixes = records<PrefixRecord>(Section::prefixes);
    auto rows = records<RowRecord>(Section::rows);
    for (std::size_t i = 0; i < prefixes.size(); ++i) {
        auto last = i + 1 == prefixes.size();
        if (last ? prefixes[i].first_row != rows.size()
                 : prefixes[i].first_row > prefixes[i + 1].first_row ||
                       (prefixes[i].shorter != PrefixRecord::none && prefixes[i].shorter >= i))
            return damaged(Section::prefixes, fmt::format("record {}", i));
    }
    auto terms = records<TermsRecord>(Section::terms).size();
    auto scopes = records<ScopeRecord>(Section::scopes).size();
    auto rates = records<std::int64_t>(Section::rates).size();
    auto decks = records<DeckRecord>(Section::decks).size();
    auto texts = records<std::uint64_t>(Section::text_places).size();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& row = rows[i];
        bool lost = (row.rate & rate_by_index) != 0 && (row.rate & ~rate_by_index) >= rates;
        if (lost || row.terms >= terms || row.scope >= scopes || row.deck >= decks ||
            row.destination >= texts)
            return damaged(Section::rows, fmt::format("record {}", i));
    }
    for (const auto& deck : records<DeckRecord>(Section::decks))
        if (deck.carrier >= carriers().size() || deck.file >= texts) return damaged(Section::decks, "an index");
    return {};
}

Result<std::span<RowRecord>> ImageBuilder::rows(std::size_t count) {
    auto& size = parts_[index(Section::rows)].size;
    size = count * sizeof(RowRecord);
    place_sections();
    auto memory = storage_.resize(header_.size);
    if (!memory) return tl::unexpected(memory.error());
    memory_ = *memory;
    return part<RowRecord>(Section::rows);
}

// The rows first, which have their place before the rest.
void ImageBuilder::place_sections() {
    auto end = aligned(sizeof header_);
    auto add = [&](std::size_t section) {
        header_.section[section] = {.offset = end, .length = parts_[section].size, .id = static_cast<std::uint32_t>(section)};
        end = aligned(end + parts_[section].size);
    };
    add(index(Section::rows));
    for (std::size_t i = 0; i < section_count; ++i)
        if (i != index(Section::rows)) add(i);
    header_.size = end;
}

// The largest first, so that no processor is left with it at the end.
void ImageBuilder::for_each_section(const Parallel& parallel, const std::function<void(std::size_t)>& work) const {
    std::array<std::size_t, section_count> order{};
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, std::greater(), [&](std::size_t section) { return parts_[section].size; });
    parallel(section_count, [&](std::size_t i) { work(order[i]); });
}

Result<void> ImageBuilder::place(const Parallel& parallel) {
    auto before = header_.size;
    place_sections();
    if (header_.size > before) {
        auto memory = storage_.resize(header_.size);
        if (!memory) return tl::unexpected(memory.error());
        memory_ = *memory;
    }
    for_each_section(parallel, [&](std::size_t i) {
        auto& part = parts_[i];
        const auto& entry = header_.section[i];
        auto end = entry.offset + entry.length;
        if (!part.bytes.empty()) std::memcpy(memory_.data() + entry.offset, part.bytes.data(), part.bytes.size());
        std::memset(memory_.data() + end, 0, aligned(end) - end);
        part.bytes = {};
        part.keep = {};
    });
    return {};
}

std::span<const std::byte> ImageBuilder::seal(const Parallel& parallel) {
    for_each_section(parallel, [&](std::size_t i) {
        auto& entry = header_.section[i];
        entry.crc = crc32c(memory_.subspan(entry.offset, entry.length));
    });
    header_.quantum = quantum;
    header_.root_digits = root_digits;
    header_.crc = header_crc(header_);
    std::memset(memory_.data(), 0, aligned(sizeof header_));
    std::memcpy(memory_.data(), &header_, sizeof header_);
    return memory_;
}

}  // namespace trunkbox::lcr
