// Policy documents of any bytes: what is understood is printed and read back to the same.
#include "config/sbc_policy.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trunkbox::config;
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    auto policy = read_sbc_policy(bytes, "p.json");
    auto lint = lint_sbc_policy(bytes, "p.json");
    if (policy.has_value() != lint.has_value()) std::abort();
    if (!policy) {
        if (policy.error().what.empty()) std::abort();
        return 0;
    }
    auto again = read_sbc_policy(print_sbc_policy(*policy), "p.json");
    if (!again || *again != *policy) std::abort();
    return 0;
}
