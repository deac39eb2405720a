#include "contract/source.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace contract {
namespace {

namespace fs = std::filesystem;

// The length of the literal or comment that begins here, 0 when none does.
std::size_t length_of_blank(std::string_view text, bool after_word) {
    const auto until = [&](std::string_view end, std::size_t from) {
        const std::size_t found = text.find(end, from);
        return found == std::string_view::npos ? text.size() : found + end.size();
    };
    if (text.starts_with("//")) return std::min(text.find('\n'), text.size());
    if (text.starts_with("/*")) return until("*/", 2);
    if (text.starts_with("R\"") && !after_word) {
        const std::size_t open = text.find('(');
        if (open == std::string_view::npos) return text.size();
        return until(")" + std::string(text.substr(2, open - 2)) + "\"", open);
    }
    const char quote = text.front();
    if (quote != '"' && (quote != '\'' || after_word)) return 0;  // 1'000 holds no literal
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == quote || text[i] == '\n')
            return i + 1;
    }
    return text.size();
}

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::vector<Include> includes_of(const std::vector<std::string>& lines) {
    std::vector<Include> includes;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::string_view line = lines[i];
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (!line.starts_with('#')) continue;
        line.remove_prefix(1);
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (!line.starts_with("include")) continue;
        const std::size_t open = line.find_first_of("<\"");
        if (open == std::string_view::npos) continue;
        const bool angled = line[open] == '<';
        const std::size_t close = line.find(angled ? '>' : '"', open + 1);
        if (close == std::string_view::npos) continue;
        includes.push_back({i + 1, angled, std::string(line.substr(open + 1, close - open - 1))});
    }
    return includes;
}

}  // namespace

std::string read_text(const fs::path& file) {
    std::ifstream input(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(input), {}};
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

std::string code_of(std::string_view text) {
    std::string code;
    code.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = length_of_blank(text, !code.empty() && is_word(code.back()));
        if (length == 0) {
            code += text.front();
            text.remove_prefix(1);
            continue;
        }
        for (const char c : text.substr(0, length)) code += c == '\n' ? '\n' : ' ';
        text.remove_prefix(length);
    }
    return code;
}

std::vector<Source> sources_of(const fs::path& tree) {
    std::vector<Source> sources;
    for (const char* top : {"common", "tools"}) {
        if (!fs::is_directory(tree / top)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(tree / top)) {
            const fs::path extension = entry.path().extension();
            if (!entry.is_regular_file() || (extension != ".h" && extension != ".cpp")) continue;
            const std::string text = read_text(entry.path());
            const std::vector<std::string> lines = lines_of(text);
            Source source{.path = fs::relative(entry.path(), tree), .folder = {}, .header = extension == ".h",
                          .lines = lines.size(), .includes = includes_of(lines), .code = code_of(text)};
            if (source.path.begin()->string() == "common") source.folder = std::next(source.path.begin())->string();
            sources.push_back(std::move(source));
        }
    }
    std::sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
    return sources;
}

std::size_t line_at(std::string_view code, std::size_t offset) {
    const std::string_view before = code.substr(0, offset);
    return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

}  // namespace contract
