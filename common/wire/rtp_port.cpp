#include "wire/rtp_port.h"

#include <fmt/format.h>

namespace trunkbox::wire {

namespace {

// How often the system may pick a port whose neighbour is taken.
constexpr int attempts = 100;

Result<UdpSocket> bind_media(sofia::Loop& loop, const net::Ip& local, int port, Recorder* recorder) {
    return UdpSocket::bind(loop, {local, static_cast<std::uint16_t>(port)}, recorder, Traffic::media);
}

}  // namespace

Result<RtpPort> RtpPort::bind(sofia::Loop& loop, const net::Ip& local, std::optional<PortRange> range,
                              Recorder* recorder) {
    if (range) {
        for (int port = range->first + range->first % 2; port + 1 <= range->last; port += 2) {
            auto rtp = bind_media(loop, local, port, recorder);
            if (!rtp) continue;
            if (auto rtcp = bind_media(loop, local, port + 1, recorder))
                return RtpPort(std::move(*rtp), std::move(*rtcp));
        }
        return failure(Fault::system, "",
                       fmt::format("no free pair of RTP ports from {} to {} on '{}'", range->first, range->last,
                                   local.text()),
                       "give a wider range");
    }
    for (int attempt = 0; attempt < attempts; ++attempt) {
        auto first = bind_media(loop, local, 0, recorder);
        if (!first) return tl::unexpected(first.error());
        int port = first->local().port;
        auto second = bind_media(loop, local, port ^ 1, recorder);
        if (!second) continue;
        bool even = port % 2 == 0;
        return RtpPort(std::move(even ? *first : *second), std::move(even ? *second : *first));
    }
    return failure(Fault::system, "", fmt::format("no free pair of RTP ports on '{}'", local.text()));
}

}  // namespace trunkbox::wire
