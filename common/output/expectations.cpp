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

// Reads a line for its frame and the keys of its object; its values are read when they are not what the verdict says.
class LineScan final : public nlohmann::json_sax<json> {
  public:
    bool object = false;
    std::optional<std::string> unknown{};  // a key that no verdict has
    std::uint64_t frame = 0;

    bool null() override { return value(); }
    bool boolean(bool) override { return value(); }
    bool number_integer(number_integer_t) override { return value(); }
    bool number_unsigned(number_unsigned_t number) override {
        if (depth_ == 1 && at_frame_) frame = number;
        return value();
    }
    bool number_float(number_float_t, const string_t&) override { return value(); }
    bool string(string_t&) override { return value(); }
    bool binary(binary_t&) override { return value(); }
    bool start_object(std::size_t) override {
        object = true;
        return begins();
    }
    bool end_object() override { return ends(); }
    bool start_array(std::size_t) override { return object && begins(); }
    bool end_array() override { return ends(); }
    bool key(string_t& key) override {
        if (depth_ != 1) return true;
        at_frame_ = key == "frame";
        if (at_frame_) frame = 0;
        if (std::ranges::find(verdict_keys, key) == verdict_keys.end() && !unknown) unknown = key;
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const json::exception&) override { return false; }

  private:
    [[nodiscard]] bool value() const { return object; }
    // The library shows what is nested by calling itself.
    bool begins() { return ++depth_ <= deepest; }
    bool ends() {
        --depth_;
        return true;
    }
    static constexpr std::size_t deepest = 64;
    std::size_t depth_ = 0;
    bool at_frame_ = false;
};

struct ExpectedLine {
    std::string_view text;
    std::uint64_t frame = 0;  // 0: it names none
};

}  // namespace

struct Expectations::State {
    std::string text;  // of the lines
    std::vector<ExpectedLine> lines;
    std::map<std::uint64_t, std::size_t> last_of_frame;  // place of the last line that names it; made when first wanted
    std::size_t next = 0;
    std::size_t count = 0;
    std::vector<Difference> listed;

    void differ(std::uint64_t frame, std::string what) {
        if (++count <= most_listed) listed.push_back({frame, std::move(what)});
    }

    void pass_over_missing(std::size_t until) {
        for (; next < until; ++next) differ(lines[next].frame, "the verdict is missing");
    }

    // The line that the verdict on that frame is held against, or nothing. Lines before it are missing.
    const ExpectedLine* line_for(std::uint64_t frame) {
        if (next < lines.size() && (lines[next].frame == 0 || lines[next].frame == frame)) return &lines[next++];
        if (last_of_frame.empty())
            for (std::size_t i = 0; i < lines.size(); ++i)
                if (lines[i].frame != 0) last_of_frame[lines[i].frame] = i;
        auto known = last_of_frame.find(frame);
        if (known == last_of_frame.end() || known->second < next) return nullptr;
        auto at = next;
        while (lines[at].frame != frame) ++at;
        pass_over_missing(at);
        return &lines[next++];
    }
};

Expectations::Expectations(std::unique_ptr<State> state) : state_(std::move(state)) {}
Expectations::~Expectations() = default;
Expectations::Expectations(Expectations&&) noexcept = default;
Expectations& Expectations::operator=(Expectations&&) noexcept = default;

Result<Expectations> Expectations::read(std::string text, std::string_view file) {
    auto state = std::make_unique<State>();
    state->text = std::move(text);
    std::size_t number = 0;
    for (auto line : split(state->text, '\n')) {
        ++number;
        line = trim(line);
        if (line.empty()) continue;
        LineScan scan;
        if (!json::sax_parse(line, &scan) || !scan.object)
            return failure(Fault::input, fmt::format("{}:{}", file, number), "no verdict: each line is one JSON object",
                           "write the file with --verdicts");
        if (scan.unknown)
            return failure(Fault::input, fmt::format("{}:{}", file, number),
                           fmt::format("no verdict has a key '{}'", printable(*scan.unknown)), "write the file with --verdicts");
        state->lines.push_back({line, scan.frame});
    }
    return Expectations(std::move(state));
}

void Expectations::compare(std::string_view verdict) {
    // Nearly all verdicts are, byte by byte, what was expected.
    if (state_->next < state_->lines.size() && state_->lines[state_->next].text == verdict) {
        ++state_->next;
        return;
    }
    auto actual = json::parse(verdict);
    auto frame = frame_of(actual);
    const auto* expected = state_->line_for(frame);
    if (expected == nullptr) {
        state_->differ(frame, fmt::format("no verdict was expected, it is {}", shown(actual["action"])));
        return;
    }
    std::string text;
    const auto said = json::parse(expected->text);
    for (const auto& [key, value] : said.items()) {
        const auto& is = actual.contains(key) ? actual[key] : json();
        if (is != value) text += fmt::format("{}{} is {}, expected {}", text.empty() ? "" : "; ", key, shown(is), shown(value));
    }
    if (!text.empty()) state_->differ(frame, std::move(text));
}

void Expectations::finish() { state_->pass_over_missing(state_->lines.size()); }

std::size_t Expectations::count() const { return state_->count; }
const std::vector<Difference>& Expectations::differences() const { return state_->listed; }

}  // namespace trunkbox::output
