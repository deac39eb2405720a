// Sheets of any bytes, as CSV and as JSON lines: every line is read or told to be bad, its cells have known columns.
#include "config/sheet.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trunkbox;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (auto format : {config::SheetFormat::csv, config::SheetFormat::jsonl}) {
        auto done = config::each_line(
            bytes, "sheet", {.format = format, .map = {{"skip", "-"}}},
            [](std::size_t line, const centrex::SheetLine& sheet) -> Result<void> {
                const auto& known = centrex::sheet_columns();
                if (line == 0) std::abort();
                for (const auto& [column, text] : sheet.cells)
                    if (std::find(known.begin(), known.end(), column) == known.end()) std::abort();
                return {};
            },
            [](std::size_t line, const Error& error) -> Result<void> {
                if (line == 0 || error.what.empty()) std::abort();
                return {};
            });
        if (!done && done.error().what.empty()) std::abort();
    }
    return 0;
}
