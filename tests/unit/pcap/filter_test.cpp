#include "unit/pcap/capture_file.h"

using namespace trunkbox;
using namespace trunkbox::test;

namespace {

struct Mixed {
    File file;
    std::string to_5070 = net::udp_packet(from, to, "a");
    std::string to_5060 = net::udp_packet(to, from, "b");

    Mixed() {
        auto writer = pcap::Writer::create(file.path, {.link_type = {}});
        REQUIRE(writer);
        auto ethernet = std::string(12, '\1') + "\x08" + std::string(1, '\0') + to_5060;
        for (const auto& packet : {to_5070, to_5060}) REQUIRE(writer->write(noon, packet));
        REQUIRE(writer->write({.number = 1, .time = noon, .link_type = 1, .bytes = ethernet, .original_length = 43}));
    }
    [[nodiscard]] Read read(const std::string& filter) const { return read_all(file.path, {.filter = filter}); }
};

}  // namespace

TEST_CASE("a filter passes over packets, of whichever link type, but not over their numbers") {
    Mixed mixed;
    CHECK(mixed.read("udp dst port 5060").numbers == std::vector<std::uint64_t>{2, 3});
    CHECK(mixed.read("udp dst port 5070").numbers == std::vector<std::uint64_t>{1});
    CHECK(mixed.read("tcp").numbers.empty());
    CHECK(mixed.read("").numbers.size() == 3);
    CHECK(mixed.read("  ").numbers.size() == 3);
}

TEST_CASE("a filter that is none is refused before any packet, with the word at fault") {
    Mixed mixed;
    auto error = [&](const std::string& filter) {
        auto reader = pcap::Reader::open(mixed.file.path, {.filter = filter});
        REQUIRE_FALSE(reader);
        CHECK(reader.error().fault == Fault::usage);
        CHECK(reader.error().where == "filter '" + filter + "'");
        return reader.error().what;
    };
    CHECK(error("udp prt 5060") == "'prt' at column 5 is not understood there");
    CHECK(error("udp port 5060 nad tcp") == "'nad' at column 15 is not understood there");
    CHECK(error("udp and or tcp") == "'or' at column 9 is not understood there");
    CHECK(error("(udp or tcp) and )") == "')' at column 18 is not understood there");
    CHECK(error("udp port 5060 and") == "it ends too early");
    CHECK(error("(udp or tcp") == "it ends too early");
    CHECK(error("udp port 70000") == "illegal port number 70000 > 65535");
}
