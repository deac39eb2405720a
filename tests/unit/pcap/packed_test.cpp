// Captures that gzip or zstd packed.
#include <zlib.h>
#include <zstd.h>

#include "unit/pcap/capture_file.h"

using namespace trunkbox;
using namespace trunkbox::test;

namespace {

std::string gzip(std::string_view bytes) {
    z_stream stream{};
    REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string zstd(std::string_view bytes) {
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    auto* context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);  // as the zstd program does
    out.resize(ZSTD_compress2(context, out.data(), out.size(), bytes.data(), bytes.size()));
    ZSTD_freeCCtx(context);
    return out;
}

// Packets that do not pack well, and more of them than fit into one window.
std::string capture(int count) {
    File file;
    {
        auto writer = pcap::Writer::create(file.path);
        REQUIRE(writer);
        std::uint32_t noise = 1;
        for (int i = 0; i < count; ++i) {
            std::string payload;
            for (int k = 0; k < 500; ++k) payload += static_cast<char>((noise = noise * 1664525 + 1013904223) >> 24);
            REQUIRE(writer->write(noon + i * 1ms, payload));
        }
    }
    return file.get();
}

using Pack = std::string (*)(std::string_view);

}  // namespace

TEST_CASE("packed by gzip and zstd: the same packets") {
    File file;
    auto bytes = capture(2000);
    file.put(bytes);
    auto plain = read_all(file.path);
    REQUIRE(plain.packets.size() == 2000);
    for (Pack pack : {Pack(gzip), Pack(zstd)}) {
        file.put(pack(bytes));
        auto read = read_all(file.path);
        CHECK(read.error.empty());
        CHECK(read.cut.empty());
        CHECK(read.packets == plain.packets);
        CHECK(read.times == plain.times);
        // As parallel packers write them: in several parts.
        auto middle = bytes.size() / 2;
        file.put(pack(bytes.substr(0, middle)) + pack(bytes.substr(middle)));
        CHECK(read_all(file.path).packets == plain.packets);
    }
    file.put(gzip(bytes) + "garbage that gzip, too, passes over");
    CHECK(read_all(file.path).packets.size() == 2000);
    file.put(gzip(Ng{}.section().interface(1, 6).packet(0, 1, "abc").bytes));
    CHECK(read_all(file.path).packets == std::vector<std::string>{"abc"});
}

TEST_CASE("bytes that expand a thousandfold take no more memory") {
    File file;
    std::string bytes = le32(0xa1b2c3d4) + le16(2) + le16(4) + le32(0) + le32(0) + le32(65535) + le32(1);
    for (int i = 0; i < 100; ++i)
        bytes += le32(1) + le32(0) + le32(262144) + le32(262144) + std::string(262144, '\0');
    for (Pack pack : {Pack(gzip), Pack(zstd)}) {
        auto packed = pack(bytes);
        CHECK(packed.size() < bytes.size() / 500);
        file.put(packed);
        CHECK(read_all(file.path).packets.size() == 100);
    }
}

TEST_CASE("packed and cut: what came before is delivered") {
    File file;
    auto bytes = capture(20);
    for (Pack pack : {Pack(gzip), Pack(zstd)}) {
        auto packed = pack(bytes);
        std::size_t most = 0;
        for (std::size_t cut = 4; cut < packed.size(); cut += 7) {
            file.put(packed.substr(0, cut));
            auto read = read_all(file.path);
            bool none = read.error.find("not a readable pcap or pcapng file") != std::string::npos;
            CHECK((none || (read.error.empty() && !read.cut.empty())));
            CHECK(read.packets.size() >= most);
            most = read.packets.size();
        }
        CHECK(most >= 1);
    }
}

TEST_CASE("packed and damaged is an error that says so") {
    File file;
    auto bytes = le32(0xa1b2c3d4) + le16(2) + le16(4) + le32(0) + le32(0) + le32(65535) + le32(1);
    for (std::uint32_t i = 0; i < 3000; ++i) bytes += le32(i) + le32(i * 77 % 1000) + le32(5) + le32(5) + "hello";
    for (Pack pack : {Pack(gzip), Pack(zstd)}) {
        auto packed = pack(bytes);
        for (std::size_t i = packed.size() / 2; i < packed.size() / 2 + 200; ++i) packed[i] = '\x55';
        file.put(packed);
        CHECK_FALSE(read_all(file.path).error.empty());
    }
    auto packed = gzip(bytes);
    packed[packed.size() - 5] ^= '\1';  // its checksum
    file.put(packed);
    auto read = read_all(file.path);
    CHECK(read.error == file.path + ": the gzip data are damaged: incorrect data check");
    CHECK(read.packets.size() == 3000);
    file.put(std::string("\x1f\x8b\x08\0", 4));
    CHECK_FALSE(read_all(file.path).error.empty());
    file.put(gzip(gzip(bytes)));  // packed twice is no capture
    CHECK(read_all(file.path).error.find("not a readable pcap or pcapng file") != std::string::npos);
}
