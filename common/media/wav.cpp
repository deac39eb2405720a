#include "media/wav.h"

#include "base/late_functions.h"
#include "media/tone.h"
#include "media/version.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>
#include <sndfile.h>

namespace trunkbox::media {
namespace {

constexpr std::uint64_t most_seconds = 3600;

// Loaded by the first sound that is read or written: it brings seven libraries of codecs.
struct Sndfile : LateFunctions {
    using LateFunctions::LateFunctions;

    decltype(&sf_open_virtual) open_virtual = find("sf_open_virtual");
    decltype(&sf_close) close = find("sf_close");
    decltype(&sf_readf_short) readf_short = find("sf_readf_short");
    decltype(&sf_write_short) write_short = find("sf_write_short");
    decltype(&sf_version_string) version_string = find("sf_version_string");
};

// Null where it is not installed.
const Sndfile* sndfile() {
    static const auto loaded = load_functions<Sndfile>("libsndfile.so.1");
    return loaded.get();
}

tl::unexpected<Error> no_sndfile() {
    return failure(Fault::system, "", "libsndfile is not there, which reads and writes sound", "apt-get install libsndfile1");
}

// A file in memory for libsndfile: read from `in` or written to `out`.
struct Memory {
    ByteView in;
    Bytes out;
    bool writing = false;
    sf_count_t position = 0;

