// How work that falls into independent parts is done at once, without a word about threads, which live elsewhere.
#pragma once

#include <cstddef>
#include <functional>

namespace trunkbox::lcr {

// Does part(0) to part(count - 1), in any order and as many at once as it likes; all are done when it returns, and what
// one threw it throws.
using Parallel = std::function<void(std::size_t count, const std::function<void(std::size_t)>& part)>;

inline void one_by_one(std::size_t count, const std::function<void(std::size_t)>& part) {
    for (std::size_t i = 0; i < count; ++i) part(i);
}

}  // namespace trunkbox::lcr
