// Frames in, datagrams and fates out, with the accounting checked on the way.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <stdexcept>

#include "net/dissector.h"
#include "support/frames.h"

namespace trunkbox::test {

class Dissection final : public net::DatagramSink {
  public:
    explicit Dissection(const net::DissectorLimits& limits = {}) : dissector_(*this, limits) {}

    // Returns the frame's number.
    std::uint64_t feed(const Part& part, std::size_t captured = ~std::size_t{0}) {
        return feed(part.link_type, part.bytes.substr(0, std::min(captured, part.bytes.size())), part.bytes.size());
    }
    std::uint64_t feed(int link_type, std::string_view bytes, std::size_t length) {
        now += 1ms;
        // A copy of just these bytes, so that reading beyond them is found.
        std::vector<char> exact(bytes.begin(), bytes.end());
        dissector_.feed({.number = ++frames, .time = now, .link_type = link_type,
                         .bytes = {exact.data(), exact.size()}, .original_length = static_cast<std::uint32_t>(length)});
        return frames;
    }
    void finish() {
        dissector_.finish();
        complete();
    }
    // Every frame is settled; throws if one is not.
    void complete() const {
        if (fates.size() != frames) throw std::logic_error("frames that were not settled");
        if (counts().frames != frames || counts().datagrams != all.size()) throw std::logic_error("wrong counts");
    }
    [[nodiscard]] const net::DissectorCounts& counts() const { return dissector_.counts(); }
    // The payloads, in order.
    [[nodiscard]] std::vector<std::string> payloads() const {
        std::vector<std::string> bytes;
        for (const auto& one : all) bytes.push_back(one.bytes);
        return bytes;
    }
    [[nodiscard]] net::Fate fate(std::uint64_t frame) const { return fates.at(frame).fate; }
    [[nodiscard]] std::string_view why(std::uint64_t frame) const { return fates.at(frame).why; }

    Time now{1'700'000'000s};
    std::uint64_t frames = 0;
    std::vector<Delivered> all;
    std::map<std::uint64_t, net::Settled> fates;

    void datagram(const net::Datagram& datagram) override {
        Delivered one{datagram.time, {datagram.from, datagram.to}, datagram.transport, std::string(datagram.bytes),
                      datagram.cut, datagram.opaque, {datagram.frames.begin(), datagram.frames.end()}, {}};
        for (const auto& oddity : datagram.oddities) one.oddities.push_back(oddity.what);
        if (one.frames.empty()) throw std::logic_error("a datagram of no frame");
        for (std::size_t i = 0; i < one.frames.size(); ++i) {
            if (one.frames[i] == 0 || one.frames[i] > frames) throw std::logic_error("a frame that never was");
            if (i > 0 && one.frames[i - 1] >= one.frames[i]) throw std::logic_error("frames out of order");
            if (fates.contains(one.frames[i])) throw std::logic_error("a datagram of a frame that was settled");
        }
        all.push_back(std::move(one));
    }
    void settled(const net::Settled& settled) override {
        if (!fates.emplace(settled.frame, settled).second) throw std::logic_error("a frame was settled twice");
    }

  private:
    net::Dissector dissector_;
};

// The one datagram of one frame.
inline Delivered only(const Part& part) {
    Dissection dissection;
    dissection.feed(part);
    dissection.finish();
    REQUIRE(dissection.all.size() == 1);
    CHECK(dissection.fate(1) == net::Fate::delivered);
    return dissection.all[0];
}

inline const Flow flow4 = flow("192.0.2.1:5060", "198.51.100.2:5070");
inline const Flow flow6 = flow("[2001:db8::1]:5060", "[2001:db8::2]:5070");
inline const Flow tunnel4 = flow("203.0.113.1:40000", "203.0.113.2:40001");
inline const Flow tunnel6 = flow("[2001:db8:1::1]:40000", "[2001:db8:1::2]:40001");

inline std::string message(std::string_view body = "", std::string_view method = "OPTIONS") {
    std::string all(method);
    all += " sip:alice@example.com SIP/2.0\r\nCall-ID: ";
    all += std::to_string(body.size()) + "@example.com\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    return all + std::string(body);
}

}  // namespace trunkbox::test
