#include "sip/transaction_layer.h"

#include <array>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "sip/dialog.h"
#include "sip/transaction_messages.h"
#include "sip/transaction_table.h"

namespace trunkbox::sip {
namespace {

using transaction::Action;
using transaction::Event;
using transaction::Kind;
using transaction::Phase;

// What a CANCEL may meet besides INVITE; it is answered 200 and changes nothing (section 9.2).
constexpr std::array<std::string_view, 11> other_methods{"REGISTER", "OPTIONS", "BYE",       "INFO",
                                                         "UPDATE",   "PRACK",   "SUBSCRIBE", "NOTIFY",
                                                         "PUBLISH",  "REFER",   "MESSAGE"};

bool is_client(const transaction::State& machine) {
    return machine.kind == Kind::invite_client || machine.kind == Kind::client;
}

// Whether Transaction::bytes may be needed again: to repeat it, or to make ACK or CANCEL of it.
bool needs_bytes(const transaction::State& machine) {
    switch (machine.phase) {
        case Phase::calling:
        case Phase::trying:
        case Phase::proceeding: return true;
        case Phase::completed: return !is_client(machine);
        case Phase::accepted:
        case Phase::confirmed:
        case Phase::terminated: return false;
    }
    return false;
}

Event event_of(int status) {
    return status < 200 ? Event::provisional : status < 300 ? Event::success : Event::failure;
}

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return out;
}

// What an event came with.
struct Cause {
    const MessageView* message = nullptr;
    net::Endpoint from{};
};

}  // namespace

struct TransactionLayer::State {
    Config config;
    IdSource ids;
    std::uint64_t tag_salt;
    std::string via_front;  // of our own Via, up to the random part of the branch
    std::string via_text;   // what `own` views
    Via own;
    TransactionTable table;
    std::string key;  // scratch for lookups

    State(Config with, IdSource::Seed seed);

    std::string fresh_branch() { return fmt::format("{}{:016x}", branch_cookie, ids.next()); }
    std::string own_via(std::string_view branch) const {
        return fmt::format("{};branch={}", via_front, branch);
    }
    bool is_own(const Via& via) const;
    // For responses that the layer makes: the same for each repeat of a request (section 8.2.7).
    std::string tag_for(std::string_view of) const;

    void step(Time now, Transaction& transaction, transaction::Step step, const Cause& cause, Outputs& out);
    void act(Transaction& transaction, Action action, const Cause& cause, Outputs& out);
    void send_cancel(Time now, Transaction& invite, Outputs& out);

    void receive_response(Time now, const MessageView& message, const net::Endpoint& from, Outputs& out);
    void receive_request(Time now, const MessageView& message, const net::Endpoint& from, Outputs& out);
    void receive_ack(Time now, const Envelope& envelope, const Cause& cause, Outputs& out);
    void receive_cancel(Time now, const Envelope& envelope, const Cause& cause, Outputs& out);
    void receive_new(Time now, const Envelope& envelope, const Cause& cause, Outputs& out);
    Transaction* cancelled_by(const Envelope& envelope, const Cause& cause);
    // Answers and keeps nothing.
    void refuse(const Envelope& envelope, const Cause& cause, int status, Outputs& out);
};

TransactionLayer::State::State(Config with, IdSource::Seed seed)
    : config(std::move(with)), ids(seed), tag_salt(ids.next()) {
    if (config.transport != net::Transport::udp) config.timers.reliable = true;
    via_text = fmt::format("SIP/2.0/{} {}", upper(net::name(config.transport)), config.sent_by);
    via_front = via_text + ";rport";
    auto parsed = Via::parse(via_text);
    if (!parsed) throw std::invalid_argument(parsed.error().text());
    own = *parsed;
}

bool TransactionLayer::State::is_own(const Via& via) const {
    std::uint16_t usual = config.transport == net::Transport::tls ? 5061 : 5060;
    return via.port.value_or(usual) == own.port.value_or(usual) && iequals(via.host, own.host);
}

