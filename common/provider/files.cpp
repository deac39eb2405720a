#include "provider/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fmt/format.h>

#include "config/trunk_profile.h"

namespace trunkbox::provider {

namespace {

trunkbox::Result<void> cannot_write(const std::string& path) {
    return failure(Fault::system, path, "cannot be written: " + std::generic_category().message(errno),
                   "check the directory and the room on the disk");
}

// Written to a temporary file and renamed, so that nobody reads half of it; the mode is right from the start.
trunkbox::Result<void> write_file(const std::string& path, const std::string& text, mode_t mode) {
    auto temporary = path + ".new";
    ::unlink(temporary.c_str());
    int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (file < 0) return cannot_write(temporary);
    auto written = ::write(file, text.data(), text.size());
    bool whole = written == static_cast<ssize_t>(text.size());
    if (::close(file) != 0 || !whole || std::rename(temporary.c_str(), path.c_str()) != 0) {
        auto result = cannot_write(path);
        ::unlink(temporary.c_str());
        return result;
    }
    return {};
}

std::string beside(const std::string& path) {
    auto stem = path.ends_with(".json") ? path.substr(0, path.size() - 5) : path;
    return stem + ".secret";
}

}  // namespace

trunkbox::Result<void> write_trunk(const Provider& provider, const std::string& path, const std::string& trunk) {
    if (trunk.empty() && !provider.has_trunks())
        return failure(Fault::usage, "", "the configuration has no trunk", "add one to \"trunks\"");
    auto secret = beside(path);
    auto name = secret.substr(secret.rfind('/') + 1);
    auto made = provider.profile(trunk.empty() ? provider.first_trunk() : trunk, name);
    if (made.profile.name.empty())
        return failure(Fault::usage, "", fmt::format("there is no trunk '{}'", trunk), "name one of the configuration");
    if (auto written = write_file(secret, made.password + "\n", 0600); !written) return written;
    return write_file(path, config::write_trunk_profile(made.profile), 0644);
}

}  // namespace trunkbox::provider
