// Files that are read once from front to end and may be larger than what one likes to copy.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

namespace trunkbox::store {

// Of a regular file the text is mapped, of a pipe read to its end. What is appended to the file later is
// not seen; whoever shortens it in place while it is mapped ends this process (SIGBUS).
class TextFile {
  public:
    // Fault::system: cannot be read, a directory, larger than `most` bytes, or a pipe that holds more than 4 GiB.
    [[nodiscard]] static Result<TextFile> open(const std::string& path,
                                               std::size_t most = std::numeric_limits<std::size_t>::max());
    [[nodiscard]] static TextFile of(std::string text);

    [[nodiscard]] std::string_view text() const { return text_; }  // for as long as this or what it was moved to lives

  private:
    TextFile(std::string_view text, std::shared_ptr<const void> keep) : text_(text), keep_(std::move(keep)) {}
    std::string_view text_;
    std::shared_ptr<const void> keep_;
};

}  // namespace trunkbox::store
