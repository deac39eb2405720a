#include "provider/relay.h"

#include <algorithm>

#include "base/text.h"
#include "sofia/sdp.h"

namespace trunkbox::provider {

namespace {

// What tells of the far side's network and not of its audio.
bool reveals(const media::Attribute& attribute) {
    constexpr std::array<std::string_view, 6> names{"rtcp", "candidate", "remote-candidates", "ice-ufrag", "ice-pwd",
                                                    "source-filter"};
    return std::ranges::any_of(names, [&](auto name) { return iequals(attribute.name, name); });
}

}  // namespace

Result<std::unique_ptr<Relay>> Relay::open(sofia::Loop& loop, const net::Ip& outside, const net::Ip& inside,
                                           wire::Recorder* recorder) {
    auto out = wire::RtpPort::bind(loop, outside, std::nullopt, recorder);
    if (!out) return tl::unexpected(out.error());
    auto in = wire::RtpPort::bind(loop, inside, std::nullopt, recorder);
    if (!in) return tl::unexpected(in.error());
    return std::unique_ptr<Relay>(new Relay(std::move(*out), std::move(*in)));
}

Relay::Relay(wire::RtpPort outside, wire::RtpPort inside)
    : outside_{std::move(outside)}, inside_{std::move(inside)} {
    for (auto face : {Face::outside, Face::inside}) {
        side(face).port.on_rtp([this, face](const wire::Datagram& datagram) { forward(face, datagram); });
        side(face).port.on_rtcp([this, face](const wire::Datagram& datagram) { forward_rtcp(face, datagram); });
    }
}

void Relay::forward(Face from, const wire::Datagram& datagram) {
    Side& in = side(from);
    Side& out = side(other(from));
    // Only from the address that was agreed on: a stranger's packets do not get into the call.
    if (!in.remote || datagram.from.ip != in.remote->ip) return;
    ++in.packets;
    if (out.remote && out.remote->port != 0) (void)out.port.send_rtp(*out.remote, datagram.bytes);
}

void Relay::forward_rtcp(Face from, const wire::Datagram& datagram) {
    Side& in = side(from);
    Side& out = side(other(from));
    if (!in.remote || datagram.from.ip != in.remote->ip || !out.remote || out.remote->port == 0) return;
    auto to = *out.remote;
    ++to.port;
    (void)out.port.send_rtcp(to, datagram.bytes);
}

Result<std::string> Relay::pass(const std::string& sdp, Face from) {
    auto session = sofia::parse_sdp(sdp);
    if (!session) return tl::unexpected(session.error());
    const auto* audio = media::first_audio(*session);
    if (audio == nullptr)
        return failure(Fault::input, "", "the session description has no audio", "offer an audio stream");
    auto remote = media::rtp_endpoint(*session, *audio);
    if (!remote) return tl::unexpected(remote.error());
    side(from).remote = *remote;

    Side& out = side(other(from));
    auto ours = out.port.local();
    auto kept = static_cast<std::size_t>(audio - session->streams.data());
    auto origin = out.ours ? out.ours->origin : media::Origin{"-", session->origin.session_id, 0, {}};
    session->origin = {"-", origin.session_id, origin.version + 1, media::Address::of(ours.ip)};
    session->name = "-";
    session->connection = media::Address::of(ours.ip);
    std::erase_if(session->attributes, reveals);
    for (std::size_t i = 0; i < session->streams.size(); ++i) {
        auto& stream = session->streams[i];
        std::erase_if(stream.attributes, reveals);
        // Hold by 0.0.0.0 must stay one (RFC 3264 section 8.4).
        bool held = i == kept && remote->ip.is_any();
        stream.connection = held ? std::optional(media::Address::of(remote->ip)) : std::nullopt;
        stream.port = i == kept ? ours.port : std::uint16_t{0};
    }
    out.ours = *session;
    return sofia::print_sdp(*session);
}

// What was agreed on with this side: nothing else passes, as nothing is transcoded.
media::Capabilities Relay::capabilities(const Side& side) {
    media::Capabilities capabilities;
    const auto* audio = side.ours ? media::first_audio(*side.ours) : nullptr;
    if (audio != nullptr) capabilities.codecs = audio->formats;
    return capabilities;
}

Result<std::string> Relay::offer(Face to) {
    Side& out = side(to);
    auto ours = capabilities(out);
    out.ours = out.ours ? media::make_offer(ours, out.port.local(), *out.ours)
                        : media::make_offer(ours, out.port.local(), out.port.local().port, 1);
    return sofia::print_sdp(*out.ours);
}

Result<std::string> Relay::answer(const std::string& offer, Face from) {
    auto session = sofia::parse_sdp(offer);
    if (!session) return tl::unexpected(session.error());
    Side& in = side(from);
    auto answer = in.ours ? media::answer(*session, capabilities(in), in.port.local(), *in.ours)
                          : media::answer(*session, capabilities(in), in.port.local(), in.port.local().port, 1);
    if (!answer) return tl::unexpected(answer.error());
    in.remote = answer->negotiated.remote;
    // While this side is on hold nothing is sent to it.
    if (!media::sends(answer->negotiated.direction)) in.remote->port = 0;
    in.ours = answer->session;
    return sofia::print_sdp(*in.ours);
}

}  // namespace trunkbox::provider
