#include "output/wav_files.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "base/text.h"

namespace trunkbox::output {
namespace {

constexpr std::size_t save_at = 65'536;  // samples
// What the header's 32 bits can tell.
constexpr std::uint64_t most_samples = 0x7fffff00 / 2;

// RIFF, "fmt " and "data" for 16-bit PCM, mono.
std::string header(std::uint32_t rate, std::uint64_t samples) {
    std::string made;
    auto put = [&made](std::uint64_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) made.push_back(static_cast<char>(value >> (8 * i) & 0xff));
    };
    made += "RIFF";
    put(36 + samples * 2, 4);
    made += "WAVEfmt ";
    put(16, 4);
    put(1, 2);  // PCM
    put(1, 2);
    put(rate, 4);
    put(rate * 2, 4);
    put(2, 2);
    put(16, 2);
    made += "data";
    put(samples * 2, 4);
    return made;
}

tl::unexpected<Error> cannot(std::string_view what, const std::string& path, int number) {
    return failure(Fault::system, path,
                   fmt::format("cannot {}: {}", what, lower(std::generic_category().message(number))));
}

std::string name_part(const net::Endpoint& endpoint) {
    std::string made = fmt::format("{}-{}", endpoint.ip.text(), endpoint.port);
    // Colons are no part of a file's name on every system.
    std::ranges::replace(made, ':', '.');
    return made;
}

}  // namespace

Result<WavFiles> WavFiles::open(const std::string& directory) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error) return cannot("make the directory", directory, error.value());
    return WavFiles(directory);
}

WavFiles::~WavFiles() {
    std::error_code ignored;
    for (auto& [id, file] : files_)
        if (file.saved > 0) std::filesystem::remove(file.path, ignored);
}

void WavFiles::receive(const trace::MediaPacket& packet) {
    if (packet.codec == nullptr || !problem_) return;
    File& file = files_[packet.stream];
    file.playout.receive(*packet.codec, packet.header, packet.payload, packet.time);
    auto fresh = file.playout.take();
    file.unsaved.insert(file.unsaved.end(), fresh.begin(), fresh.end());
    if (file.path.empty())
        file.path = (std::filesystem::path(directory_) / fmt::format("{}.part", packet.stream)).string();
    if (file.unsaved.size() >= save_at) problem_ = save(file);
}

Result<void> WavFiles::save(File& file) {
    auto count = std::min<std::uint64_t>(file.unsaved.size(), most_samples - file.saved);
    std::string bytes;
    if (file.saved == 0) bytes = header(file.playout.sample_rate(), 0);
    for (std::size_t i = 0; i < count; ++i) {
        bytes.push_back(static_cast<char>(file.unsaved[i] & 0xff));
        bytes.push_back(static_cast<char>(file.unsaved[i] >> 8 & 0xff));
    }
    std::ofstream out(file.path, std::ios::binary | (file.saved == 0 ? std::ios::trunc : std::ios::app));
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) return cannot("write", file.path, errno);
    file.saved += count;
    file.unsaved.clear();
    return {};
}

Result<void> WavFiles::end(File& file) {
    auto rest = file.playout.finish();
    file.unsaved.insert(file.unsaved.end(), rest.begin(), rest.end());
    if (auto saved = save(file); !saved) return saved;
    std::fstream out(file.path, std::ios::binary | std::ios::in | std::ios::out);
    auto sizes = header(file.playout.sample_rate(), file.saved);
    out.write(sizes.data(), static_cast<std::streamsize>(sizes.size()));
    out.close();
    if (!out) return cannot("write", file.path, errno);
    return {};
}

Result<std::string> WavFiles::keep(const trace::Stream& stream) {
    if (!problem_) return tl::unexpected(problem_.error());
    auto found = files_.find(stream.id);
    if (found == files_.end()) return std::string();
    File file = std::move(found->second);
    files_.erase(found);
    if (file.playout.sample_rate() == 0) return std::string();
    if (auto ended = end(file); !ended) return tl::unexpected(ended.error());
    auto name = fmt::format("{}_{}_0x{:08X}", name_part(stream.from), name_part(stream.to), stream.ssrc);
    auto path = (std::filesystem::path(directory_) / fmt::format("{}_{}.wav", name, ++names_[name])).string();
    std::error_code error;
    std::filesystem::rename(file.path, path, error);
    if (error) return cannot("rename", file.path, error.value());
    return path;
}

}  // namespace trunkbox::output
