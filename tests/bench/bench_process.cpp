// bench_process TIMES PROGRAM [WORD…]: milliseconds of the median of TIMES processes of it, one after the other, each of which
// has to end with 0. Of a word "{200}" becomes 200 at the first turn, 201 at the next.
#include "measure.h"

#include <charconv>
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace trunkbox::bench;

std::uint64_t number_of(std::string_view word) {
    std::uint64_t number = 0;
    const auto end = word.data() + word.size();
    if (const auto read = std::from_chars(word.data(), end, number); read.ptr != end || read.ec != std::errc{})
        throw std::runtime_error(fmt::format("'{}' is no number", word));
    return number;
}

std::string in_turn(const std::string& word, std::uint64_t turn) {
    const auto begin = word.find('{');
    const auto end = word.find('}', begin);
    if (begin == std::string::npos || end == std::string::npos) return word;
    const auto first = number_of(std::string_view(word).substr(begin + 1, end - begin - 1));
    return fmt::format("{}{}{}", word.substr(0, begin), first + turn, word.substr(end + 1));
}

double milliseconds(const std::vector<std::string>& words, std::uint64_t turn) {
    std::vector<std::string> argv;
    for (const auto& word : words) argv.push_back(in_turn(word, turn));
    const Usage usage = run(argv);
    if (usage.status != 0) throw std::runtime_error(fmt::format("{} ended with {}", fmt::join(argv, " "), usage.status));
    return usage.wall * 1000;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        if (argc < 3) throw std::runtime_error("wants how many times, and a program");
        const auto times = number_of(argv[1]);
        if (times == 0) throw std::runtime_error("at least once");
        const std::vector<std::string> words(argv + 2, argv + argc);
        std::uint64_t turn = 0;
        fmt::print("{:.6f}\n", median_of(times, [&] { return milliseconds(words, turn++); }));
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_process: {}\n", error.what());
        return 2;
    }
}
