// OPTIONS pings (RFC 3261 section 11): sign of life, round-trip time, loss.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "output/value.h"
#include "ua/agent.h"

namespace trunkbox::ua {

struct PingPlan {
    std::string uri;
    net::Endpoint first_hop;
    std::uint64_t count = 1;    // 0: until stopped
    Duration interval = 1s;
    Duration wait = 5s;         // for the answer to one probe
    std::string from;           // address, no tag; empty: the agent's own
};

struct Probe {
    std::uint64_t number = 0;  // from 1
    int status = 0;            // 0: no answer
    std::string reason;
    std::string server;        // Server or User-Agent of the answer
    std::string error;         // why there is no answer
    Duration rtt{};
};

struct PingReport {
    std::string uri;
    std::uint64_t sent = 0, received = 0;
    std::vector<Duration> rtts;  // at most the first million
    int status = 0;              // of the last answer
    std::string reason, server;
    std::string error;           // of the last probe without an answer

    [[nodiscard]] double loss() const;  // 0 to 1
};

[[nodiscard]] output::Record record(const PingReport& report);
[[nodiscard]] std::string text(const PingReport& report);
[[nodiscard]] std::string text(const Probe& probe, const net::Endpoint& from);

class Pinger {
  public:
    // `each` after every probe, `done` once. The agent outlives it.
    Pinger(Agent& agent, PingPlan plan, std::function<void(const Probe&)> each,
           std::function<void(const PingReport&)> done);
    Pinger(const Pinger&) = delete;
    Pinger& operator=(const Pinger&) = delete;
    // Sends no more and reports what there is; probes on the way are not counted.
    void stop();

  private:
    struct Flight;
    void send();
    void settle(std::uint64_t number, Probe probe);
    void finish();

    Agent& agent_;
    PingPlan plan_;
    std::function<void(const Probe&)> each_;
    std::function<void(const PingReport&)> done_;
    PingReport report_;
    std::map<std::uint64_t, std::shared_ptr<Flight>> flights_;
    sofia::Timer timer_;
    Time next_at_{};
    std::string call_id_, tag_;
    bool finished_ = false;
};

}  // namespace trunkbox::ua
