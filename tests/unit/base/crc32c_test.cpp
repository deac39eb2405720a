#include "base/crc32c.h"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

using namespace trunkbox;

namespace {

std::uint32_t of(std::string_view text, std::uint32_t before = 0) {
    return crc32c(std::as_bytes(std::span(text)), before);
}

}  // namespace

TEST_CASE("the examples of RFC 3720 appendix B.4") {
    CHECK(of(std::string(32, '\0')) == 0x8A9136AA);
    CHECK(of(std::string(32, '\xFF')) == 0x62A8AB43);
    std::string rising;
    for (char c = 0; c < 32; ++c) rising += c;
    CHECK(of(rising) == 0x46DD794E);
    CHECK(of(std::string(rising.rbegin(), rising.rend())) == 0x113FDB5C);
    CHECK(of("123456789") == 0xE3069283);
    CHECK(of("") == 0);
}

TEST_CASE("a checksum goes on where the last one ended") {
    std::string text = "the quick brown fox jumps over the lazy dog";
    for (std::size_t cut = 0; cut <= text.size(); ++cut)
        CHECK(of(std::string_view(text).substr(cut), of(std::string_view(text).substr(0, cut))) == of(text));
}
