#include "config/files.h"

#include "base/text.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <fmt/format.h>
#include <sys/stat.h>

namespace trunkbox::config {

namespace {

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

tl::unexpected<Error> unreadable(const std::string& path, std::string_view why, std::string fix = {}) {
    return failure(Fault::system, "", fmt::format("cannot read '{}': {}", printable(path, 200), why),
                   std::move(fix));
}

tl::unexpected<Error> too_large(const std::string& path, std::size_t most) {
    return unreadable(path, fmt::format("larger than {} bytes", most), "check that it is the right file");
}

}  // namespace

tl::unexpected<Error> cannot_read(const std::string& path, int code) {
    if (code == ENOENT) return unreadable(path, "no such file", "check the path");
    if (code == EACCES) return unreadable(path, "permission denied", "check its owner and mode");
    return unreadable(path, std::strerror(code));
}

Result<std::string> read_file(const std::string& path, std::size_t most) {
    if (path.find('\0') != std::string::npos) return unreadable(path, "the name holds a NUL byte");
    // "e": not inherited by a child. A named pipe without a writer blocks here, as it does for cat.
    File file(std::fopen(path.c_str(), "rbe"));
    if (!file) return cannot_read(path, errno);
    struct stat status {};
    if (fstat(fileno(file.get()), &status) != 0) return cannot_read(path, errno);
    if (S_ISDIR(status.st_mode)) return unreadable(path, "it is a directory", "name a file in it");
    if (S_ISREG(status.st_mode) && static_cast<std::size_t>(status.st_size) > most)
        return too_large(path, most);
    // Sizes lie (pipes, /proc), so the end decides.
    std::string text;
    constexpr std::size_t piece = std::size_t{1} << 16;
    if (S_ISREG(status.st_mode)) text.reserve(static_cast<std::size_t>(status.st_size) + piece);
    for (std::size_t got = 1; got > 0;) {
        auto before = text.size();
        text.resize(before + piece);
        got = std::fread(text.data() + before, 1, piece, file.get());
        text.resize(before + got);
        if (text.size() > most) return too_large(path, most);
    }
    if (std::ferror(file.get()) != 0) return cannot_read(path, errno);
    return text;
}

std::string beside(std::string_view file, std::string path) {
    auto slash = file.rfind('/');
    if (path.starts_with('/') || slash == std::string_view::npos) return path;
    return std::string(file.substr(0, slash + 1)) + path;
}

Result<lcr::Deck> read_deck_file(const std::string& path) {
    auto text = read_file(path, std::size_t{1} << 30);
    if (!text) return tl::unexpected(text.error());
    return lcr::read_deck(*text, path);
}

}  // namespace trunkbox::config
