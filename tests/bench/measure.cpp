#include "measure.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <stdexcept>

#include <ctime>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace trunkbox::bench {

namespace {

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

pid_t start(const std::vector<std::string>& argv, const std::string& input, const std::string& output) {
    std::vector<char*> words;
    for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, input.c_str(), O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    pid_t pid = 0;
    const int failed = posix_spawn(&pid, words[0], &files, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (failed != 0) throw std::runtime_error("cannot start '" + argv[0] + "': " + std::strerror(failed));
    return pid;
}

}  // namespace

Usage run(const std::vector<std::string>& argv, const std::string& input, const std::string& output) {
    const auto began = std::chrono::steady_clock::now();
    const pid_t pid = start(argv, input, output);
    int status = 0;
    rusage used{};
    if (wait4(pid, &status, 0, &used) != pid) throw std::runtime_error("cannot wait for '" + argv[0] + "'");
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), wall.count(),
            seconds_of(used.ru_utime) + seconds_of(used.ru_stime), static_cast<double>(used.ru_maxrss) / 1024};
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

double median_of(std::size_t rounds, const std::function<double()>& run) {
    std::vector<double> values;
    for (std::size_t i = 0; i < rounds; ++i) values.push_back(run());
    return median(values);
}

double thread_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

}  // namespace trunkbox::bench
