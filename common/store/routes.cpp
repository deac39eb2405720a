#include "store/routes.h"

#include "base/text.h"
#include "config/files.h"
#include "store/descriptor.h"

#include <array>
#include <cerrno>
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

}  // namespace trunkbox::store