std::string TransactionLayer::State::tag_for(std::string_view of) const {
    return fmt::format("{:016x}", IdSource({std::hash<std::string_view>{}(of), tag_salt}).next());
}

void TransactionLayer::State::step(Time now, Transaction& transaction, transaction::Step step,
                                   const Cause& cause, Outputs& out) {
    transaction.machine = step.state;
    for (auto action : step.actions) {
        if (action == Action::ended) return table.erase(transaction);
        act(transaction, action, cause, out);
    }
    if (!needs_bytes(transaction.machine)) transaction.bytes = {};
    if (transaction.machine.phase != Phase::proceeding) transaction.give_up_at = std::nullopt;
    bool ringing =
        transaction.machine.kind == Kind::invite_client && transaction.machine.phase == Phase::proceeding;
    if (ringing && transaction.cancel_wanted && !transaction.cancel_sent) send_cancel(now, transaction, out);
    table.schedule(transaction);
}

void TransactionLayer::State::act(Transaction& transaction, Action action, const Cause& cause, Outputs& out) {
    auto id = transaction.id;
    bool client = is_client(transaction.machine);
    switch (action) {
        case Action::send:
            out.push_back(Send{
                transaction.peer,
                needs_bytes(transaction.machine) ? transaction.bytes : std::move(transaction.bytes), id});
            break;
        case Action::send_trying:
            transaction.bytes =
                own_response(MessageView::read(transaction.head), 100, transaction.via, {}).bytes();
            transaction.head = {};
            out.push_back(Send{transaction.peer, transaction.bytes, id});
            break;
        case Action::send_ack:
            if (transaction.ack.empty())
                transaction.ack = ack_of(transaction.bytes, cause.message->value(HeaderName::to));
            out.push_back(Send{transaction.peer, transaction.ack, id});
            break;
        case Action::pass_up:
            if (transaction.internal) break;
            if (client)
                out.push_back(Response{id, cause.message, cause.from});
            else  // in accepted it is an ACK
                out.push_back(Request{transaction.machine.phase == Phase::accepted ? 0 : id, cause.message,
                                      cause.from});
            break;
        case Action::timed_out:
            if (transaction.internal) break;
            if (client)
                out.push_back(Failed{Failed::Why::timeout, id});
            else
                out.push_back(NoAck{id});
            break;
        case Action::failed:
            if (client && !transaction.internal) out.push_back(Failed{Failed::Why::transport, id});
            break;
        case Action::ended: break;
    }
}

// A transaction of its own under the INVITE's branch; its replies concern nobody but the layer.
void TransactionLayer::State::send_cancel(Time now, Transaction& invite, Outputs& out) {
    invite.cancel_sent = true;
    invite.give_up_at = now + config.timers.timeout();
    client_key(key, std::string_view(invite.key).substr(invite.key.rfind(' ') + 1), "CANCEL");
    auto started = transaction::start(Kind::client, now, config.timers);
    auto& cancel = table.add(started.state, invite.peer, key);
    cancel.internal = true;
    cancel.bytes = cancel_of(invite.bytes);
    step(now, cancel, std::move(started), {}, out);
}

void TransactionLayer::State::receive_response(Time now, const MessageView& message,
                                               const net::Endpoint& from, Outputs& out) {
    auto envelope = read_envelope(message);
    if (!envelope || !is_own(envelope->via) || message.status() < 100 || message.status() > 699) return;
    client_key(key, envelope->via.branch(), envelope->cseq.method);
    if (auto* found = table.find(key))
        return step(now, *found,
                    transaction::on(found->machine, event_of(message.status()), now, config.timers),
                    {&message, from}, out);
    out.push_back(Response{0, &message, from});
}

