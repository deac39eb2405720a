// bench_directory FILE --block FIRST --processes P --count N: seconds until P processes have each taken N numbers of that
// block from the directory, every one in a transaction of its own. Beside it bench_sqlite --do writers.
// bench_directory FILE --block FIRST --next N: milliseconds of the median of N times that this process opens the directory,
// asks for the next free number of that block, and closes it.
#include "arguments.h"
#include "centrex/numbers.h"
#include "measure.h"
#include "store/directory.h"

#include <chrono>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace trunkbox;
using namespace trunkbox::bench;

void take_numbers(const std::string& path, std::int64_t block, std::uint64_t count) {
    auto directory = store::Directory::open({.place = path, .wait = 60s});
    if (!directory) throw std::runtime_error(directory.error().text());
    const Time at = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    for (std::uint64_t i = 0; i < count; ++i) {
        const store::Edit edit{.command = "number next", .actor = "bench", .at = at, .keep_rows = false};
        const auto done = directory->edit(edit, [&](store::DirectoryRows& rows) -> Result<void> {
            auto taken = centrex::next_numbers(rows, {.first = block, .reserve = centrex::NumberEdit{.action = centrex::Action::reserve}}, at);
            return taken ? Result<void>{} : tl::unexpected(taken.error());
        });
        if (!done) throw std::runtime_error(done.error().text());
    }
}

double writers(const Arguments& arguments) {
    const auto path = arguments.word("FILE");
    const auto block = static_cast<std::int64_t>(arguments.count("block", 0));
    const auto count = arguments.count("count", 20);
    const auto began = std::chrono::steady_clock::now();
    std::vector<pid_t> children;
    for (std::uint64_t i = 0; i < arguments.count("processes", 8); ++i) {
        children.push_back(fork());
        if (children.back() != 0) continue;
        try {
            take_numbers(path, block, count);
        } catch (const std::exception& error) {
            fmt::print(stderr, "bench_directory: {}\n", error.what());
            _exit(1);
        }
        _exit(0);
    }
    for (auto child : children) {
        int status = 0;
        if (waitpid(child, &status, 0) != child || status != 0) throw std::runtime_error("a writer failed");
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

double next(const Arguments& arguments, std::uint64_t times) {
    const auto block = static_cast<std::int64_t>(arguments.count("block", 0));
    const Time at = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    return median_of(times, [&] {
        const auto began = std::chrono::steady_clock::now();
        {
            auto directory = store::Directory::open({.place = arguments.word("FILE")});
            if (!directory) throw std::runtime_error(directory.error().text());
            const auto asked = directory->read([&](store::DirectoryRows& rows) -> Result<void> {
                auto free = centrex::next_numbers(rows, {.first = block}, at);
                return free ? Result<void>{} : tl::unexpected(free.error());
            });
            if (!asked) throw std::runtime_error(asked.error().text());
        }
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
    });
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const Arguments arguments{argc, argv, "FILE", {"block", "processes", "count", "next"}};
        const auto times = arguments.count("next", 0);
        fmt::print("{:.6f}\n", times > 0 ? next(arguments, times) : writers(arguments));
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_directory: {}\n", error.what());
        return 2;
    }
}
