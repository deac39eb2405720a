// bench_decks DIRECTORY [--carriers N] [--rows M] [--seed S] [--announced N] [--numbers N] [--calls N]: the decks of N
// carriers with M rows in all, as CSV; of a thousand rows so many are not in force before 2027. Numbers below them, one a
// line, in DIRECTORY/numbers, and calls in DIRECTORY/calls.csv.
#include "arguments.h"
#include "decks.h"

#include <exception>

#include <fmt/format.h>

namespace {

int write_decks(const trunkbox::bench::Arguments& arguments) {
    using namespace trunkbox::bench;
    const std::string directory = arguments.word("directory");
    const auto seed = arguments.count("seed", 1);
    DeckShape shape = shape_of(arguments.count("rows", 1'000'000), arguments.count("carriers", 100), seed);
    shape.announced = static_cast<unsigned>(arguments.count("announced", shape.announced));
    const Decks decks(shape);
    const auto paths = decks.write(directory);
    const auto numbers = arguments.count("numbers", 0);
    if (numbers > 0) write_file(directory + "/numbers", numbers_text(decks, numbers, seed));
    const auto calls = arguments.count("calls", 0);
    if (calls > 0) write_file(directory + "/calls.csv", calls_csv(decks, calls, seed));
    fmt::print("{} decks, {} different prefixes\n", paths.size(), decks.prefixes().size());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return write_decks({argc, argv, "directory", {"carriers", "rows", "seed", "announced", "numbers", "calls"}});
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_decks: {}\n", error.what());
        return 2;
    }
}
