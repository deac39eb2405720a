// What a judge says of any traffic: the first byte chooses the policy; then each packet has a byte for its time and its
// way, two of length, and its bytes. The same traffic gets the same verdicts again, in one step and in two.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "net/layer.h"
#include "sbc/judge.h"
#include "sbc/opinion.h"
#include "sbc/reading.h"

using namespace trunkbox;

namespace {

sbc::Policy policy_of(unsigned choice) {
    auto policy = choice % 3 == 0 ? sbc::Policy::strict() : choice % 3 == 1 ? sbc::Policy::lenient() : sbc::Policy::observe();
    if ((choice & 4U) != 0) policy.own = {*sbc::Network::parse("198.51.100.0/24")};
    if ((choice & 8U) != 0)
        policy.peers = {{.name = "trunk", .networks = {*sbc::Network::parse("192.0.2.0/25")}, .trusted = true, .rate_exempt = true}};
    return policy;
}

sbc::Verdict in_two_steps(sbc::Judge& judge, const sbc::Packet& packet) {
    auto view = sip::MessageView::read(packet.bytes);
    if (view.kind() == sip::MessageView::Kind::not_sip) return judge.judge(packet, view);
    sbc::Reading reading(view);
    return judge.judge(packet, view, reading, judge.look(packet, view, reading));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (bytes.empty()) return 0;
    sbc::Judge judge(policy_of(net::be8(bytes, 0))), again(policy_of(net::be8(bytes, 0)));
    const net::Ip hosts[] = {net::Ip::v4(0xc0000201), net::Ip::v4(0xc6336401), net::Ip::v4(0xcb007101)};
    Time now(1'700'000'000s);
    for (bytes.remove_prefix(1); bytes.size() >= 3;) {
        unsigned way = net::be8(bytes, 0);
        auto payload = bytes.substr(3, net::be16(bytes, 1));
        bytes.remove_prefix(3 + payload.size());
        now += (way & 8U) != 0 ? Duration(40s) : Duration(20ms);
        const std::string exact(payload);  // so that reading beyond it is found
        auto port = static_cast<std::uint16_t>((way & 16U) != 0 ? 4000 : 5060);
        sbc::Packet packet{.time = now, .from = {hosts[way % 3], port}, .to = {hosts[(way + 1 + (way >> 5U)) % 3], port},
                           .transport = (way & 4U) != 0 ? net::Transport::tcp : net::Transport::udp, .bytes = exact};
        auto verdict = judge.judge(packet);
        if (verdict != in_two_steps(again, packet)) std::abort();
        if (verdict.offset > exact.size() || (verdict.action == sbc::Action::reject) != (verdict.status != 0)) std::abort();
        if (judge.memory().bytes() > sbc::Memory::most_bytes()) std::abort();
    }
    return 0;
}
