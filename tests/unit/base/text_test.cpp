#include <doctest/doctest.h>

#include <limits>

#include "base/text.h"

using namespace trunkbox;
using Parts = std::vector<std::string_view>;

TEST_CASE("letters and digits are ASCII's alone") {
    CHECK(is_digit('0'));
    CHECK(is_digit('9'));
    CHECK_FALSE(is_digit('a'));
    CHECK_FALSE(is_digit('\xb2'));  // superscript two of Latin-1
    CHECK(is_alpha('z'));
    CHECK_FALSE(is_alpha('['));
    CHECK_FALSE(is_alpha('\xe9'));
    CHECK(lower("AbC-9\xc9") == "abc-9\xc9");
}

TEST_CASE("comparison without case") {
    CHECK(iequals("Via", "VIA"));
    CHECK(iequals("", ""));
    CHECK_FALSE(iequals("Via", "Vi"));
    CHECK_FALSE(iequals("[", "{"));
    CHECK(istarts_with("SIPS:x", "sips:"));
    CHECK(istarts_with("x", ""));
    CHECK_FALSE(istarts_with("sip", "sips"));
}

TEST_CASE("trim takes blanks, tabs and line ends") {
    CHECK(trim(" \t a b \r\n") == "a b");
    CHECK(trim(" \r\n\t").empty());
    CHECK(trim("").empty());
    CHECK(trim(std::string_view("\0 ", 2)) == std::string_view("\0", 1));
}

TEST_CASE("splitting") {
    CHECK(split_once("a=b=c", '=') == std::pair{std::string_view("a"), std::optional<std::string_view>("b=c")});
    CHECK(split_once("a=", '=').second == "");
    CHECK(split_once("a", '=').second == std::nullopt);
    CHECK(split("a,,b,", ',') == Parts{"a", "", "b", ""});
    CHECK(split("", ',') == Parts{""});
}

TEST_CASE("integers are the whole text or nothing") {
    CHECK(parse_integer<int>("-12") == -12);
    CHECK(parse_integer<std::uint16_t>("65535") == 65535);
    CHECK(parse_integer<std::uint8_t>("ff", 16) == 255);
    CHECK(parse_integer<std::int64_t>("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
    for (std::string_view bad : {"", " 1", "1 ", "+1", "1x", "0x1", "65536", "-1", "1.0", "99999999999999999999999"})
        CHECK_FALSE(parse_integer<std::uint16_t>(bad));
    CHECK_FALSE(parse_integer<int>(std::string(100'000, '9')));
}

TEST_CASE("numbers are the whole text or nothing") {
    CHECK(parse_number("2.5") == 2.5);
    CHECK(parse_number("-1e3") == -1000);
    for (std::string_view bad : {"", " 1", "1,5", "1.5x", "+1", "--1"}) CHECK_FALSE(parse_number(bad));
    CHECK_FALSE(parse_number("1e999"));
}

TEST_CASE("hexadecimal") {
    std::vector<std::uint8_t> bytes{0, 0x0f, 0xff};
    CHECK(hex(bytes) == "000fff");
    CHECK(hex({}).empty());
}

TEST_CASE("printable shows what would harm a terminal") {
    CHECK(printable("plain text") == "plain text");
    CHECK(printable("a\r\n\x1b[31m\x7f") == "a\\x0d\\x0a\\x1b[31m\\x7f");
    CHECK(printable("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x93\x9e") == "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x93\x9e");
    CHECK(printable("\xc3") == "\\xc3");
    CHECK(printable("\xc0\xaf") == "\\xc0\\xaf");          // overlong
    CHECK(printable("\xc2\x9b" "31m") == "\\xc2\\x9b31m");  // a C1 control
    CHECK(printable("\xff\xfe") == "\\xff\\xfe");
    CHECK(printable(std::string_view("\0", 1)) == "\\x00");
    CHECK(printable(std::string(100, 'x')) == std::string(60, 'x') + "...");
    CHECK(printable(std::string(60, 'x')) == std::string(60, 'x'));
    CHECK(printable("abc", 2) == "ab...");
    CHECK(printable("").empty());
}

TEST_CASE("UTF-8 that is no character is shown as bytes") {
    CHECK(printable("\xe0\x80\x80") == "\\xe0\\x80\\x80");           // overlong, three bytes
    CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");           // a surrogate
    CHECK(printable("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // beyond U+10FFFF
}

TEST_CASE("the nearest word") {
    std::vector<std::string_view> words{"listen", "status", "play", "tone"};
    CHECK(nearest("lsten", words) == "listen");
    CHECK(nearest("STATUS", words) == "status");
    CHECK(nearest("statsu", words) == "status");
    CHECK(nearest("ply", words) == "play");
    CHECK(nearest("paly", words) == "play");
    CHECK(nearest("lpya", words).empty());
    CHECK(nearest("register", words).empty());
    CHECK(nearest("x", {}).empty());
    CHECK(nearest("listen", {}).empty());
}
