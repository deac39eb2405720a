// bench_lookups TABLE --numbers FILE [--lookups N] [--rounds N]: so many cheapest carriers for the numbers of FILE in
// turn, at `day` for 180 s, batched and one at a time. A lookup begins with the number's text. Prints a line: M/s batched,
// M/s singly, resident kB, how many of the numbers have a route.
#include "arguments.h"
#include "base/time.h"
#include "decks.h"
#include "lcr/cheapest.h"
#include "measure.h"
#include "store/routes.h"

#include <array>
#include <charconv>
#include <exception>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

namespace {

using namespace trunkbox;
using namespace trunkbox::bench;

std::vector<std::string> read_lines(const std::string& path) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    if (lines.empty()) throw std::runtime_error("no numbers in '" + path + "'");
    return lines;
}

// Each page once, by how many processes have it; the mapped table is resident as far as it was touched.
std::string resident_kb() {
    std::ifstream file("/proc/self/smaps_rollup");
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with("Pss:")) continue;
        const std::size_t first = line.find_first_of("0123456789");
        return line.substr(first, line.rfind(' ') - first);
    }
    throw std::runtime_error("cannot read /proc/self/smaps_rollup");
}

// Lookups a second, `batch` at a time; `routed` counts those with a route.
double lookups(lcr::LeastCost& least, const std::vector<std::string>& numbers, std::size_t count, std::size_t batch,
               std::size_t& routed) {
    const Time at = parse_rfc3339(fmt::format("{}T00:00:00Z", day)).value();
    std::array<lcr::Call, 1024> calls{};
    std::array<lcr::Cheapest, 1024> answers{};
    routed = 0;
    std::size_t next = 0;
    const double began = thread_seconds();
    for (std::size_t done = 0; done < count; done += batch) {
        for (std::size_t i = 0; i < batch; ++i) {
            const std::string& text = numbers[next];
            std::from_chars(text.data(), text.data() + text.size(), calls[i].number);
            calls[i].seconds = 180;
            calls[i].at = at;
            if (++next == numbers.size()) next = 0;
        }
        const auto found = least.decide(std::span(calls).first(batch), std::span(answers).first(batch));
        if (!found) throw std::runtime_error(found.error().text());
        for (std::size_t i = 0; i < batch; ++i) routed += answers[i].carrier == lcr::Cheapest::none ? 0U : 1U;
    }
    return static_cast<double>(count) / (thread_seconds() - began);
}

int measure(const Arguments& arguments) {
    const auto table = store::open_routes(arguments.word("table"));
    if (!table) throw std::runtime_error(table.error().text());
    const auto numbers = read_lines(arguments.word("numbers"));
    const std::size_t count = arguments.count("lookups", 1'000'000) / 1024 * 1024;
    const std::size_t rounds = arguments.count("rounds", 5);
    std::size_t routed = 0;
    lcr::LeastCost least(*table);
    lookups(least, numbers, count, 1024, routed);
    const double batched = median_of(rounds, [&] { return lookups(least, numbers, count, 1024, routed); });
    const double singly = median_of(rounds, [&] { return lookups(least, numbers, count, 1, routed); });
    lookups(least, numbers, numbers.size(), 1, routed);
    fmt::print("{:.3f} {:.3f} {} {}\n", batched / 1e6, singly / 1e6, resident_kb(), routed);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return measure({argc, argv, "table", {"numbers", "lookups", "rounds"}});
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_lookups: {}\n", error.what());
        return 2;
    }
}
