// Functions of a shared library that is loaded when it is wanted. Every library that stands in the binary's own list costs
// each start some tenths of a millisecond, with all that it drags in.
#pragma once

#include <functional>
#include <utility>

namespace trunkbox {

// What a library has under a name, as whatever it is assigned to.
struct LateFunction {
    void* address;
    template <class Function>
    operator Function() const {
        return reinterpret_cast<Function>(address);
    }
};

// To be derived from, with a member for each function, initialised by find().
class LateFunctions {
  public:
    // `look_up` gives a function's address, or null.
    explicit LateFunctions(std::function<void*(const char* name)> look_up) : look_up_(std::move(look_up)) {}
    // Whether all that was looked for is there.
    [[nodiscard]] bool whole() const { return whole_; }

  protected:
    LateFunction find(const char* name) {
        auto* address = look_up_(name);
        whole_ = whole_ && address != nullptr;
        return {address};
    }

  private:
    std::function<void*(const char*)> look_up_;
    bool whole_ = true;
};

}  // namespace trunkbox
