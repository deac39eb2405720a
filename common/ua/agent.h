// A SIP address of ours on the network: one socket, its transactions, and the calls that run over them.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/ids.h"
#include "base/result.h"
#include "sip/transaction_layer.h"
#include "sofia/loop.h"
#include "sofia/resolver.h"
#include "wire/udp_socket.h"

namespace trunkbox::ua {

class Call;

// What came back for a request of ours. A time-out or an unreachable peer has no message.
struct Reply {
    const sip::MessageView* message = nullptr;
    sip::TransactionLayer::Failed::Why why{};
    std::string detail;  // of a transport failure: "connection refused"
};

// Host and port that a URI is sent to. Only UDP is spoken: sips and other transports are an error (Fault::input).
struct CallAddress {
    std::string host;  // name or literal address
    std::uint16_t port = 5060;
};
[[nodiscard]] Result<CallAddress> call_address(const std::string& uri);

class Agent {
  public:
    struct Config {
        net::Endpoint listen;               // port 0 picks a free one
        std::optional<net::Ip> advertised;  // in Via and Contact; by default the address that is bound
        std::string user_agent = "trunkbox";
        sip::transaction::Timers timers{};
        wire::Recorder* recorder = nullptr;
        // Sees each datagram before anything parses it; false drops it.
        std::function<bool(const wire::Datagram&)> admit{};
        // Sees each datagram that goes out.
        std::function<void(const wire::Datagram&)> sent{};
    };
    // The loop and the recorder outlive the agent. Error: Fault::system when the address cannot be bound.
    [[nodiscard]] static Result<std::unique_ptr<Agent>> open(sofia::Loop& loop, Config config);
    ~Agent();
    Agent(const Agent&) = delete;
    Agent& operator=(const Agent&) = delete;

    [[nodiscard]] const net::Endpoint& local() const { return socket_.local(); }
    [[nodiscard]] net::Ip advertised() const;  // the address for Contact and SDP
    // "sip:user@host:port"; without a user "sip:host:port".
    [[nodiscard]] std::string uri(std::string_view user = {}) const;
    [[nodiscard]] const std::string& user_agent() const { return config_.user_agent; }
    [[nodiscard]] sofia::Loop& loop() { return loop_; }
    [[nodiscard]] IdSource& ids() { return ids_; }
    [[nodiscard]] IdSource::Seed seed() { return {ids_.next(), ids_.next()}; }
    [[nodiscard]] std::string call_id() { return ids_.token() + "@" + advertised().text(); }

    // Where a request to this URI goes: its address and port, or its host name looked up. Called back at once for
    // literal addresses. Only UDP over IPv4 and IPv6 addresses; a URI that asks for another transport is an error.
    void locate(const std::string& uri, std::function<void(Result<net::Endpoint>)> found);

    // Called back for each provisional response, the final one, and repeated 2xx to INVITE.
    using OnReply = std::function<void(const Reply&)>;
    sip::TransactionId request(sip::Message request, const net::Endpoint& to, OnReply on_reply);
    void cancel(sip::TransactionId invite);
    void send_ack(sip::Message ack, const net::Endpoint& to);
    void respond(sip::TransactionId id, const sip::Message& response);
    // Outside every transaction, e.g. the edge's refusal of a message that no transaction shall see.
    void send_raw(const net::Endpoint& to, std::string_view bytes);

    struct Incoming {
        sip::TransactionId id;  // 0 for an ACK that belongs to no call of ours
        const sip::MessageView* message;
        net::Endpoint from;
    };
    // Requests that belong to no call of ours; without a handler they get 405 (OPTIONS 200).
    void on_request(std::function<void(const Incoming&)> handler) { on_request_ = std::move(handler); }
    // The CANCEL of an INVITE that was handed to on_request and is not a Call's.
    void on_cancelled(std::function<void(sip::TransactionId)> handler) { on_cancelled_ = std::move(handler); }

    // The calls announce themselves; messages of theirs reach them first. Kept until released.
    void adopt(std::shared_ptr<Call> call, std::string call_id, sip::TransactionId invite);
    void release(const Call* call);

  private:
    Agent(sofia::Loop& loop, Config config, wire::UdpSocket socket);
    void received(const wire::Datagram& datagram);
    void unreachable(const wire::Unreachable& report);
    void handle(sip::TransactionLayer::Outputs outputs);
    void handle(const sip::TransactionLayer::Send& send);
    Result<void> put_out(const net::Endpoint& to, std::string_view bytes);
    void handle(const sip::TransactionLayer::Request& request);
    void handle(const sip::TransactionLayer::Response& response);
    void handle(const sip::TransactionLayer::Failed& failed);
    void handle(const sip::TransactionLayer::Cancelled& cancelled);
    void handle(const sip::TransactionLayer::NoAck& no_ack);
    void refuse(const sip::TransactionLayer::Request& request);
    void arm();
    void linger(sip::TransactionId id);
    [[nodiscard]] std::shared_ptr<Call> owner(const sip::MessageView& message) const;

    sofia::Loop& loop_;
    Config config_;
    wire::UdpSocket socket_;
    IdSource ids_;
    sip::TransactionLayer layer_;
    sofia::Resolver resolver_;
    sofia::Timer timer_;
    std::optional<Time> armed_for_;
    std::string last_send_error_;
    std::function<void(const Incoming&)> on_request_;
    std::function<void(sip::TransactionId)> on_cancelled_;
    std::unordered_map<sip::TransactionId, OnReply> replies_;
    // Who sends to where, so that "connection refused" ends the transactions that it concerns.
    std::unordered_map<sip::TransactionId, net::Endpoint> destinations_;
    // Answered INVITEs whose 2xx may still be repeated, and until when we listen for that.
    std::deque<std::pair<Time, sip::TransactionId>> lingering_;
    std::unordered_multimap<std::string, std::shared_ptr<Call>> calls_;            // by Call-ID
    std::unordered_map<sip::TransactionId, std::weak_ptr<Call>> invites_;          // server INVITEs, for CANCEL
    std::unordered_map<std::uint64_t, sofia::Lookup> lookups_;
    std::uint64_t next_lookup_ = 0;
};

}  // namespace trunkbox::ua
