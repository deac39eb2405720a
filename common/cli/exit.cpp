#include "cli/exit.h"

#include <array>
#include <stdexcept>

namespace trunkbox::cli {

Exit exit_of(Fault fault) {
    switch (fault) {
        case Fault::usage: return Exit::usage;
        case Fault::input: return Exit::input;
        case Fault::system: return Exit::system;
        case Fault::rule: return Exit::no;
        case Fault::refused: return Exit::refused;
        case Fault::timeout: return Exit::unanswered;
    }
    throw std::logic_error("fault without an exit status");
}

std::span<const ExitMeaning> exit_meanings() {
    static constexpr std::array<ExitMeaning, 10> meanings{{
        {Exit::ok, "yes, done, passed"},
        {Exit::no, "a valid \"no\": answered, but not as expected"},
        {Exit::usage, "the command line is wrong"},
        {Exit::input, "input was not understood"},
        {Exit::system, "a system or I/O error: cannot open, bind or write"},
        {Exit::refused, "the far end refused"},
        {Exit::unanswered, "no answer in time, or unreachable"},
        {Exit::inconclusive, "inconclusive: what was asked was not carried out in full"},
        {Exit::interrupted, "interrupted"},
        {Exit::terminated, "terminated"},
    }};
    return meanings;
}

}  // namespace trunkbox::cli
