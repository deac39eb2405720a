#include "support/postgresql.h"

#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/process.h"

namespace postgresql {

using namespace std::chrono_literals;

namespace {

std::string address_of(const std::filesystem::path& folder, const std::string& database) {
    return "postgresql://postgres@/" + database + "?host=" + folder.string();
}

}  // namespace

Server::Server(std::string script) : script_(std::move(script)) { start(); }

Server::~Server() { end(); }

// Those that served clients of a server that was killed hold its memory until they see it; until then it does not start.
void Server::start() {
    for (int tries = 0; tries < 100; ++tries) {
        std::array<int, 2> pipe{};
        if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
        script_pid_ = ::fork();
        if (script_pid_ == 0) {
            ::dup2(pipe[0], STDIN_FILENO);
            ::execlp("bash", "bash", script_.c_str(), folder_.path().c_str(), nullptr);
            ::_exit(127);
        }
        ::close(pipe[0]);
        held_ = pipe[1];
        if (up()) return;
        end();
        std::this_thread::sleep_for(100ms);
    }
    throw std::runtime_error("the server does not start: " +
                             process::run({"tail", "-n", "5", (folder_.path() / "postgresql.log").string()}).out);
}

bool Server::up() {
    const auto deadline = std::chrono::steady_clock::now() + 120s;
    while (std::chrono::steady_clock::now() < deadline) {
        if (process::run({"psql", "-XAtqc", "SELECT 1", address_of(folder_.path(), "postgres")}).status == 0) return true;
        int status = 0;
        if (::waitpid(script_pid_, &status, WNOHANG) == script_pid_) {
            script_pid_ = -1;
            return false;
        }
        std::this_thread::sleep_for(20ms);
    }
    return false;
}

void Server::end() {
    if (held_ >= 0) ::close(held_);
    held_ = -1;
    int status = 0;
    if (script_pid_ > 0) ::waitpid(script_pid_, &status, 0);
    script_pid_ = -1;
}

void Server::kill() {
    std::ifstream file(folder_.path() / "data" / "postmaster.pid");
    pid_t server = 0;
    if (!(file >> server) || server <= 1) throw std::runtime_error("the server left no pid");
    ::kill(server, SIGKILL);
    end();
}

std::string Server::new_database() {
    const auto name = "d" + std::to_string(++databases_);
    static_cast<void>(ask(address_of(folder_.path(), "postgres"), "CREATE DATABASE " + name));
    return address_of(folder_.path(), name);
}

std::string Server::ask(const std::string& address, const std::string& sql) const {
    auto outcome = process::run({"psql", "-XAtqc", sql, address});
    if (outcome.status != 0) throw std::runtime_error("psql: " + outcome.err);
    return outcome.out;
}

}  // namespace postgresql
