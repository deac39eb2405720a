// What every live tool needs to speak SIP: the loop, a recorder where asked for, and an agent at the right address.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "sofia/loop.h"
#include "sofia/startup.h"
#include "ua/agent.h"
#include "wire/recorder.h"

namespace trunkbox::ua {

class Line {
  public:
    struct Config {
        std::string pcap;               // capture file to write; empty: none
        bool keep_messages = false;     // for a ladder
        std::string user_agent = "trunkbox";
    };
    // An agent at the address from which `uri` is reached, any port; or at `local`. Looks a host name up (at most
    // 5 s). Errors: Fault::input for a URI that cannot be called, Fault::timeout for a name that is not found,
    // Fault::system for the sockets.
    [[nodiscard]] static Result<std::unique_ptr<Line>> towards(const std::string& uri, const Config& config,
                                                               std::optional<net::Endpoint> local = std::nullopt);
    // An agent that waits at `listen`.
    [[nodiscard]] static Result<std::unique_ptr<Line>> listening(const net::Endpoint& listen, const Config& config);

    [[nodiscard]] sofia::Loop& loop() { return loop_; }
    [[nodiscard]] Agent& agent() { return *agent_; }
    [[nodiscard]] const net::Endpoint& first_hop() const { return first_hop_; }  // towards() only
    [[nodiscard]] wire::Recorder* recorder() { return recorder_.get(); }
    // The message with which this agent appears, and where: "udp:127.0.0.1:5090".
    [[nodiscard]] std::string address() const;
    // Ends the capture file. Error: Fault::system when not all of it was written.
    [[nodiscard]] Result<void> finish();

  private:
    Line() : loop_(library_) {}
    [[nodiscard]] Result<void> record(const Config& config);
    [[nodiscard]] Result<void> open(const net::Endpoint& listen, const Config& config);
    [[nodiscard]] Result<net::Endpoint> find(const std::string& uri);

    sofia::Library library_;
    sofia::Loop loop_;
    std::unique_ptr<wire::Recorder> recorder_;
    std::unique_ptr<Agent> agent_;
    net::Endpoint first_hop_;
};

// "udp:127.0.0.1:5090" or "127.0.0.1:5090", port 0 for any. Error: Fault::usage.
[[nodiscard]] Result<net::Endpoint> parse_listen(std::string_view text);

}  // namespace trunkbox::ua
