// What happens to an address of record: calls and registrations, wrong guesses, and from where it is registered.
#include "base/text.h"
#include "sbc/catalogue.h"
#include "sbc/state.h"

namespace trunkbox::sbc {
namespace {

constexpr std::size_t call_rate = row_of("A-406"), register_rate = row_of("A-407"), guesses = row_of("A-412"),
                      hijack = row_of("A-413");
constexpr std::uint64_t trunk_salt = 0x7472756e6bU;

// RFC 3261 section 10.3 (5): what identifies a binding's address of record, as far as it is compared without a table.
std::uint64_t account_key(const Moment& m, const AddressReading& address) {
    if (!address.uri) return 0;
    std::uint64_t user = address.usual ? m.hash(address.uri->user) : m.hash(address.user());
    return combine(user, m.state.hash.folded(address.uri->host));
}

void see_call_rate(Moment& m) {
    Present& p = m.present;
    p.invites = 1 + p.account->invites.count(m.now(), m.seconds(call_rate, 1));
    if (p.invites > m.value(call_rate, 0)) m.wake(call_rate);
    if (m.value(call_rate, 2) == 0 || m.s.peer == nullptr) return;
    auto peer = static_cast<std::uint64_t>(m.s.peer - m.s.policy.peers.data());
    p.trunk = &m.state.accounts.at(combine(trunk_salt, peer), m.now());
    p.trunk_invites = 1 + p.trunk->invites.count(m.now(), m.seconds(call_rate, 1));
    if (p.trunk_invites > m.value(call_rate, 2)) m.wake(call_rate);
}

void see_account_request(Moment& m) {
    Present& p = m.present;
    if (p.in_dialog || p.again) return;
    p.new_call = p.method == Method::invite && p.dialog == nullptr;
    p.new_registration = p.method == Method::reg;
    if (!p.new_call && !p.new_registration) return;
    if (p.account_key == 0) return;
    p.account = &m.state.accounts.at(p.account_key, m.now());
    if (p.new_call) return see_call_rate(m);
    p.registrations = 1 + p.account->registrations.count(m.now(), m.seconds(register_rate, 1));
    m.wake(register_rate);
}

std::uint64_t registered_from(const Present& p) { return p.destination; }

void see_binding(Moment& m) {
    Present& p = m.present;
    std::size_t live = 0;
    for (const Binding& binding : p.account->bindings) {
        if (binding.until <= m.now()) continue;
        ++live;
        if (binding.source == registered_from(p) || binding.agent == p.transaction->agent) return;
    }
    p.second_binding = live > 0 && !p.transaction->unbinds;
    if (p.second_binding) m.wake(hijack);
}

void see_account_response(Moment& m) {
    Present& p = m.present;
    bool guess = p.failure && m.s.message.status() != 404;
    bool registered = p.method == Method::reg && m.s.message.status() / 100 == 2 && p.transaction != nullptr &&
                      p.transaction->status < 200;
    if (!guess && !registered) return;
    std::uint64_t key = account_key(m);
    if (key == 0) return;
    p.account = &m.state.accounts.at(key, m.now());
    if (registered) return see_binding(m);
    if (p.transaction == nullptr) return;
    p.guessers = p.account->guessers.add(static_cast<std::uint32_t>(p.destination), m.now(), m.seconds(guesses, 1));
    if (p.guessers >= m.value(guesses, 0)) m.wake(guesses);
}

// What the registrar granted (RFC 3261 section 10.3 (8)); an hour where it does not say.
Duration granted(const sip::MessageView& response) {
    std::uint32_t longest = 0;
    bool said = false;
    for (const sip::Header& header : response.headers()) {
        if (header.name != sip::HeaderName::contact) continue;
        std::size_t at = header.value.find("expires=");
        if (at == std::string_view::npos) continue;
        std::string_view digits = header.value.substr(at + 8);
        auto seconds = parse_integer<std::uint32_t>(digits.substr(0, digits.find_first_not_of("0123456789")));
        longest = std::max(longest, seconds.value_or(0));
        said = true;
    }
    if (said) return std::chrono::seconds(longest);
    return std::chrono::seconds(parse_integer<std::uint32_t>(response.value(sip::HeaderName::expires)).value_or(3600));
}

void learn_binding(Moment& m) {
    Present& p = m.present;
    Binding* into = &p.account->bindings[0];
    for (Binding& binding : p.account->bindings) {
        bool same = binding.source == registered_from(p) || (binding.agent == p.transaction->agent && binding.agent != 0);
        if (same) {
            into = &binding;
            break;
        }
        if (binding.until < into->until) into = &binding;
    }
    bool gone = p.transaction->unbinds || m.s.message.find(sip::HeaderName::contact) == nullptr;
    *into = gone ? Binding{} : Binding{registered_from(p), p.transaction->agent, m.now() + granted(m.s.message)};
}

}  // namespace

std::uint64_t account_key(const Moment& m) {
    return account_key(m, m.present.method == Method::reg ? m.s.reading.to : m.s.reading.from);
}

void see_account(Moment& m) {
    if (!m.present.limited || m.present.ban != nullptr) return;
    if (m.present.request) see_account_request(m);
    else see_account_response(m);
}

void learn_account(Moment& m) {
    Present& p = m.present;
    if (p.new_call) {
        p.account->invites.add(m.now(), m.seconds(call_rate, 1));
        if (p.trunk != nullptr) p.trunk->invites.add(m.now(), m.seconds(call_rate, 1));
        if (p.dialog != nullptr) p.dialog->account = p.account->key;
    } else if (p.new_registration) {
        p.account->registrations.add(m.now(), m.seconds(register_rate, 1));
    } else if (p.method == Method::reg && m.s.message.status() / 100 == 2) {
        learn_binding(m);
    }
}

}  // namespace trunkbox::sbc
