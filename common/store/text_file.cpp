#include "store/text_file.h"

#include "config/files.h"
#include "store/descriptor.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace trunkbox::store {

TextFile TextFile::of(std::string text) {
    auto keep = std::make_shared<const std::string>(std::move(text));
    std::string_view view = *keep;
    return {view, std::move(keep)};
}

Result<TextFile> TextFile::open(const std::string& path, std::size_t most) {
    constexpr std::size_t most_copied = std::size_t{4} << 30;
    struct stat status {};
    // Looks before it opens: a pipe can be opened once only.
    if (::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode)) {
        Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
        if (!file.open() || ::fstat(file.number(), &status) != 0) return config::cannot_read(path, errno);
        auto size = static_cast<std::size_t>(status.st_size);
        // /proc has files of size 0 that are not empty.
        if (S_ISREG(status.st_mode) && size > 0 && size <= most) {
            void* start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number(), 0);
            if (start == MAP_FAILED) return config::cannot_read(path, errno);
            std::shared_ptr<const void> keep(start, [size](void* mapped) { ::munmap(mapped, size); });
            (void)::madvise(start, size, MADV_SEQUENTIAL);
            return TextFile({static_cast<const char*>(start), size}, std::move(keep));
        }
    }
    auto text = config::read_file(path, std::min(most, most_copied));
    if (!text) return tl::unexpected(text.error());
    return of(std::move(*text));
}

}  // namespace trunkbox::store
