#include "base/ids.h"
#include "support/damaged_table.h"

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::test;

namespace {

// Where there is something: most of an image is the root of its search.
std::uint32_t interesting(const lcr::Table& table, IdSource& random) {
    const auto& header = table.parts().header();
    for (;;) {
        const auto& section = header.section[random.next() % lcr::section_count];
        if (section.length == 0) continue;
        if (random.next() % 8 == 0) return static_cast<std::uint32_t>(random.next() % sizeof(lcr::ImageHeader));
        return static_cast<std::uint32_t>(section.offset + random.next() % section.length);
    }
}

}  // namespace

TEST_CASE("a sound table has something in every section that these decks fill") {
    auto table = sound_table();
    CHECK(table.verify().has_value());
    for (auto section : {lcr::Section::rates, lcr::Section::tiers, lcr::Section::spill, lcr::Section::others,
                         lcr::Section::boundaries, lcr::Section::nodes})
        CHECK_MESSAGE(!table.parts().bytes_of(section).empty(), lcr::name(section));
}

TEST_CASE("a table that was tampered with is refused or answers, and never more than that") {
    auto sound = sound_table();
    IdSource random({11, 12});
    std::size_t opened = 0;
    constexpr std::size_t rounds = 1500;
    for (std::size_t round = 0; round < rounds; ++round) {
        std::vector<Change> changes;
        for (std::uint64_t i = 0; i <= random.next() % 6; ++i)
            changes.push_back({.at = interesting(sound, random), .value = static_cast<std::uint8_t>(random.next())});
        auto memory = damage(sound.image(), changes);
        if (ask_everything(std::as_bytes(std::span(*memory)).first(sound.image().size()), memory)) ++opened;
    }
    CHECK(opened > rounds / 4);
    CHECK(opened < rounds);
}

TEST_CASE("every cut of a table is refused") {
    auto sound = sound_table();
    auto memory = damage(sound.image(), {});
    auto bytes = std::as_bytes(std::span(*memory));
    for (std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{8}, sizeof(lcr::ImageHeader) - 1,
                             sizeof(lcr::ImageHeader), sound.image().size() - 1})
        CHECK(lcr::Table::open(bytes.first(size), memory, "cut.routes").error().fault == Fault::input);
    CHECK(lcr::Table::open(bytes.first(sound.image().size()), memory, "whole.routes").has_value());
}

TEST_CASE("one flipped bit is found by verify, wherever it is") {
    auto sound = sound_table();
    IdSource random({13, 14});
    for (int round = 0; round < 200; ++round) {
        auto memory = damage(sound.image(), {});
        auto* bytes = static_cast<std::byte*>(static_cast<void*>(memory->data()));
        auto at = interesting(sound, random);
        bytes[at] ^= static_cast<std::byte>(1U << (random.next() % 8));
        auto table = lcr::Table::open(std::as_bytes(std::span(*memory)).first(sound.image().size()), memory, "bit");
        auto good = table ? table->verify() : Result<void>(tl::unexpected(table.error()));
        CHECK(!good);
    }
}
