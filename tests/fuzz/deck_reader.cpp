// The deck reader on any bytes: plainly, and skipping what it does not understand.
#include "lcr/deck_reader.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trunkbox::lcr;
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    auto strict = read_deck(bytes, "deck.csv", {});
    auto lenient = read_deck(bytes, "deck.csv", {.skip_bad = true, .most_bad = 3});
    ReadOptions numbered{.map = {{"prefix", "1"}, {"rate", "2"}, {"3", "-"}}, .skip_bad = true};
    static_cast<void>(read_deck(bytes, "deck.csv", numbered));
    auto in_parts = read_deck(bytes, "deck.csv", {}, 2 + size % 9, one_by_one);
    if (in_parts.has_value() != strict.has_value()) std::abort();
    if (!strict) {
        if (strict.error().what.empty() || in_parts.error().text() != strict.error().text()) std::abort();
        return 0;
    }
    // What is understood as a whole is understood in the same way with nothing to skip, and in parts.
    if (!lenient || lenient->skipped != 0 || lenient->deck.size() != strict->deck.size()) std::abort();
    if (in_parts->deck.size() != strict->deck.size()) std::abort();
    for (std::size_t i = 0; i < strict->deck.size(); ++i) {
        auto row = strict->deck.row(i);
        if (row != lenient->deck.row(i) || row != in_parts->deck.row(i) || row.terms.increment < 1 || row.line == 0) std::abort();
    }
    return 0;
}
