// What no carrier sends: each is an error or a result, and none takes long.
#include "deck_read.h"

using namespace deck_read;
using namespace std::string_view_literals;

TEST_CASE("hostile bytes are an error") {
    CHECK(problem("prefix,rate\n4\0004,1\n"sv).starts_with("d.csv:2:2: NUL byte"));
    CHECK(problem("prefix,rate\n\"44,1\n").starts_with("d.csv:2:1: quote is never closed"));
    CHECK(problem(std::string(1 << 20, 'A')).find("is not known") != std::string::npos);
    CHECK(problem("\x7f"
                  "ELF\x02\x01\x01")
              .find("\\x7f") != std::string::npos);
    CHECK(problem("prefix,rate\n\xff\xfe\xc0,1\n").find("prefix '\\xff\\xfe\\xc0' is not digits") !=
          std::string::npos);
}

TEST_CASE("what is no text is called by its name") {
    CHECK(problem("\xff\xfep\0r\0"sv) == "d.csv: deck is text in UTF-16; save it as CSV in UTF-8");
    CHECK(problem("PK\x03\x04\x14") == "d.csv: deck is a spreadsheet or ZIP archive; export it as CSV");
    CHECK(problem("\x1f\x8b\x08").find("compressed by gzip") != std::string::npos);
}

TEST_CASE("lines, cells and headers of megabytes") {
    std::string digits(10 << 20, '1');
    CHECK(problem("prefix,rate\n" + digits + ",1\n").find("has more than 15 digits") != std::string::npos);
    CHECK(problem("prefix,rate\n44," + digits + "\n").find("is too large") != std::string::npos);
    CHECK(problem("prefix,rate,minimum\n44,1," + digits + "\n").find("is not whole seconds") !=
          std::string::npos);
    CHECK(problem("prefix,rate,effective\n44,1," + digits + "\n").find("is not a date") != std::string::npos);
    CHECK(rows("prefix,rate,destination\n44,1," + digits + "\n").at(0).destination.size() == digits.size());
    std::string list;
    for (int i = 0; i < 1'000'000; ++i) list += "44,";
    CHECK(problem("prefix;rate\n" + list + ";1\n").find("names more than 100000 prefixes") !=
          std::string::npos);
    std::string blanks(5 << 20, ' ');
    CHECK(prefixes("prefix,rate\n" + blanks + "44" + blanks + ",1\n") == "44");
    CHECK(problem("prefix;rate\n1" + std::string(5 << 20, '-') + "2;1\n").find("is not a range") !=
          std::string::npos);
    CHECK(problem("prefix;rate\n" + std::string(5 << 20, '[') + ";1\n").find("set of digits") !=
          std::string::npos);
}

TEST_CASE("columns without end") {
    std::string header = "prefix,rate";
    for (int i = 0; i < 90'000; ++i) header += ",x";
    CHECK(problem(header + "\n").starts_with("d.csv:1:13: column 'x' is not known"));
    CHECK(problem(std::string(1 << 20, ',')).find("record has more than 100000 fields") != std::string::npos);
    std::string notes;
    for (int i = 0; i < 90'000; ++i) notes += ",notes";
    CHECK(problem("prefix,rate" + notes + "\n44,1\n").find("record has 2 fields, the header has 90002") !=
          std::string::npos);
}

TEST_CASE("ranges in many rows stay within what memory holds") {
    std::string csv = "prefix,rate\n";
    for (int i = 0; i < 200; ++i) csv += "4400000-4499999,1\n";
    auto read = read_deck(csv, "d.csv", {.skip_bad = true});
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().text().starts_with("d.csv:102:1: lists and ranges up to here name more than 10000000 prefixes"));
}

TEST_CASE("every beginning of a deck is an error or a result") {
    std::string deck =
        "\xef\xbb\xbf"
        "Country Code;Area Codes;Rate;Increment;Start Date;Tiers;Status\r\n"
        "44;\"20, "
        "12[1-3]\";\"€0,01\";30/6;25/12/2026;300:0,008/60;active\r\n39;06;0,02;60/60;03/04/2026;;Blocked\r\n";
    std::size_t understood = 0;
    for (std::size_t length = 0; length <= deck.size(); ++length) {
        auto read = read_deck(std::string_view(deck).substr(0, length), "d.csv", {.skip_bad = true});
        if (read)
            ++understood;
        else
            CHECK_FALSE(read.error().text().empty());
    }
    CHECK(understood > 50);
    CHECK(rows(deck).size() == 5);
}
