// A route table as a file may hold it: changed anywhere, with checksums that agree.
#include "support/damaged_table.h"

#include <cstddef>
#include <cstdint>

using namespace trunkbox;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const lcr::Table sound = test::sound_table();
    std::vector<test::Change> changes;
    for (std::size_t i = 0; i + 4 <= size; i += 4)
        changes.push_back({.at = data[i] | std::uint32_t{data[i + 1]} << 8U | std::uint32_t{data[i + 2]} << 16U,
                           .value = data[i + 3]});
    auto memory = test::damage(sound.image(), changes);
    auto bytes = std::as_bytes(std::span(*memory)).first(sound.image().size());
    test::ask_everything(bytes, memory);
    return 0;
}
