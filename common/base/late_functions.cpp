#include "base/late_functions.h"

#include <dlfcn.h>

namespace trunkbox {

LateFunctions::LateFunctions(const char* library) : library_(::dlopen(library, RTLD_NOW | RTLD_LOCAL)), whole_(library_ != nullptr) {}

LateFunction LateFunctions::find(const char* name) {
    auto* address = library_ == nullptr ? nullptr : ::dlsym(library_, name);
    whole_ = whole_ && address != nullptr;
    return {address};
}

}  // namespace trunkbox
