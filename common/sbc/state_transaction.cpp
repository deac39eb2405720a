// Which transaction a message belongs to, by which way a request came, and what was refused.
#include <algorithm>
#include <utility>

#include "sbc/catalogue.h"
#include "sbc/state.h"

namespace trunkbox::sbc {
namespace {

constexpr std::size_t loop = row_of("H-302"), merged = row_of("H-303"), unmatched = row_of("H-304");
constexpr std::uint64_t call_salt = 0x63616c6cU;

std::uint64_t transaction_key(const Moment& m, Method method) {
    const Present& p = m.present;
    std::uint64_t key = combine(combine(p.branch, p.call), std::uint64_t{p.cseq} << 8U | static_cast<std::uint8_t>(method));
    return method == Method::other ? combine(key, m.hash(m.s.reading.method)) : key;
}

// Which of the two addresses, by their hashes, has sent this; on one host, by their ports.
void see_pair(Moment& m) {
    Present& p = m.present;
    const net::Endpoint &from = m.s.packet.from, &to = m.s.packet.to;
    if (from.ip.is_any() && to.ip.is_any()) return;
    std::uint64_t a = p.source, b = p.destination;
    if (a == b) {
        a = combine(a, from.port);
        b = combine(b, to.port);
    }
    Pair& pair = m.state.pairs.at(combine(std::min(a, b), std::max(a, b)));
    bool known = std::exchange(pair.sent[a <= b ? 0 : 1], true);
    p.one_way = !pair.sent[a <= b ? 1 : 0];
    if (known) return;
    Pair& sender = m.state.pairs.at(p.source);
    m.state.pairs.touch(sender, Pair::one);
}

Transaction* find_living(Moment& m, std::uint64_t key) {
    Transaction* found = m.state.transactions.find(key);
    Duration ringing = m.seconds(unmatched, 1);
    return found != nullptr && found->lives(m.now(), ringing) ? found : nullptr;
}

bool takes_binding_back(const Subject& s) {
    std::string_view expires = s.message.value(sip::HeaderName::expires);
    std::string_view contact = s.message.value(sip::HeaderName::contact);
    if (std::size_t at = contact.find(";expires="); at != std::string_view::npos) {
        std::string_view own = contact.substr(at + 9);
        return own.starts_with('0');
    }
    return expires == "0";
}

}  // namespace

Method method_of(std::string_view text) {
    constexpr std::pair<std::string_view, Method> names[] = {
        {"INVITE", Method::invite},       {"ACK", Method::ack},         {"BYE", Method::bye},
        {"CANCEL", Method::cancel},       {"REGISTER", Method::reg},    {"OPTIONS", Method::options},
        {"UPDATE", Method::update},       {"PRACK", Method::prack},     {"INFO", Method::info},
        {"REFER", Method::refer},         {"SUBSCRIBE", Method::subscribe}, {"NOTIFY", Method::notify},
        {"MESSAGE", Method::message},     {"PUBLISH", Method::publish},
    };
    for (const auto& [name, method] : names)
        if (text == name) return method;
    return Method::other;
}

void identify(Moment& m) {
    Present& p = m.present;
    const Reading& reading = m.s.reading;
    p.request = m.s.message.is_request();
    p.method = method_of(reading.method);
    p.in_dialog = reading.in_dialog();
    p.cseq = static_cast<std::uint32_t>(std::min<std::uint64_t>(reading.cseq.number.value_or(0), UINT32_MAX));
    p.source = m.state.hash(m.s.packet.from.ip);
    p.destination = m.state.hash(m.s.packet.to.ip);
    p.call = m.hash(reading.call_id);
    // What RFC 2543 sends has no branch, and its response comes back with more in its Via.
    p.branch = m.hash(!reading.branch.empty() || !reading.via ? reading.branch : reading.via->host);
    p.from_tag = m.hash(reading.from.tag);
    p.to_tag = p.in_dialog ? m.hash(reading.to.tag) : 0;
    p.watched = m.now() - m.state.started;
    Direction ours = p.request ? Direction::outbound : Direction::inbound;
    p.limited = m.s.direction != ours && !(p.request ? m.s.packet.from : m.s.packet.to).ip.is_any();
    p.credentials = p.request && (m.s.message.find(sip::HeaderName::authorization) != nullptr ||
                                  m.s.message.find(sip::HeaderName::proxy_authorization) != nullptr);
    see_pair(m);
}

void see_transaction(Moment& m) {
    Present& p = m.present;
    p.forgetful = m.state.transactions.evicted() + m.state.dialogs.evicted() > 0;
    if (p.method == Method::ack || p.method == Method::cancel) p.invite = find_living(m, transaction_key(m, Method::invite));
    if (p.method == Method::ack) return;
    p.transaction_key = transaction_key(m, p.method);
    p.transaction = find_living(m, p.transaction_key);
    p.refused = m.state.refused.size() > 0 && m.state.refused.find(p.transaction_key) != nullptr;
    if (!p.request) {
        if (p.transaction == nullptr) m.wake(unmatched);
        return;
    }
    p.again = p.transaction != nullptr;
    if (p.method == Method::cancel) return;
    p.arrival_key = combine(combine(p.call, p.from_tag),
                            combine(std::uint64_t{p.cseq} << 8U | static_cast<std::uint8_t>(p.method),
                                    combine(p.destination, m.s.packet.to.port)));
    p.uri = m.hash(m.s.reading.bare_uri);
    p.arrival = m.state.arrivals.find(p.arrival_key);
    if (p.arrival != nullptr && m.now() - p.arrival->last >= 32s) p.arrival->branch = 0;
    if (p.arrival != nullptr && p.arrival->branch != p.branch && p.arrival->branch != 0) {
        m.wake(loop);
        m.wake(merged);
    }
}

void learn_transaction(Moment& m) {
    Present& p = m.present;
    if (p.method == Method::ack) return;
    if (!p.request) {
        if (p.transaction == nullptr) return;
        p.transaction->last = m.now();
        p.transaction->status = std::max(p.transaction->status, static_cast<std::uint16_t>(m.s.message.status()));
        m.state.transactions.touch(*p.transaction);
        return;
    }
    if (p.refused)
        if (Refused* before = m.state.refused.find(p.transaction_key)) m.state.refused.erase(*before);
    Transaction& made = m.state.transactions.at(p.transaction_key);
    if (!p.again) {
        made.source = p.source;
        made.method = p.method;
        made.status = 0;
        made.credentials = p.credentials;
        made.offered = p.sdp.lines;
        made.user = p.user;
        made.agent = made.unbinds = 0;
        if (p.method == Method::reg) {
            made.agent = m.hash(m.s.message.value(sip::HeaderName::user_agent));
            made.unbinds = takes_binding_back(m.s);
        }
    }
    made.last = m.now();
    if (p.method == Method::cancel || p.again) return;
    if (p.arrival == nullptr) p.arrival = &m.state.arrivals.insert(p.arrival_key);
    else m.state.arrivals.touch(*p.arrival);
    if (p.arrival->branch == 0) {
        p.arrival->branch = p.branch;
        p.arrival->uri = p.uri;
        p.arrival->last = m.now();
    }
}

void learn_refusal(Moment& m) {
    Present& p = m.present;
    if (!p.request || p.method == Method::ack || p.again) return;
    m.state.refused.at(p.transaction_key);
    if (!p.in_dialog && p.dialog == nullptr && p.dialog_key != 0) m.state.refused.at(combine(p.dialog_key, call_salt));
}

bool is_heard(Moment& m, std::uint64_t address) { return m.state.pairs.find(address) != nullptr; }

bool is_call_refused(Moment& m, std::uint64_t dialog_key) {
    return m.state.refused.size() > 0 && m.state.refused.find(combine(dialog_key, call_salt)) != nullptr;
}

void forgive_call(Moment& m, std::uint64_t dialog_key) {
    if (m.state.refused.size() == 0) return;
    if (Refused* before = m.state.refused.find(combine(dialog_key, call_salt))) m.state.refused.erase(*before);
}

}  // namespace trunkbox::sbc
