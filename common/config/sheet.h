// Spreadsheets of people, phones and numbers, as CSV or JSON lines, one line after the other.
#pragma once

#include "base/result.h"
#include "centrex/sheet.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace trunkbox::config {

enum class SheetFormat { csv, jsonl };

struct SheetOptions {
    SheetFormat format = SheetFormat::csv;
    std::map<std::string, std::string, std::less<>> map{};  // header there -> column of ours; "-": passed over
};
// CSV: ',', ';' or tab, quoted or not, UTF-8 or Latin-1, the columns named in the first line in any case. JSON: an object of
// texts a line. Errors of the whole: a column that is not known. A line that cannot be read goes to `bad`, as far as the rest
// can still be read.
[[nodiscard]] Result<void> each_line(std::string_view text, const std::string& name, const SheetOptions& options,
                                     const std::function<Result<void>(std::size_t line, const centrex::SheetLine&)>& take,
                                     const std::function<Result<void>(std::size_t line, const Error&)>& bad);

}  // namespace trunkbox::config