    [[nodiscard]] sf_count_t size() const {
        return static_cast<sf_count_t>(writing ? out.size() : in.size());
    }
};

Memory& memory(void* user) {
    return *static_cast<Memory*>(user);
}

sf_count_t seek(sf_count_t offset, int whence, void* user) {
    Memory& file = memory(user);
    const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? file.position : file.size();
    // A header may lie about where its chunks are.
    if (offset > file.size() - from || offset < -from) return -1;
    return file.position = from + offset;
}

sf_count_t read(void* data, sf_count_t count, void* user) {
    Memory& file = memory(user);
    const sf_count_t taken =
        std::clamp<sf_count_t>(file.size() - file.position, 0, std::max<sf_count_t>(count, 0));
    if (taken > 0) std::memcpy(data, file.in.data() + file.position, static_cast<std::size_t>(taken));
    file.position += taken;
    return taken;
}

sf_count_t write(const void* data, sf_count_t count, void* user) {
    Memory& file = memory(user);
    const auto end = static_cast<std::size_t>(file.position + count);
    if (end > file.out.size()) file.out.resize(end);
    std::memcpy(file.out.data() + file.position, data, static_cast<std::size_t>(count));
    file.position += count;
    return count;
}

constexpr auto get_size = [](void* user) -> sf_count_t { return memory(user).size(); };
constexpr auto tell = [](void* user) -> sf_count_t { return memory(user).position; };
constexpr auto no_write = [](const void*, sf_count_t, void*) -> sf_count_t { return 0; };

struct Close {
    void operator()(SNDFILE* file) const { sndfile()->close(file); }
};
using File = std::unique_ptr<SNDFILE, Close>;

File open(const Sndfile& library, Memory& file, SF_INFO& info) {
    SF_VIRTUAL_IO io{.get_filelen = get_size, .seek = seek, .read = read, .write = no_write, .tell = tell};
    if (file.writing) io.write = write;
    return File(library.open_virtual(&io, file.writing ? SFM_WRITE : SFM_READ, &info, &file));
}

Result<std::vector<std::int16_t>> read_mono(const Sndfile& library, SNDFILE* file, const SF_INFO& info) {
    constexpr std::size_t block_frames = 4096;
    const auto channels = static_cast<std::size_t>(info.channels);
    const auto most = static_cast<std::uint64_t>(info.samplerate) * most_seconds;
    std::vector<std::int16_t> block(block_frames * channels);
    std::vector<std::int16_t> mono;
    // The header's count of frames may lie, so it is not trusted for a reservation.
    for (;;) {
        const sf_count_t frames = library.readf_short(file, block.data(), static_cast<sf_count_t>(block_frames));
        if (frames <= 0) return mono;
        if (mono.size() + static_cast<std::size_t>(frames) > most) {
            return failure(Fault::input, "", "the recording is longer than an hour", "cut it");
        }
        for (std::size_t frame = 0; frame < static_cast<std::size_t>(frames); ++frame) {
            std::int32_t sum = 0;
            for (std::size_t channel = 0; channel < channels; ++channel)
                sum += block[frame * channels + channel];
            mono.push_back(static_cast<std::int16_t>(sum / info.channels));
        }
    }
}

}  // namespace

Result<std::vector<std::int16_t>> read_wav(ByteView file) {
    const auto* library = sndfile();
    if (library == nullptr) return no_sndfile();
    Memory source{.in = file, .out = {}};
    SF_INFO info{};
    const File sound = open(*library, source, info);
    if (!sound) {
        return failure(Fault::input, "", fmt::format("these {} bytes are no sound file", file.size()),
                       "give a WAV file, best 8 kHz mono");
    }
    if (info.channels < 1 || info.channels > 32 || info.samplerate < 1000 || info.samplerate > 384000) {
        return failure(
            Fault::input, "",
            fmt::format("the sound file claims {} channels at {} Hz", info.channels, info.samplerate),
            "give a WAV file, best 8 kHz mono");
    }
    auto mono = read_mono(*library, sound.get(), info);
    if (!mono) return mono;
    if (mono->empty()) {
        return failure(Fault::input, "", "the sound file has no samples", "give a WAV file with sound in it");
    }
    const auto rate = static_cast<std::uint32_t>(info.samplerate);
    if (rate == sample_rate) return mono;
    return resample(*mono, rate, sample_rate);
}

Result<Bytes> write_wav(std::span<const std::int16_t> samples) {
    const auto* library = sndfile();
    if (library == nullptr) return no_sndfile();
    Memory target{.in = {}, .out = {}, .writing = true};
    SF_INFO info{};
    info.samplerate = static_cast<int>(sample_rate);
    info.channels = 1;
    info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
    File sound = open(*library, target, info);
    if (!sound) return failure(Fault::system, "", "cannot start a WAV file");
    const auto count = static_cast<sf_count_t>(samples.size());
    if (library->write_short(sound.get(), samples.data(), count) != count) {
        return failure(Fault::system, "", fmt::format("cannot write {} samples of a WAV file", count));
    }
    // Closing writes the sizes into the header.
    sound.reset();
    return std::move(target.out);
}

// "libsndfile-1.2.0": the number alone.
std::string sndfile_version() {
    const auto* library = sndfile();
    if (library == nullptr) return "not there";
    std::string_view text = library->version_string();
    auto digit = text.find_first_of("0123456789");
    return std::string(digit == std::string_view::npos ? text : text.substr(digit));
}

std::vector<std::int16_t> resample(std::span<const std::int16_t> samples, std::uint32_t from,
                                   std::uint32_t to) {
    std::vector<std::int16_t> out;
    if (samples.empty() || from == 0 || to == 0) return out;
    const double ratio = static_cast<double>(from) / to;
    const auto count =
        static_cast<std::size_t>(std::max(1.0, std::floor(static_cast<double>(samples.size()) / ratio)));
    const auto sample = [&](std::size_t i) {
        return static_cast<double>(samples[std::min(i, samples.size() - 1)]);
    };
    out.reserve(count);
    for (std::size_t n = 0; n < count; ++n) {
        const double begin = static_cast<double>(n) * ratio;
        const auto whole = static_cast<std::size_t>(begin);
        double value = 0;
        if (ratio <= 1) {
            const double part = begin - static_cast<double>(whole);
            value = sample(whole) * (1 - part) + sample(whole + 1) * part;
        } else {
            // The mean over the time of the output sample, so that what is above half the new rate folds back
            // less.
            const double end = begin + ratio;
            for (std::size_t i = whole; static_cast<double>(i) < end; ++i) {
                const double overlap =
                    std::min(end, static_cast<double>(i + 1)) - std::max(begin, static_cast<double>(i));
                value += sample(i) * overlap;
            }
            value /= ratio;
        }
        out.push_back(static_cast<std::int16_t>(std::lround(std::clamp(value, -32768.0, 32767.0))));
    }
    return out;
}

}  // namespace trunkbox::media
