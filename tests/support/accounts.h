// What a dissector promises of every frame, checked while it works: settled once, and after its last datagram.
#pragma once

#include <map>
#include <stdexcept>
#include <vector>

#include "net/dissector.h"

namespace trunkbox::test {

class Accounts : public net::DatagramSink {
  public:
    explicit Accounts(const net::DissectorLimits& limits = {}) : dissector_(*this, limits) {}
    Accounts(const Accounts&) = delete;
    Accounts& operator=(const Accounts&) = delete;
    virtual ~Accounts() = default;

    // Returns the frame's number.
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
    void complete() const {
        if (fates.size() != frames) throw std::logic_error("frames that were not settled");
        if (counts().frames != frames || counts().datagrams != datagrams) throw std::logic_error("wrong counts");
    }
    [[nodiscard]] const net::DissectorCounts& counts() const { return dissector_.counts(); }
    [[nodiscard]] net::Fate fate(std::uint64_t frame) const { return fates.at(frame).fate; }
    [[nodiscard]] std::string_view why(std::uint64_t frame) const { return fates.at(frame).why; }

    Time now{1'700'000'000s};
    std::uint64_t frames = 0, datagrams = 0;
    std::map<std::uint64_t, net::Settled> fates;

    void datagram(const net::Datagram& datagram) override {
        ++datagrams;
        std::uint64_t before = 0;
        for (auto frame : datagram.frames) {
            if (frame <= before || frame > frames) throw std::logic_error("frames out of order, or that never were");
            if (fates.contains(frame)) throw std::logic_error("a datagram of a frame that was settled");
            before = frame;
        }
        if (before == 0) throw std::logic_error("a datagram of no frame");
    }
    void settled(const net::Settled& settled) override {
        if (!fates.emplace(settled.frame, settled).second) throw std::logic_error("a frame was settled twice");
    }

  private:
    net::Dissector dissector_;
};

}  // namespace trunkbox::test
