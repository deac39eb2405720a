#include "net/dissector.h"

#include "net/fragments.h"
#include "net/hep.h"
#include "net/ip_layer.h"
#include "net/ledger.h"
#include "net/link_layer.h"
#include "net/sctp.h"
#include "net/tcp.h"
#include "net/udp_tunnel.h"

namespace trunkbox::net {

std::string_view name(Fate fate) {
    switch (fate) {
        case Fate::delivered: return "delivered";
        case Fate::surplus: return "surplus";
        case Fate::no_payload: return "no payload";
        case Fate::cut: return "cut";
        case Fate::damaged: return "damaged";
        case Fate::unknown_link: return "unknown link type";
    }
    return "";
}

struct Dissector::Impl {
    Impl(DatagramSink& sink, const DissectorLimits& bounds)
        : limits(bounds), ledger(sink), fragments(ledger, bounds, counts), tcp(ledger, bounds, counts),
          sctp(ledger, bounds, counts) {}

    void feed(const Frame& frame);
    void finish();
    void pass_time(Time now);
    void sweep(Time now);

    // Each goes on to what the layer carries and says what became of it.
    // The usual way of a frame is one function in the end, which is half the work.
    Outcome types(Carried& carried, const Origin& origin);
    Outcome inner(std::uint16_t type, const Layer& layer, const Origin& origin);
    [[gnu::always_inline]] Outcome ip(const IpPacket& packet, const Origin& origin);
    [[gnu::always_inline]] Outcome udp(const IpPacket& packet, const Origin& origin);
    Outcome fragment(const IpPacket& packet, const Origin& origin);
    void take_reassembled();
    Outcome whole(const Reassembled& packet);
    Outcome broken(const Reassembled& packet);

