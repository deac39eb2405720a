#include "pcap/input.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "base/text.h"

namespace trunkbox::pcap {

namespace {

// Fits a second-level cache, which makes it faster than larger ones.
constexpr std::size_t window_bytes = 256U << 10U;

class FileInput final : public Input {
  public:
    FileInput(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}
    ~FileInput() override {
        if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
    }

    Result<std::size_t> read(char* to, std::size_t most) override {
        if (!first_.empty()) {
            auto count = first_.copy(to, most);
            first_.erase(0, count);
            return count;
        }
        ssize_t count = 0;
        do count = ::read(descriptor_, to, most);
        while (count < 0 && errno == EINTR);
        if (count < 0)
            return failure(Fault::system, name_,
                           fmt::format("cannot read: {}", lower(std::generic_category().message(errno))));
        return static_cast<std::size_t>(count);
    }

    // The first bytes, which read() then gives, too.
    Result<std::string_view> look(std::size_t count) {
        std::string first(count, '\0');
        std::size_t have = 0;
        while (have < count) {
            auto more = read(first.data() + have, count - have);
            if (!more) return tl::unexpected(more.error());
            if (*more == 0) break;
            have += *more;
        }
        first.resize(have);
        first_ = std::move(first);
        return first_;
    }

  private:
    int descriptor_;
    std::string name_;
    std::string first_;
};

}  // namespace

std::string display_name(const std::string& path) { return path == "-" ? "standard input" : path; }

Result<std::unique_ptr<Input>> open_input(const std::string& path) {
    auto name = display_name(path);
    int descriptor = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return failure(Fault::system, name,
                       fmt::format("cannot read: {}", lower(std::generic_category().message(errno))));
    auto file = std::make_unique<FileInput>(descriptor, name);
    auto first = file->look(4);
    if (!first) return tl::unexpected(first.error());
    if (first->empty())
        return failure(Fault::input, name, "the file is empty", "a capture has at least a header");
    if (first->starts_with("\x1f\x8b")) return unpack_gzip(std::move(file), name);
    if (*first == "\x28\xb5\x2f\xfd") return unpack_zstd(std::move(file), name);
    return file;
}

Window::Window(std::unique_ptr<Input> input) : input_(std::move(input)), bytes_(window_bytes) {}

bool Window::fill(std::size_t count) {
    if (ended_) return false;
    std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(begin_), bytes_.begin() + static_cast<std::ptrdiff_t>(end_),
              bytes_.begin());
    end_ -= begin_;
    begin_ = 0;
    if (bytes_.size() < count) bytes_.resize(count);
    while (end_ < count) {
        auto more = input_->read(bytes_.data() + end_, bytes_.size() - end_);
        if (!more) error_ = more.error();
        ended_ = !more || *more == 0;
        if (ended_) return false;
        end_ += *more;
    }
    return true;
}

}  // namespace trunkbox::pcap
