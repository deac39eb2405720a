// bench_traffic FILE [--messages N] [--rtp N] [--calls N] [--mutate SEED]: a capture of calls over UDP, so many SIP messages
// in all, so many RTP packets between them, so many calls at once; with a seed above 0, all of them damaged. The same
// arguments give the same bytes.
#include "arguments.h"
#include "mutation.h"
#include "net/packet.h"
#include "pcap/writer.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace trunkbox;
using namespace trunkbox::bench;

constexpr std::size_t messages_a_call = 7;

// One call between a phone and a gateway of its own.
struct Parties {
    explicit Parties(std::size_t n)
        : number(n), caller{net::Ip::v4(0x0a000000U + static_cast<std::uint32_t>(n % 60'000)), 5060},
          callee{net::Ip::v4(0x0a800000U + static_cast<std::uint32_t>(n % 500)), 5060},
          caller_media{caller.ip, static_cast<std::uint16_t>(16'384 + n % 20'000 * 2)},
          callee_media{callee.ip, static_cast<std::uint16_t>(16'384 + n % 20'000 * 2)} {}

    std::size_t number;
    net::Endpoint caller, callee, caller_media, callee_media;
};

std::string sdp(const net::Endpoint& media) {
    return fmt::format("v=0\r\no=- 1 1 IN IP4 {0}\r\ns=-\r\nc=IN IP4 {0}\r\nt=0 0\r\nm=audio {1} RTP/AVP 8 0 101\r\n"
                       "a=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
                       "a=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n",
                       media.ip.text(), media.port);
}

std::string message(const Parties& parties, std::string_view start, std::string_view method, int cseq, bool tagged,
                    std::string_view body) {
    auto n = parties.number;
    bool from_caller = !start.starts_with("SIP/2.0") || method != "INVITE";
    auto text = fmt::format("{}\r\nVia: SIP/2.0/UDP {};rport;branch=z9hG4bK{:08x}{}\r\n", start, parties.caller.text(), n,
                            method == "INVITE" ? "i" : method);
    if (!start.starts_with("SIP/2.0")) text += "Max-Forwards: 70\r\n";
    text += fmt::format("From: \"Desk {0}\" <sip:+3319900{1:04}@pbx.example.com>;tag=f{0}\r\n"
                        "To: <sip:+4420794600{2:02}@trunk.example.net>{3}\r\nCall-ID: {0:016x}@{4}\r\nCSeq: {5} {6}\r\n",
                        n, n % 10'000, n % 100, tagged ? fmt::format(";tag=t{}", n) : "", parties.caller.ip.text(), cseq,
                        method);
    const auto& contact = from_caller ? parties.caller : parties.callee;
    text += fmt::format("Contact: <sip:{}>\r\nUser-Agent: bench/1.0\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\n",
                        contact.text());
    if (!body.empty()) text += "Content-Type: application/sdp\r\n";
    return text + fmt::format("Content-Length: {}\r\n\r\n{}", body.size(), body);
}

struct Datagram {
    net::Endpoint from, to;
    std::string payload;
};

// The n-th of a call's messages: INVITE, 100, 180, 200, ACK, BYE, 200.
Datagram sip_datagram(const Parties& parties, std::size_t nth) {
    auto request = [&](std::string_view method, int cseq, bool tagged, std::string_view body = {}) {
        auto start = fmt::format("{} sip:+4420794600{:02}@{} SIP/2.0", method, parties.number % 100, parties.callee.text());
        return Datagram{parties.caller, parties.callee, message(parties, start, method, cseq, tagged, body)};
    };
    auto response = [&](std::string_view status, std::string_view method, int cseq, bool tagged, std::string_view body = {}) {
        return Datagram{parties.callee, parties.caller,
                        message(parties, fmt::format("SIP/2.0 {}", status), method, cseq, tagged, body)};
    };
    switch (nth) {
        case 0: return request("INVITE", 1, false, sdp(parties.caller_media));
        case 1: return response("100 Trying", "INVITE", 1, false);
        case 2: return response("180 Ringing", "INVITE", 1, true);
        case 3: return response("200 OK", "INVITE", 1, true, sdp(parties.callee_media));
        case 4: return request("ACK", 1, true);
        case 5: return request("BYE", 2, true);
        default: return response("200 OK", "BYE", 2, true);
    }
}

Datagram rtp_datagram(const Parties& parties, bool from_caller, std::uint32_t sequence) {
    std::string payload(12 + 160, '\xd5');
    auto put = [&](std::size_t at, std::uint32_t value, int bytes) {
        for (int i = bytes; i-- > 0; value >>= 8U) payload[at + static_cast<std::size_t>(i)] = static_cast<char>(value);
    };
    put(0, 0x8008, 2);
    put(2, sequence, 2);
    put(4, sequence * 160, 4);
    put(8, static_cast<std::uint32_t>(parties.number * 2 + (from_caller ? 0 : 1)), 4);
    const auto& from = from_caller ? parties.caller_media : parties.callee_media;
    const auto& to = from_caller ? parties.callee_media : parties.caller_media;
    return {from, to, payload};
}

class Traffic {
  public:
    Traffic(pcap::Writer writer, std::optional<Mutation> mutation)
        : writer_(std::move(writer)), mutation_(std::move(mutation)) {}

    // Calls in groups that go on together; their RTP stands between answer and end.
    void write(std::size_t calls, std::size_t at_once, std::size_t rtp) {
        auto each = rtp / std::max<std::size_t>(calls, 1);
        for (std::size_t first = 0; first < calls; first += at_once) {
            auto last = std::min(first + at_once, calls);
            for (std::size_t nth = 0; nth < 5; ++nth)
                for (auto n = first; n < last; ++n) put(sip_datagram(Parties(n), nth));
            for (std::size_t i = 0; i < each; ++i)
                for (auto n = first; n < last; ++n) put(rtp_datagram(Parties(n), i % 2 == 0, static_cast<std::uint32_t>(i / 2)));
            for (std::size_t nth = 5; nth < messages_a_call; ++nth)
                for (auto n = first; n < last; ++n) put(sip_datagram(Parties(n), nth));
        }
        if (auto closed = writer_.close(); !closed) throw std::runtime_error(closed.error().text());
    }

  private:
    void put(const Datagram& datagram) {
        const auto& [from, to, payload] = datagram;
        auto packet = mutation_ ? mutation_->packet(from, to, payload) : net::udp_packet(from, to, payload);
        now_ += 100us;
        if (auto written = writer_.write(now_, packet); !written) throw std::runtime_error(written.error().text());
    }

    pcap::Writer writer_;
    std::optional<Mutation> mutation_;
    Time now_ = Time(std::chrono::seconds(1'700'000'000));
};

}  // namespace

int main(int argc, char** argv) {
    try {
        const Arguments arguments{argc, argv, "file", {"messages", "rtp", "calls", "mutate"}};
        auto writer = pcap::Writer::create(arguments.word("file"), {.precision = pcap::Precision::microseconds});
        if (!writer) throw std::runtime_error(writer.error().text());
        const auto seed = arguments.count("mutate", 0);
        Traffic(std::move(*writer), seed == 0 ? std::nullopt : std::optional(Mutation(seed)))
            .write(arguments.count("messages", 500'000) / messages_a_call, std::max<std::size_t>(arguments.count("calls", 1000), 1),
                   arguments.count("rtp", 0));
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_traffic: {}\n", error.what());
        return 2;
    }
}
