#include "output/wav_files.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "media/wav.h"

using namespace trunkbox;
using namespace trunkbox::output;

namespace {

const media::Codec pcma{.name = "PCMA"};

// A directory that goes with the test.
struct Directory {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / fmt::format("trunkbox-wav-{}", static_cast<const void*>(this));
    ~Directory() { std::filesystem::remove_all(path); }
    [[nodiscard]] std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(path), std::filesystem::directory_iterator()));
    }
};

void talk(WavFiles& files, std::uint64_t stream, std::uint32_t packets) {
    media::Bytes payload(160, 0x55);
    for (std::uint32_t i = 0; i < packets; ++i)
        files.receive({.stream = stream,
                       .codec = &pcma,
                       .time = Time{} + i * 20ms,
                       .header = {.timestamp = i * 160},
                       .payload = payload});
}

trace::Stream stream(std::uint64_t id) {
    return {.id = id,
            .from = {net::Ip::v4(0xc0000201), 40000},
            .to = {*net::Ip::parse("2001:db8::1"), 50000},
            .ssrc = 0x1234};
}

std::vector<std::int16_t> read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
    auto samples = media::read_wav(bytes);
    REQUIRE(samples);
    return *samples;
}

}  // namespace

TEST_CASE("wav files: a stream is a file that reads back, however long") {
    Directory directory;
    auto files = WavFiles::open(directory.path / "deep" / "er");
    REQUIRE(files);
    talk(*files, 1, 10);
    talk(*files, 2, 3000);  // a minute, written in parts
    auto one = files->keep(stream(1)), two = files->keep(stream(2));
    REQUIRE(one);
    REQUIRE(two);
    CHECK(one->ends_with("192.0.2.1-40000_2001.db8..1-50000_0x00001234_1.wav"));
    CHECK(two->ends_with("_2.wav"));
    CHECK(read(*one).size() == 1600);
    CHECK(read(*two).size() == 480'000);
}

TEST_CASE("wav files: what was not kept goes, what cannot be decoded is none") {
    Directory directory;
    {
        auto files = WavFiles::open(directory.path);
        REQUIRE(files);
        talk(*files, 1, 3000);
        CHECK(directory.files() == 1);
        media::Codec opus{.name = "opus", .clock_rate = 48000};
        media::Bytes payload(10);
        files->receive({.stream = 2, .codec = &opus, .payload = payload});
        files->receive({.stream = 3, .codec = nullptr, .payload = payload});
        for (std::uint64_t id : {2U, 3U, 4U}) {
            auto none = files->keep(stream(id));
            REQUIRE(none);
            CHECK(none->empty());
        }
    }
    CHECK(directory.files() == 0);
}

TEST_CASE("wav files: a directory that cannot be made, a file that cannot be written") {
    CHECK_FALSE(WavFiles::open("/dev/null/audio"));
    CHECK(WavFiles::open("/dev/null/audio").error().fault == Fault::system);
    Directory directory;
    auto files = WavFiles::open(directory.path);
    REQUIRE(files);
    std::filesystem::create_directory(directory.path / "1.part");
    talk(*files, 1, 10);
    auto kept = files->keep(stream(1));
    REQUIRE_FALSE(kept);
    CHECK(kept.error().fault == Fault::system);
}
