#include "cli/command.h"
#include "cli/completion.h"

#include <fmt/format.h>

namespace trunkbox::cli {
namespace {

// Needs nothing of the bash-completion package, so that it can also simply be sourced.
constexpr std::string_view bash_machinery = R"bash(
# COMP_WORDS up to the cursor, with what bash split at '=' and ':' joined again.
_trunkbox_words() {
    local line=${COMP_LINE:0:COMP_POINT} word i
    words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i == 0)) || [[ $line == [[:space:]]* ]]; then
            words+=('')
            line=${line#"${line%%[![:space:]]*}"}
        fi
        if ((i == COMP_CWORD)); then word=$line; fi
        words[${#words[@]} - 1]+=$word
        line=${line#"$word"}
    done
}

# Candidates for VALUE of the KIND that the tables above name.
_trunkbox_fill() {
    local kind=$1 value=$2
    case $kind in
    words\ * | commands\ *) mapfile -t COMPREPLY < <(compgen -W "${kind#* }" -- "$value") ;;
    file)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$value")
        ;;
    directory)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -d -- "$value")
        ;;
    live\ *) mapfile -t COMPREPLY < <("$program" --complete "$tool" "${kind#live }" "$value" 2>/dev/null | cut -f1) ;;
    esac
}

# From the tool down to the command that the words from the i-th on call.
_trunkbox_descend() {
    local kind
    for (( ; i < ${#words[@]} - 1; i++)); do
        kind=$(_trunkbox_positional "$tool" 0)
        [[ $kind == commands\ * && -n ${words[i]} && "${kind#commands} " == *" ${words[i]} "* ]] || return 0
        tool+=" ${words[i]}"
    done
}

_trunkbox() {
    local words program=trunkbox tool current word kind='' position=0 plain=0 i
    COMPREPLY=()
    _trunkbox_words
    current=${words[${#words[@]} - 1]}
    tool=${words[0]##*/}
    tool=${tool#trunkbox-}
    i=1
    if [[ $tool == trunkbox ]]; then
        program=${words[0]}
        if ((${#words[@]} == 2)); then
            _trunkbox_fill "words $_trunkbox_tools help $_trunkbox_own" "$current"
            return
        fi
        tool=${words[1]}
        i=2
        case $tool in
        help)
            kind="words $_trunkbox_tools"
            if ((${#words[@]} > 3)); then
                tool=${words[2]}
                i=3
                _trunkbox_descend
                kind=$(_trunkbox_positional "$tool" 0)
                [[ $kind == commands\ * ]] && ((i == ${#words[@]} - 1)) || kind=''
            fi
            _trunkbox_fill "$kind" "$current"
            return
            ;;
        --install)
            _trunkbox_fill directory "$current"
            return
            ;;
        esac
    fi
    _trunkbox_descend
    for (( ; i < ${#words[@]} - 1; i++)); do
        word=${words[i]}
        if ((plain)); then
            ((position++))
        elif [[ $word == -- ]]; then
            plain=1
        elif [[ $word == -?* && $word != *=* ]]; then
            kind=$(_trunkbox_value "$tool" "$word")
            # The value of this option is the next word, perhaps the one at the cursor.
            [[ -n $kind ]] && ((i++))
            ((i == ${#words[@]} - 1)) || kind=''
        elif [[ $word != -?* ]]; then
            ((position++))
        fi
    done
    word=$current
    if [[ -n $kind ]]; then
        _trunkbox_fill "$kind" "$current"
    elif ((!plain)) && [[ $current == --*=* ]]; then
        _trunkbox_fill "$(_trunkbox_value "$tool" "${current%%=*}")" "${current#*=}"
        word=${current#*=}
    elif ((!plain)) && [[ $current == -* ]]; then
        _trunkbox_fill "words $(_trunkbox_options "$tool")" "$current"
    else
        _trunkbox_fill "$(_trunkbox_positional "$tool" "$position")" "$current"
    fi
    # Bash replaces only what follows the last ':' or '='.
    local before=${word%"${word##*[:=]}"}
    [[ $COMP_WORDBREAKS == *[:=]* ]] && COMPREPLY=("${COMPREPLY[@]#"$before"}")
}
)bash";

std::string kind_of(Type type, Complete complete, const std::vector<std::string>& choices,
                    std::string_view name) {
    switch (completion_of(type, complete)) {
        case Complete::by_type: return fmt::format("words {}", fmt::join(choices, " "));
        case Complete::file: return "file";
        case Complete::directory: return "directory";
        case Complete::live: return fmt::format("live {}", name);
        case Complete::nothing: break;
    }
    return "none";
}

std::string function(std::string_view name, std::string_view subject, const std::string& rows) {
    // No rows: an empty case is no bash.
    auto any = rows.empty() ? std::string("    *) ;;\n") : rows;
    return fmt::format("\n{}() {{\n    case {} in\n{}    esac\n}}\n", name, subject, any);
}

std::string option_names(const Tool& tool) {
    std::string names;
    for (const auto& option : options_of(tool)) names += (names.empty() ? "--" : " --") + option.name;
    return names;
}

std::string value_rows(const Command& command) {
    std::string rows;
    for (const auto& option : options_of(*command.tool)) {
        if (option.type == Type::flag) continue;
        auto pattern = shell_quoted(command.words + " --" + option.name);
        if (option.letter) pattern += " | " + shell_quoted(fmt::format("{} -{}", command.words, option.letter));
        rows += fmt::format("    {}) echo {} ;;\n", pattern,
                            shell_quoted(kind_of(option.type, option.complete, option.choices, option.name)));
    }
    return rows;
}

std::string command_row(const Command& command) {
    std::string kind = "commands";
    for (const auto& below : command.tool->commands) kind += ' ' + below.name;
    return fmt::format("    {}) echo {} ;;\n", shell_quoted(command.words + " 0"), shell_quoted(kind));
}

std::string positional_rows(const Command& command) {
    if (!command.tool->commands.empty()) return command_row(command);
    std::string rows;
    std::size_t index = 0;
    for (const auto& positional : command.tool->positionals) {
        auto kind = kind_of(positional.type, positional.complete, positional.choices, positional.name);
        auto pattern = positional.max == 0 ? shell_quoted(command.words + ' ') + '*'
                                           : shell_quoted(fmt::format("{} {}", command.words, index));
        for (std::size_t i = 1; i < positional.max; ++i)
            pattern += " | " + shell_quoted(fmt::format("{} {}", command.words, index + i));
        index += positional.max;
        rows += fmt::format("    {}) echo {} ;;\n", pattern, shell_quoted(kind));
    }
    return rows;
}

}  // namespace

std::string shell_quoted(std::string_view text) {
    std::string shell = "'";
    for (char c : text) {
        if (c == '\'')
            shell += "'\\''";
        else
            shell += c;
    }
    return shell + '\'';
}

std::string bash_completion(const Program& program) {
    std::string names;
    std::string links;
    std::string options;
    std::string values;
    std::string positionals;
    for (const auto* tool : sorted_tools(program)) {
        names += (names.empty() ? "" : " ") + tool->name;
        links += fmt::format(" trunkbox-{0} {0}", tool->name);
        for (const auto& command : commands_of(*tool)) {
            options += fmt::format("    {}) echo {} ;;\n", shell_quoted(command.words),
                                   shell_quoted(option_names(*command.tool)));
            values += value_rows(command);
            positionals += positional_rows(command);
        }
    }
    std::string own;
    for (const auto& option : program_options()) own += (own.empty() ? "--" : " --") + option.name;
    return "# bash completion for trunkbox; generated by 'trunkbox --generate bash', do not edit.\n"
           "# shellcheck shell=bash\n" +
           fmt::format("\n_trunkbox_tools={}\n_trunkbox_own={}\n", shell_quoted(names), shell_quoted(own)) +
           function("_trunkbox_options", "$1", options) + function("_trunkbox_value", "\"$1 $2\"", values) +
           function("_trunkbox_positional", "\"$1 $2\"", positionals) + std::string(bash_machinery) +
           fmt::format("\ncomplete -F _trunkbox trunkbox{}\n", links);
}

}  // namespace trunkbox::cli
