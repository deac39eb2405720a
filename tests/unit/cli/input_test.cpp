#include "cli/input.h"

#include <deque>
#include <sstream>
#include <streambuf>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace trunkbox;

namespace {

// Gives its pieces one at a time, as a pipe does, and notes how much was shown when it had to wait for the next.
class Pipe : public std::streambuf {
  public:
    Pipe(std::deque<std::string> pieces, const std::string& shown) : pieces_(std::move(pieces)), shown_(shown) {}
    std::vector<std::size_t> waited_at{};

  private:
    int_type underflow() override {
        waited_at.push_back(shown_.size());
        if (pieces_.empty()) return traits_type::eof();
        piece_ = std::move(pieces_.front());
        pieces_.pop_front();
        setg(piece_.data(), piece_.data(), piece_.data() + piece_.size());
        return traits_type::to_int_type(piece_.front());
    }

    std::deque<std::string> pieces_;
    std::string piece_{};
    const std::string& shown_;
};

// What is flushed is shown.
class Screen : public std::streambuf {
  public:
    std::string shown{};
    std::size_t flushes = 0;

  private:
    int_type overflow(int_type c) override {
        kept_ += traits_type::to_char_type(c);
        return c;
    }
    int sync() override {
        shown += kept_;
        kept_.clear();
        ++flushes;
        return 0;
    }
    std::string kept_{};
};

struct Console {
    explicit Console(std::deque<std::string> pieces) : pipe(std::move(pieces), screen.shown) {}
    Screen screen{};
    Pipe pipe;
    std::istream in{&pipe};
    std::ostream out{&screen};
    std::ostringstream err{};
    cli::Env env{in, out, err};
    output::Printer printer = output::Printer::open({.format = output::Format::text, .shape = output::Printer::Shape::many}, out).value();
};

}  // namespace

TEST_CASE("what is printed is seen before the next line is waited for, and no earlier") {
    Console console({"one\n\n two \r\nthree\n", "four\n", "five"});
    std::vector<std::size_t> numbers;
    auto done = cli::each_line(console.env, console.printer, [&](std::string_view line, std::size_t number) {
        numbers.push_back(number);
        return console.printer.print({}, line);
    });
    REQUIRE(done);
    CHECK(numbers == std::vector<std::size_t>{1, 3, 4, 5, 6});
    CHECK(console.screen.shown == "one\ntwo\nthree\nfour\nfive\n");
    const std::string first = "one\ntwo\nthree\n";
    CHECK(console.pipe.waited_at[0] == 0);
    CHECK(console.pipe.waited_at[1] == first.size());
    CHECK(console.pipe.waited_at[2] == first.size() + 5);
    CHECK(console.screen.flushes == 3);
}

TEST_CASE("the first error ends the lines") {
    Console console({"one\ntwo\nthree\n"});
    std::size_t taken = 0;
    auto done = cli::each_line(console.env, console.printer, [&](std::string_view line, std::size_t) -> Result<void> {
        ++taken;
        if (line == "two") return failure(Fault::input, "", "no");
        return {};
    });
    REQUIRE_FALSE(done);
    CHECK(done.error().what == "no");
    CHECK(taken == 2);
}
