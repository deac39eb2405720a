// The reader of call records on any bytes: the first chooses the options, the rest is the file.
#include "lcr/cdr.h"

#include <array>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trunkbox::lcr;
    if (size == 0) return 0;
    std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    CdrOptions options{.dialect = static_cast<CdrDialect>(data[0] % 3), .skip_bad = (data[0] & 4U) != 0, .most_bad = 3};
    if ((data[0] & 8U) != 0) options.zone = "Europe/Paris";
    if ((data[0] & 16U) != 0) options.map = {{"number", "1"}, {"start", "2"}, {"duration", "3"}};
    auto reader = CdrReader::open(text, "fuzz", options);
    if (!reader) return 0;
    std::array<Cdr, 7> batch;
    for (;;) {
        auto count = reader->next(batch);
        if (!count || *count == 0) break;
        for (std::size_t i = 0; i < *count; ++i) {
            const auto& call = batch[i];
            if (call.number < 1000 || call.number > 999'999'999'999'999) std::abort();
            if (call.duration < trunkbox::Duration{} || call.occupied < call.duration) std::abort();
            if (call.start < trunkbox::Time{} || (!call.answered && call.duration != trunkbox::Duration{})) std::abort();
            if (call.carrier != Cdr::no_carrier && call.carrier >= reader->carriers().size()) std::abort();
        }
    }
    if (reader->skipped_because().size() > 3) std::abort();
    if (reader->next(batch).value_or(0) != 0) std::abort();
    return 0;
}
