#include "decks.h"

#include "numbering/country_codes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

namespace trunkbox::bench {

namespace {

constexpr std::uint64_t longest_prefix = 9'999'999'999;  // 10 digits
constexpr std::array increments{"1,1", "6,6", "30,6", "60,60", "60,1"};
constexpr std::array days{"2026-11-01", "2026-10-15", "2026-09-01", "2026-11-15"};

std::uint64_t below(std::mt19937_64& random, std::uint64_t limit) {
    // Not std::uniform_int_distribution, whose draws each library has its own way.
    return random() % limit;
}

// A family before its members: the digits on the left of 15, then how many they are.
std::pair<std::uint64_t, std::uint64_t> place(std::uint64_t digits) {
    std::uint64_t padded = digits;
    while (padded < 100'000'000'000'000) padded *= 10;
    return {padded, digits};
}

}  // namespace

DeckShape shape_of(std::size_t rows, std::size_t carriers, std::uint64_t seed) {
    DeckShape shape;
    shape.carriers = carriers;
    shape.rows_each = std::max<std::size_t>(rows / carriers, 1);
    shape.prefixes = carriers == 1 ? shape.rows_each : 3 * shape.rows_each;
    shape.seed = seed;
    return shape;
}

Decks::Decks(const DeckShape& shape) : shape_(shape) { grow(); }

void Decks::grow() {
    std::mt19937_64 random(shape_.seed);
    std::unordered_set<std::uint64_t> known;
    const auto countries = numbering::countries();
    for (std::uint32_t i = 0; i < countries.size() && prefixes_.size() < shape_.prefixes; ++i) {
        std::uint64_t code = 0;
        std::from_chars(countries[i].digits.data(), countries[i].digits.data() + countries[i].digits.size(), code);
        // From 0.2 to 60 cents a minute, most of them cheap.
        const auto price = static_cast<std::uint32_t>(20 * (1 + below(random, 10)) * (1 + below(random, 10)) *
                                                      (1 + below(random, 30)));
        if (known.insert(code).second) prefixes_.push_back({code, i, price, true});
    }
    codes_ = prefixes_.size();
    while (prefixes_.size() < shape_.prefixes) {
        const std::size_t parents = std::min(prefixes_.size(), std::max<std::size_t>(60'000, shape_.prefixes / 4));
        const Prefix parent = prefixes_[below(random, parents)];
        std::uint64_t digits = parent.digits;
        for (std::uint64_t more = 1 + below(random, 2); more > 0; --more) digits = digits * 10 + below(random, 10);
        if (digits > longest_prefix || !known.insert(digits).second) continue;
        // Mobile networks and remote areas cost more than their country, or less.
        const auto price = static_cast<std::uint32_t>(parent.price * (60 + below(random, 100)) / 100);
        prefixes_.push_back({digits, parent.country, std::clamp<std::uint32_t>(price, 10, 300'000), false});
    }
    std::sort(prefixes_.begin(), prefixes_.end(),
              [](const Prefix& a, const Prefix& b) { return place(a.digits) < place(b.digits); });
}

std::string Decks::carrier(std::size_t index) { return fmt::format("c{:03}", index); }

void Decks::add_row(std::string& csv, std::size_t carrier, const Prefix& prefix, std::mt19937_64& random) const {
    // A carrier bills a country in one way, and asks 80 to 120 % of the price.
    const std::string_view increment = increments[(prefix.country * 7 + carrier * 3) % increments.size()];
    const std::uint64_t rate = std::max<std::uint64_t>(prefix.price * (8000 + below(random, 4000)) / 10'000, 1);
    const bool announced = below(random, 1000) < shape_.announced;
    const std::string_view since = announced ? "2027-01-01" : days[below(random, days.size())];
    const std::string_view name = numbering::countries()[prefix.country].name;
    const std::string_view kind = prefix.code ? "" : prefix.digits % 3 == 0 ? " Mobile" : " Special";
    auto out = std::back_inserter(csv);
    if (below(random, 2) == 0) {
        fmt::format_to(out, "{},{}{},{}.{:05},{},{}\n", prefix.digits, name, kind, rate / 100'000, rate % 100'000,
                       increment, since);
    } else {
        fmt::format_to(out, "{},{}{},{}.{:04},{},{}\n", prefix.digits, name, kind, (rate + 9) / 100'000,
                       (rate + 9) / 10 % 10'000, increment, since);
    }
}

std::string Decks::csv(std::size_t carrier) const {
    std::mt19937_64 random(shape_.seed * 1'000'003 + carrier + 1);
    std::string csv = "Prefix,Destination,Rate,Minimum,Increment,Effective\n";
    csv.reserve(shape_.rows_each * 56);
    const std::size_t codes = shape_.rows_each >= 2 * codes_ ? codes_ : 0;
    std::uint64_t wanted = shape_.rows_each - codes;
    std::uint64_t left = prefixes_.size() - codes;
    for (const Prefix& prefix : prefixes_) {
        if (codes == 0 || !prefix.code) {
            const bool taken = below(random, left--) < wanted;
            if (!taken) continue;
            --wanted;
        }
        add_row(csv, carrier, prefix, random);
    }
    return csv;
}

std::vector<std::string> Decks::write(const std::string& directory) const {
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < shape_.carriers; ++i) {
        paths.push_back(directory + "/" + carrier(i) + ".csv");
        write_file(paths.back(), csv(i));
    }
    return paths;
}

std::uint64_t Decks::number(std::mt19937_64& random) const {
    std::uint64_t number = prefixes_[below(random, prefixes_.size())].digits;
    const std::uint64_t least = std::array{10'000'000'000U, 100'000'000'000U, 1'000'000'000'000U}[below(random, 3)];
    while (number < least) number = number * 10 + below(random, 10);
    return number;
}

std::string numbers_text(const Decks& decks, std::size_t count, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::string text;
    text.reserve(count * 14);
    for (std::size_t i = 0; i < count; ++i) fmt::format_to(std::back_inserter(text), "{}\n", decks.number(random));
    return text;
}

std::string calls_csv(const Decks& decks, std::size_t count, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::string csv = "start,number,duration\n";
    csv.reserve(count * 40);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t second = i * 86'400 / count;
        const std::uint64_t number = decks.number(random);
        fmt::format_to(std::back_inserter(csv), "{}T{:02}:{:02}:{:02}Z,{},{}\n", day, second / 3600, second / 60 % 60,
                       second % 60, number, 1 + below(random, 600));
    }
    return csv;
}

void write_file(const std::string& path, std::string_view text) {
    std::ofstream file(path, std::ios::binary);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.flush()) throw std::runtime_error("cannot write '" + path + "'");
}

}  // namespace trunkbox::bench
