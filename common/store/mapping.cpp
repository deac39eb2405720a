#include "store/mapping.h"

#include <sys/mman.h>

namespace trunkbox::store {

Mapping::~Mapping() {
    if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
}

bool Mapping::resize(std::size_t bytes, int descriptor) {
    auto kind = descriptor < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
    void* start = bytes_.empty() ? ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, kind, descriptor, 0)
                                 : ::mremap(bytes_.data(), bytes_.size(), bytes, MREMAP_MAYMOVE);
    if (start == MAP_FAILED) return false;
    bytes_ = {static_cast<std::byte*>(start), bytes};
    return true;
}

}  // namespace trunkbox::store
