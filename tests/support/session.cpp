#include "support/session.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/process.h"

namespace transcript {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int command_fd = 8;
constexpr int answer_fd = 9;

// Reads commands, each ended by a zero byte, and answers with the status of each. `said` makes $? what the last
// command left. Neither descriptor reaches what the commands start.
constexpr const char* loop =
    "__status=0; __said() { return \"$__status\"; }; "
    "while IFS= read -r -d '' -u 8 __command; do "
    "__said; eval \"$__command\" 8<&- 9>&-; __status=$?; printf '%s\\n' \"$__status\" >&9; done";

void write_file(const char* path, const std::string& text) {
    const int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    [[maybe_unused]] const ssize_t written = write(file, text.data(), text.size());
    close(file);
}

void raise_loopback() {
    const int socket_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_fd < 0) return;
    ifreq request{};
    request.ifr_name[0] = 'l';
    request.ifr_name[1] = 'o';
    if (ioctl(socket_fd, SIOCGIFFLAGS, &request) == 0) {
        request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
        ioctl(socket_fd, SIOCSIFFLAGS, &request);
    }
    close(socket_fd);
}

std::vector<std::string> split_lines(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    return lines;
}

bool goes_to_background(std::string_view command) {
    while (!command.empty() && (command.back() == ' ' || command.back() == '\n')) command.remove_suffix(1);
    return command.ends_with("&") && !command.ends_with("&&");
}

// "wait" as a command of its own: "call …; wait %1".
bool waits(std::string_view command) {
    for (std::size_t at = command.find("wait"); at != std::string_view::npos; at = command.find("wait", at + 1)) {
        const std::string_view before = command.substr(0, at);
        const std::size_t last = before.find_last_not_of(' ');
        const char separator = last == std::string_view::npos ? ';' : before[last];
        const char next = at + 4 < command.size() ? command[at + 4] : ' ';
        const bool whole = next == ' ' || next == ';' || next == '\n';
        if (whole && (separator == ';' || separator == '&' || separator == '|' || separator == '\n')) return true;
    }
    return false;
}

std::string argument_of(std::string_view command, std::string_view option) {
    const std::size_t found = command.find(option);
    if (found == std::string_view::npos) return {};
    command.remove_prefix(found + option.size());
    if (command.empty() || (command[0] != ' ' && command[0] != '=')) return {};
    command.remove_prefix(1);
    return std::string(command.substr(0, command.find_first_of(" \n&")));
}

void set_environment(const fs::path& home, const fs::path& binaries) {
    const std::string path = binaries.string() + (binaries.empty() ? "" : ":") +
                             "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";
    setenv("PATH", path.c_str(), 1);
    setenv("HOME", home.c_str(), 1);
    setenv("TMPDIR", (home / "tmp").c_str(), 1);
    for (const char* name : {"CONFIG", "DATA", "CACHE", "STATE"})
        setenv(("XDG_" + std::string(name) + "_HOME").c_str(), (home / name).c_str(), 1);
    setenv("XDG_RUNTIME_DIR", (home / "run").c_str(), 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("TZ", "UTC", 1);
    setenv("TERM", "dumb", 1);
    for (const char* name : {"COLUMNS", "LINES", "NO_COLOR", "BASH_ENV", "ENV", "LANG", "LANGUAGE"}) unsetenv(name);
}

}  // namespace

bool enter_own_network() {
    const std::string user = std::to_string(geteuid());
    const std::string group = std::to_string(getegid());
    if (unshare(CLONE_NEWNET) != 0) {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return false;
        write_file("/proc/self/setgroups", "deny");
        write_file("/proc/self/uid_map", user + " " + user + " 1");
        write_file("/proc/self/gid_map", group + " " + group + " 1");
    }
    raise_loopback();
    return true;
}

TemporaryDirectory::TemporaryDirectory() {
    std::string pattern = (fs::temp_directory_path() / "transcript.XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary directory");
    path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

Session::Session(const fs::path& binaries, const fs::path& data)
    : work_(directory_.path() / "work"), background_(directory_.path() / "background") {
    fs::create_directories(work_);
    for (const char* name : {"tmp", "run", "CONFIG", "DATA", "CACHE", "STATE"})
        fs::create_directories(directory_.path() / "home" / name);
    if (!data.empty()) fs::copy(data, work_, fs::copy_options::recursive);
    start(binaries);
}

Session::~Session() {
    [[maybe_unused]] const auto endings = leave();
    for (const int fd : {commands_, answers_, output_}) {
        if (fd >= 0) close(fd);
    }
}

void Session::start(const fs::path& binaries) {
    process::adopt_orphans();
    std::array<int, 2> commands{};
    std::array<int, 2> answers{};
    std::array<int, 2> output{};
    if (pipe2(commands.data(), O_CLOEXEC) != 0 || pipe2(answers.data(), O_CLOEXEC) != 0 ||
        pipe2(output.data(), O_CLOEXEC) != 0)
        throw std::runtime_error("cannot make a pipe");
    shell_ = fork();
    if (shell_ < 0) throw std::runtime_error("cannot start a process");
    if (shell_ == 0) {
        setsid();
        // Out of the way first: a pipe may already have one of the numbers below.
        const int from = fcntl(commands[0], F_DUPFD_CLOEXEC, 20);
        const int to = fcntl(answers[1], F_DUPFD_CLOEXEC, 20);
        dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), 0);
        dup2(output[1], 1);
        dup2(output[1], 2);
        dup2(from, command_fd);
        dup2(to, answer_fd);
        set_environment(directory_.path() / "home", binaries);
        if (chdir(work_.c_str()) != 0) _exit(126);
        execlp("bash", "bash", "--norc", "--noprofile", "-c", loop, nullptr);
        _exit(127);
    }
    close(commands[0]);
    close(answers[1]);
    close(output[1]);
    commands_ = commands[1];
    answers_ = answers[0];
    output_ = output[0];
    fcntl(output_, F_SETFL, O_NONBLOCK);
    signal(SIGPIPE, SIG_IGN);
}

