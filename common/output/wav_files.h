// The audio of RTP streams as WAV files in a directory, written as the packets come.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/playout.h"
#include "trace/streams.h"

namespace trunkbox::output {

// One file a stream, 16-bit PCM, mono; packets of codecs that cannot be decoded are left out. Memory is bounded by a
// second of audio a stream.
class WavFiles {
  public:
    // Makes the directory if need be. Error: Fault::system.
    [[nodiscard]] static Result<WavFiles> open(const std::string& directory);
    // Ends and removes the files of streams that were not kept.
    ~WavFiles();
    WavFiles(WavFiles&&) noexcept = default;
    WavFiles& operator=(WavFiles&&) noexcept = delete;

    // Errors are kept for keep().
    void receive(const trace::MediaPacket& packet);
    // The stream is over: its file gets its name, "192.0.2.1-40000_198.51.100.1-50000_0x00001234_1.wav", which is
    // returned with its directory; "" when nothing of it could be decoded. The number at the end tells streams of the
    // same addresses and source apart. Error: Fault::system.
    [[nodiscard]] Result<std::string> keep(const trace::Stream& stream);

  private:
    struct File {
        media::Playout playout{};
        std::string path{};
        std::vector<std::int16_t> unsaved{};
        std::uint64_t saved = 0;  // samples in the file
    };
    explicit WavFiles(std::string directory) : directory_(std::move(directory)) {}
    Result<void> save(File& file);
    Result<void> end(File& file);

    std::string directory_;
    std::map<std::uint64_t, File> files_;  // by the stream's id
    std::map<std::string, std::size_t> names_;
    Result<void> problem_{};
};

}  // namespace trunkbox::output
