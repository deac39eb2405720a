// Any text as a number, by any region: what is understood is E.164, and comes back from the forms that need no region.
#include "numbering/dialled.h"
#include "numbering/spelling.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trunkbox;
    constexpr std::array<std::string_view, 10> regions{"", "FR", "GB", "US", "DE", "IT", "AR", "MX", "BR", "ZZ"};
    if (size == 0) return 0;
    const auto region = regions[data[0] % regions.size()];
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (auto number = numbering::read_number(text, region)) {
        const auto again = numbering::E164::parse(number->text());
        if (!again || *again != *number) std::abort();
        for (auto form : {numbering::Format::e164, numbering::Format::international, numbering::Format::rfc3966,
                          numbering::Format::national})
            if (numbering::format(*number, form).empty()) std::abort();
        const auto uri = numbering::read_dialled(numbering::format(*number, numbering::Format::rfc3966));
        if (!uri || uri->number != *number) std::abort();
    } else if (number.error().what.empty()) {
        std::abort();
    }
    if (auto dialled = numbering::read_dialled(text); dialled && dialled->digits.empty()) std::abort();
    return 0;
}