    DissectorLimits limits;
    DissectorCounts counts;
    Ledger ledger;
    Fragments fragments;
    TcpStreams tcp;
    SctpMessages sctp;
    std::size_t layers = 0;  // of the frame in hand, so far
    Time before{};           // of the last frame
    Time swept{};
};

void Dissector::Impl::feed(const Frame& frame) {
    ++counts.frames;
    pass_time(frame.time);
    layers = 0;
    ledger.begin(frame.number);
    const auto number = frame.number;
    Origin origin{.time = frame.time, .frame = number, .frames = {&number, 1}, .oddities = {}};
    const auto size = frame.bytes.size();
    Layer layer{{frame.bytes.data(), size}, std::max<std::size_t>(size, frame.original_length)};
    Carried carried;
    auto stop = read_link(frame.link_type, layer, carried);
    ledger.end(stop ? *stop : types(carried, origin));
}

void Dissector::Impl::pass_time(Time now) {
    if (now < before) {
        ++counts.backwards;
        counts.most_backwards = std::max(counts.most_backwards, before - now);
    }
    before = now;
    // Once a second is often enough for what waits for seconds. A clock that jumps back must not stop it.
    if (now - swept >= 1s || now < swept) sweep(now);
}

void Dissector::Impl::sweep(Time now) {
    swept = now;
    if (!fragments.is_empty()) {
        fragments.expire(now);
        take_reassembled();
    }
    if (!tcp.is_empty()) tcp.expire(now);
    if (!sctp.is_empty()) sctp.expire(now);
}

void Dissector::Impl::finish() {
    fragments.finish();
    take_reassembled();
    tcp.finish();
    sctp.finish();
    before = swept = {};
}

inline Outcome Dissector::Impl::udp(const IpPacket& packet, const Origin& origin) {
    constexpr std::size_t header = 8;
    const auto& layer = packet.payload;
    if (!layer.has(header)) return too_short(layer, header, "UDP header");
    std::size_t length = be16(layer.bytes, 4);
    if (length < header || length > layer.wire) return {Fate::damaged, "UDP length"};
    auto from = be16(layer.bytes, 0), to = be16(layer.bytes, 2);
    const auto captured = std::min(length, layer.bytes.size()) - header;
    Datagram datagram{.time = origin.time, .from = {packet.from, from}, .to = {packet.to, to},
                      .transport = Transport::udp, .bytes = {layer.bytes.data() + header, captured},
                      .cut = captured < length - header, .frames = origin.frames, .oddities = origin.oddities};
    if (is_tunnel_port(to)) {
        Carried carried;
        if (read_udp_tunnel(to, {datagram.bytes, length - header}, carried)) return types(carried, origin);
    }
    if (may_be_hep(datagram.bytes)) {
        if (auto hep = read_hep({datagram.bytes, length - header})) {
            datagram.time = hep->time.value_or(origin.time);
            datagram.from = hep->from;
            datagram.to = hep->to;
            datagram.transport = hep->transport;
            datagram.bytes = hep->payload.bytes;
            datagram.cut = hep->payload.is_cut();
        }
    }
    ledger.deliver_whole(datagram);
    return {Fate::delivered, {}};
}

inline Outcome Dissector::Impl::ip(const IpPacket& packet, const Origin& origin) {
    switch (packet.protocol) {
        case ip_protocol::udp: return udp(packet, origin);
        case ip_protocol::tcp: return tcp.segment(packet, origin);
        case ip_protocol::sctp: return sctp.packet(packet, origin);
        case ip_protocol::ip4: return inner(ether_type::ip4, packet.payload, origin);
        case ip_protocol::ip6: return inner(ether_type::ip6, packet.payload, origin);
        case ip_protocol::mpls: return inner(ether_type::mpls, packet.payload, origin);
        case ip_protocol::gre: {
            Carried carried;
            if (auto stop = read_gre(packet.payload, carried)) return *stop;
            return types(carried, origin);
        }
        default: return {Fate::no_payload, {}};
    }
}

Outcome Dissector::Impl::types(Carried& carried, const Origin& origin) {
    for (;;) {
        if (++layers > limits.layers) return {Fate::damaged, "more layers than there can be"};
        if (carried.type == ether_type::ip4 || carried.type == ether_type::ip6) {
            IpPacket packet;
            auto stop = carried.type == ether_type::ip4 ? read_ip4(carried.layer, packet)
                                                        : read_ip6(carried.layer, packet);
            if (stop) return *stop;
            return packet.fragment ? fragment(packet, origin) : ip(packet, origin);
        }
        if (auto stop = read_shim(carried)) return *stop;
    }
}

Outcome Dissector::Impl::inner(std::uint16_t type, const Layer& layer, const Origin& origin) {
    Carried carried{type, layer};
    return types(carried, origin);
}

Outcome Dissector::Impl::fragment(const IpPacket& packet, const Origin& origin) {
    // What carries nothing for us is not worth the memory. Of IPv6 only the first fragment could say so.
    auto is_ours = [](std::uint8_t protocol) {
        return protocol == ip_protocol::udp || protocol == ip_protocol::tcp || protocol == ip_protocol::sctp ||
               protocol == ip_protocol::ip4 || protocol == ip_protocol::ip6 || protocol == ip_protocol::gre ||
               protocol == ip_protocol::mpls || protocol == ip_protocol::authentication;
    };
    if (!packet.from.is_v6() && !is_ours(packet.protocol)) return {Fate::no_payload, {}};
    auto outcome = fragments.add(packet, origin);
    take_reassembled();
    return outcome;
}

void Dissector::Impl::take_reassembled() {
    while (fragments.has_ready()) {
        auto packet = fragments.take();
        auto outcome = packet.complete && !packet.forbidden ? whole(packet) : broken(packet);
        // What was odd must be told even where nothing was carried, as in a SYN.
        if (outcome.fate == Fate::no_payload && !packet.oddities.empty()) outcome = broken(packet);
        for (auto frame : packet.frames) {
            ledger.mark(frame, outcome);
            ledger.release(frame);
        }
    }
}

Outcome Dissector::Impl::whole(const Reassembled& packet) {
    Origin origin{.time = packet.time, .frame = packet.frames.back(), .frames = packet.frames,
                  .oddities = packet.oddities};
    IpPacket inner{.from = packet.from, .to = packet.to, .protocol = packet.protocol,
                   .payload = {packet.bytes, packet.wire}};
    if (auto stop = read_extensions(inner)) return *stop;
    if (inner.fragment) return {Fate::damaged, "a fragment of a fragment"};
    return ip(inner, origin);
}

// A packet of which fragments are missing, or which no receiver may use.
Outcome Dissector::Impl::broken(const Reassembled& packet) {
    IpPacket inner{.from = packet.from, .to = packet.to, .protocol = packet.protocol,
                   .payload = {packet.bytes, packet.wire}};
    if (!packet.bytes.empty()) static_cast<void>(read_extensions(inner));
    const auto bytes = inner.payload.bytes;
    Datagram datagram{.time = packet.time, .from = {packet.from, 0}, .to = {packet.to, 0}, .cut = !packet.complete,
                      .frames = packet.frames, .oddities = packet.oddities};
    std::size_t header = 8;
    if (inner.protocol == ip_protocol::tcp) {
        datagram.transport = Transport::tcp;
        header = bytes.size() > 12 ? (be8(bytes, 12) >> 4U) * std::size_t{4} : bytes.size();
    } else if (inner.protocol == ip_protocol::sctp) {
        datagram.transport = Transport::sctp;
        header = 12;
    } else if (inner.protocol != ip_protocol::udp) {
        return {packet.forbidden ? Fate::damaged : Fate::cut, "fragments"};
    }
    datagram.opaque = datagram.transport != Transport::udp;
    if (bytes.size() >= 4) {
        datagram.from.port = be16(bytes, 0);
        datagram.to.port = be16(bytes, 2);
    }
    if (!packet.forbidden) datagram.bytes = bytes.substr(std::min(header, bytes.size()));
    ledger.deliver_whole(datagram);
    return {Fate::delivered, {}};
}

Dissector::Dissector(DatagramSink& sink, const DissectorLimits& limits)
    : impl_(std::make_unique<Impl>(sink, limits)) {}
Dissector::~Dissector() = default;
Dissector::Dissector(Dissector&&) noexcept = default;
Dissector& Dissector::operator=(Dissector&&) noexcept = default;

void Dissector::feed(const Frame& frame) { impl_->feed(frame); }
void Dissector::finish() { impl_->finish(); }
const DissectorCounts& Dissector::counts() const {
    impl_->counts.datagrams = impl_->ledger.datagrams();
    return impl_->counts;
}

}  // namespace trunkbox::net
