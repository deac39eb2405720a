// A transcript as written down: what is typed and what the terminal then shows. Read from three kinds of document;
// nothing here runs anything.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace transcript {

struct Step {
    std::size_t line = 0;  // of the "$ " in the document, from 1
    std::string command;   // continuation lines joined by line feeds
    std::vector<std::string> expected;
    std::optional<int> status;  // only where the document says one
};

struct Script {
    std::string name;  // the path, for messages
    std::vector<Step> steps;
};

// What `path` is called decides how it is read: NAME.md (fenced console blocks), NAME.1 … NAME.9 (the EXAMPLES section
// of a manual page), everything else as a transcript file.
[[nodiscard]] Script read_script(std::string_view path, std::string_view text);

// A transcript file: "$ command", "> continuation", output, "? status". Lines from "# " to the next command are a
// comment when they stand before the first command or after an empty line.
[[nodiscard]] std::vector<Step> steps_of_transcript(std::string_view text);
[[nodiscard]] std::vector<Step> steps_of_markdown(std::string_view text);
// Blocks between .nf and .fi or .EX and .EE; in section 5 and 7 pages too.
[[nodiscard]] std::vector<Step> steps_of_manual(std::string_view text);

// One line of a manual page as the reader sees it: escapes and font changes resolved.
[[nodiscard]] std::string roff_text(std::string_view line);

}  // namespace transcript
