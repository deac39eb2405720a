#include "media/rtp.h"

#include <fmt/format.h>

namespace trunkbox::media {
namespace {

constexpr std::size_t fixed_header = 12;

tl::unexpected<Error> cut(const char* part, std::size_t wants, std::size_t has) {
    return failure(Fault::input, "",
                   fmt::format("rtp packet of {} bytes ends in its {}, which ends at {}", has, part, wants));
}

}  // namespace

Result<RtpView> RtpView::parse(ByteView datagram) {
    const std::size_t size = datagram.size();
    if (size < fixed_header) return cut("fixed header", fixed_header, size);
    const std::uint8_t first = datagram[0];
    if (first >> 6 != 2) {
        return failure(Fault::input, "", fmt::format("rtp version is {}, not 2", first >> 6));
    }
    RtpView view;
    view.header = {.marker = (datagram[1] & 0x80) != 0,
                   .payload_type = static_cast<std::uint8_t>(datagram[1] & 0x7f),
                   .sequence = read_16(datagram, 2),
                   .timestamp = read_32(datagram, 4),
                   .ssrc = read_32(datagram, 8)};

    const std::size_t csrc_bytes = (first & 0x0fU) * 4U;
    std::size_t at = fixed_header + csrc_bytes;
    if (at > size) return cut("csrc list", at, size);
    view.csrcs = datagram.subspan(fixed_header, csrc_bytes);

    if ((first & 0x10) != 0) {
        if (at + 4 > size) return cut("extension header", at + 4, size);
        const std::size_t length = read_16(datagram, at + 2) * 4U;
        if (at + 4 + length > size) return cut("extension", at + 4 + length, size);
        view.extension =
            Extension{.profile = read_16(datagram, at), .data = datagram.subspan(at + 4, length)};
        at += 4 + length;
    }
    if ((first & 0x20) != 0) {
        // The count includes itself, so that 0 is as wrong as more than there is.
        view.padding = datagram[size - 1];
        if (view.padding == 0 || at + view.padding > size) {
            return failure(Fault::input, "",
                           fmt::format("rtp padding of {} bytes does not fit the {} after the header",
                                       view.padding, size - at));
        }
    }
    view.payload = datagram.subspan(at, size - at - view.padding);
    return view;
}

Bytes write_rtp(const RtpHeader& header, ByteView payload) {
    Bytes out;
    out.reserve(fixed_header + payload.size());
    const auto put = [&out](std::uint32_t value, int bytes) {
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
            out.push_back(static_cast<std::uint8_t>(value >> shift & 0xff));
        }
    };
    put(0x80, 1);
    put((header.marker ? 0x80U : 0U) | (header.payload_type & 0x7fU), 1);
    put(header.sequence, 2);
    put(header.timestamp, 4);
    put(header.ssrc, 4);
    out.insert(out.end(), payload.begin(), payload.end());
    return out;
}

bool is_rtcp(ByteView datagram) {
    return datagram.size() >= 2 && datagram[0] >> 6 == 2 && datagram[1] >= 192 && datagram[1] <= 223;
}

}  // namespace trunkbox::media
