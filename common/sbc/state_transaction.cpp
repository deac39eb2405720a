// Which transaction a message belongs to, by which way a request came, and what was refused.
#include <algorithm>
#include <utility>

#include "sbc/catalogue.h"
#include "sbc/state.h"

namespace trunkbox::sbc {
namespace {

constexpr std::size_t loop = row_of("H-302"), merged = row_of("H-303"), astray = row_of("H-304");
constexpr std::uint64_t call_salt = 0x63616c6cU;
constexpr Duration merging = 32s;  // RFC 3261 section 17: no transaction lives longer without a word

std::uint64_t transaction_key(const Moment& m, Method method) {
    const Present& p = m.present;
    std::uint64_t key = combine(combine(p.branch, p.call), std::uint64_t{p.cseq} << 8U | static_cast<std::uint8_t>(method));
    return method == Method::other ? combine(key, m.hash(m.s.reading.method)) : key;
}

std::uint64_t arrival_key(const Moment& m) {
    const Present& p = m.present;
    return combine(combine(p.call, p.from_tag), combine(std::uint64_t{p.cseq} << 8U | static_cast<std::uint8_t>(p.method),
                                                        combine(p.destination, m.s.packet.to.port)));
}

// Two addresses, by their hashes; on one host, by their ports. The sender is the first or the second.
struct PairKey {
    std::uint64_t key = 0;
    std::size_t sender = 0;
};
PairKey pair_key(const Moment& m) {
    std::uint64_t a = m.present.source, b = m.present.destination;
    if (a == b) {
        a = combine(a, m.s.packet.from.port);
        b = combine(b, m.s.packet.to.port);
    }
    return a <= b ? PairKey{combine(a, b), 0} : PairKey{combine(b, a), 1};
}

void see_pair(Moment& m) {
    auto& pairs = m.state.pairs;
    auto [key, sender] = pair_key(m);
    std::uint64_t& seen = m.state.seen_pairs[key % m.state.seen_pairs.size()];
    if (seen == key + sender) return;
    auto forget = [&](const Pair& gone) {
        std::uint64_t& of_gone = m.state.seen_pairs[gone.key % m.state.seen_pairs.size()];
        if (of_gone - gone.key <= 1) of_gone = 0;
        return true;
    };
    Pair& pair = pairs.at(key, m.now(), forget);
    seen = key + sender;
    if (std::exchange(pair.sent[sender], true)) return;
    Pair& alone = pairs.at(m.present.source, m.now(), forget);
    pairs.move(alone, Pair::one, m.now());
}

Transaction* find_living(Moment& m, std::uint64_t key) {
    Transaction* found = m.state.transactions.find(key);
    Duration ringing = m.seconds(astray, 1);
    return found != nullptr && found->lives(m.now(), ringing) ? found : nullptr;
}

bool is_refused(Moment& m, std::uint64_t key) {
    return m.state.refused.size() > 0 && m.state.refused.find(key) != nullptr;
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

// All that the message will be looked up in: first where, then what is there.
void fetch_known(Moment& m) {
    const Present& p = m.present;
    State& state = m.state;
    const std::uint64_t client = p.request ? p.source : p.destination;
    state.transactions.expect(p.transaction_key);
    state.dialogs.expect(p.dialog_key);
    state.sources.expect(client);
    if (p.arrival_key != 0) state.arrivals.expect(p.arrival_key);
    if (p.account_key != 0) state.accounts.expect(p.account_key);
    state.transactions.fetch(p.transaction_key);
    state.dialogs.fetch(p.dialog_key);
    state.sources.fetch(client);
    if (p.account_key != 0) state.accounts.fetch(p.account_key);
}

}  // namespace

Method method_of(std::string_view text) {
    auto is = [&](std::string_view name, Method method) { return text == name ? method : Method::other; };
    if (text.size() < 3) return Method::other;
    switch (text[0]) {
        case 'A': return is("ACK", Method::ack);
        case 'B': return is("BYE", Method::bye);
        case 'C': return is("CANCEL", Method::cancel);
        case 'I': return text[2] == 'V' ? is("INVITE", Method::invite) : is("INFO", Method::info);
        case 'M': return is("MESSAGE", Method::message);
        case 'N': return is("NOTIFY", Method::notify);
        case 'O': return is("OPTIONS", Method::options);
        case 'P': return text[1] == 'R' ? is("PRACK", Method::prack) : is("PUBLISH", Method::publish);
        case 'R': return text[2] == 'G' ? is("REGISTER", Method::reg) : is("REFER", Method::refer);
        case 'S': return is("SUBSCRIBE", Method::subscribe);
        case 'U': return is("UPDATE", Method::update);
        default: return Method::other;
    }
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
    p.limited = m.s.direction != ours && (p.request ? p.source : p.destination) != m.state.nowhere;
    p.credentials = p.request && (m.s.message.find(sip::HeaderName::authorization) != nullptr ||
                                  m.s.message.find(sip::HeaderName::proxy_authorization) != nullptr);
    p.transaction_key = transaction_key(m, p.method);
    p.dialog_key = combine(p.call, p.from_tag);
    if (p.request && !p.in_dialog) {
        p.arrival_key = arrival_key(m);
        if (p.method == Method::invite || p.method == Method::reg) p.account_key = account_key(m);
    }
    see_pair(m);
    fetch_known(m);
}

void see_transaction(Moment& m) {
    Present& p = m.present;
    p.forgetful = m.state.transactions.evicted() + m.state.dialogs.evicted() > 0;
    if (p.method == Method::ack || p.method == Method::cancel) p.invite = find_living(m, transaction_key(m, Method::invite));
    if (p.method == Method::ack) {
        p.refused = is_refused(m, transaction_key(m, Method::invite));
        return;
    }
    p.transaction = find_living(m, p.transaction_key);
    p.refused = is_refused(m, p.transaction_key);
    if (!p.request) {
        if (p.transaction == nullptr) {
            look_at_view(m);
            m.wake(astray);
        }
        return;
    }
    p.again = p.transaction != nullptr;
    if (p.method == Method::cancel || p.in_dialog) return;
    p.arrives = true;
    p.uri = m.hash(m.s.reading.bare_uri);
    p.arrival = m.state.arrivals.find(p.arrival_key);
    if (p.arrival != nullptr && m.now() - p.arrival->last >= merging) p.arrival->branch = 0;
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
        m.state.transactions.touch(*p.transaction, m.now());
        return;
    }
    if (p.refused)
        if (Refused* before = m.state.refused.find(p.transaction_key)) m.state.refused.erase(*before);
    Duration ringing = m.seconds(astray, 1);
    auto lives = [&](const Transaction& gone) { return gone.lives(m.now(), ringing); };
    if (!p.again) m.state.transactions.expire(0, [&](const Transaction& gone) { return !lives(gone); });
    Transaction& made = m.state.transactions.at(p.transaction_key, m.now(), lives);
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
    if (!p.arrives || p.again) return;
    if (p.arrival == nullptr) {
        auto recent = [&](const Arrival& gone) { return m.now() - gone.last < merging; };
        m.state.arrivals.expire(0, [&](const Arrival& gone) { return !recent(gone); });
        p.arrival = &m.state.arrivals.insert(p.arrival_key, m.now(), recent);
    } else {
        m.state.arrivals.touch(*p.arrival, m.now());
    }
    if (p.arrival->branch == 0) {
        p.arrival->branch = p.branch;
        p.arrival->uri = p.uri;
        p.arrival->last = m.now();
    }
}

void learn_refusal(Moment& m) {
    Present& p = m.present;
    if (!p.request || p.method == Method::ack || p.again) return;
    m.state.refused.at(p.transaction_key, m.now());
    bool begins = p.tracked && !p.in_dialog && p.dialog == nullptr && p.method != Method::cancel;
    if (begins) m.state.refused.at(combine(p.dialog_key, call_salt), m.now());
}

void look_at_view(Moment& m) {
    auto [key, sender] = pair_key(m);
    const Pair* pair = m.state.pairs.find(key);
    m.present.one_way = pair == nullptr || !pair->sent[1 - sender];
}

bool is_heard(Moment& m, std::uint64_t address) { return m.state.pairs.find(address) != nullptr; }

bool is_call_refused(Moment& m, std::uint64_t dialog_key) {
    return is_refused(m, combine(dialog_key, call_salt));
}

void forgive_call(Moment& m, std::uint64_t dialog_key) {
    if (m.state.refused.size() == 0) return;
    if (Refused* before = m.state.refused.find(combine(dialog_key, call_salt))) m.state.refused.erase(*before);
}

}  // namespace trunkbox::sbc