void TransactionLayer::State::receive_request(Time now, const MessageView& message, const net::Endpoint& from,
                                              Outputs& out) {
    auto envelope = read_envelope(message);
    if (!envelope) return;
    Cause cause{&message, from};
    bool same_method = envelope->cseq.method == message.method();
    if (message.method() == "ACK") {
        if (same_method) receive_ack(now, *envelope, cause, out);
        return;
    }
    bool old = !has_cookie(envelope->via.branch());
    server_key(key, message, *envelope, message.method(), old ? tag_of(message.value(HeaderName::to)) : "");
    if (auto* found = table.find(key))
        return step(now, *found, transaction::on(found->machine, Event::repeated, now, config.timers), cause,
                    out);
    if (!same_method) return refuse(*envelope, cause, 400, out);
    if (message.method() == "CANCEL") return receive_cancel(now, *envelope, cause, out);
    receive_new(now, *envelope, cause, out);
}

void TransactionLayer::State::receive_ack(Time now, const Envelope& envelope, const Cause& cause,
                                          Outputs& out) {
    bool old = !has_cookie(envelope.via.branch());
    server_key(key, *cause.message, envelope, "INVITE",
               old ? tag_of(cause.message->value(HeaderName::to)) : "");
    if (auto* found = table.find(key))
        return step(now, *found, transaction::on(found->machine, Event::acked, now, config.timers), cause,
                    out);
    out.push_back(Request{0, cause.message, cause.from});
}

Transaction* TransactionLayer::State::cancelled_by(const Envelope& envelope, const Cause& cause) {
    auto to_tag = tag_of(cause.message->value(HeaderName::to));
    auto with = [&](std::string_view method) {
        server_key(key, *cause.message, envelope, method, to_tag);
        return table.find(key);
    };
    if (auto* invite = with("INVITE")) return invite;
    for (auto method : other_methods)
        if (auto* other = with(method)) return other;
    return nullptr;
}

// `key` is the CANCEL's own on entry.
void TransactionLayer::State::receive_cancel(Time now, const Envelope& envelope, const Cause& cause,
                                             Outputs& out) {
    auto own_key = key;
    auto* target = cancelled_by(envelope, cause);
    key = own_key;
    int status = target != nullptr ? 200 : 481;
    if (table.size() >= config.most) {
        refuse(envelope, cause, status, out);
    } else {
        auto started = transaction::start(Kind::server, now, config.timers);
        auto& cancel =
            table.add(started.state, response_target(envelope.via, cause.from, config.timers.reliable),
                      std::move(own_key));
        cancel.internal = true;
        auto tag = target != nullptr && !target->to_tag.empty() ? target->to_tag : tag_for(cancel.key);
        cancel.bytes = own_response(*cause.message, status, answered_via(envelope, cause.from), tag).bytes();
        step(now, cancel, transaction::on(started.state, event_of(status), now, config.timers), cause, out);
    }
    if (target == nullptr || target->cancelled || target->machine.kind != Kind::invite_server) return;
    if (target->machine.phase != Phase::proceeding) return;
    target->cancelled = true;
    out.push_back(Cancelled{target->id, cause.message});
}

// `key` is the request's own on entry.
void TransactionLayer::State::receive_new(Time now, const Envelope& envelope, const Cause& cause,
                                          Outputs& out) {
    if (table.size() >= config.most) return refuse(envelope, cause, 503, out);
    const auto& message = *cause.message;
    bool invite = message.method() == "INVITE";
    auto started = transaction::start(invite ? Kind::invite_server : Kind::server, now, config.timers);
    auto& made =
        table.add(started.state, response_target(envelope.via, cause.from, config.timers.reliable), key);
    made.via = answered_via(envelope, cause.from);
    if (invite) made.head = fmt::format("{}\r\n", message.bytes().substr(0, message.header_end()));
    step(now, made, std::move(started), cause, out);
}

void TransactionLayer::State::refuse(const Envelope& envelope, const Cause& cause, int status, Outputs& out) {
    auto response = own_response(*cause.message, status, answered_via(envelope, cause.from), tag_for(key));
    if (status == 503) response.add("Retry-After", "10");
    out.push_back(
        Send{response_target(envelope.via, cause.from, config.timers.reliable), response.bytes(), 0});
}

