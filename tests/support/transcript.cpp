// transcript [--bin DIR] [--data DIR] [--deadline SECONDS] FILE…: runs what FILE shows being typed and compares what
// is shown with what FILE says. Ends with 0 when all agrees, 1 when not, 2 on wrong usage.
#include <charconv>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "support/compare.h"
#include "support/script.h"
#include "support/session.h"

namespace {

namespace fs = std::filesystem;

struct Request {
    fs::path binaries;
    fs::path data;
    std::chrono::seconds deadline{20};
    std::vector<std::string> files;
};

// Says why a step went wrong, or nothing.
std::string judge(const transcript::Step& step, const transcript::Step* next, bool document,
                  const transcript::Shown& shown, std::chrono::seconds deadline) {
    std::string verdict;
    if (!shown.status) verdict += fmt::format("  no end within {} s, or its ready file did not come\n", deadline.count());
    // A document that does not show what a command prints says nothing about it; a transcript says: nothing.
    const bool silent = document && step.expected.empty();
    if (!silent || !shown.status) {
        for (const std::string& line : transcript::difference(step.expected, shown.lines))
            verdict += fmt::format("  {}\n", line);
    }
    // A document shows a status by having it printed.
    const bool told = document && next != nullptr && next->command.find("$?") != std::string::npos;
    const int expected = step.status.value_or(0);
    if (shown.status && *shown.status != expected && !(told && !step.status))
        verdict += fmt::format("  exit status {}, not {}\n", *shown.status, expected);
    return verdict;
}

int run_script(const Request& request, const std::string& file) {
    std::ifstream input(file);
    if (!input) {
        fmt::print("{}: cannot be read\n", file);
        return 1;
    }
    const std::string text{std::istreambuf_iterator<char>(input), {}};
    const transcript::Script script = transcript::read_script(file, text);
    if (script.steps.empty()) {
        fmt::print("{}: no example\n", file);
        return 1;
    }
    const bool document = !file.ends_with(".transcript");
    transcript::Session session(request.binaries, request.data);
    int failures = 0;
    for (std::size_t i = 0; i < script.steps.size(); ++i) {
        const transcript::Step& step = script.steps[i];
        const transcript::Step* next = i + 1 < script.steps.size() ? &script.steps[i + 1] : nullptr;
        const transcript::Shown shown = session.type(step.command, request.deadline);
        const std::string verdict = judge(step, next, document, shown, request.deadline);
        if (!verdict.empty()) {
            ++failures;
            fmt::print("{}:{}: $ {}\n{}", file, step.line, step.command, verdict);
        }
        if (!shown.status) break;
    }
    for (const std::string& complaint : session.leave()) {
        ++failures;
        fmt::print("{}: at the end: {}\n", file, complaint);
    }
    if (failures == 0) fmt::print("{}: {} commands agree\n", file, script.steps.size());
    return failures == 0 ? 0 : 1;
}

bool read_arguments(const std::vector<std::string_view>& words, Request& request) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        const bool option = words[i].starts_with("--");
        if (!option) {
            request.files.emplace_back(words[i]);
            continue;
        }
        if (i + 1 == words.size()) return false;
        const std::string_view value = words[i + 1];
        if (words[i] == "--bin") {
            request.binaries = fs::absolute(value);
        } else if (words[i] == "--data") {
            request.data = fs::absolute(value);
        } else if (words[i] == "--deadline") {
            long seconds = 0;
            const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
            if (error != std::errc{} || end != value.data() + value.size() || seconds <= 0) return false;
            request.deadline = std::chrono::seconds(seconds);
        } else {
            return false;
        }
        ++i;
    }
    return !request.files.empty();
}

}  // namespace

int main(int argc, char** argv) {
    Request request;
    if (!read_arguments({argv + 1, argv + argc}, request)) {
        fmt::print(stderr, "usage: transcript [--bin DIR] [--data DIR] [--deadline SECONDS] FILE...\n");
        return 2;
    }
    try {
        if (!transcript::enter_own_network()) fmt::print("no network namespaces here: on this machine's own ports\n");
        int worst = 0;
        for (const std::string& file : request.files) worst |= run_script(request, file);
        return worst;
    } catch (const std::exception& problem) {
        fmt::print(stderr, "transcript: {}\n", problem.what());
        return 2;
    }
}