// What foreground commands wrote is in the pipe before the shell answers.
std::string Session::drain() {
    std::string text;
    std::array<char, 65536> buffer{};
    for (ssize_t size = read(output_, buffer.data(), buffer.size()); size > 0;
         size = read(output_, buffer.data(), buffer.size()))
        text.append(buffer.data(), static_cast<std::size_t>(size));
    return text;
}

std::string Session::background_output() {
    std::ifstream file(background_);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::string fresh = text.substr(std::min(background_shown_, text.size()));
    background_shown_ = text.size();
    return fresh;
}

// A person who starts a server looks whether it is ready before the next command.
bool Session::await_ready_file(const std::string& command, Clock::time_point deadline) {
    const std::string name = argument_of(command, "--ready-file");
    if (name.empty()) return true;
    while (!fs::exists(work_ / name)) {
        if (Clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

Shown Session::type(const std::string& command, std::chrono::seconds patience) {
    const auto deadline = Clock::now() + patience;
    std::string text = command;
    if (goes_to_background(command)) text = "{ " + command + "\n} >>'" + background_.string() + "' 2>&1";
    text.push_back('\0');
    Shown shown;
    std::string screen;
    std::string answer;
    if (write(commands_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) return shown;
    while (!answer.ends_with('\n')) {
        std::array<pollfd, 2> fds{{{answers_, POLLIN, 0}, {output_, POLLIN, 0}}};
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0) break;
        poll(fds.data(), fds.size(), static_cast<int>(std::min<long>(left, 1000)));
        screen += drain();
        if (fds[0].revents == 0) continue;
        std::array<char, 64> buffer{};
        const ssize_t size = read(answers_, buffer.data(), buffer.size());
        if (size <= 0) {  // the command ended the shell
            answer = "0\n";
            int status = 0;
            if (waitpid(shell_, &status, 0) == shell_ && WIFEXITED(status))
                answer = std::to_string(WEXITSTATUS(status)) + "\n";
            shell_ = -1;
            break;
        }
        answer.append(buffer.data(), static_cast<std::size_t>(size));
    }
    screen += drain();
    if (waits(command)) screen += background_output();
    shown.lines = split_lines(screen);
    int status = 0;
    if (!answer.ends_with('\n')) return shown;
    std::from_chars(answer.data(), answer.data() + answer.size(), status);
    if (goes_to_background(command) && !await_ready_file(command, deadline)) {
        shown.lines = split_lines(background_output());
        return shown;
    }
    shown.status = status;
    return shown;
}

std::vector<std::string> Session::leave() {
    // The shell first and at once, so that its children become ours and tell us how they end.
    if (shell_ > 0) {
        kill(shell_, SIGKILL);
        waitpid(shell_, nullptr, 0);
        shell_ = -1;
    }
    std::vector<std::string> complaints;
    for (const process::Ending& ending : process::end_descendants(std::chrono::seconds(10))) {
        if (ending.stubborn) {
            complaints.push_back("'" + ending.name + "' did not end on SIGTERM");
        } else if (WIFEXITED(ending.status)) {
            const int status = WEXITSTATUS(ending.status);
            if (status != 0 && status != 130 && status != 143)
                complaints.push_back("'" + ending.name + "' ended with " + std::to_string(status));
        } else if (WTERMSIG(ending.status) != SIGTERM && WTERMSIG(ending.status) != SIGKILL) {
            // No crash is a SIGKILL, and LeakSanitizer's tracer dies of one when the process that it looks into ends.
            complaints.push_back("'" + ending.name + "' ended by signal " + std::to_string(WTERMSIG(ending.status)));
        }
    }
    if (!complaints.empty()) {
        for (std::string& line : split_lines(background_output())) complaints.push_back("  " + std::move(line));
    }
    return complaints;
}

}  // namespace transcript
