// What a judge remembers texts by. Keyed, so that nobody who does not know the key can choose what meets in a table.
// Private to sbc/.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "net/address.h"

namespace trunkbox::sbc {

// Verdicts do not depend on it, but for texts whose 64 bits are the same by chance. Who knows it can find such texts.
struct HashKey {
    std::uint64_t first = 0x243f6a8885a308d3ULL, second = 0x13198a2e03707345ULL;
};

// The two halves of the product.
[[nodiscard]] inline std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    __extension__ using Product = unsigned __int128;
    Product product = Product{a} * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

// Two hashes made one. The order matters.
[[nodiscard]] inline std::uint64_t combine(std::uint64_t a, std::uint64_t b) {
    return fold(a ^ 0x9e3779b97f4a7c15ULL, b ^ 0xc4ceb9fe1a85ec53ULL);
}

// Multiplies what is hashed with the key and folds the 128 bits of the product, sixteen bytes at a time.
class KeyedHash {
  public:
    explicit KeyedHash(HashKey key) : key_(key) {}

    [[nodiscard]] std::uint64_t operator()(std::string_view text) const { return hash(text, 0); }
    // The same for "A" and "a"; some signs meet, too.
    [[nodiscard]] std::uint64_t folded(std::string_view text) const { return hash(text, 0x2020202020202020ULL); }
    [[nodiscard]] std::uint64_t operator()(const net::Ip& ip) const {
        std::uint64_t words[2];
        std::memcpy(words, ip.bytes().data(), sizeof words);
        if (!ip.is_v6()) return fold(words[0] ^ key_.first, key_.second);
        return fold(fold(words[0] ^ key_.first, words[1] ^ key_.second) ^ key_.first, key_.second);
    }

  private:
    template <class Word>
    [[nodiscard]] static std::uint64_t load(const char* from) {
        Word word;
        std::memcpy(&word, from, sizeof word);
        return word;
    }
    [[nodiscard]] static std::uint64_t byte(char c) { return static_cast<unsigned char>(c); }

    [[nodiscard]] std::uint64_t hash(std::string_view text, std::uint64_t case_bits) const {
        const char* at = text.data();
        std::size_t size = text.size();
        std::uint64_t sum = key_.first, a = 0, b = 0;
        for (; size > 16; at += 16, size -= 16)
            sum = fold((load<std::uint64_t>(at) | case_bits) ^ key_.second, (load<std::uint64_t>(at + 8) | case_bits) ^ sum);
        // What is left, read from both its ends.
        if (size >= 8) {
            a = load<std::uint64_t>(at);
            b = load<std::uint64_t>(at + size - 8);
        } else if (size >= 4) {
            a = load<std::uint32_t>(at);
            b = load<std::uint32_t>(at + size - 4);
        } else if (size > 0) {
            a = byte(at[0]) << 16U | byte(at[size / 2]) << 8U | byte(at[size - 1]);
        }
        return fold(key_.second ^ text.size(), fold((a | case_bits) ^ key_.second, (b | case_bits) ^ sum) ^ key_.first);
    }

    HashKey key_;
};

// An address as it stands in a message, with or without brackets; nothing for a name.
[[nodiscard]] std::optional<net::Ip> literal_address(std::string_view host);

}  // namespace trunkbox::sbc
