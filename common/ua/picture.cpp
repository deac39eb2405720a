#include "ua/picture.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::ua {

std::vector<trace::Band> bands(const CallReport& report) {
    std::vector<trace::Band> out;
    const auto& audio = report.audio;
    if (!audio.started || !report.outcome.ended_at) return out;
    auto band = [&](const net::Endpoint& from, const net::Endpoint& to, std::uint64_t packets) {
        if (packets == 0) return;
        out.push_back({*audio.started, *report.outcome.ended_at, from, to, "RTP",
                       fmt::format("{} {} packets", audio.codec, packets)});
    };
    band(audio.local, audio.remote, audio.sent);
    band(audio.remote, audio.local, audio.received.packets);
    return out;
}

trace::Ladder picture(const wire::Recorder& recorder, const std::vector<CallReport>& reports,
                      const std::vector<std::pair<net::Endpoint, std::string>>& names, const Span& span) {
    trace::LadderOptions options;
    for (const auto& [endpoint, name] : names) {
        options.names[endpoint] = name;
        if (std::find(options.order.begin(), options.order.end(), name) == options.order.end())
            options.order.push_back(name);
    }
    for (const auto& report : reports)
        for (auto& band : bands(report)) options.bands.push_back(std::move(band));
    std::vector<trace::Message> messages;
    const auto& all = recorder.messages();
    for (auto i = span.first; i < std::min(span.last, all.size()); ++i)
        messages.push_back({all[i].time, all[i].from, all[i].to, all[i].bytes});
    return trace::ladder(messages, options);
}

}  // namespace trunkbox::ua
