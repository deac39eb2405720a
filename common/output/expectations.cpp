#include "output/expectations.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "output/render.h"

namespace trunkbox::output {

namespace {

using nlohmann::json;

constexpr std::size_t most_listed = 1000;
constexpr std::array<std::string_view, 15> verdict_keys{"frame",  "frames", "time",   "src",    "dst",
                                                        "transport", "call_id", "method", "action", "status",
                                                        "rule",   "reason", "offset", "findings", "file"};

std::string shown(const json& value) {
    if (value.is_string()) return "'" + printable(value.get<std::string>(), 120) + "'";
    return printable(value.dump(-1, ' ', false, json::error_handler_t::replace), 120);
}

std::uint64_t frame_of(const json& line) {
    auto frame = line.find("frame");
    return frame != line.end() && frame->is_number_unsigned() ? frame->get<std::uint64_t>() : 0;
}

}  // namespace

struct Expectations::State {
    std::vector<json> lines;
    std::map<std::uint64_t, std::size_t> last_of_frame;  // place of the last line that names it
    std::size_t next = 0;
    std::size_t count = 0;
    std::vector<Difference> listed;

    void differ(std::uint64_t frame, std::string text) {
        if (++count <= most_listed) listed.push_back({frame, std::move(text)});
    }

    void pass_over_missing(std::size_t until) {
        for (; next < until; ++next) differ(frame_of(lines[next]), "the verdict is missing");
    }

    // The line that the verdict on that frame is held against, or nothing. Lines before it are missing.
    const json* line_for(std::uint64_t frame) {
        if (next < lines.size() && (frame_of(lines[next]) == 0 || frame_of(lines[next]) == frame)) return &lines[next++];
        auto known = last_of_frame.find(frame);
        if (known == last_of_frame.end() || known->second < next) return nullptr;
        auto at = next;
        while (frame_of(lines[at]) != frame) ++at;
        pass_over_missing(at);
        return &lines[next++];
    }
};

Expectations::Expectations(std::unique_ptr<State> state) : state_(std::move(state)) {}
Expectations::~Expectations() = default;
Expectations::Expectations(Expectations&&) noexcept = default;
Expectations& Expectations::operator=(Expectations&&) noexcept = default;

Result<Expectations> Expectations::read(std::string_view text, std::string_view file) {
    auto state = std::make_unique<State>();
    std::size_t number = 0;
    for (auto line : split(text, '\n')) {
        ++number;
        if (trim(line).empty()) continue;
        auto where = fmt::format("{}:{}", file, number);
        auto value = json::parse(line, nullptr, false);
        if (!value.is_object())
            return failure(Fault::input, where, "no verdict: each line is one JSON object",
                           "write the file with --verdicts");
        for (const auto& [key, unused] : value.items())
            if (std::ranges::find(verdict_keys, key) == verdict_keys.end())
                return failure(Fault::input, where, fmt::format("no verdict has a key '{}'", printable(key)),
                               "write the file with --verdicts");
        if (auto frame = frame_of(value); frame != 0) state->last_of_frame[frame] = state->lines.size();
        state->lines.push_back(std::move(value));
    }
    return Expectations(std::move(state));
}

void Expectations::compare(const Record& verdict) {
    auto actual = json::parse(to_json(verdict, Layout::lines));
    auto frame = frame_of(actual);
    const auto* expected = state_->line_for(frame);
    if (expected == nullptr) {
        state_->differ(frame, fmt::format("no verdict was expected, it is {}", shown(actual["action"])));
        return;
    }
    std::string text;
    for (const auto& [key, value] : expected->items()) {
        const auto& is = actual.contains(key) ? actual[key] : json();
        if (is != value) text += fmt::format("{}{} is {}, expected {}", text.empty() ? "" : "; ", key, shown(is), shown(value));
    }
    if (!text.empty()) state_->differ(frame, std::move(text));
}

void Expectations::finish() { state_->pass_over_missing(state_->lines.size()); }

std::size_t Expectations::count() const { return state_->count; }
const std::vector<Difference>& Expectations::differences() const { return state_->listed; }

}  // namespace trunkbox::output
