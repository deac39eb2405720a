// Memory that grows without a copy, of a file's pages or of none.
#pragma once

#include <cstddef>
#include <span>

namespace trunkbox::store {

class Mapping {
  public:
    Mapping() = default;
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    ~Mapping();

    // So many bytes, more than at the call before, in another place maybe. `descriptor`, at every call the same: of a
    // file that has as many, and is written by writing to them; -1: memory. False, and all is as it was: errno says why.
    [[nodiscard]] bool resize(std::size_t bytes, int descriptor = -1);
    [[nodiscard]] std::span<std::byte> bytes() const { return bytes_; }

  private:
    std::span<std::byte> bytes_{};
};

}  // namespace trunkbox::store
