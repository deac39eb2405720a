// captures write DIRECTORY: a capture file for each way in which SIP may be carried, its name the way.
// captures read FILE: what we take out of one, a line a message: its last frame, from, to, Call-ID.
#include <cstdio>
#include <functional>
#include <stdexcept>

#include <fmt/format.h>

#include "net/dissector.h"
#include "pcap/reader.h"
#include "pcap/writer.h"
#include "support/frames.h"

using namespace trunkbox;
using namespace trunkbox::test;

namespace {

std::string message(const std::string& call_id, std::size_t body = 20) {
    return "OPTIONS sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK" + call_id +
           "\r\nMax-Forwards: 70\r\nFrom: <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\nCall-ID: " +
           call_id + "\r\nCSeq: 1 OPTIONS\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(body) +
           "\r\n\r\n" + std::string(body, 'x');
}

class Captures {
  public:
    explicit Captures(std::string directory) : directory_(std::move(directory)) {}

    void write(const std::string& name, const std::vector<Part>& parts) const {
        auto writer = pcap::Writer::create(directory_ + "/" + name + ".pcap", {.link_type = parts.at(0).link_type});
        if (!writer) throw std::runtime_error(writer.error().text());
        Time time{1'700'000'000s};
        std::uint64_t number = 0;
        for (const auto& part : parts) {
            auto length = static_cast<std::uint32_t>(part.bytes.size());
            time += 1ms;
            auto written = writer->write({++number, time, part.link_type, part.bytes, length});
            if (!written) throw std::runtime_error(written.error().text());
        }
        if (auto closed = writer->close(); !closed) throw std::runtime_error(closed.error().text());
    }

  private:
    std::string directory_;
};

const Flow flow4 = flow("192.0.2.1:5060", "198.51.100.2:5060");
const Flow flow6 = flow("[2001:db8::1]:5080", "[2001:db8::2]:5060");

Flow tunnel(std::uint16_t port) {
    auto outer = flow("203.0.113.1:40000", "203.0.113.2:1");
    outer.to.port = port;
    return outer;
}

void write_encapsulations(const Captures& captures, const Flow& inner, const std::string& suffix) {
    auto outer = tunnel(1);
    auto packet = [&](const std::string& name) { return ip(inner, udp(inner, message(name + suffix))); };
    auto one = [&](const std::string& name, const std::function<Part(const Part&)>& around) {
        captures.write(name + suffix, {around(packet(name))});
    };
    one("ethernet", [](const Part& p) { return ethernet(p); });
    one("llc", [](const Part& p) { return llc_snap(p); });
    one("vlan", [](const Part& p) { return ethernet(vlan(7, p)); });
    one("qinq", [](const Part& p) { return ethernet(vlan(7, vlan(8, p), 0x88a8)); });
    one("vlan-twice", [](const Part& p) { return ethernet(vlan(7, vlan(8, p))); });
    one("mpls", [](const Part& p) { return ethernet(mpls(2, p)); });
    one("mpls-ethernet", [](const Part& p) { return ethernet(mpls(2, ethernet(p))); });
    one("pppoe", [](const Part& p) { return ethernet(pppoe(p)); });
    one("sll", [](const Part& p) { return cooked(p); });
    one("sll-vlan", [](const Part& p) { return cooked(vlan(7, p)); });
    one("sll2", [](const Part& p) { return cooked2(p); });
    one("raw", [](const Part& p) { return raw(p); });
    one("raw-family", [](const Part& p) { return raw(p, p.type == 0x0800 ? 228 : 229); });
    one("null", [](const Part& p) { return loopback(p, true); });
    one("null-swapped", [](const Part& p) { return loopback(p, false); });
    one("loop", [](const Part& p) { return loop(p); });
    one("ip-in-ip", [&](const Part& p) { return ethernet(ip(outer, p)); });
    one("gre", [&](const Part& p) { return ethernet(ip(outer, gre(p))); });
    one("gre-options", [&](const Part& p) { return ethernet(ip(outer, gre(p, {true, 5, 6}))); });
    one("gre-ethernet", [&](const Part& p) { return ethernet(ip(outer, gre(ethernet(p)))); });
    one("erspan2", [&](const Part& p) { return ethernet(ip(outer, erspan(2, ethernet(p)))); });
    one("erspan3", [&](const Part& p) { return ethernet(ip(outer, erspan(3, ethernet(p)))); });
    one("vxlan", [](const Part& p) { return ethernet(ip(tunnel(4789), udp(tunnel(4789), vxlan(ethernet(p))))); });
    one("geneve", [](const Part& p) { return ethernet(ip(tunnel(6081), udp(tunnel(6081), geneve(ethernet(p))))); });
    one("gtp", [](const Part& p) { return ethernet(ip(tunnel(2152), udp(tunnel(2152), gtp(p)))); });
    one("gtp-extended", [](const Part& p) { return ethernet(ip(tunnel(2152), udp(tunnel(2152), gtp(p, true)))); });
    for (std::uint32_t id : {5U, 6U}) {
        std::vector<Part> pieces;
        for (const auto& part : fragments(inner, id, udp(inner, message("fragments" + suffix, 2000)), 800))
            pieces.push_back(ethernet(part));
        if (id == 6) std::swap(pieces.front(), pieces.back());
        captures.write((id == 5 ? "fragments" : "fragments-disorder") + suffix, pieces);
    }
}

void write_streams(const Captures& captures, Flow flow, const std::string& suffix) {
    auto segment = [&](std::size_t at, std::string_view bytes, unsigned flags = tcp_ack) {
        return ethernet(ip(flow, tcp(flow, 1000 + static_cast<std::uint32_t>(at), bytes, flags)));
    };
    auto syn = [&] { return ethernet(ip(flow, tcp(flow, 999, "", tcp_syn))); };
    auto chunk = [&](std::uint32_t number, std::string_view bytes) {
        return ethernet(ip(flow, sctp(flow, data_chunk(number, bytes))));
    };
    auto a = message("first" + suffix), b = message("second" + suffix), both = a + b;
    // Connections of their own, so that the files can be put into one.
    auto write = [&](const std::string& name, const std::function<std::vector<Part>()>& parts) {
        ++flow.from.port;
        captures.write(name + suffix, parts());
    };
    write("tcp", [&] { return std::vector{syn(), segment(0, a), segment(a.size(), b)}; });
    write("tcp-together", [&] { return std::vector{syn(), segment(0, both)}; });
    auto one = both.substr(0, 100), two = both.substr(100, 300), three = both.substr(400);
    write("tcp-split", [&] { return std::vector{syn(), segment(0, one), segment(100, two), segment(400, three)}; });
    write("tcp-disorder", [&] { return std::vector{syn(), segment(100, two), segment(0, one), segment(400, three)}; });
    write("tcp-repeated", [&] {
        return std::vector{syn(), segment(0, one), segment(0, one), segment(100, two), segment(400, three)};
    });
    write("tcp-middle", [&] { return std::vector{segment(0, a), segment(a.size(), b)}; });
    write("sctp", [&] { return std::vector{chunk(1, a), chunk(2, b)}; });
    if (!suffix.empty()) return;
    captures.write("extensions", {ethernet(ip(flow6, extension(0, extension(60, udp(flow6, a)))))});
    captures.write("authentication", {ethernet(ip(flow6, authentication(udp(flow6, a))))});
    auto web = tunnel(80);
    std::string upgrade = "GET / HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                          "Sec-WebSocket-Protocol: sip\r\n\r\n";
    std::string switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Protocol: sip\r\n\r\n";
    auto there = [&](std::uint32_t at, std::string_view bytes, unsigned flags = tcp_ack) {
        return ethernet(ip(web, tcp(web, at, bytes, flags)));
    };
    auto back = [&](std::uint32_t at, std::string_view bytes, unsigned flags = tcp_ack) {
        return ethernet(ip(web.back(), tcp(web.back(), at, bytes, flags)));
    };
    auto after = [](const std::string& bytes) { return 1U + static_cast<std::uint32_t>(bytes.size()); };
    captures.write("web-socket", {there(0, "", tcp_syn), back(0, "", tcp_syn | tcp_ack), there(1, upgrade),
                                  back(1, switching), there(after(upgrade), web_socket(a, 0x01020304)),
                                  back(after(switching), web_socket(b))});
}

class Printer final : public net::DatagramSink {
  public:
    void datagram(const net::Datagram& datagram) override {
        auto at = datagram.bytes.find("\r\nCall-ID: ");
        if (datagram.opaque || at == std::string_view::npos) return;
        auto call_id = datagram.bytes.substr(at + 11);
        fmt::print("{} {} {} {}\n", datagram.frames.back(), datagram.from.ip.text(), datagram.to.ip.text(),
                   call_id.substr(0, call_id.find('\r')));
    }
    void settled(const net::Settled&) override {}
};

int read(const std::string& path) {
    auto reader = pcap::Reader::open(path);
    Printer printer;
    net::Dissector dissector(printer);
    while (reader) {
        auto packet = reader->next();
        if (!packet) throw std::runtime_error(packet.error().text());
        if (!*packet) break;
        dissector.feed(**packet);
    }
    if (!reader) throw std::runtime_error(reader.error().text());
    dissector.finish();
    return 0;
}

}  // namespace

int main(int count, char** words) {
    try {
        std::string command = count == 3 ? words[1] : "";
        if (command == "read") return read(words[2]);
        if (command != "write") throw std::runtime_error("usage: captures write DIRECTORY | captures read FILE");
        Captures captures(words[2]);
        write_encapsulations(captures, flow4, "");
        write_encapsulations(captures, flow6, "-6");
        write_streams(captures, flow4, "");
        write_streams(captures, flow6, "-6");
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "captures: {}\n", error.what());
        return 2;
    }
}
