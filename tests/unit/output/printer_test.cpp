#include "output/printer.h"

#include <cerrno>
#include <filesystem>
#include <sstream>

#include <doctest/doctest.h>
#include <unistd.h>

using namespace trunkbox;
using output::Format;
using output::Printer;
using output::Record;

namespace {

// What `records` print in a format; each with its first value as text.
std::string printed(Printer::Setup setup, const std::vector<Record>& records) {
    std::ostringstream out;
    auto printer = Printer::open(std::move(setup), out);
    REQUIRE(printer);
    for (const auto& record : records) REQUIRE(printer->print(record, "line"));
    REQUIRE(printer->finish());
    return out.str();
}

// A stream whose reader has gone, or whose disk is full.
struct Failing : std::streambuf {
    explicit Failing(int code) : code_(code) {}
    int_type overflow(int_type) override {
        errno = code_;
        return traits_type::eof();
    }
    int sync() override {
        errno = code_;
        return -1;
    }
    int code_;
};

}  // namespace

TEST_CASE("one record") {
    Record record{{"a", 1}, {"b", Record{{"c", "x"}}}};
    CHECK(printed({.format = Format::text}, {record}) == "line\n");
    CHECK(printed({.format = Format::json}, {record}) ==
          "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": \"x\"\n  }\n}\n");
    CHECK(printed({.format = Format::jsonl}, {record}) == "{\"a\":1,\"b\":{\"c\":\"x\"}}\n");
    CHECK(printed({.format = Format::csv}, {record}) == "a,b.c\n1,x\n");
}

TEST_CASE("many records") {
    std::vector<Record> records{{{"a", 1}}, {{"b", 2}, {"a", 3}}};
    auto many = Printer::Shape::many;
    CHECK(printed({.format = Format::jsonl, .shape = many}, records) == "{\"a\":1}\n{\"b\":2,\"a\":3}\n");
    CHECK(printed({.format = Format::csv, .shape = many}, records) == "a,b\n1,\n3,2\n");
    CHECK(printed({.format = Format::json, .shape = many}, {records[0]}) == "[\n  {\n    \"a\": 1\n  }\n]\n");
}

TEST_CASE("no record at all") {
    auto many = Printer::Shape::many;
    CHECK(printed({.format = Format::json, .shape = many}, {}) == "[]\n");
    CHECK(printed({.format = Format::jsonl, .shape = many}, {}) == "");
    CHECK(printed({.format = Format::csv, .shape = many}, {}) == "");
    CHECK(printed({.format = Format::csv, .shape = many, .columns = {"a", "b"}}, {}) == "a,b\n");
}

TEST_CASE("named columns are written as they come; another column is a bug") {
    std::ostringstream out;
    auto printer =
        Printer::open({.format = Format::csv, .shape = Printer::Shape::many, .columns = {"a", "b"}}, out);
    REQUIRE(printer);
    REQUIRE(printer->print(Record{{"b", 2}}, ""));
    CHECK(out.str() == "a,b\n,2\n");
    CHECK_THROWS_AS((void)printer->print(Record{{"z", 2}}, ""), std::logic_error);
}

TEST_CASE("JSON lines reach the stream before the next record") {
    std::ostringstream out;
    auto printer = Printer::open({.format = Format::jsonl, .shape = Printer::Shape::many}, out);
    REQUIRE(printer);
    REQUIRE(printer->print(Record{{"a", 1}}, ""));
    CHECK(out.str() == "{\"a\":1}\n");
}

TEST_CASE("a second record where one was announced is a bug") {
    std::ostringstream out;
    auto printer = Printer::open({.format = Format::json}, out);
    REQUIRE(printer);
    REQUIRE(printer->print(Record{}, ""));
    CHECK_THROWS_AS((void)printer->print(Record{}, ""), std::logic_error);
}

TEST_CASE("text outside records is for text only") {
    std::ostringstream out;
    auto text = Printer::open({.format = Format::text}, out);
    REQUIRE(text->append("ladder"));
    CHECK(out.str() == "ladder\n");
    auto json = Printer::open({.format = Format::json}, out);
    REQUIRE(json->append("ladder"));
    CHECK(out.str() == "ladder\n");
}

TEST_CASE("a file instead of standard output") {
    auto path = std::filesystem::temp_directory_path() / ("trunkbox_printer_" + std::to_string(::getpid()));
    std::ostringstream out;
    auto printer = Printer::open({.format = Format::jsonl, .file = path.string()}, out);
    REQUIRE(printer);
    REQUIRE(printer->print(Record{{"a", 1}}, ""));
    REQUIRE(printer->finish());
    CHECK(out.str().empty());
    CHECK(std::filesystem::file_size(path) == 8);
    std::filesystem::remove(path);
}

TEST_CASE("what cannot be written is a system error") {
    std::ostringstream out;
    auto missing = Printer::open({.file = "/nonexistent/x"}, out);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().fault == Fault::system);
    CHECK(missing.error().text() ==
          "cannot write '/nonexistent/x': no such file or directory; choose another file with --output");

    auto full = Printer::open({.format = Format::json, .file = "/dev/full"}, out);
    REQUIRE(full);
    auto lost = full->print(Record{{"a", 1}}, "");
    REQUIRE_FALSE(lost);
    CHECK(lost.error().text() == "cannot write '/dev/full': no space left on device");
    CHECK_FALSE(output::is_broken_pipe(lost.error()));
}

TEST_CASE("a reader that went away is told from a full disk") {
    for (int code : {EPIPE, ENOSPC}) {
        Failing buffer(code);
        std::ostream out(&buffer);
        auto printer = Printer::open({.format = Format::jsonl}, out);
        REQUIRE(printer);
        auto lost = printer->print(Record{{"a", 1}}, "");
        REQUIRE_FALSE(lost);
        CHECK(output::is_broken_pipe(lost.error()) == (code == EPIPE));
    }
}

TEST_CASE("formats have names") {
    for (auto format : {Format::text, Format::json, Format::jsonl, Format::csv})
        CHECK(output::format_named(output::name_of(format)) == format);
    CHECK_FALSE(output::format_named("xml"));
}
