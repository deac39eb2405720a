#include "store/routes_file.h"

#include "base/text.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace trunkbox::store {

namespace {

bool write_all(int descriptor, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

// Beside the target, the first for which make(name) succeeds; "" if none does: errno says why.
template <class Make>
std::string first_free_name(const std::filesystem::path& target, Make make) {
    // A process that was killed may have left one of the same name.
    for (int i = 0; i < 1000; ++i) {
        auto name = fmt::format("{}.{}.{}", target.string(), ::getpid(), i);
        if (make(name)) return name;
        if (errno != EEXIST) break;
    }
    return {};
}

// The rename itself is on disk only after this. Not every file system has it.
bool sync_folder(const std::filesystem::path& file) {
    auto folder = file.parent_path();
    Descriptor descriptor(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return descriptor.open() && (::fsync(descriptor.number()) == 0 || errno == EINVAL || errno == ENOTSUP);
}

class Memory final : public lcr::Storage {
  public:
    Result<std::span<std::byte>> resize(std::size_t bytes) override {
        if (!mapping_.resize(bytes)) throw std::bad_alloc();
        return mapping_.bytes();
    }

  private:
    Mapping mapping_;
};

}  // namespace

std::shared_ptr<lcr::Storage> in_memory() { return std::make_shared<Memory>(); }

RoutesFile::~RoutesFile() {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

tl::unexpected<Error> RoutesFile::cannot_write(int code) const {
    return failure(Fault::system, "", fmt::format("cannot write '{}': {}", printable(path_, 200), std::strerror(code)),
                   code == ENOSPC || code == EDQUOT ? "make room" : "");
}

bool RoutesFile::make_nameless(mode_t mode) {
    if (::access("/proc/self/fd", X_OK) != 0) return false;  // by which it gets its name
    auto folder = target_.parent_path();
    file_ = Descriptor(::open(folder.empty() ? "." : folder.c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, mode));
    return file_.open();
}

bool RoutesFile::make_named(mode_t mode) {
    temporary_ = first_free_name(target_, [&](const std::string& name) {
        file_ = Descriptor(::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode));
        return file_.open();
    });
    return file_.open();
}

// A link cannot take the place of a file, so it gets a name that can be renamed.
bool RoutesFile::give_name() {
    auto self = fmt::format("/proc/self/fd/{}", file_.number());
    temporary_ = first_free_name(target_, [&](const std::string& name) {
        return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
    });
    return !temporary_.empty();
}

Result<void> RoutesFile::begin() {
    struct stat old {};
    bool exists = ::stat(path_.c_str(), &old) == 0;
    if (exists && !S_ISREG(old.st_mode))
        return failure(Fault::system, "", fmt::format("cannot write '{}': it is no regular file", printable(path_, 200)),
                       "name a file");
    target_ = path_;
    // What a link leads to is replaced, not the link.
    std::error_code none;
    if (exists)
        if (auto real = std::filesystem::canonical(target_, none); !none) target_ = std::move(real);
    // Whoever kept the rates from others' eyes meant it, from the first byte on.
    constexpr mode_t owners = S_IRUSR | S_IWUSR, readable_by_all = owners | S_IRGRP | S_IROTH;
    auto mode = exists ? owners : readable_by_all;
    if (!make_nameless(mode) && !make_named(mode)) return cannot_write(errno);
    constexpr mode_t permissions = S_IRWXU | S_IRWXG | S_IRWXO;
    if (exists && ::fchmod(file_.number(), old.st_mode & permissions) != 0) return cannot_write(errno);
    return {};
}

Result<std::span<std::byte>> RoutesFile::resize(std::size_t bytes) {
    if (!file_.open())
        if (auto begun = begin(); !begun) return tl::unexpected(begun.error());
    if (auto code = ::posix_fallocate(file_.number(), 0, static_cast<off_t>(bytes)); code != 0) return cannot_write(code);
    if (mapped_ && mapping_.resize(bytes, file_.number())) return mapping_.bytes();
    // Some network file systems map nothing that others could write to.
    if (mapping_.bytes().empty()) mapped_ = false;
    if (mapped_ || !mapping_.resize(bytes)) return cannot_write(errno);
    return mapping_.bytes();
}

Result<void> RoutesFile::commit() {
    if (!mapped_ && !write_all(file_.number(), mapping_.bytes())) return cannot_write(errno);
    if (temporary_.empty() && !give_name()) return cannot_write(errno);
    if (::fsync(file_.number()) != 0 || !file_.close()) return cannot_write(errno);
    if (std::rename(temporary_.c_str(), target_.c_str()) != 0) return cannot_write(errno);
    temporary_.clear();
    if (!sync_folder(target_)) return cannot_write(errno);
    return {};
}

}  // namespace trunkbox::store
