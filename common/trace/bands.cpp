#include "trace/bands.h"

#include <set>

#include <fmt/format.h>

namespace trunkbox::trace {

std::vector<Band> bands(std::span<const Stream> streams) {
    std::vector<Band> made;
    std::set<std::uint64_t> drawn;
    for (const Stream& stream : streams) {
        if (!drawn.insert(stream.id).second) continue;
        const auto lost = stream.sequence.lost();
        auto says =
            fmt::format("{} {} packets", stream.codec().empty() ? stream.codecs() : stream.codec(), stream.packets);
        if (lost > 0) says += fmt::format(", {} lost", lost);
        if (stream.mos) says += fmt::format(", MOS {:.2f}", *stream.mos);
        made.push_back({stream.first, stream.last, stream.from, stream.to, "RTP", std::move(says)});
        if (stream.digits.empty()) continue;
        const Digit& last = stream.digits.back();
        made.push_back(
            {stream.digits.front().time, last.time + last.duration, stream.from, stream.to, "DTMF", stream.keys()});
    }
    return made;
}

}  // namespace trunkbox::trace
