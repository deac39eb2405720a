// The story of a trunk, told by running it: every step proves something, or the demo has failed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "output/value.h"
#include "trace/ladder.h"

namespace trunkbox::provider {

struct DemoStep {
    std::string name;    // "trunk-registers"
    std::string proves;  // one sentence
    bool ok = false;
    Duration took{};
    std::string evidence;   // what was seen, one line; of a failure: what was missing
    output::Record detail;
};

struct DemoStory {
    std::vector<DemoStep> steps;
    trace::Ladder ladder;  // of the outbound call, across all stations
    [[nodiscard]] bool ok() const;
};

// Starts a provider, phones and a PBX on free ports of 127.0.0.1 and ends them again; takes less than ten seconds.
// `pcap` is the capture to write, "" for none. `told` is called after each step. Error: Fault::system when nothing
// could be started or the capture not be written.
[[nodiscard]] Result<DemoStory> run_demo(const std::string& pcap, const std::function<void(const DemoStep&)>& told);

}  // namespace trunkbox::provider
