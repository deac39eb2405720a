#include "media/decoder.h"

#include "base/late_functions.h"
#include "base/text.h"
#include "media/g711.h"

#include <spandsp.h>

namespace trunkbox::media {

namespace {

// Of the shared library, which drags in readers of pictures for faxes, and is loaded by the first call in G.722. Not of the
// archive that Debian has of it: there the compiler has let callers keep values in registers that its vector code overwrites.
struct Spandsp : LateFunctions {
    using LateFunctions::LateFunctions;

    decltype(&g722_decode_init) init = find("g722_decode_init");
    decltype(&g722_decode_free) free = find("g722_decode_free");
    decltype(&g722_decode) decode = find("g722_decode");
};

// Null where it is not installed.
const Spandsp* spandsp() {
    static const auto loaded = load_functions<Spandsp>("libspandsp.so.2");
    return loaded.get();
}

struct Free {
    void operator()(g722_decode_state_t* state) const { spandsp()->free(state); }
};

}  // namespace

struct Decoder::State {
    std::optional<Law> law{};
    std::unique_ptr<g722_decode_state_t, Free> g722{};
};

Decoder::Decoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

std::optional<Decoder> Decoder::of(const Codec& codec) {
    auto state = std::make_unique<State>();
    state->law = law_of(codec);
    if (!state->law) {
        if (!iequals(codec.name, "G722") || codec.channels != 1) return std::nullopt;
        if (spandsp() == nullptr) return std::nullopt;
        state->g722.reset(spandsp()->init(nullptr, 64000, 0));
        if (!state->g722) return std::nullopt;
    }
    return Decoder(std::move(state));
}

std::vector<std::int16_t> Decoder::decode(ByteView payload) {
    if (state_->law) return media::decode(*state_->law, payload);
    std::vector<std::int16_t> samples(payload.size() * 2);
    const int count = spandsp()->decode(state_->g722.get(), samples.data(), payload.data(), static_cast<int>(payload.size()));
    samples.resize(static_cast<std::size_t>(std::max(0, count)));
    return samples;
}

std::uint32_t Decoder::sample_rate() const { return state_->law ? 8000 : 16000; }

}  // namespace trunkbox::media
