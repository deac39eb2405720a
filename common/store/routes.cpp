#include "store/routes.h"

#include "base/text.h"
#include "config/files.h"
#include "store/descriptor.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace trunkbox::store {

namespace {

constexpr std::string_view magic = "TBROUTES";

tl::unexpected<Error> unreadable(const std::string& path, std::string_view why) {
    return failure(Fault::system, "", fmt::format("cannot read '{}': {}", printable(path, 200), why),
                   "name a route table or a deck");
}

Result<void> check_regular(const std::string& path, const struct stat& status) {
    if (S_ISDIR(status.st_mode)) return unreadable(path, "it is a directory");
    if (!S_ISREG(status.st_mode)) return unreadable(path, "it is no regular file");
    return {};
}

struct RegularFile {
    Descriptor descriptor;
    std::size_t size = 0;
};

// Looks before it opens: a pipe's writer would begin, and find nobody reading. What it then opens may be another file.
Result<RegularFile> open_regular(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return config::cannot_read(path, errno);
    if (auto good = check_regular(path, status); !good) return tl::unexpected(good.error());
    Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!descriptor.open() || ::fstat(descriptor.number(), &status) != 0) return config::cannot_read(path, errno);
    if (auto good = check_regular(path, status); !good) return tl::unexpected(good.error());
    return RegularFile{.descriptor = std::move(descriptor), .size = static_cast<std::size_t>(status.st_size)};
}

tl::unexpected<Error> cannot_write(const std::string& path, int code) {
    return failure(Fault::system, "", fmt::format("cannot write '{}': {}", printable(path, 200), std::strerror(code)),
                   code == ENOSPC || code == EDQUOT ? "make room" : "");
}

bool write_all(int descriptor, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

// Gone at the end, unless it was renamed.
struct Temporary {
    std::string path;
    int descriptor = -1;
    bool kept = false;

    explicit Temporary(const std::string& beside) {
        constexpr mode_t readable_by_all = S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;
        // A process that was killed may have left one of the same name.
        for (int i = 0; i < 1000 && descriptor < 0; ++i) {
            path = fmt::format("{}.{}.{}", beside, ::getpid(), i);
            descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, readable_by_all);
            if (descriptor < 0 && errno != EEXIST) return;
        }
    }
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;
    ~Temporary() {
        if (descriptor >= 0 && !kept) ::unlink(path.c_str());
    }
};

// The rename itself is on disk only after this. Not every file system has it.
bool sync_folder(const std::filesystem::path& file) {
    auto folder = file.parent_path();
    Descriptor descriptor(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return descriptor.open() && (::fsync(descriptor.number()) == 0 || errno == EINVAL || errno == ENOTSUP);
}

}  // namespace

bool is_routes_file(const std::string& path) {
    auto file = open_regular(path);
    if (!file) return false;
    std::array<char, magic.size()> start{};
    auto got = ::pread(file->descriptor.number(), start.data(), start.size(), 0);
    return got == static_cast<ssize_t>(magic.size()) && std::string_view(start.data(), start.size()) == magic;
}

Result<lcr::Table> open_routes(const std::string& path) {
    auto file = open_regular(path);
    if (!file) return tl::unexpected(file.error());
    auto size = file->size;
    if (size == 0) return lcr::Table::open({}, nullptr, path);
    void* start = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file->descriptor.number(), 0);
    if (start == MAP_FAILED) return config::cannot_read(path, errno);
    std::shared_ptr<const void> keep(start, [size](void* mapped) { ::munmap(mapped, size); });
    // A lookup touches a few pages far apart; reading on behind them would be for nothing.
    (void)::madvise(start, size, MADV_RANDOM);
    return lcr::Table::open({static_cast<const std::byte*>(start), size}, std::move(keep), path);
}

Result<void> verify_routes(const lcr::Table& table) {
    auto image = table.image();
    // From one end to the other, so reading ahead pays; a table in memory takes no harm from the advice.
    auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    void* start = const_cast<std::byte*>(image.data());
    std::size_t space = image.size();
    if (std::align(page, 1, start, space) == nullptr) return table.verify();
    (void)::madvise(start, space, MADV_SEQUENTIAL);
    auto result = table.verify();
    (void)::madvise(start, space, MADV_RANDOM);
    return result;
}

Result<void> write_routes(const lcr::Table& table, const std::string& path) {
    std::error_code none;
    std::filesystem::path target = path;
    struct stat old {};
    bool exists = ::stat(path.c_str(), &old) == 0;
    if (exists && !S_ISREG(old.st_mode))
        return failure(Fault::system, "", fmt::format("cannot write '{}': it is no regular file", printable(path, 200)),
                       "name a file");
    // What a link leads to is replaced, not the link.
    if (exists)
        if (auto real = std::filesystem::canonical(target, none); !none) target = std::move(real);

    Temporary temporary(target.string());
    if (temporary.descriptor < 0) return cannot_write(path, errno);
    Descriptor file(temporary.descriptor);
    // Whoever kept the rates from others' eyes meant it.
    constexpr mode_t permissions = S_IRWXU | S_IRWXG | S_IRWXO;
    if (exists && ::fchmod(file.number(), old.st_mode & permissions) != 0) return cannot_write(path, errno);
    if (!write_all(file.number(), table.image()) || ::fsync(file.number()) != 0 || !file.close())
        return cannot_write(path, errno);
    if (std::rename(temporary.path.c_str(), target.c_str()) != 0) return cannot_write(path, errno);
    temporary.kept = true;
    if (!sync_folder(target)) return cannot_write(path, errno);
    return {};
}

}  // namespace trunkbox::store
