// Made-up rate decks that look like real ones: prefixes grown below the assigned country codes, a price for each
// country, carriers that ask a little more or less, five increments. The same seed gives the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::bench {

struct DeckShape {
    std::size_t prefixes = 300'000;  // different ones
    std::size_t carriers = 100;
    std::size_t rows_each = 100'000;  // at most `prefixes`
    // Rows a thousand whose price is only in force from 2027 on, and has no earlier one.
    unsigned announced = 2;
    std::uint64_t seed = 1;
};
// As carriers overlap: three times as many different prefixes as each carrier has.
[[nodiscard]] DeckShape shape_of(std::size_t rows, std::size_t carriers, std::uint64_t seed);

// "2026-11-22": when all rows but the announced ones are in force.
inline constexpr std::string_view day = "2026-11-22";

class Decks {
  public:
    explicit Decks(const DeckShape& shape);

    struct Prefix {
        std::uint64_t digits = 0;
        std::uint32_t country = 0;  // index into numbering::countries()
        std::uint32_t price = 0;    // a minute, in 10^-5
        bool code = false;          // of a country
    };
    // By their digits, a family before its members.
    [[nodiscard]] std::span<const Prefix> prefixes() const { return prefixes_; }
    // "c000" …
    [[nodiscard]] static std::string carrier(std::size_t index);
    // The deck of one carrier, by prefix. One with room for it has every country code, so that each number has a route.
    [[nodiscard]] std::string csv(std::size_t carrier) const;
    // "DIRECTORY/c000.csv" … for each carrier; throws std::runtime_error if one cannot be written.
    [[nodiscard]] std::vector<std::string> write(const std::string& directory) const;
    // A number below any of the prefixes, each as likely as another: 11 to 13 digits.
    [[nodiscard]] std::uint64_t number(std::mt19937_64& random) const;

  private:
    void grow();
    void add_row(std::string& csv, std::size_t carrier, const Prefix& prefix, std::mt19937_64& random) const;

    DeckShape shape_;
    std::vector<Prefix> prefixes_;
    std::size_t codes_ = 0;  // how many of them are
};

// `count` numbers of `decks`, one a line; calls at `day` with 1 to 600 s, as a CSV of start, number, duration.
[[nodiscard]] std::string numbers_text(const Decks& decks, std::size_t count, std::uint64_t seed);
[[nodiscard]] std::string calls_csv(const Decks& decks, std::size_t count, std::uint64_t seed);

// Throws std::runtime_error if it cannot be written.
void write_file(const std::string& path, std::string_view text);

}  // namespace trunkbox::bench
