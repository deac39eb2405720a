#include "base/csv.h"

#include <algorithm>
#include <random>

#include <doctest/doctest.h>

using namespace trunkbox;

namespace {

using Lines = std::vector<std::string>;

// Every record as its fields joined by '|', or the error's text at the end.
Lines all(CsvReader& reader) {
    CsvRecord record;
    Lines lines;
    for (;;) {
        auto more = reader.next(record);
        if (!more) {
            lines.push_back(more.error().text());
            return lines;
        }
        if (!*more) return lines;
        std::string line;
        for (const auto& field : record.fields) line += (line.empty() ? "" : "|") + std::string(field.text);
        lines.push_back(line);
    }
}
Lines all(std::string_view text, char separator = 0) {
    CsvReader reader(text, "d.csv", separator);
    return all(reader);
}

// The same of so many parts, one behind the other.
Lines all_in_parts(std::string_view text, std::size_t count) {
    Lines lines;
    std::size_t passed = 0;
    auto parts = CsvReader(text, "d.csv", ',').parts(count);
    CHECK(parts.size() <= count);
    for (auto& part : parts) {
        for (auto& line : all(part)) lines.push_back(std::move(line));
        passed += part.line() - 1;
    }
    CHECK(passed == static_cast<std::size_t>(std::ranges::count(text, '\n')));
    return lines;
}

}  // namespace

TEST_CASE("records end with LF, CRLF, CR or the text") {
    CHECK(all("a,b\nc,d") == Lines{"a|b", "c|d"});
    CHECK(all("a,b\r\nc,d\r\n") == Lines{"a|b", "c|d"});
    CHECK(all("a,b\rc,d\r") == Lines{"a|b", "c|d"});
    CHECK(all("a,\n,b") == Lines{"a|", "b"});
}

TEST_CASE("parts begin and end with records") {
    CHECK(CsvReader("a\nb\nc\nd\n", "d.csv").parts(2).size() == 2);
    CHECK(CsvReader("a\nb\nc\nd\n", "d.csv").parts(1).size() == 1);
    CHECK(CsvReader("", "d.csv").parts(3).empty());
    CHECK(CsvReader("\"a\n\n\n\n\n\n\"\nb", "d.csv").parts(2).size() == 2);
    CHECK(CsvReader("\"a\n\n\n\n\n\nb", "d.csv").parts(4).size() == 1);  // never closed
    CHECK(all_in_parts("\"\"\"a\n\"\"b\n\"\nc\n\"\"\n", 3) == Lines{"\"a\n\"b\n", "c", ""});
    // Behind what was read already, and its lines counted on.
    CsvReader reader("head\n\n1\n2\n3\n4\n", "d.csv");
    CsvRecord record;
    REQUIRE(reader.next(record).value());
    auto parts = reader.parts(2);
    REQUIRE(parts.size() == 2);
    CHECK(all(parts[0]) == Lines{"1", "2", "3"});
    CHECK(parts[0].line() == 6);
    CHECK(all(parts[1]) == Lines{"4"});
    CHECK(parts[1].line() == 2);
}

TEST_CASE("quoted fields hold separators, line breaks and doubled quotes") {
    CHECK(all("\"a,b\",\"c\nd\",\"say \"\"hi\"\"\"\n1,2,3") == Lines{"a,b|c\nd|say \"hi\"", "1|2|3"});
    CHECK(all("\"\"\"\"\"\"") == Lines{"\"\""});
}

TEST_CASE("a byte order mark and empty lines are passed over") {
    CHECK(all("\xef\xbb\xbf"
              "a,b\n\n\r\nc,d\n\n") == Lines{"a|b", "c|d"});
    CHECK(all("").empty());
    CHECK(all("\xef\xbb\xbf\n\n").empty());
}

TEST_CASE("the separator is what the first line has most of") {
    CHECK(all("a;b;c,d\n1;2;3,5") == Lines{"a|b|c,d", "1|2|3,5"});
    CHECK(all("a\tb\n1\t2") == Lines{"a|b", "1|2"});
    CHECK(all("\"x;y;z\",b\n1,2") == Lines{"x;y;z|b", "1|2"});
    CHECK(all("a;b", ',') == Lines{"a;b"});
}

TEST_CASE("every field knows its line and column") {
    CsvReader reader(
        "\xef\xbb\xbf"
        "ab,\"c\nd\",e\nf,gh",
        "d.csv");
    CsvRecord record;
    REQUIRE(reader.next(record).value());
    CHECK(reader.where(record.fields[0]) == "d.csv:1:1");
    CHECK(reader.where(record.fields[1]) == "d.csv:1:4");
    CHECK(reader.where(record.fields[2]) == "d.csv:2:4");
    REQUIRE(reader.next(record).value());
    CHECK(record.line == 3);
    CHECK(reader.where(record.fields[1]) == "d.csv:3:3");
}

TEST_CASE("broken CSV is an error with its place, and the end") {
    using namespace std::string_view_literals;
    CHECK(all("a,b\n1,\"open\n2,3\n").back() == "d.csv:2:3: quote is never closed; close it with '\"'");
    CHECK(all("a,b\n1,\"x\"y").back().starts_with("d.csv:2:6: text behind a closing quote"));
    CHECK(all("a,b\n1,x\"y").back().starts_with("d.csv:2:4: quote inside a field"));
    CHECK(all("a,b\n1,x\0y"sv).back().starts_with("d.csv:2:4: NUL byte"));
    CHECK(all("\"a\0\""sv).back().starts_with("d.csv:1:3: NUL byte"));
    CsvReader reader("x\"", "d.csv");
    CsvRecord record;
    CHECK_FALSE(reader.next(record));
    CHECK_FALSE(reader.next(record).value());
}

TEST_CASE("fields of any length, wherever they stand, are read as they were written") {
    std::mt19937_64 random(11);
    auto below = [&](std::size_t count) { return static_cast<std::size_t>(random() % count); };
    constexpr std::string_view bytes = "abcdefgh0123456789 ;\t\x01\x7f\xc3\xa9'-\v";
    for (int round = 0; round < 400; ++round) {
        std::string text = "head,er\n";
        Lines written{"head|er"};
        for (auto records = 1 + below(4); records > 0; --records) {
            std::string joined;
            for (auto fields = 1 + below(8); fields > 0; --fields) {
                std::string field = "x";
                for (auto length = below(below(4) == 0 ? 200 : 20); length > 0; --length)
                    field += bytes[below(bytes.size())];
                bool quoted = below(4) == 0;
                if (quoted) field += ",\n\"";
                std::string doubled = field;
                if (quoted) doubled.back() = '"', doubled += '"';
                text += quoted ? '"' + doubled + '"' : field;
                text += fields == 1 ? "\n" : ",";
                joined += (joined.empty() ? "" : "|") + field;
            }
            written.push_back(joined);
        }
        if (below(2) == 0) text.pop_back();
        CHECK(all(text) == written);
        CHECK(all_in_parts(text, 1 + below(6)) == written);
    }
}
