// One shell in a fresh directory, as a reader of the documentation would type into it.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace transcript {

// A network of its own, loopback up, so that examples may name any port; false where the machine does not allow it.
// Before any thread.
bool enter_own_network();

// A directory that is removed, with everything in it, at the end.
class TemporaryDirectory {
  public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

struct Shown {
    std::optional<int> status;  // none: past the deadline, the session is over
    std::vector<std::string> lines;
};

// bash with nothing on standard input and no terminal; the directory, variables and $? carry over from command to
// command.
class Session {
  public:
    // binaries: first in PATH. data: copied into the directory, may be empty.
    Session(const std::filesystem::path& binaries, const std::filesystem::path& data);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // A command that ends in "&" goes to the background, and where it names a --ready-file that file is awaited;
    // what it prints is shown by the next `wait`.
    [[nodiscard]] Shown type(const std::string& command, std::chrono::seconds deadline);

    // Ends what still runs. One line for each that ended badly: did not stop on SIGTERM, or not with 0, 130 or 143.
    [[nodiscard]] std::vector<std::string> leave();

  private:
    void start(const std::filesystem::path& binaries);
    [[nodiscard]] std::string drain();
    [[nodiscard]] bool await_ready_file(const std::string& command, std::chrono::steady_clock::time_point deadline);
    [[nodiscard]] std::string background_output();

    TemporaryDirectory directory_;
    std::filesystem::path work_;
    std::filesystem::path background_;
    std::size_t background_shown_ = 0;
    pid_t shell_ = -1;
    int commands_ = -1;  // to the shell
    int answers_ = -1;   // "STATUS\n" from the shell
    int output_ = -1;    // what a terminal would show
};

}  // namespace transcript
