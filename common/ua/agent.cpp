#include "ua/agent.h"

#include <fmt/format.h>

#include "base/text.h"
#include "sip/dialog.h"
#include "sip/uri.h"
#include "ua/call.h"
#include "wire/seed.h"

namespace trunkbox::ua {

using sip::HeaderName;
using sip::TransactionLayer;

Result<std::unique_ptr<Agent>> Agent::open(sofia::Loop& loop, Config config) {
    auto socket = wire::UdpSocket::bind(loop, config.listen, config.recorder, wire::Traffic::sip);
    if (!socket) return tl::unexpected(socket.error());
    return std::unique_ptr<Agent>(new Agent(loop, std::move(config), std::move(*socket)));
}

Agent::Agent(sofia::Loop& loop, Config config, wire::UdpSocket socket)
    : loop_(loop),
      config_(std::move(config)),
      socket_(std::move(socket)),
      ids_(wire::system_seed()),
      layer_({.sent_by = net::Endpoint{advertised(), local().port}.text(), .timers = config_.timers}, seed()),
      resolver_(loop) {
    socket_.on_datagram([this](const wire::Datagram& datagram) { received(datagram); });
    socket_.on_unreachable([this](const wire::Unreachable& report) { unreachable(report); });
}

Agent::~Agent() = default;

net::Ip Agent::advertised() const { return config_.advertised.value_or(socket_.local().ip); }

std::string Agent::uri(std::string_view user) const {
    auto address = net::Endpoint{advertised(), local().port}.text();
    return user.empty() ? "sip:" + address : fmt::format("sip:{}@{}", user, address);
}

Result<CallAddress> call_address(const std::string& uri) {
    auto parsed = sip::UriView::parse(uri);
    if (!parsed) return tl::unexpected(parsed.error());
    if (!iequals(parsed->scheme, "sip"))
        return failure(Fault::input, "", fmt::format("'{}' cannot be called: only sip: over UDP is spoken here",
                                                     printable(uri)),
                       "write e.g. 'sip:100@127.0.0.1:5090'");
    auto transport = parsed->parameter("transport").value_or("udp");
    if (!iequals(transport, "udp"))
        return failure(Fault::input, "", fmt::format("transport '{}' of '{}' is not spoken here", printable(transport),
                                                     printable(uri)),
                       "leave it out: only UDP is");
    return CallAddress{std::string(parsed->host), parsed->port.value_or(5060)};
}

void Agent::locate(const std::string& uri, std::function<void(Result<net::Endpoint>)> found) {
    auto address = call_address(uri);
    if (!address) return found(tl::unexpected(address.error()));
    auto port = address->port;
    if (auto ip = net::Ip::parse(address->host)) return found(net::Endpoint{*ip, port});
    auto number = next_lookup_++;
    lookups_[number] = resolver_.lookup(address->host, [this, number, port, found](auto addresses) {
        auto keep = lookups_.extract(number);
        if (!addresses) return found(tl::unexpected(addresses.error()));
        found(net::Endpoint{addresses->front(), port});
    });
}

sip::TransactionId Agent::request(sip::Message request, const net::Endpoint& to, OnReply on_reply) {
    if (request.get("User-Agent").empty() && !config_.user_agent.empty())
        request.add("User-Agent", config_.user_agent);
    TransactionLayer::Outputs outputs;
    auto id = layer_.request(loop_.now(), std::move(request), to, outputs);
    replies_[id] = std::move(on_reply);
    destinations_[id] = to;
    handle(std::move(outputs));
    return id;
}

void Agent::cancel(sip::TransactionId invite) {
    TransactionLayer::Outputs outputs;
    layer_.cancel(loop_.now(), invite, outputs);
    handle(std::move(outputs));
}

void Agent::send_ack(sip::Message ack, const net::Endpoint& to) {
    if (ack.get("User-Agent").empty() && !config_.user_agent.empty()) ack.add("User-Agent", config_.user_agent);
    TransactionLayer::Outputs outputs;
    layer_.send_ack(std::move(ack), to, outputs);
    handle(std::move(outputs));
}

void Agent::respond(sip::TransactionId id, const sip::Message& response) {
    TransactionLayer::Outputs outputs;
    if (response.get("Server").empty() && !config_.user_agent.empty()) {
        auto named = response;
        named.add("Server", config_.user_agent);
        layer_.respond(loop_.now(), id, named, outputs);
    } else {
        layer_.respond(loop_.now(), id, response, outputs);
    }
    handle(std::move(outputs));
}

void Agent::send_raw(const net::Endpoint& to, std::string_view bytes) {
    // Nobody waits for this datagram: a failure to send it is like its loss.
    (void)put_out(to, bytes);
}

Result<void> Agent::put_out(const net::Endpoint& to, std::string_view bytes) {
    if (config_.sent) config_.sent({loop_.now(), local(), to, bytes});
    return socket_.send(to, bytes);
}

void Agent::received(const wire::Datagram& datagram) {
    if (config_.admit && !config_.admit(datagram)) return;
    auto view = sip::MessageView::read(datagram.bytes);
    if (view.kind() == sip::MessageView::Kind::not_sip) return;
    TransactionLayer::Outputs outputs;
    layer_.receive(loop_.now(), view, datagram.from, outputs);
    handle(std::move(outputs));
}

void Agent::unreachable(const wire::Unreachable& report) {
    std::vector<sip::TransactionId> concerned;
    for (const auto& [id, to] : destinations_)
        if (to == report.to) concerned.push_back(id);
    last_send_error_ = report.to.text() + ": " + report.reason;
    for (auto id : concerned) {
        TransactionLayer::Outputs outputs;
        layer_.send_failed(loop_.now(), id, outputs);
        handle(std::move(outputs));
    }
}

void Agent::handle(TransactionLayer::Outputs outputs) {
    for (auto& output : outputs) std::visit([&](auto& o) { handle(o); }, output);
    arm();
}

void Agent::handle(const TransactionLayer::Send& send) {
    auto sent = put_out(send.to, send.bytes);
    if (sent || send.id == 0) return;
    last_send_error_ = sent.error().text();
    TransactionLayer::Outputs outputs;
    layer_.send_failed(loop_.now(), send.id, outputs);
    handle(std::move(outputs));
}

std::shared_ptr<Call> Agent::owner(const sip::MessageView& message) const {
    auto [first, last] = calls_.equal_range(std::string(message.value(HeaderName::call_id)));
    for (; first != last; ++first)
        if (sip::call::owns(first->second->state(), message)) return first->second;
    return nullptr;
}

void Agent::handle(const TransactionLayer::Request& request) {
    const auto& message = *request.message;
    if (auto call = owner(message)) return call->apply(sip::call::Request{request.id, &message});
    if (on_request_) return on_request_(Incoming{request.id, &message, request.from});
    refuse(request);
}

// Nobody here takes requests: an OPTIONS is still answered, as a sign of life (RFC 3261 section 11.2).
void Agent::refuse(const TransactionLayer::Request& request) {
    if (request.id == 0) return;
    const auto& message = *request.message;
    bool in_dialog = !sip::tag_of(message.value(HeaderName::to)).empty();
    int status = in_dialog ? 481 : message.method() == "OPTIONS" ? 200 : 405;
    auto response = sip::Message::response_to(message, status);
    if (!in_dialog) response.set("To", fmt::format("{};tag={}", response.get("To"), ids_.token()));
    if (status != 481) response.add("Allow", sip::call::allowed_methods);
    respond(request.id, response);
}

void Agent::handle(const TransactionLayer::Response& response) {
    if (response.id == 0) {
        // A 2xx repeated after its transaction has ended still wants its ACK.
        bool invite = response.message->value(HeaderName::cseq).find("INVITE") != std::string_view::npos;
        if (!invite) return;
        if (auto call = owner(*response.message))
            call->apply(sip::call::Response{sip::call::Purpose::invite, response.message});
        return;
    }
    auto found = replies_.find(response.id);
    if (found == replies_.end()) return;
    int status = response.message->status();
    bool invite = response.message->value(HeaderName::cseq).find("INVITE") != std::string_view::npos;
    auto on_reply = found->second;
    if (status >= 200 && destinations_.erase(response.id) > 0) {
        // A 2xx to INVITE may be repeated or forked: its user hears that too.
        if (invite && status < 300)
            linger(response.id);
        else
            replies_.erase(found);
    }
    on_reply(Reply{response.message, {}, {}});
}

void Agent::linger(sip::TransactionId id) {
    auto now = loop_.now();
    for (; !lingering_.empty() && lingering_.front().first <= now; lingering_.pop_front())
        replies_.erase(lingering_.front().second);
    lingering_.emplace_back(now + config_.timers.timeout(), id);
}

void Agent::handle(const TransactionLayer::Failed& failed) {
    auto found = replies_.extract(failed.id);
    destinations_.erase(failed.id);
    if (found.empty()) return;
    bool transport = failed.why == TransactionLayer::Failed::Why::transport;
    found.mapped()(Reply{nullptr, failed.why, transport ? last_send_error_ : std::string{}});
}

void Agent::handle(const TransactionLayer::Cancelled& cancelled) {
    if (auto found = invites_.find(cancelled.invite); found != invites_.end()) {
        if (auto call = found->second.lock()) call->apply(sip::call::Cancelled{});
    } else if (on_cancelled_) {
        on_cancelled_(cancelled.invite);
    }
}

void Agent::handle(const TransactionLayer::NoAck& no_ack) { invites_.erase(no_ack.invite); }

void Agent::arm() {
    auto due = layer_.deadline();
    if (due == armed_for_) return;
    armed_for_ = due;
    timer_ = {};
    if (!due) return;
    timer_ = loop_.at(*due, [this] {
        armed_for_.reset();
        TransactionLayer::Outputs outputs;
        layer_.tick(loop_.now(), outputs);
        handle(std::move(outputs));
    });
}

void Agent::adopt(std::shared_ptr<Call> call, std::string call_id, sip::TransactionId invite) {
    if (invite != 0) invites_[invite] = call;
    calls_.emplace(std::move(call_id), std::move(call));
}

void Agent::release(const Call* call) {
    auto call_id = call->state().dialog.call_id;
    if (call->state().invite_id != 0) invites_.erase(call->state().invite_id);
    if (call->invite_ != 0) {
        replies_.erase(call->invite_);
        destinations_.erase(call->invite_);
    }
    auto [first, last] = calls_.equal_range(call_id);
    for (; first != last; ++first) {
        if (first->second.get() != call) continue;
        auto keep = std::move(first->second);  // its timer may be what called us
        calls_.erase(first);
        return;
    }
}

}  // namespace trunkbox::ua
