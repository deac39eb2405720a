// A list whose first n entries need no memory of their own. Private to sbc/.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace trunkbox::sbc {

template <class T, std::size_t n>
class Few {
  public:
    void push_back(const T& item) {
        if (size_ < n) few_[size_] = item;
        else if (size_ == n) many_.assign(few_.begin(), few_.end());
        if (size_ >= n) many_.push_back(item);
        ++size_;
    }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] const T* begin() const { return size_ <= n ? few_.data() : many_.data(); }
    [[nodiscard]] const T* end() const { return begin() + size_; }

  private:
    std::array<T, n> few_;  // only the first size_ are looked at
    std::vector<T> many_;
    std::size_t size_ = 0;
};

}  // namespace trunkbox::sbc
