#include "sbc/state_hash.h"

#include <bit>
#include <cstring>

namespace trunkbox::sbc {
namespace {

std::uint64_t load(const char* from) {
    std::uint64_t word;
    std::memcpy(&word, from, sizeof word);
    return word;
}

std::uint64_t byte(char c) { return static_cast<unsigned char>(c); }

// Up to seven bytes, the first one lowest.
std::uint64_t load_rest(const char* from, std::size_t size) {
    if (size >= 4) {
        std::uint32_t head, tail;
        std::memcpy(&head, from, sizeof head);
        std::memcpy(&tail, from + size - 4, sizeof tail);
        return std::uint64_t{head} | std::uint64_t{tail} << 8 * (size - 4);
    }
    if (size == 0) return 0;
    return byte(from[0]) | byte(from[size / 2]) << 8 * (size / 2) | byte(from[size - 1]) << 8 * (size - 1);
}

struct Sip {
    std::uint64_t a, b, c, d;

    void round() {
        a += b;
        c += d;
        b = std::rotl(b, 13) ^ a;
        d = std::rotl(d, 16) ^ c;
        a = std::rotl(a, 32) + d;
        c += b;
        d = std::rotl(d, 21) ^ a;
        b = std::rotl(b, 17) ^ c;
        c = std::rotl(c, 32);
    }
    void take(std::uint64_t word) {
        d ^= word;
        round();
        a ^= word;
    }
};

}  // namespace

std::uint64_t KeyedHash::sip(std::string_view text, std::uint64_t fold) const {
    Sip state{key_.first ^ 0x736f6d6570736575ULL, key_.second ^ 0x646f72616e646f6dULL,
              key_.first ^ 0x6c7967656e657261ULL, key_.second ^ 0x7465646279746573ULL};
    const char* at = text.data();
    std::size_t left = text.size();
    for (; left >= 8; at += 8, left -= 8) state.take(load(at) | fold);
    state.take((load_rest(at, left) | fold) ^ std::uint64_t{text.size()} << 56U);
    state.c ^= 0xff;
    for (int i = 0; i < 3; ++i) state.round();
    return state.a ^ state.b ^ state.c ^ state.d;
}

std::uint64_t KeyedHash::operator()(const net::Ip& ip) const {
    std::uint64_t words[2];
    std::memcpy(words, ip.bytes().data(), sizeof words);
    return combine(combine(key_.first ^ words[0], key_.second ^ words[1]), ip.is_v6() ? key_.second : key_.first);
}

}  // namespace trunkbox::sbc
