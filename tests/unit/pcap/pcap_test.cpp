#include <doctest/doctest.h>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "net/packet.h"
#include "pcap/reader.h"
#include "pcap/writer.h"

using namespace trunkbox;

namespace {

const auto from = *net::Endpoint::parse("192.0.2.1:5060");
const auto to = *net::Endpoint::parse("198.51.100.2:5070");
const Time noon = *parse_rfc3339("2026-11-22T12:00:00.123456789Z");

struct File {
    std::string path = "/tmp/trunkbox-pcap-XXXXXX";
    File() {
        int descriptor = mkstemp(path.data());
        REQUIRE(descriptor >= 0);
        close(descriptor);
    }
    ~File() { std::remove(path.c_str()); }
    void put(std::string_view bytes) { std::ofstream(path, std::ios::binary) << bytes; }
    [[nodiscard]] std::string get() const {
        std::ostringstream all;
        all << std::ifstream(path, std::ios::binary).rdbuf();
        return all.str();
    }
};

std::string le32(std::uint32_t value) {
    std::string out;
    for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xff);
    return out;
}
std::string be32(std::uint32_t value) {
    auto out = le32(value);
    return {out.rbegin(), out.rend()};
}
std::string le16(unsigned value) { return le32(value).substr(0, 2); }

struct Read {
    std::vector<Time> times;
    std::vector<std::string> packets;
    std::string error;
};

Read read_all(const std::string& path) {
    Read all;
    auto reader = pcap::Reader::open(path);
    if (!reader) {
        all.error = reader.error().text();
        return all;
    }
    for (;;) {
        auto packet = reader->next();
        if (!packet) {
            all.error = packet.error().text();
            return all;
        }
        if (!*packet) return all;
        all.times.push_back((*packet)->time);
        all.packets.emplace_back((*packet)->bytes);
    }
}

}  // namespace

TEST_CASE("what is written is read back to the nanosecond") {
    File file;
    auto writer = pcap::Writer::create(file.path);
    REQUIRE(writer);
    auto first = net::udp_packet(from, to, "one");
    auto second = net::udp_packet(to, from, std::string(65507, '2'));
    REQUIRE(writer->write(noon, first));
    REQUIRE(writer->write(noon + 1ns, second));
    REQUIRE(writer->close());
    CHECK_FALSE(writer->write(noon, first));

    auto reader = pcap::Reader::open(file.path);
    REQUIRE(reader);
    auto packet = reader->next();
    REQUIRE(packet);
    REQUIRE(*packet);
    CHECK((*packet)->time == noon);
    CHECK((*packet)->link_type == net::link_type_raw_ip);
    CHECK((*packet)->bytes == first);
    CHECK((*packet)->original_length == first.size());
    CHECK(net::parse_udp_packet((*packet)->bytes)->payload == "one");
    packet = reader->next();
    REQUIRE(packet);
    CHECK((*packet)->time == noon + 1ns);
    CHECK((*packet)->bytes == second);
    packet = reader->next();
    REQUIRE(packet);
    CHECK_FALSE(*packet);
}

TEST_CASE("the file is nanosecond pcap of raw IP") {
    File file;
    {
        auto writer = pcap::Writer::create(file.path);
        REQUIRE(writer);
        REQUIRE(writer->flush());
    }
    auto bytes = file.get();
    REQUIRE(bytes.size() == 24);
    CHECK(bytes.substr(0, 4) == le32(0xa1b23c4d));
    CHECK(bytes.substr(20, 4) == le32(101));
    CHECK(read_all(file.path).packets.empty());
    CHECK(read_all(file.path).error.empty());
}

TEST_CASE("destruction writes what is left, and a moved writer goes on") {
    File file;
    {
        auto writer = pcap::Writer::create(file.path);
        REQUIRE(writer);
        auto moved = std::move(*writer);
        REQUIRE(moved.write(noon, net::udp_packet(from, to, "one")));
    }
    CHECK(read_all(file.path).packets.size() == 1);
}

TEST_CASE("a path that cannot be written, a full disk") {
    auto missing = pcap::Writer::create("/nonexistent/folder/x.pcap");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().fault == Fault::system);
    CHECK(missing.error().text() == "/nonexistent/folder/x.pcap: cannot write: no such file or directory");
    CHECK_FALSE(pcap::Writer::create("/tmp"));
    auto full = pcap::Writer::create("/dev/full");
    REQUIRE_FALSE(full);
    CHECK(full.error().text() == "/dev/full: cannot write: no space left on device");
}

TEST_CASE("'-' is a file name like any other") { CHECK_FALSE(pcap::Reader::open("-")); }

