// The only user of nlohmann/json in this folder.
#include "output/render.h"

#include <algorithm>
#include <array>
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

// Printable ASCII that JSON takes as it is, which nearly all text is.
constexpr auto plain_characters = [] {
    std::array<bool, 256> plain{};
    for (unsigned char c = ' '; c < 0x7f; ++c) plain[c] = c != '"' && c != '\\';
    return plain;
}();
bool is_plain(std::string_view text) {
    // To the end in any case: nearly all text is plain, and a loop without a way out is the faster one.
    bool plain = true;
    for (char c : text) plain &= plain_characters[static_cast<unsigned char>(c)];
    return plain;
}

}  // namespace

void append_json(std::string& into, std::int64_t number) {
    const fmt::format_int digits(number);
    into.append(digits.data(), digits.size());
}

void append_json(std::string& into, double number) {
    if (auto integer = whole(number)) return append_json(into, *integer);
    into += Json(number).dump();
}

void append_json(std::string& into, std::string_view text) {
    if (!is_plain(text)) {
        into += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
        return;
    }
    into += '"';
    into += text;
    into += '"';
}

namespace {

// The structure is written here, for building the library's own tree takes several times as long; what needs care, escapes,
// broken UTF-8 and doubles, is left to the library.
class JsonWriter {
  public:
    JsonWriter(std::string& text, Layout layout) : text_(text), layout_(layout) {}

    void write(const Value& value) { std::visit(*this, value.data()); }

    void operator()(std::nullptr_t) { text_ += "null"; }
    void operator()(bool truth) { text_ += truth ? "true" : "false"; }
    void operator()(std::int64_t number) { append_json(text_, number); }
    void operator()(double number) { append_json(text_, number); }
    void operator()(const std::string& text) { append_json(text_, std::string_view(text)); }
    void operator()(const Value::Array& array) {
        enclose('[', ']', array, [this](const Value& element) { write(element); });
    }
    void operator()(const Record& record) {
        enclose('{', '}', record.members(), [this](const Record::Member& member) {
            (*this)(member.first);
            text_ += layout_ == Layout::indented ? ": " : ":";
            write(member.second);
        });
    }

  private:
    template <class Range, class Write>
    void enclose(char open, char close, const Range& range, Write write_one) {
        text_ += open;
        ++depth_;
        bool first = true;
        for (const auto& element : range) {
            if (!first) text_ += ',';
            first = false;
            break_line();
            write_one(element);
        }
        --depth_;
        if (!first) break_line();
        text_ += close;
    }
    void break_line() {
        if (layout_ == Layout::lines) return;
        text_ += '\n';
        text_.append(depth_ * 2, ' ');
    }

    std::string& text_;
    Layout layout_;
    std::size_t depth_ = 0;
};

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
    std::string text;
    JsonWriter(text, layout).write(value);
    return text;
}

std::string to_json(const Record& record, Layout layout) {
    std::string text;
    JsonWriter(text, layout)(record);
    return text;
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
