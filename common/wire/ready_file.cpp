#include "wire/ready_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

#include "wire/socket_address.h"

namespace trunkbox::wire {

namespace {

bool write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        auto written = write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

Result<void> write_ready_file(const std::string& path, std::span<const std::string> lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    auto cannot = [&](int code) {
        return failure(Fault::system, path, fmt::format("cannot write the ready file: {}", reason(code)));
    };
    // In the same folder, since a rename does not cross file systems.
    std::string temporary = path + ".XXXXXX";
    int descriptor = mkstemp(temporary.data());
    if (descriptor < 0) return cannot(errno);
    constexpr mode_t readable_by_all = S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;
    bool written = write_all(descriptor, text) && fchmod(descriptor, readable_by_all) == 0;
    int code = errno;
    if (close(descriptor) != 0 && written) {
        written = false;
        code = errno;
    }
    if (written && std::rename(temporary.c_str(), path.c_str()) == 0) return {};
    if (written) code = errno;
    unlink(temporary.c_str());
    return cannot(code);
}

}  // namespace trunkbox::wire
