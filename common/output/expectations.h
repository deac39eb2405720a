// A saved verdict file against what is said now: a capture and a policy as a test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trunkbox::output {

struct Difference {
    std::uint64_t frame = 0;  // 0: the expected line names none
    std::string text{};       // "action is 'reject', expected 'accept'"; "missing"; "not expected"
};

class Expectations {
  public:
    // JSON lines as append_json_line() makes them, of which any keys may be left out. Error with its line: no JSON
    // object, or a key that no verdict has.
    [[nodiscard]] static Result<Expectations> read(std::string text, std::string_view file);
    ~Expectations();
    Expectations(Expectations&&) noexcept;
    Expectations& operator=(Expectations&&) noexcept;

    // One verdict's line after another, in their order. Expected lines without a frame are compared in turn.
    void compare(std::string_view verdict);
    // What never came.
    void finish();

    [[nodiscard]] std::size_t count() const;                          // of all differences
    [[nodiscard]] const std::vector<Difference>& differences() const;  // the first thousand

  private:
    struct State;
    explicit Expectations(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace trunkbox::output
