#include <doctest/doctest.h>

#include <fcntl.h>

#include "unit/pcap/capture_file.h"

using namespace trunkbox;
using namespace trunkbox::test;

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

TEST_CASE("'-' is standard input") {
    File file;
    {
        auto writer = pcap::Writer::create(file.path);
        REQUIRE(writer);
        REQUIRE(writer->write(noon, "one"));
    }
    int kept = dup(STDIN_FILENO);
    int other = open(file.path.c_str(), O_RDONLY);
    REQUIRE(dup2(other, STDIN_FILENO) == STDIN_FILENO);
    close(other);
    auto read = read_all("-");
    auto again = read_all("-");
    dup2(kept, STDIN_FILENO);
    close(kept);
    CHECK(read.packets == std::vector<std::string>{"one"});
    CHECK(again.error == "standard input: the file is empty; a capture has at least a header");
}

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

TEST_CASE("a cut file gives what was whole, and then says that it is cut, with the packet's number") {
    File file;
    auto packet = net::udp_packet(from, to, "hello");
    {
        auto writer = pcap::Writer::create(file.path);
        REQUIRE(writer);
        for (int i = 0; i < 3; ++i) REQUIRE(writer->write(noon, packet));
    }
    auto whole = file.get();
    for (std::size_t cut = 24; cut <= whole.size(); ++cut) {
        file.put(whole.substr(0, cut));
        auto read = read_all(file.path);
        auto complete = (cut - 24) / (16 + packet.size());
        CHECK(read.packets.size() == complete);
        CHECK(read.error.empty());
        bool at_border = (cut - 24) % (16 + packet.size()) == 0;
        CHECK(read.cut == (at_border ? "" : file.path + ": cut within packet " + std::to_string(complete + 1)));
    }
    for (std::size_t cut = 1; cut < 24; ++cut) {
        file.put(whole.substr(0, cut));
        CHECK(read_all(file.path).error.find("not a readable pcap or pcapng file") != std::string::npos);
    }
}

TEST_CASE("a packet that claims to be huge, one that is as large as they come") {
    File file;
    auto header = le32(0xa1b2c3d4) + le16(2) + le16(4) + le32(0) + le32(0) + le32(65535) + le32(101);
    auto record = [](std::uint32_t length) { return le32(10) + le32(0) + le32(length) + le32(length); };
    file.put(header + record(3) + "one" + record(0x7fffffff) + "x");
    auto read = read_all(file.path);
    CHECK(read.packets == std::vector<std::string>{"one"});
    CHECK(read.error == file.path + ": packet 2: claims 2147483647 captured bytes, more than any has");
    file.put(header + record(262144) + std::string(262144, 'x'));
    CHECK(read_all(file.path).packets.size() == 1);
    file.put(header + record(262145) + std::string(262145, 'x'));
    CHECK(read_all(file.path).packets.empty());
}

TEST_CASE("older forms of the format: lengths the other way round, longer record headers") {
    File file;
    auto header = [](std::uint32_t magic, unsigned minor) {
        return le32(magic) + le16(2) + le16(minor) + le32(0) + le32(0) + le32(65535) + le32(0x14000001);
    };
    auto record = le32(10) + le32(0) + le32(9) + le32(3);
    file.put(header(0xa1b2c3d4, 2) + record + "one");
    auto read = read_all(file.path);
    CHECK(read.packets == std::vector<std::string>{"one"});
    CHECK(read.links == std::vector<int>{1});  // without the length of the checksum in its upper bits
    file.put(header(0xa1b2c3d4, 3) + record + "one");
    CHECK(read_all(file.path).packets == std::vector<std::string>{"one"});
    file.put(header(0xa1b2cd34, 4) + le32(10) + le32(0) + le32(3) + le32(3) + le32(1) + le32(2) + "one");
    CHECK(read_all(file.path).packets == std::vector<std::string>{"one"});
    file.put(le32(0xa1b2c3d4) + le16(3) + header(0, 0).substr(6));
    CHECK(read_all(file.path).error.find("version 3.0 of the format") != std::string::npos);
}

TEST_CASE("the writer keeps link types, lengths on the wire and the precision that it is told") {
    File file;
    net::Frame frame{.number = 7, .time = noon, .link_type = 1, .bytes = "abc", .original_length = 90};
    for (auto precision : {pcap::Precision::microseconds, pcap::Precision::nanoseconds}) {
        auto writer = pcap::Writer::create(file.path, {.link_type = 1, .precision = precision});
        REQUIRE(writer);
        REQUIRE(writer->write(frame));
        frame.link_type = 113;
        auto other = writer->write(frame);
        REQUIRE_FALSE(other);
        CHECK(other.error().what == "a packet of link type 113 does not fit into a pcap file of link type 1");
        frame.link_type = 1;
        CHECK_FALSE(writer->write({.number = 8, .time = Time(-1ns), .link_type = 1, .bytes = "d"}));
        REQUIRE(writer->write(frame));
        REQUIRE(writer->close());

        auto reader = pcap::Reader::open(file.path);
        REQUIRE(reader);
        CHECK(reader->precision() == precision);
        CHECK(reader->link_type() == 1);
        auto packet = reader->next();
        REQUIRE(packet);
        REQUIRE(*packet);
        bool nano = precision == pcap::Precision::nanoseconds;
        CHECK((*packet)->time == (nano ? noon : std::chrono::floor<std::chrono::microseconds>(noon)));
        CHECK((*packet)->bytes == "abc");
        CHECK((*packet)->original_length == 90);
        CHECK(read_all(file.path).numbers == std::vector<std::uint64_t>{1, 2});
    }
}

TEST_CASE("packets of several link types go into a pcapng file") {
    File file;
    for (auto precision : {pcap::Precision::microseconds, pcap::Precision::nanoseconds}) {
        auto writer = pcap::Writer::create(file.path, {.link_type = {}, .precision = precision});
        REQUIRE(writer);
        for (int link : {1, 113, 1})
            REQUIRE(writer->write(
                {.number = 1, .time = noon, .link_type = link, .bytes = "abcde", .original_length = 5}));
        REQUIRE(writer->write(noon, "raw"));
        REQUIRE(writer->close());
        auto read = read_all(file.path);
        CHECK(read.error.empty());
        CHECK(read.links == std::vector<int>{1, 113, 1, 101});
        CHECK(read.packets == std::vector<std::string>{"abcde", "abcde", "abcde", "raw"});
        bool nano = precision == pcap::Precision::nanoseconds;
        CHECK(read.times[1] == (nano ? noon : std::chrono::floor<std::chrono::microseconds>(noon)));
    }
}
