// A route table that somebody tampered with, and everything that can be asked of it.
#pragma once

#include "base/crc32c.h"
#include "lcr/cheapest.h"
#include "lcr/contents.h"
#include "lcr/deck_reader.h"
#include "lcr/evaluate.h"
#include "lcr/image.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

namespace trunkbox::test {

// A table with something in every section.
inline lcr::Table sound_table() {
    constexpr std::string_view decks[] = {
        "prefix,rate,connect fee,minimum,increment,effective,end,tiers,origin,destination\n"
        "44,0.01,0,0,1,,,,,UK\n4420,0.000000000001,0,30,6,2026-01-01,,,,London\n447,0.03,0.01,60,60,,2027-01-01,,,M\n"
        "33,0.02,0,0,1,,,300:0.01/60,,F\n49,0.02,0,0,1,,,,33,G\n",
        "prefix,rate,increment,status\n44,0.009,7,\n442079,0.008,11,\n447,,,blocked\n1,0.01,13,\n1212,0.02,17,\n"};
    std::vector<lcr::CarrierDecks> carriers;
    for (auto csv : decks)
        carriers.push_back({.carrier = {.name = std::string(1, static_cast<char>('a' + carriers.size()))},
                            .decks = {lcr::read_deck(csv, "deck.csv").value()}});
    // Carriers of all kinds of terms, so that a line overflows into the spill.
    for (int i = 0; i < 12; ++i) {
        auto csv = "prefix,rate,minimum,increment\n44,0.00" + std::to_string(50 + i) + "," +
                   std::to_string(40 - i * 3) + "," + std::to_string(31 + i * 2) + "\n";
        carriers.push_back({.carrier = {.name = "x" + std::to_string(i)},
                            .decks = {lcr::read_deck(csv, "x.csv").value()}});
    }
    return lcr::Table::compile(std::move(carriers)).value();
}

struct Change {
    std::uint32_t at = 0;
    std::uint8_t value = 0;
};

// The changed image with a header that checks out, as somebody who means harm would make it.
inline std::shared_ptr<std::vector<std::max_align_t>> damage(std::span<const std::byte> image,
                                                             std::span<const Change> changes) {
    auto memory = std::make_shared<std::vector<std::max_align_t>>(image.size() / sizeof(std::max_align_t) + 1);
    auto* bytes = static_cast<std::byte*>(static_cast<void*>(memory->data()));
    std::memcpy(bytes, image.data(), image.size());
    for (auto change : changes) bytes[change.at % image.size()] = static_cast<std::byte>(change.value);
    lcr::ImageHeader header;
    std::memcpy(static_cast<void*>(&header), bytes, sizeof header);
    header.magic = lcr::ImageHeader{}.magic;
    header.version = lcr::ImageHeader{}.version;
    header.byte_order = lcr::ImageHeader{}.byte_order;
    header.size = image.size();
    auto& settings = header.section[static_cast<std::size_t>(lcr::Section::settings)];
    if (settings.offset < image.size() && settings.length < image.size() - settings.offset)
        settings.crc = crc32c({bytes + settings.offset, settings.length});
    header.crc = 0;
    header.crc = crc32c(std::as_bytes(std::span(&header, 1)));
    std::memcpy(bytes, &header, sizeof header);
    return memory;
}

// Asks all there is to ask. True: the table was opened. An error other than of the input is a bug.
inline bool ask_everything(std::span<const std::byte> image, const std::shared_ptr<const void>& keep) {
    auto check = [](const auto& result) {
        if (!result && result.error().fault != Fault::input) throw std::logic_error(result.error().text());
    };
    auto table = lcr::Table::open(image, keep, "damaged");
    check(table);
    if (!table) return false;
    check(table->verify());
    check(lcr::contents(*table));
    std::vector<lcr::Call> calls;
    constexpr std::array<std::uint64_t, 7> numbers{442079460123, 447700900123, 33199000001, 12125550100, 4420, 4499,
                                                   999999999999999};
    for (auto number : numbers)
        for (auto at : {Time{}, Time(Duration(INT64_MAX / 2)), parse_rfc3339("2026-11-22T00:00:00Z").value()}) {
            calls.push_back({.number = number, .seconds = 61, .at = at});
            lcr::Facts facts{.number = numbering::E164::parse_digits(std::to_string(number)).value(), .at = at};
            auto decision = lcr::evaluate(*table, facts);
            check(decision);
            for (std::size_t i = 0; decision && i < decision->ranked.size() && i < 3; ++i)
                (void)lcr::arithmetic(decision->ranked[i], *decision);
        }
    for (const auto& call : calls) {
        lcr::Cheapest answer;
        check(lcr::cheapest(*table, {&call, 1}, {&answer, 1}, lcr::Origin::row));
    }
    std::vector<lcr::Cheapest> answers(calls.size());
    check(lcr::cheapest(*table, calls, answers, lcr::Origin::row));
    return true;
}

}  // namespace trunkbox::test
