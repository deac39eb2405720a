#include "sip/body.h"

#include <string>

#include "base/text.h"
#include "sip/parameters.h"

namespace trunkbox::sip {
namespace {

constexpr int most_depth = 4, most_parts = 64;

std::string boundary_of(std::string_view content_type) {
    return unquote(parameter(split_once(content_type, ';').second.value_or(""), "boundary").value_or(""));
}

// Where the delimiter of a part begins, at the start of a line.
std::size_t find_delimiter(std::string_view text, std::string_view delimiter, std::size_t from) {
    for (std::size_t at = text.find(delimiter, from); at != std::string_view::npos; at = text.find(delimiter, at + 1))
        if (at == 0 || text[at - 1] == '\n') return at;
    return std::string_view::npos;
}

// The line end before a delimiter is the delimiter's.
std::string_view without_line_end(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return text;
}

struct Part {
    std::string_view type = "text/plain", body{};
};

// A part behind its delimiter's line: headers, an empty line, and what it holds.
Part read_part(std::string_view text) {
    Part part;
    while (!text.empty()) {
        std::size_t end = text.find('\n');
        std::string_view line = without_line_end(text.substr(0, end == std::string_view::npos ? end : end + 1));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.empty()) break;
        auto [name, value] = split_once(line, ':');
        if (value && (iequals(trim(name), "Content-Type") || iequals(trim(name), "c"))) part.type = trim(*value);
    }
    part.body = text;
    return part;
}

std::optional<std::string_view> find(std::string_view content_type, std::string_view body, std::string_view wanted, int depth) {
    if (body.empty()) return std::nullopt;
    if (is_media_type(content_type, wanted)) return body;
    if (depth == 0 || !istarts_with(content_type, "multipart/")) return std::nullopt;
    std::string boundary = boundary_of(content_type);
    if (boundary.empty()) return std::nullopt;
    const std::string delimiter = "--" + boundary;
    std::size_t at = find_delimiter(body, delimiter, 0);
    for (int parts = 0; at != std::string_view::npos && parts < most_parts; ++parts) {
        std::size_t line = body.find('\n', at + delimiter.size());
        if (line == std::string_view::npos || body.substr(at + delimiter.size()).starts_with("--")) break;
        std::size_t next = find_delimiter(body, delimiter, line + 1);
        std::string_view text = body.substr(line + 1, next == std::string_view::npos ? next : next - line - 1);
        Part part = read_part(next == std::string_view::npos ? text : without_line_end(text));
        if (auto found = find(part.type, part.body, wanted, depth - 1)) return found;
        at = next;
    }
    return std::nullopt;
}

}  // namespace

bool is_media_type(std::string_view content_type, std::string_view wanted) {
    if (!content_type.starts_with(wanted) && !istarts_with(content_type, wanted)) return false;
    std::string_view rest = trim(content_type.substr(wanted.size()));
    return rest.empty() || rest.front() == ';';
}

std::optional<std::string_view> body_of_type(const MessageView& message, std::string_view wanted) {
    if (message.body().empty()) return std::nullopt;
    return find(message.value(HeaderName::content_type), message.body(), wanted, most_depth);
}

}  // namespace trunkbox::sip
