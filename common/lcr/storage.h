// Where the bytes of a route table come to lie while it is compiled.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <memory>
#include <span>

namespace trunkbox::lcr {

class Storage {
  public:
    Storage() = default;
    Storage(const Storage&) = delete;
    Storage& operator=(const Storage&) = delete;
    virtual ~Storage() = default;

    // So many bytes, more than at the call before, aligned to 64, that begin as those of that call were left; the
    // memory of before is gone. It is valid as long as the storage. Errors are of the place, e.g. a disk that is full.
    [[nodiscard]] virtual Result<std::span<std::byte>> resize(std::size_t bytes) = 0;
};

// Ordinary memory, for small tables: what is there already is copied when it grows.
[[nodiscard]] std::shared_ptr<Storage> on_heap();

}  // namespace trunkbox::lcr
