#include "ua/sound.h"

#include <fstream>

#include <fmt/format.h>

#include "base/text.h"
#include "config/files.h"
#include "media/wav.h"
#include "sip/message_view.h"
#include "sip/parameters.h"

namespace trunkbox::ua {

namespace {

// An hour of 8 kHz audio.
constexpr std::size_t most_samples = std::size_t{8000} * 3600;

Result<std::vector<media::Format>> formats(const std::vector<std::string>& codecs) {
    std::vector<media::Format> out;
    for (const auto& codec : codecs) {
        if (iequals(codec, "PCMA")) {
            out.push_back({.payload_type = 8, .codec = {.name = "PCMA"}});
        } else if (iequals(codec, "PCMU")) {
            out.push_back({.payload_type = 0, .codec = {.name = "PCMU"}});
        } else {
            return failure(Fault::usage, "", fmt::format("codec '{}' is not spoken here", printable(codec)),
                           "use PCMA or PCMU");
        }
    }
    out.push_back({.payload_type = 101, .codec = {.name = "telephone-event", .fmtp = "0-15"}});
    return out;
}

Result<std::vector<std::int16_t>> load(const std::string& path) {
    auto file = config::read_file(path);
    if (!file) return tl::unexpected(file.error());
    auto samples = media::read_wav({reinterpret_cast<const std::uint8_t*>(file->data()), file->size()});
    if (!samples) return tl::unexpected(at(path, samples.error()));
    return samples;
}

}  // namespace

Result<void> prepare(Audio::Config& config, const Sound& sound) {
    auto codecs = formats(sound.codecs);
    if (!codecs) return tl::unexpected(codecs.error());
    config.capabilities.codecs = std::move(*codecs);
    config.most_samples = sound.record ? most_samples : 0;
    config.echo = sound.echo;
    if (!sound.play.empty()) {
        auto samples = load(sound.play);
        if (!samples) return tl::unexpected(samples.error());
        config.source = media::Recording{std::make_shared<const std::vector<std::int16_t>>(std::move(*samples)),
                                         sound.loop};
    } else if (sound.silence) {
        config.source = media::Silence{};
    } else {
        config.source = media::Tone{.frequencies = {sound.tone}};
    }
    return {};
}

Result<void> save_heard(const Audio& audio, const std::string& path) {
    auto wav = audio.wav();
    if (!wav) return tl::unexpected(wav.error());
    std::ofstream file(path, std::ios::binary);
    file << *wav << std::flush;
    if (!file) return failure(Fault::system, path, "cannot be written", "check the path and the room on the disk");
    return {};
}

Result<void> check_digits(std::string_view digits) {
    for (char c : digits)
        if (std::string_view("0123456789*#ABCDabcd").find(c) == std::string_view::npos)
            return failure(Fault::usage, "", fmt::format("'{}' is not a digit that a telephone sends", printable({&c, 1})),
                           "use 0-9 * # A-D");
    return {};
}

Result<std::pair<std::string, std::string>> parse_header(std::string_view text) {
    auto [name, value] = split_once(text, ':');
    name = trim(name);
    if (!value || !sip::is_token(name) || text.find_first_of("\r\n") != std::string_view::npos)
        return failure(Fault::usage, "", fmt::format("'{}' is not a header", printable(text)),
                       "write e.g. 'X-Test: 1'");
    using enum sip::HeaderName;
    for (auto own : {via, from, to, call_id, cseq, contact, max_forwards, content_length, content_type})
        if (sip::header_name(name) == own)
            return failure(Fault::usage, "", fmt::format("header '{}' is the call's own", name),
                           "leave it out");
    return std::pair{std::string(name), std::string(trim(*value))};
}

}  // namespace trunkbox::ua
