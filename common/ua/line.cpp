#include "ua/line.h"

#include <fmt/format.h>

#include "base/text.h"

namespace trunkbox::ua {

Result<std::unique_ptr<Line>> Line::towards(const std::string& uri, const Config& config,
                                            std::optional<net::Endpoint> local) {
    std::unique_ptr<Line> line(new Line);
    if (auto ready = line->record(config); !ready) return tl::unexpected(ready.error());
    auto hop = line->find(uri);
    if (!hop) return tl::unexpected(hop.error());
    line->first_hop_ = *hop;
    if (!local) {
        auto ip = wire::source_address(hop->ip);
        if (!ip) return tl::unexpected(ip.error());
        local = net::Endpoint{*ip, 0};
    }
    if (auto opened = line->open(*local, config); !opened) return tl::unexpected(opened.error());
    return line;
}

Result<std::unique_ptr<Line>> Line::listening(const net::Endpoint& listen, const Config& config) {
    std::unique_ptr<Line> line(new Line);
    if (auto ready = line->record(config); !ready) return tl::unexpected(ready.error());
    if (auto opened = line->open(listen, config); !opened) return tl::unexpected(opened.error());
    return line;
}

Result<void> Line::record(const Config& config) {
    if (config.pcap.empty() && !config.keep_messages) return {};
    constexpr std::size_t most_messages = 10'000;
    auto recorder =
        wire::Recorder::open({.pcap = config.pcap, .keep = config.keep_messages ? most_messages : 0});
    if (!recorder) return tl::unexpected(recorder.error());
    recorder_ = std::make_unique<wire::Recorder>(std::move(*recorder));
    return {};
}

Result<void> Line::open(const net::Endpoint& listen, const Config& config) {
    auto agent = Agent::open(loop_, {.listen = listen, .user_agent = config.user_agent, .recorder = recorder_.get()});
    if (!agent) return tl::unexpected(agent.error());
    agent_ = std::move(*agent);
    return {};
}

// Before there is an agent: the address to bind depends on the answer.
Result<net::Endpoint> Line::find(const std::string& uri) {
    auto target = call_address(uri);
    if (!target) return tl::unexpected(target.error());
    if (auto ip = net::Ip::parse(target->host)) return net::Endpoint{*ip, target->port};
    sofia::Resolver resolver(loop_);
    std::optional<Result<std::vector<net::Ip>>> answer;
    auto lookup = resolver.lookup(target->host, [&](auto addresses) { answer = std::move(addresses); });
    loop_.run_until([&] { return answer.has_value(); });
    if (!answer) return failure(Fault::timeout, "", fmt::format("'{}' was not found", printable(target->host)));
    if (!*answer) return tl::unexpected(answer->error());
    return net::Endpoint{(*answer)->front(), target->port};
}

std::string Line::address() const { return "udp:" + agent_->local().text(); }

Result<void> Line::finish() {
    if (!recorder_) return {};
    return recorder_->close();
}

Result<net::Endpoint> parse_listen(std::string_view text) {
    auto rest = text;
    auto colon = rest.find(':');
    auto word = lower(rest.substr(0, colon));
    if (colon != std::string_view::npos && (word == "tcp" || word == "tls" || word == "ws" || word == "wss"))
        return failure(Fault::usage, "", fmt::format("'{}' cannot be listened on: only UDP is spoken here", text),
                       "write e.g. 'udp:127.0.0.1:5090'");
    if (word == "udp" && colon != std::string_view::npos) rest = rest.substr(colon + 1);
    auto endpoint = net::Endpoint::parse(rest, 5060);
    if (endpoint) return endpoint;
    auto error = endpoint.error();
    error.fault = Fault::usage;
    return tl::unexpected(error);
}

}  // namespace trunkbox::ua
