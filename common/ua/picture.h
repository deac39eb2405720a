// The ladder of a call that was recorded: its messages and its media.
#pragma once

#include <string>
#include <vector>

#include "trace/ladder.h"
#include "ua/report.h"
#include "wire/recorder.h"

namespace trunkbox::ua {

// `names` gives stations their names and their order; other addresses follow as they appear. The RTP of each report
// becomes a band.
[[nodiscard]] trace::Ladder picture(const wire::Recorder& recorder, const std::vector<CallReport>& reports,
                                    const std::vector<std::pair<net::Endpoint, std::string>>& names);

// The bands that a call's audio draws: what was sent and what was received.
[[nodiscard]] std::vector<trace::Band> bands(const CallReport& report);

}  // namespace trunkbox::ua
