// Finds the lines of a header section: control bytes, which line ends are, are looked for sixty-four at a time. For the
// reader of messages.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace trunkbox::sip {

// Below 0x20, HTAB, CR and LF among them, and 0x7f: a bit a byte, the first one's lowest, of the first sixty-four.
[[nodiscard]] constexpr std::uint64_t controls_by_byte(std::string_view bytes) {
    std::uint64_t controls = 0;
    for (std::size_t i = 0; i < bytes.size() && i < 64; ++i) {
        auto byte = static_cast<unsigned char>(bytes[i]);
        controls |= std::uint64_t{byte < 0x20 || byte == 0x7f} << i;
    }
    return controls;
}

// The same of sixty-four bytes that are there.
[[nodiscard]] inline std::uint64_t controls_of_64(const char* bytes) {
#if defined(__SSE2__)
    auto mask = [](const char* at) {
        __m128i part = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(part, _mm_set1_epi8(0x1f)), part);
        __m128i del = _mm_cmpeq_epi8(part, _mm_set1_epi8(0x7f));
        return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(low, del))));
    };
    return mask(bytes) | mask(bytes + 16) << 16U | mask(bytes + 32) << 32U | mask(bytes + 48) << 48U;
#else
    return controls_by_byte({bytes, 64});
#endif
}

// Of the sixty-four bytes from `at` on, or as many as there are; at <= bytes.size().
[[nodiscard]] inline std::uint64_t controls_at(std::string_view bytes, std::size_t at) {
    std::size_t left = bytes.size() - at;
    if (left >= 64) return controls_of_64(bytes.data() + at);
    if (left == 0 || bytes.size() < 64) return controls_by_byte(bytes.substr(at));
    // The last sixty-four, without those before `at`.
    return controls_of_64(bytes.data() + bytes.size() - 64) >> (64 - left);
}

// Where the first ':' stands at or behind `begin` and before `end`; npos without one.
[[nodiscard]] inline std::size_t find_colon(std::string_view bytes, std::size_t begin, std::size_t end) {
#if defined(__SSE2__)
    // Names are short.
    if (begin + 16 <= bytes.size()) {
        __m128i part = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data() + begin));
        auto colons = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(part, _mm_set1_epi8(':'))));
        if (colons != 0) {
            std::size_t colon = begin + static_cast<std::size_t>(std::countr_zero(colons));
            return colon < end ? colon : std::string_view::npos;
        }
        begin += 16;
    }
#endif
    return begin < end ? bytes.substr(0, end).find(':', begin) : std::string_view::npos;
}

// Goes through a buffer line by line.
class LineFinder {
  public:
    LineFinder(std::string_view bytes, std::size_t from) : bytes_(bytes), block_(from), left_(controls_at(bytes, from)) {}

    // Where the next LF stands, npos behind the last.
    [[nodiscard, gnu::always_inline]] std::size_t next_feed() {
        for (;;) {
            while (left_ == 0) {
                if (block_ + 64 >= bytes_.size()) return std::string_view::npos;
                block_ += 64;
                left_ = controls_at(bytes_, block_);
            }
            std::size_t at = block_ + static_cast<std::size_t>(std::countr_zero(left_));
            left_ &= left_ - 1;
            if (bytes_[at] == '\n') return at;
            bool ends_line = bytes_[at] == '\r' && at + 1 < bytes_.size() && bytes_[at + 1] == '\n';
            if (!ends_line) {
                stray_ = true;
            } else if (left_ != 0) {
                left_ &= left_ - 1;
                return at + 1;
            }
        }
    }
    // So far there was a control byte that is no part of a CRLF, and no LF.
    [[nodiscard]] bool has_stray() const { return stray_; }

  private:
    std::string_view bytes_;
    std::size_t block_;
    std::uint64_t left_;  // in the block
    bool stray_ = false;
};

}  // namespace trunkbox::sip
