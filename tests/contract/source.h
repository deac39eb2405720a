// Source text as the layering rules need it: its #include lines, and its code without comments and literals.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace contract {

struct Include {
    std::size_t line = 0;
    bool angled = false;
    std::string name;
};

struct Source {
    std::filesystem::path path;  // relative to the tree
    std::string folder;          // "sip" for common/sip/…, "" for tools/…
    bool header = false;
    std::size_t lines = 0;
    std::vector<Include> includes;
    std::string code;  // line feeds kept, so that an offset still gives its line
};

[[nodiscard]] std::string read_text(const std::filesystem::path& file);
[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

// Comments, string and character literals blanked.
[[nodiscard]] std::string code_of(std::string_view text);

// All .h and .cpp below common/ and tools/, in order of their paths.
[[nodiscard]] std::vector<Source> sources_of(const std::filesystem::path& tree);

// Line number of an offset into code, from 1.
[[nodiscard]] std::size_t line_at(std::string_view code, std::size_t offset);

}  // namespace contract
