// Sixty-four bytes at once are what they are one by one.
#include "sip/line_finder.h"

#include <memory>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace trunkbox::sip;

namespace {

std::string random_text(std::mt19937& random, std::size_t size) {
    static constexpr std::string_view some("\r\n\r\n:\t \x7f\x80\x1f\x20\0ab", 14);
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += random() % 3 == 0 ? some[random() % some.size()] : 'x';
    return text;
}

// A copy that ends exactly where it ends, so that a sanitizer sees who reads on.
struct Exact {
    explicit Exact(std::string_view text) : size(text.size()), bytes(new char[text.size()]) { text.copy(bytes.get(), size); }
    [[nodiscard]] std::string_view text() const { return {bytes.get(), size}; }
    std::size_t size;
    std::unique_ptr<char[]> bytes;
};

bool has_stray(std::string_view text, std::size_t end) {
    for (std::size_t i = 0; i < end; ++i) {
        auto byte = static_cast<unsigned char>(text[i]);
        bool control = byte < 0x20 || byte == 0x7f;
        bool ends_line = text[i] == '\n' || (text[i] == '\r' && text.substr(i + 1).starts_with('\n'));
        if (control && !ends_line) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("every byte is a control or none, wherever it stands") {
    for (unsigned byte = 0; byte < 256; ++byte)
        for (std::size_t at : {0U, 1U, 15U, 16U, 31U, 32U, 47U, 48U, 63U}) {
            std::string text(64, 'x');
            text[at] = static_cast<char>(byte);
            CHECK(controls_of_64(text.data()) == controls_by_byte(text));
        }
}

TEST_CASE("lines end where LF stands, and what is no line end is seen") {
    std::mt19937 random(1);
    for (int round = 0; round < 3000; ++round) {
        Exact exact(random_text(random, random() % 300));
        std::string_view text = exact.text();
        std::size_t from = text.empty() ? 0 : random() % text.size();
        LineFinder lines(text, from);
        for (std::size_t feed = text.find('\n', from); feed != std::string_view::npos; feed = text.find('\n', feed + 1)) {
            REQUIRE(lines.next_feed() == feed);
            REQUIRE(lines.has_stray() == has_stray(text.substr(from), feed + 1 - from));
        }
        REQUIRE(lines.next_feed() == std::string_view::npos);
        REQUIRE(lines.has_stray() == has_stray(text.substr(from), text.size() - from));
    }
}

TEST_CASE("the colon is the first one before the end") {
    std::mt19937 random(2);
    for (int round = 0; round < 3000; ++round) {
        Exact exact(random_text(random, random() % 60));
        std::string_view text = exact.text();
        std::size_t end = random() % (text.size() + 1), begin = random() % (end + 1);
        REQUIRE(find_colon(text, begin, end) == text.substr(0, end).find(':', begin));
    }
}
