#include "support/script.h"

#include <array>
#include <charconv>
#include <utility>

namespace transcript {
namespace {

struct Line {
    std::size_t number = 0;
    std::string text;
};

std::vector<Line> lines_of(std::string_view text) {
    std::vector<Line> lines;
    std::size_t number = 0;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        lines.push_back({++number, std::string(line)});
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

bool is_command(std::string_view line) { return line.starts_with("$ "); }

std::optional<int> status_in(std::string_view line) {
    if (!line.starts_with("? ")) return std::nullopt;
    line.remove_prefix(2);
    int status = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), status);
    if (error != std::errc{} || end != line.data() + line.size()) return std::nullopt;
    return status;
}

// Empty lines at the end of an output separate it from the next command.
void trim(Step& step) {
    while (!step.expected.empty() && step.expected.back().empty()) step.expected.pop_back();
}

// One block of commands and outputs; what stands before its first command is not a transcript.
void add_steps(const std::vector<Line>& block, std::vector<Step>& steps) {
    bool any = false;
    bool continues = false;
    for (const Line& line : block) {
        if (is_command(line.text)) {
            steps.push_back({.line = line.number, .command = line.text.substr(2), .expected = {}, .status = {}});
            any = continues = true;
        } else if (any && continues && line.text.starts_with("> ")) {
            steps.back().command += '\n' + line.text.substr(2);
        } else if (any) {
            continues = false;
            steps.back().expected.push_back(line.text);
        }
    }
}

}  // namespace

std::vector<Step> steps_of_transcript(std::string_view text) {
    std::vector<Line> kept;
    bool after_empty = true;
    bool comment = false;
    for (Line& line : lines_of(text)) {
        if (is_command(line.text)) comment = false;
        if (after_empty && line.text.starts_with("#")) comment = true;
        after_empty = line.text.empty();
        if (!comment) kept.push_back(std::move(line));
    }
    std::vector<Step> steps;
    add_steps(kept, steps);
    for (Step& step : steps) {
        trim(step);
        if (step.expected.empty()) continue;
        step.status = status_in(step.expected.back());
        if (step.status) step.expected.pop_back();
        trim(step);
    }
    return steps;
}

std::vector<Step> steps_of_markdown(std::string_view text) {
    std::vector<Step> steps;
    std::vector<Line> block;
    bool fenced = false;
    bool console = false;
    for (Line& line : lines_of(text)) {
        if (line.text.starts_with("```")) {
            if (console) add_steps(block, steps);
            block.clear();
            console = !fenced && line.text == "```console";
            fenced = !fenced;
        } else if (console) {
            block.push_back(std::move(line));
        }
    }
    for (Step& step : steps) trim(step);
    return steps;
}

std::string roff_text(std::string_view line) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 22> escapes{{
        {"\\-", "-"},     {"\\&", ""},      {"\\e", "\\"},    {"\\\\", "\\"},   {"\\(rs", "\\"},  {"\\(aq", "'"},
        {"\\(dq", "\""},  {"\\(ga", "`"},   {"\\(ha", "^"},   {"\\(ti", "~"},   {"\\(bu", "•"},   {"\\(em", "—"},
        {"\\(en", "–"},   {"\\(->", "→"},   {"\\[rs]", "\\"}, {"\\[aq]", "'"},  {"\\[dq]", "\""}, {"\\[ha]", "^"},
        {"\\[ti]", "~"},  {"\\[ga]", "`"},  {"\\~", " "},     {"\\ ", " "},
    }};
    std::string text;
    while (!line.empty()) {
        if (line.front() != '\\') {
            text += line.front();
            line.remove_prefix(1);
            continue;
        }
        if (line.starts_with("\\f")) {  // \fB, \f(CW, \f[CB]
            const std::size_t end = line.starts_with("\\f[") ? line.find(']') : line.starts_with("\\f(") ? 4U : 2U;
            line.remove_prefix(end < line.size() ? end + 1 : line.size());
            continue;
        }
        bool known = false;
        for (const auto& [escape, meaning] : escapes) {
            if (!line.starts_with(escape)) continue;
            text += meaning;
            line.remove_prefix(escape.size());
            known = true;
            break;
        }
        if (!known) {  // left as it is: the mismatch will show it
            text += line.front();
            line.remove_prefix(1);
        }
    }
    return text;
}

std::vector<Step> steps_of_manual(std::string_view text) {
    std::vector<Step> steps;
    std::vector<Line> block;
    bool examples = false;
    bool verbatim = false;
    for (const Line& line : lines_of(text)) {
        if (line.text.starts_with(".SH"))
            examples = line.text.find("EXAMPLE") != std::string::npos;
        else if (line.text.starts_with(".nf") || line.text.starts_with(".EX"))
            verbatim = examples;
        else if (line.text.starts_with(".fi") || line.text.starts_with(".EE")) {
            add_steps(block, steps);
            block.clear();
            verbatim = false;
        } else if (verbatim && (line.text.starts_with(".B ") || line.text.starts_with(".I ")))
            block.push_back({line.number, roff_text(std::string_view(line.text).substr(3))});
        else if (verbatim && !line.text.starts_with(".") && !line.text.starts_with("'"))
            block.push_back({line.number, roff_text(line.text)});
    }
    for (Step& step : steps) trim(step);
    return steps;
}

Script read_script(std::string_view path, std::string_view text) {
    Script script{.name = std::string(path), .steps = {}};
    const std::size_t dot = path.rfind('.');
    const std::string_view ending = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    if (ending == "md")
        script.steps = steps_of_markdown(text);
    else if (ending.size() == 1 && ending[0] >= '1' && ending[0] <= '9')
        script.steps = steps_of_manual(text);
    else
        script.steps = steps_of_transcript(text);
    return script;
}

}  // namespace transcript
