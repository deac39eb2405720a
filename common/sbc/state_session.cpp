// Offers and answers of a dialog, each on the way that it takes: what stands between two legs may rewrite them.
#include "base/text.h"
#include "sbc/catalogue.h"
#include "sbc/state.h"

namespace trunkbox::sbc {
namespace {

constexpr std::size_t fake_busy = row_of("A-419"), offers = row_of("S-805"), moves = row_of("S-806");

// The words of the o= line behind the user: "1 2 IN IP4 192.0.2.1".
std::string_view origin_of(std::string_view body) {
    std::size_t at = body.find("\no=");
    if (at == std::string_view::npos) return {};
    std::string_view line = body.substr(at + 3);
    std::size_t user = line.find(' ');
    return user == std::string_view::npos ? std::string_view() : line.substr(user + 1, line.find('\n') - user - 1);
}

// Of an address: its first 16 bits, of IPv6 its first 32; 0 for what is no address, or hold.
std::uint32_t network_of(const std::optional<net::Ip>& ip) {
    if (!ip || ip->is_any()) return 0;
    const auto& bytes = ip->bytes();
    std::uint32_t high = std::uint32_t{bytes[0]} << 8U | bytes[1];
    return ip->is_v6() ? high << 16U | std::uint32_t{bytes[2]} << 8U | bytes[3] : high;
}

}  // namespace

void see_session(Moment& m) {
    Present& p = m.present;
    if (!p.tracked) return;
    const SdpReading& sdp = m.s.reading.sdp;
    auto [session, rest] = split_once(origin_of(m.s.reading.sdp_text), ' ');
    std::string_view version = rest.value_or("");
    p.sdp.there = true;
    p.sdp.version = parse_integer<std::uint64_t>(version.substr(0, version.find(' '))).value_or(0);
    p.sdp.session = static_cast<std::uint32_t>(m.hash(session)) | 1U;
    p.sdp.body = static_cast<std::uint32_t>(m.hash(m.s.reading.sdp_text));
    p.sdp.lines = static_cast<std::uint8_t>(std::min<std::size_t>(sdp.media_lines, UINT8_MAX));
    for (const SdpReading::Media& media : sdp.media) {
        p.sdp.media = combine(p.sdp.media, combine(m.hash(media.address), media.port.value_or(0)));
        if (p.sdp.network != 0 || media.port == std::uint16_t{0}) continue;
        auto ip = literal_address(media.address);
        p.sdp.network = network_of(ip);
        if (ip) expect_media(m, *ip, media.port.value_or(0));
    }
    if (p.dialog == nullptr || p.again) return;
    Dialog& dialog = *p.dialog;
    if (!p.request) {
        bool answer = p.transaction != nullptr && p.transaction->offered > 0;
        if (answer && p.sdp.lines > p.transaction->offered) m.wake(offers);
        return;
    }
    if (p.method == Method::ack) {
        if (dialog.offered > 0 && p.sdp.lines > dialog.offered) m.wake(offers);
        return;
    }
    if (!p.in_dialog) {
        if (p.credentials && dialog.session != 0 && dialog.session != p.sdp.media) m.wake(fake_busy);
        return;
    }
    const DialogPath* path = dialog.side(p.party).path(p.way);
    if (path == nullptr || path->session == 0) return;
    if (path->session == p.sdp.session && path->body != p.sdp.body && p.sdp.version <= path->version) {
        p.sdp.same_media = path->media == static_cast<std::uint32_t>(p.sdp.media);
        m.wake(offers);
    }
    if (path->network != 0 && p.sdp.network != 0 && path->network != p.sdp.network) m.wake(moves);
}

void learn_session(Moment& m) {
    Present& p = m.present;
    if (p.dialog == nullptr || p.again) return;
    Dialog& dialog = *p.dialog;
    if (p.request && p.method == Method::invite && !p.in_dialog) dialog.session = p.sdp.media;
    // The INVITE made none: the answer to the offer of its response comes with the ACK.
    bool late_offer = !p.request && p.method == Method::invite && p.transaction != nullptr && p.transaction->offered == 0;
    if (late_offer) dialog.offered = p.sdp.lines;
    if (p.method == Method::ack) dialog.offered = 0;
    DialogPath& path = dialog.side(p.request ? p.party : other(p.party)).path_or_new(p.way);
    path.version = p.sdp.version;
    path.session = p.sdp.session;
    path.body = p.sdp.body;
    path.media = static_cast<std::uint32_t>(p.sdp.media);
    if (p.sdp.network != 0) path.network = p.sdp.network;
}

}  // namespace trunkbox::sbc
