// Functions of a shared library that is loaded when it is wanted. Every library that stands in the binary's own list costs
// each start some tenths of a millisecond, with all that it drags in.
#pragma once

#include <memory>

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
    // The library's file name, for the dynamic loader to find. It is never closed: what it leaves behind must live until
    // the end.
    explicit LateFunctions(const char* library);
    // Whether the library and all that was looked for is there.
    [[nodiscard]] bool whole() const { return whole_; }

  protected:
    LateFunction find(const char* name);

  private:
    void* library_;
    bool whole_;
};

// Null if there is no such library, or not all of its functions.
template <class Functions>
[[nodiscard]] std::unique_ptr<const Functions> load_functions(const char* library) {
    auto functions = std::make_unique<const Functions>(library);
    return functions->whole() ? std::move(functions) : nullptr;
}

}  // namespace trunkbox
