// The ladder of a call that was recorded: its messages and its media.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "trace/ladder.h"
#include "ua/report.h"
#include "wire/recorder.h"

namespace trunkbox::ua {

// Which of the recorder's messages.
struct Span {
    std::size_t first = 0;
    std::size_t last = std::numeric_limits<std::size_t>::max();  // not included
};

// `names` gives stations their names and their order; other addresses follow as they appear. The RTP of each report
// becomes a band.
[[nodiscard]] trace::Ladder picture(const wire::Recorder& recorder, const std::vector<CallReport>& reports,
                                    const std::vector<std::pair<net::Endpoint, std::string>>& names,
                                    const Span& span = {});

// The bands that a call's audio draws: what was sent and what was received.
[[nodiscard]] std::vector<trace::Band> bands(const CallReport& report);

}  // namespace trunkbox::ua
