#include "support/process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace process {
namespace {

using Clock = std::chrono::steady_clock;

struct Entry {
    pid_t pid = 0;
    pid_t parent = 0;
    std::string name;
    char state = '?';
};

// /proc/PID/stat: "PID (NAME) STATE PARENT …", where NAME may hold blanks and brackets.
Entry entry_of(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    // Through the stream: reading of a process that has just ended fails, and the bare buffer would throw.
    std::string text;
    std::getline(file, text, '\0');
    const std::size_t open = text.find('(');
    const std::size_t close = text.rfind(')');
    if (open == std::string::npos || close == std::string::npos || close + 4 > text.size()) return {};
    Entry entry{.pid = pid, .parent = 0, .name = text.substr(open + 1, close - open - 1), .state = text[close + 2]};
    std::from_chars(text.data() + close + 4, text.data() + text.size(), entry.parent);
    return entry;
}

std::vector<Entry> process_table() {
    std::vector<Entry> table;
    std::error_code error;
    std::filesystem::directory_iterator file("/proc", error);
    for (; !error && file != std::filesystem::directory_iterator{}; file.increment(error)) {
        const std::string name = file->path().filename().string();
        pid_t pid = 0;
        const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (bad != std::errc{} || end != name.data() + name.size()) continue;
        if (Entry entry = entry_of(pid); entry.pid != 0) table.push_back(std::move(entry));
    }
    return table;
}

void wait_for_children(const std::map<pid_t, std::string>& names, std::vector<Ending>& endings) {
    int status = 0;
    for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG)) {
        const auto name = names.find(pid);
        endings.push_back({.pid = pid, .name = name == names.end() ? "" : name->second, .status = status,
                           .stubborn = false});
    }
}

struct Pipe {
    std::array<int, 2> end{-1, -1};
    Pipe() {
        if (pipe2(end.data(), O_CLOEXEC) != 0) end = {-1, -1};
    }
    ~Pipe() {
        close_end(0);
        close_end(1);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    void close_end(std::size_t which) {
        if (end[which] >= 0) close(end[which]);
        end[which] = -1;
    }
};

[[noreturn]] void become(const std::vector<std::string>& argv, const std::map<std::string, std::string>& changes,
                         int out, int err) {
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(nothing, 0);
    dup2(out, 1);
    dup2(err, 2);
    setsid();
    for (const auto& [name, value] : changes) {
        if (value.empty())
            unsetenv(name.c_str());
        else
            setenv(name.c_str(), value.c_str(), 1);
    }
    std::vector<char*> words;
    for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    execvp(words[0], words.data());
    _exit(127);
}

// Reads both pipes until both are closed; false when the deadline passed first.
bool collect(Pipe& out, Pipe& err, Outcome& outcome, Clock::time_point deadline) {
    std::array<pollfd, 2> fds{{{out.end[0], POLLIN, 0}, {err.end[0], POLLIN, 0}}};
    const std::array<std::string*, 2> texts{&outcome.out, &outcome.err};
    while (fds[0].fd >= 0 || fds[1].fd >= 0) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0) return false;
        if (poll(fds.data(), fds.size(), static_cast<int>(left)) < 0 && errno != EINTR) return false;
        for (std::size_t i = 0; i < fds.size(); ++i) {
            if (fds[i].fd < 0 || fds[i].revents == 0) continue;
            std::array<char, 65536> buffer{};
            const ssize_t size = read(fds[i].fd, buffer.data(), buffer.size());
            if (size > 0)
                texts[i]->append(buffer.data(), static_cast<std::size_t>(size));
            else
                fds[i].fd = -1;
        }
    }
    return true;
}

}  // namespace

void adopt_orphans() { prctl(PR_SET_CHILD_SUBREAPER, 1); }

std::vector<pid_t> descendants() {
    const std::vector<Entry> table = process_table();
    std::vector<pid_t> family{getpid()};
    for (std::size_t i = 0; i < family.size(); ++i) {
        for (const Entry& entry : table) {
            if (entry.parent == family[i] && entry.state != 'Z') family.push_back(entry.pid);
        }
    }
    family.erase(family.begin());
    return family;
}

std::vector<Ending> end_descendants(std::chrono::seconds grace) {
    std::vector<Ending> endings;
    std::map<pid_t, std::string> names;
    std::vector<pid_t> killed;
    const auto patience = Clock::now() + grace;
    // What a process that is ending still starts is found in the next round.
    for (std::vector<pid_t> alive = descendants(); !alive.empty(); alive = descendants()) {
        const bool patient = Clock::now() < patience;
        for (const pid_t pid : alive) {
            if (names.emplace(pid, entry_of(pid).name).second) kill(pid, SIGTERM);
            if (patient || std::find(killed.begin(), killed.end(), pid) != killed.end()) continue;
            kill(pid, SIGKILL);
            killed.push_back(pid);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        wait_for_children(names, endings);
    }
    wait_for_children(names, endings);
    for (Ending& ending : endings)
        ending.stubborn = std::find(killed.begin(), killed.end(), ending.pid) != killed.end();
    return endings;
}

Outcome run(const std::vector<std::string>& argv, const std::map<std::string, std::string>& changes,
            std::chrono::seconds deadline) {
    Outcome outcome;
    Pipe out;
    Pipe err;
    const pid_t child = fork();
    if (child < 0) return outcome;
    if (child == 0) become(argv, changes, out.end[1], err.end[1]);
    out.close_end(1);
    err.close_end(1);
    const bool ended = collect(out, err, outcome, Clock::now() + deadline);
    if (!ended) kill(-child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (ended) outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return outcome;
}

}  // namespace process
