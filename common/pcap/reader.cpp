#include "pcap/reader.h"

#include <fmt/format.h>

#include "pcap/filter.h"
#include "pcap/format.h"

namespace trunkbox::pcap {

struct Reader::State {
    std::string name;
    Window window;
    std::unique_ptr<Format> format;
    std::optional<Filter> filter;
    std::uint64_t number = 0;
    bool ended = false;
    std::optional<Error> cut;

    [[nodiscard]] Error input_error(std::string what) const { return {Fault::input, name, std::move(what), ""}; }

    // Whatever is not one more packet.
    Result<std::optional<Packet>> stop(Step step) {
        ended = true;
        if (window.error()) return tl::unexpected(*window.error());
        if (step == Step::damaged)
            return tl::unexpected(input_error(fmt::format("packet {}: {}", number + 1, format->why())));
        if (step == Step::cut) cut = input_error(fmt::format("cut within packet {}", number + 1));
        else if (window.is_cut()) cut = input_error(fmt::format("cut after packet {}", number));
        return std::nullopt;
    }
};

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

Result<Reader> Reader::open(const std::string& path, const ReadOptions& options) {
    auto input = open_input(path);
    if (!input) return tl::unexpected(input.error());
    auto state = std::unique_ptr<State>(
        new State{.name = display_name(path), .window = Window(std::move(*input)), .format = {}, .filter = {}});
    auto& window = state->window;
    bool is_ng = window.want(4) && window.view().starts_with("\x0a\x0d\x0d\x0a");
    auto format = is_ng ? open_ng(window) : open_classic(window);
    if (window.error()) return tl::unexpected(*window.error());
    if (!format)
        return tl::unexpected(
            state->input_error(fmt::format("not a readable pcap or pcapng file: {}", format.error())));
    state->format = std::move(*format);
    if (!options.filter.empty()) {
        constexpr int ethernet = 1;
        auto filter = Filter::compile(options.filter, state->format->link_type().value_or(ethernet));
        if (!filter) return tl::unexpected(filter.error());
        state->filter = std::move(*filter);
    }
    return Reader(std::move(state));
}

Result<std::optional<Packet>> Reader::next() {
    auto& state = *state_;
    if (state.ended) return std::nullopt;
    Packet packet;
    for (;;) {
        auto step = state.format->next(state.window, packet);
        if (step != Step::packet) return state.stop(step);
        packet.number = ++state.number;
        if (!state.filter) return packet;
        auto passes = state.filter->passes(packet);
        if (!passes) {
            state.ended = true;
            return tl::unexpected(passes.error());
        }
        if (*passes) return packet;
    }
}

const std::optional<Error>& Reader::cut() const { return state_->cut; }
Precision Reader::precision() const { return state_->format->precision(); }
std::optional<int> Reader::link_type() const { return state_->format->link_type(); }

}  // namespace trunkbox::pcap