TEST_CASE("microsecond files, and those of the other byte order") {
    File file;
    auto packet = net::udp_packet(from, to, "x");
    auto length = static_cast<std::uint32_t>(packet.size());
    file.put(le32(0xa1b2c3d4) + le16(2) + le16(4) + le32(0) + le32(0) + le32(65535) + le32(101) + le32(10) +
             le32(999'999) + le32(length) + le32(length + 5) + packet);
    auto read = read_all(file.path);
    CHECK(read.error.empty());
    REQUIRE(read.times.size() == 1);
    CHECK(read.times[0].time_since_epoch() == 10s + 999'999us);

    file.put(be32(0xa1b23c4d) + be32(2 << 16 | 4) + be32(0) + be32(0) + be32(65535) + be32(1) + be32(10) +
             be32(999'999'999) + be32(length) + be32(length + 5) + packet);
    auto reader = pcap::Reader::open(file.path);
    REQUIRE(reader);
    auto next = reader->next();
    REQUIRE(next);
    REQUIRE(*next);
    CHECK((*next)->time.time_since_epoch() == 10s + 999'999'999ns);
    CHECK((*next)->link_type == 1);
    CHECK((*next)->original_length == length + 5);
    CHECK((*next)->bytes.size() == length);
}

namespace {

// pcapng with one interface whose clock has the given resolution (if_tsresol) and one packet.
std::string pcapng(char resolution, std::uint32_t high, std::uint32_t low, const std::string& packet) {
    auto padded = packet + std::string((4 - packet.size() % 4) % 4, '\0');
    auto length = static_cast<std::uint32_t>(packet.size());
    auto block = [](std::uint32_t type, const std::string& body) {
        auto total = le32(static_cast<std::uint32_t>(body.size() + 12));
        return le32(type) + total + body + total;
    };
    return block(0x0a0d0d0a, le32(0x1a2b3c4d) + le16(1) + le16(0) + std::string(8, '\xff')) +
           block(1, le16(101) + le16(0) + le32(0) + le16(9) + le16(1) + std::string{resolution, 0, 0, 0} + le32(0)) +
           block(6, le32(0) + le32(high) + le32(low) + le32(length) + le32(length) + padded);
}

}  // namespace

TEST_CASE("pcapng with nanoseconds") {
    File file;
    auto packet = net::udp_packet(from, to, "ng");
    auto since = static_cast<std::uint64_t>(noon.time_since_epoch().count());
    file.put(pcapng(9, static_cast<std::uint32_t>(since >> 32), static_cast<std::uint32_t>(since), packet));
    auto read = read_all(file.path);
    CHECK(read.error.empty());
    REQUIRE(read.packets.size() == 1);
    CHECK(read.times[0] == noon);
    CHECK(read.packets[0] == packet);
}

TEST_CASE("a pcapng file may claim times that do not exist") {
    File file;
    for (char resolution : {'\0', '\6', '\x80', '\x09'}) {
        file.put(pcapng(resolution, 0xffffffff, 0xffffffff, net::udp_packet(from, to, "x")));
        auto read = read_all(file.path);
        // Seconds (10^0, 2^0) are far out of range; the finer ones end in the far future or beyond it.
        if (resolution == 0 || resolution == '\x80') CHECK(read.error.find("outside 1970 to 2262") != std::string::npos);
        else CHECK((read.packets.size() == 1 || !read.error.empty()));
    }
}

TEST_CASE("empty, missing, garbage, a folder") {
    File file;
    CHECK(read_all(file.path).error == file.path + ": the file is empty; a capture has at least a header");
    CHECK(read_all("/nonexistent.pcap").error == "/nonexistent.pcap: cannot read: no such file or directory");
    CHECK(read_all("/tmp").error == "/tmp: cannot read: is a directory");
    for (std::string_view garbage : {"x", "GET / HTTP/1.1\r\n\r\n", "\xd4\xc3\xb2\xa1", "\x1f\x8b\x08\0\0\0\0\0"}) {
        file.put(garbage);
        auto reader = pcap::Reader::open(file.path);
        REQUIRE_FALSE(reader);
        CHECK(reader.error().fault == Fault::input);
        CHECK(reader.error().what.find("not a readable pcap or pcapng file") == 0);
    }
}

TEST_CASE("a cut file gives what was whole, and then an error with the packet's number") {
    File file;
    auto packet = net::udp_packet(from, to, "hello");
    {
        auto writer = pcap::Writer::create(file.path);
        REQUIRE(writer);
        for (int i = 0; i < 3; ++i) REQUIRE(writer->write(noon, packet));
    }
    auto whole = file.get();
    for (std::size_t cut = 24; cut < whole.size(); ++cut) {
        file.put(whole.substr(0, cut));
        auto read = read_all(file.path);
        auto complete = (cut - 24) / (16 + packet.size());
        CHECK(read.packets.size() == complete);
        bool at_border = (cut - 24) % (16 + packet.size()) == 0;
        CHECK(read.error.empty() == at_border);
        if (!at_border)
            CHECK(read.error.find("packet " + std::to_string(complete + 1)) != std::string::npos);
    }
}

TEST_CASE("a packet that claims to be huge") {
    File file;
    file.put(le32(0xa1b2c3d4) + le16(2) + le16(4) + le32(0) + le32(0) + le32(65535) + le32(101) + le32(10) + le32(0) +
             le32(0x7fffffff) + le32(0x7fffffff) + "x");
    auto read = read_all(file.path);
    CHECK(read.packets.empty());
    CHECK_FALSE(read.error.empty());
}
