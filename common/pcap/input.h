// The bytes of a capture in their order: from a file or standard input, as they are or unpacked. Memory is bounded,
// however large the file.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trunkbox::pcap {

class Input {
  public:
    Input() = default;
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;
    virtual ~Input() = default;

    // Up to `most` bytes, none at the end. Error: Fault::system, or Fault::input for what cannot be unpacked.
    [[nodiscard]] virtual Result<std::size_t> read(char* to, std::size_t most) = 0;
    // At the end: the packed data stop before theirs.
    [[nodiscard]] virtual bool is_cut() const { return false; }
};

// "-" is standard input. gzip and zstd are known by their first bytes.
[[nodiscard]] Result<std::unique_ptr<Input>> open_input(const std::string& path);
// How errors call it.
[[nodiscard]] std::string display_name(const std::string& path);

[[nodiscard]] std::unique_ptr<Input> unpack_gzip(std::unique_ptr<Input> packed, std::string name);
[[nodiscard]] std::unique_ptr<Input> unpack_zstd(std::unique_ptr<Input> packed, std::string name);

// A window on an input: formats look at as many bytes as they need at once.
class Window {
  public:
    explicit Window(std::unique_ptr<Input> input);

    // All that is in the window; valid until the next want().
    [[nodiscard]] std::string_view view() const { return {bytes_.data() + begin_, end_ - begin_}; }
    // Whether the window holds so many bytes, after reading on if need be; no: the input ended or failed.
    [[nodiscard]] bool want(std::size_t count) { return end_ - begin_ >= count || fill(count); }
    void skip(std::size_t count) { begin_ += count; }

    [[nodiscard]] const std::optional<Error>& error() const { return error_; }
    [[nodiscard]] bool is_cut() const { return input_->is_cut(); }

  private:
    bool fill(std::size_t count);

    std::unique_ptr<Input> input_;
    std::vector<char> bytes_;
    std::size_t begin_ = 0, end_ = 0;
    bool ended_ = false;
    std::optional<Error> error_;
};

}  // namespace trunkbox::pcap
