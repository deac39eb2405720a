// Numbers found by how their digits look.
#pragma once

#include "centrex/edits.h"
#include "centrex/lifecycle.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::centrex {

// All digits of a number with its country code, '?' for any one and '*' for any others: "+331990*00". The '+' may be left out.
class NumberPattern {
  public:
    [[nodiscard]] static Result<NumberPattern> parse(std::string_view text);
    [[nodiscard]] bool matches(std::string_view digits) const;
    // What every match begins with.
    [[nodiscard]] std::string_view beginning() const { return std::string_view(text_).substr(0, text_.find_first_of("*?")); }

  private:
    explicit NumberPattern(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

struct NumberSearch {
    NumberPattern pattern;
    std::string tenant{};                // "": of anybody
    std::optional<State> state{};        // in any
    std::size_t most = 100;
};

struct FoundNumber {
    std::int64_t number = 0;
    State state = State::free;
    std::string tenant{};  // "" for nobody
    std::string target{};
};
// At most so many of the numbers that rows of this table are called by ("number", "block", "cli") and that begin with these
// digits, the shorter ones first. Without a digit, any.
[[nodiscard]] Result<std::vector<std::int64_t>> numbers_beginning(Rows& rows, const Table& table, std::string_view digits,
                                                                  std::size_t most);

// Numbers of blocks, the lowest first, as they are at a time.
[[nodiscard]] Result<std::vector<FoundNumber>> search_numbers(Rows& rows, const NumberSearch& search, Time at);

}  // namespace trunkbox::centrex
