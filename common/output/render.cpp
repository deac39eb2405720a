// The only user of nlohmann/json in this folder.
#include "output/render.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace trunkbox::output {
namespace {

using Json = nlohmann::ordered_json;

// The integer that a double stands for exactly, so that 2.0 is written "2".
std::optional<std::int64_t> whole(double number) {
    constexpr double exact = 9007199254740992.0;  // 2^53
    if (!std::isfinite(number) || std::abs(number) >= exact || number != std::trunc(number))
        return std::nullopt;
    return static_cast<std::int64_t>(number);
}

Json json_of(const Value& value);

struct ToJson {
    Json operator()(std::nullptr_t) const { return nullptr; }
    Json operator()(bool truth) const { return truth; }
    Json operator()(std::int64_t number) const { return number; }
    Json operator()(double number) const {
        if (auto integer = whole(number)) return *integer;
        return number;
    }
    Json operator()(const std::string& text) const { return text; }
    Json operator()(const Value::Array& array) const {
        Json json = Json::array();
        for (const auto& element : array) json.push_back(json_of(element));
        return json;
    }
    Json operator()(const Record& record) const {
        Json json = Json::object();
        for (const auto& [name, value] : record.members()) json[name] = json_of(value);
        return json;
    }
};

Json json_of(const Value& value) {
    return std::visit(ToJson{}, value.data());
}

struct ToCell {
    std::string operator()(std::nullptr_t) const { return {}; }
    std::string operator()(bool truth) const { return truth ? "true" : "false"; }
    std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
    std::string operator()(double number) const {
        if (auto integer = whole(number)) return fmt::format("{}", *integer);
        return std::isfinite(number) ? fmt::format("{}", number) : std::string();
    }
    std::string operator()(const std::string& text) const { return valid_utf8(text); }
    std::string operator()(const Value::Array& array) const { return to_json(Value(array), Layout::lines); }
    std::string operator()(const Record&) const { return {}; }
};

void flatten_into(std::vector<Cell>& cells, const std::string& prefix, const Record& record) {
    for (const auto& [name, value] : record.members()) {
        if (const auto* nested = std::get_if<Record>(&value.data()))
            flatten_into(cells, prefix + name + ".", *nested);
        else
            cells.push_back({prefix + name, std::visit(ToCell{}, value.data())});
    }
}

// Length of the well-formed UTF-8 sequence at the start (RFC 3629 section 4), 0 if there is none.
std::size_t utf8_length(std::string_view text) {
    auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    unsigned lead = byte(0);
    if (lead < 0x80) return 1;
    std::size_t length = lead >= 0xc2 && lead <= 0xdf   ? 2
                         : lead >= 0xe0 && lead <= 0xef ? 3
                         : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                        : 0;
    if (length == 0 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xc0U) != 0x80) return 0;
    unsigned second = byte(1);
    bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
    bool surrogate = lead == 0xed && second > 0x9f;
    bool beyond = lead == 0xf4 && second > 0x8f;
    return overlong || surrogate || beyond ? 0 : length;
}

}  // namespace

std::string to_json(const Value& value, Layout layout) {
    return json_of(value).dump(layout == Layout::indented ? 2 : -1, ' ', false,
                               Json::error_handler_t::replace);
}

std::vector<Cell> flatten(const Record& record) {
    std::vector<Cell> cells;
    flatten_into(cells, "", record);
    return cells;
}

std::string csv_line(const std::vector<std::string>& cells) {
    std::string line;
    for (const auto& cell : cells) {
        if (&cell != cells.data()) line += ',';
        // A single empty cell would be an empty line, which readers skip.
        bool quoted =
            cell.find_first_of(",\"\r\n") != std::string::npos || (cell.empty() && cells.size() == 1);
        if (!quoted) {
            line += cell;
            continue;
        }
        line += '"';
        for (char c : cell) line.append(c == '"' ? 2 : 1, c);
        line += '"';
    }
    return line + '\n';
}

std::string valid_utf8(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    while (!text.empty()) {
        auto length = utf8_length(text);
        if (length == 0)
            valid += "\xef\xbf\xbd";
        else
            valid += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return valid;
}

std::string library_version() {
    return fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                       NLOHMANN_JSON_VERSION_PATCH);
}

}  // namespace trunkbox::output
