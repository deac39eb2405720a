// Has the shells judge what was generated for them.
#pragma once

#include "cli/completion.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <unistd.h>

namespace trunkbox::cli::shell {

namespace fs = std::filesystem;

inline bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// What a shell command prints, standard error too; `text` is in the file that {} stands for.
inline std::string prints(std::string command, const std::string& text) {
    auto file = fs::temp_directory_path() / ("trunkbox_generated_" + std::to_string(::getpid()));
    std::ofstream(file) << text;
    while (holds(command, "{}")) command.replace(command.find("{}"), 2, file.string());
    std::string printed;
    auto* pipe = ::popen((command + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) printed += static_cast<char>(c);
    auto status = ::pclose(pipe);
    fs::remove(file);
    return status == 0 ? printed : printed + "(failed)";
}

inline bool installed(const std::string& program) {
    return prints("command -v " + program + " >/dev/null && echo yes", "") == "yes\n";
}

// What bash offers for a line with the cursor at its end, sorted, one a line.
inline std::string offered(const Program& program, const std::string& line) {
    auto script = bash_completion(program) + R"bash(
line=$1
read -ra spaced <<<"$line"
COMP_WORDS=()
for word in "${spaced[@]}"; do  # as readline does with the default COMP_WORDBREAKS
    while [[ $word == *[:=]* ]]; do
        before=${word%%[:=]*}
        [[ -n $before ]] && COMP_WORDS+=("$before")
        rest=${word#"$before"}
        COMP_WORDS+=("${rest:0:1}")
        word=${rest:1}
    done
    [[ -n $word ]] && COMP_WORDS+=("$word")
done
[[ $line == *[' :='] ]] && COMP_WORDS+=('')
COMP_LINE=$line COMP_POINT=${#line} COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
trunkbox() {
    [[ $1 == --complete ]] && printf 'sip:100@example.com\thelp\nsip:%s\n' "$3"
    [[ $2 == *' '* ]] && printf 'sip:of-%s\n' "${2// /-}"
}
_trunkbox
printf '%s\n' "${COMPREPLY[@]}" | sort
)bash";
    return prints("bash -u {} '" + line + "'", script);
}

}  // namespace trunkbox::cli::shell
