#include "unit/pcap/capture_file.h"

using namespace trunkbox;
using namespace trunkbox::test;

namespace {

std::uint64_t since(Time time) { return static_cast<std::uint64_t>(time.time_since_epoch().count()); }

}  // namespace

TEST_CASE("pcapng with nanoseconds, of either byte order") {
    File file;
    auto packet = net::udp_packet(from, to, "ng");
    for (bool big : {false, true}) {
        file.put(Ng{.big = big}.section().interface(101, 9).packet(0, since(noon), packet).bytes);
        auto read = read_all(file.path);
        CHECK(read.error.empty());
        CHECK(read.packets == std::vector<std::string>{packet});
        CHECK(read.times == std::vector<Time>{noon});
    }
}

TEST_CASE("interfaces of different link types and clocks, in sections of different byte orders") {
    File file;
    Ng ng;
    ng.section().interface(1, 6).interface(113, 9);
    ng.packet(0, 1'500'000, "a").packet(1, 2'500'000'001, "b");
    ng.big = true;
    // 2^-10 s, and an offset of 100 s.
    ng.section().interface(101, '\x8a', ng.n16(14) + ng.n16(8) + std::string(7, '\0') + "d");
    ng.packet(0, 1536, "c");
    file.put(ng.bytes);
    auto read = read_all(file.path);
    CHECK(read.error.empty());
    CHECK(read.links == std::vector<int>{1, 113, 101});
    CHECK(read.packets == std::vector<std::string>{"a", "b", "c"});
    std::vector<Time> times{Time(1'500ms), Time(2'500'000'001ns), Time(101'500ms)};
    CHECK(read.times == times);

    auto reader = pcap::Reader::open(file.path);
    REQUIRE(reader);
    CHECK_FALSE(reader->link_type());
    CHECK(reader->precision() == pcap::Precision::nanoseconds);
}

TEST_CASE("what the interfaces before the first packet keep is the file's precision and link type") {
    File file;
    file.put(Ng{}.section().interface(1, 6).packet(0, 1, "a").interface(113, 9).packet(1, 1, "b").bytes);
    auto reader = pcap::Reader::open(file.path);
    REQUIRE(reader);
    CHECK(reader->link_type() == 1);
    CHECK(reader->precision() == pcap::Precision::microseconds);
    CHECK(read_all(file.path).links == std::vector<int>{1, 113});
}

TEST_CASE("any clock that an interface may claim") {
    File file;
    for (int resolution = 0; resolution < 256; ++resolution)
        for (auto units : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
            file.put(Ng{}.section().interface(1, static_cast<char>(resolution)).packet(0, units, "x").bytes);
            auto read = read_all(file.path);
            CHECK(read.packets.size() + (read.error.empty() ? 0 : 1) == 1);
            if (!read.error.empty()) CHECK(read.error == file.path + ": packet 1: its time is outside 1970 to 2262");
        }
    auto time_of = [&](char resolution, std::uint64_t units) {
        file.put(Ng{}.section().interface(1, resolution).packet(0, units, "x").bytes);
        auto read = read_all(file.path);
        return read.times.empty() ? Time{} : read.times[0];
    };
    CHECK(time_of(0, 7) == Time(7s));
    CHECK(time_of(3, 7'001) == Time(7'001ms));
    CHECK(time_of(12, 7'000'000'001'999) == Time(7s + 1ns));
    CHECK(time_of('\x80', 7) == Time(7s));
    CHECK(time_of('\xa1', std::uint64_t{1} << 33) == Time(1s));
    CHECK(time_of('\xbf', std::uint64_t{1} << 63) == Time(1s));
}

TEST_CASE("packets without a time, blocks that are obsolete or unknown") {
    File file;
    Ng ng;
    ng.section().interface(1, 6, {}, 3).packet(0, 5'000'000, "abc");
    ng.block(3, ng.n32(9) + "def");            // simple: its length on the wire alone, cut by the interface
    ng.block(2, ng.n16(0) + ng.n16(0) + ng.n32(0) + ng.n32(6'000'000) + ng.n32(3) + ng.n32(3) + "ghi");
    ng.block(5, std::string(8, '\0')).block(0x0bad, "x");
    file.put(ng.bytes);
    auto read = read_all(file.path);
    CHECK(read.error.empty());
    CHECK(read.packets == std::vector<std::string>{"abc", "def", "ghi"});
    std::vector<Time> times{Time(5s), Time(5s), Time(6s)};
    CHECK(read.times == times);
}

TEST_CASE("blocks that cannot be") {
    File file;
    auto error_of = [&](const std::string& bytes) {
        file.put(bytes);
        return read_all(file.path).error;
    };
    auto start = [] { return Ng{}.section().interface(1, 6).packet(0, 0, "a"); };
    auto length_of = [&](std::uint32_t length) {
        auto ng = start();
        return ng.bytes + le32(6) + le32(length) + std::string(64, '\0');
    };
    CHECK(error_of(length_of(0)).ends_with("packet 2: a block of 0 bytes"));
    CHECK(error_of(length_of(33)).ends_with("packet 2: a block of 33 bytes"));
    CHECK(error_of(length_of(0xfffffff0)).ends_with("packet 2: a block of 4294967280 bytes"));
    CHECK(error_of(length_of(32)).ends_with("packet 2: a block with two different lengths"));
    CHECK(error_of(start().block(6, "").bytes).ends_with("packet 2: a packet block that is too short"));
    CHECK(error_of(start().packet(1, 0, "b").bytes).ends_with("packet 2: interface 1 is not described"));
    auto lie = start();
    lie.block(6, lie.n32(0) + lie.n32(0) + lie.n32(0) + lie.n32(500) + lie.n32(500) + "abcd");
    CHECK(error_of(lie.bytes).ends_with("packet 2: claims 500 captured bytes in a block of 36"));
    auto unordered = start().block(0x0a0d0d0a, std::string(16, 'x'));
    CHECK(error_of(unordered.bytes).ends_with("a section of no known byte order"));
    CHECK(error_of(start().block(1, "").bytes).ends_with("an interface description that is too short"));
    Ng many;
    many.section();
    for (int i = 0; i < 4097; ++i) many.interface(1, 6);
    CHECK(error_of(many.bytes).ends_with("more interfaces than any machine has"));
    CHECK(error_of(Ng{}.section().bytes).empty());  // a file without packets is one
}

TEST_CASE("cut at every byte") {
    File file;
    auto whole = Ng{}.section().interface(1, 6).packet(0, 1, "abc").packet(0, 2, "defgh").bytes;
    for (std::size_t cut = 28; cut < whole.size(); ++cut) {
        file.put(whole.substr(0, cut));
        auto read = read_all(file.path);
        CHECK(read.error.empty());
        bool at_border = cut == 28 || cut == 60 || cut == 96;
        CHECK(read.packets.size() == (cut < 96 ? 0 : 1));
        CHECK(read.cut.empty() == at_border);
    }
}
