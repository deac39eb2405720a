#include "base/crc32c.h"

#include <array>
#include <cstring>

namespace trunkbox {

namespace {

constexpr std::uint32_t polynomial = 0x82F63B78;  // reflected

// tables[k][b]: the checksum of byte b with k zero bytes behind it, to take eight bytes at a time.
constexpr auto tables = [] {
    std::array<std::array<std::uint32_t, 256>, 8> t{};
    for (std::uint32_t b = 0; b < 256; ++b) {
        auto crc = b;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? polynomial : 0);
        t[0][b] = crc;
    }
    for (std::size_t k = 1; k < 8; ++k)
        for (std::size_t b = 0; b < 256; ++b) t[k][b] = (t[k - 1][b] >> 8U) ^ t[0][t[k - 1][b] & 0xFFU];
    return t;
}();

std::uint64_t load(const std::byte* at) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);  // little-endian, as all that runs this is
    return word;
}

std::uint32_t by_table(std::uint32_t crc, std::span<const std::byte> bytes) {
    std::size_t i = 0;
    for (; i + 8 <= bytes.size(); i += 8) {
        auto word = load(bytes.data() + i) ^ crc;
        crc = 0;
        for (std::size_t k = 0; k < 8; ++k) crc ^= tables[7 - k][(word >> (8 * k)) & 0xFFU];
    }
    for (; i < bytes.size(); ++i) crc = (crc >> 8U) ^ tables[0][(crc ^ static_cast<std::uint32_t>(bytes[i])) & 0xFFU];
    return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t by_instruction(std::uint32_t crc, std::span<const std::byte> bytes) {
    std::uint64_t wide = crc;
    std::size_t i = 0;
    for (; i + 8 <= bytes.size(); i += 8) wide = __builtin_ia32_crc32di(wide, load(bytes.data() + i));
    crc = static_cast<std::uint32_t>(wide);
    for (; i < bytes.size(); ++i) crc = __builtin_ia32_crc32qi(crc, static_cast<unsigned char>(bytes[i]));
    return crc;
}
#endif

}  // namespace

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2")) return ~by_instruction(~before, bytes);
#endif
    return ~by_table(~before, bytes);
}

}  // namespace trunkbox
