// What input, the system or the far end can make go wrong, as a value. Exceptions are for bugs.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace trunkbox {

// Which kind of failure; the command line maps it to its exit code.
enum class Fault {
    usage,    // the command line or an argument is wrong
    input,    // a file, message or document was not understood
    system,   // cannot open, bind, write; out of a resource
    rule,     // understood, and against a rule that the error names
    refused,  // the far end said no
    timeout,  // no answer in time, unreachable
};

// One line: "where: what; fix". Lower-case, no full stop, the subject in single quotes.
struct Error {
    Fault fault = Fault::input;
    std::string where;  // e.g. "routes.csv:14:6", may be empty
    std::string what;   // e.g. "prefix '1415x' is not digits"
    std::string fix;    // e.g. "write e.g. '1415'", may be empty

    [[nodiscard]] std::string text() const;
    bool operator==(const Error&) const = default;
};

template <class T>
using Result = tl::expected<T, Error>;

// return failure(Fault::input, "profile.json:3:5", "…", "…");
[[nodiscard]] tl::unexpected<Error> failure(Fault fault, std::string where, std::string what,
                                            std::string fix = {});

// The same error with an outer place in front of its own: "acme.json:3:5".
[[nodiscard]] Error at(std::string_view outer, Error error);

}  // namespace trunkbox