TransactionLayer::TransactionLayer(Config config, IdSource::Seed seed)
    : state_(std::make_unique<State>(std::move(config), seed)) {}
TransactionLayer::~TransactionLayer() = default;
TransactionLayer::TransactionLayer(TransactionLayer&&) noexcept = default;
TransactionLayer& TransactionLayer::operator=(TransactionLayer&&) noexcept = default;

TransactionId TransactionLayer::request(Time now, Message request, net::Endpoint to, Outputs& out) {
    auto& s = *state_;
    if (request.method == "ACK" || request.method == "CANCEL")
        throw std::logic_error("ACK and CANCEL start no transaction of the user");
    auto branch = s.fresh_branch();
    request.add_first("Via", s.own_via(branch));
    client_key(s.key, branch, request.method);
    auto kind = request.method == "INVITE" ? Kind::invite_client : Kind::client;
    auto started = transaction::start(kind, now, s.config.timers);
    auto& made = s.table.add(started.state, to, s.key);
    made.bytes = request.bytes();
    auto id = made.id;
    s.step(now, made, std::move(started), {}, out);
    return id;
}

void TransactionLayer::cancel(Time now, TransactionId invite, Outputs& out) {
    auto& s = *state_;
    auto* found = s.table.find(invite);
    if (found == nullptr || found->machine.kind != Kind::invite_client) return;
    found->cancel_wanted = true;
    s.step(now, *found, {found->machine, {}}, {}, out);
}

void TransactionLayer::send_ack(Message ack, net::Endpoint to, Outputs& out) {
    auto& s = *state_;
    ack.add_first("Via", s.own_via(s.fresh_branch()));
    out.push_back(Send{to, ack.bytes(), 0});
}

bool TransactionLayer::respond(Time now, TransactionId server, const Message& response, Outputs& out) {
    auto& s = *state_;
    auto* found = s.table.find(server);
    if (found == nullptr || is_client(found->machine) || found->internal) return false;
    auto event = event_of(response.status);
    auto step = transaction::on(found->machine, event, now, s.config.timers);
    if (step.actions.empty()) return false;  // a second final response
    if (found->machine.kind == Kind::invite_server) {
        found->to_tag = tag_of(response.get("To"));
        found->head = {};
        // An RFC 2543 key ends in the To tag, which the INVITE did not have.
        if (event == Event::failure && found->key.starts_with('o') && found->key.ends_with('\n'))
            s.table.add_ack_key(*found, found->key + found->to_tag);
    }
    found->bytes = with_top_via(response, found->via);
    s.step(now, *found, std::move(step), {}, out);
    return true;
}

void TransactionLayer::receive(Time now, const MessageView& message, net::Endpoint from, Outputs& out) {
    if (message.is_response()) state_->receive_response(now, message, from, out);
    if (message.is_request()) state_->receive_request(now, message, from, out);
}

void TransactionLayer::send_failed(Time now, TransactionId id, Outputs& out) {
    auto& s = *state_;
    if (auto* found = s.table.find(id))
        s.step(now, *found, transaction::on(found->machine, Event::send_error, now, s.config.timers), {},
               out);
}

void TransactionLayer::tick(Time now, Outputs& out) {
    auto& s = *state_;
    for (auto id : s.table.due(now)) {
        auto* found = s.table.find(id);
        if (found == nullptr) continue;
        if (found->give_up_at && *found->give_up_at <= now) {
            out.push_back(Failed{Failed::Why::timeout, id});
            s.table.erase(*found);
            continue;
        }
        s.step(now, *found, transaction::on(found->machine, Event::tick, now, s.config.timers), {}, out);
    }
}

std::optional<Time> TransactionLayer::deadline() const {
    return state_->table.deadline();
}
std::size_t TransactionLayer::size() const {
    return state_->table.size();
}

}  // namespace trunkbox::sip
