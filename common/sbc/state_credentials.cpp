// Challenges and what is answered to them (RFC 7616): which nonce was used how often, and who asks whom.
#include "base/text.h"
#include "sbc/catalogue.h"
#include "sbc/state.h"

namespace trunkbox::sbc {
namespace {

using sip::HeaderName;

constexpr std::size_t leak = row_of("A-416"), replay = row_of("A-417"), unasked = row_of("A-418");

struct DigestView {
    std::string_view realm, nonce, nc;
};

std::string_view unquoted(std::string_view& rest) {
    if (!rest.starts_with('"')) {
        std::string_view token = rest.substr(0, rest.find_first_of(", \t\r\n"));
        rest.remove_prefix(token.size());
        return token;
    }
    std::size_t end = 1;
    while (end < rest.size() && rest[end] != '"') end += rest[end] == '\\' ? 2U : 1U;
    std::string_view inner = rest.substr(1, std::min(end, rest.size()) - 1);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return inner;
}

// Of a challenge or credentials; nothing in what is no Digest.
DigestView read_digest(std::string_view value) {
    DigestView digest;
    if (!istarts_with(value, "digest")) return digest;
    for (std::string_view rest = value.substr(6); !rest.empty();) {
        std::size_t begin = rest.find_first_not_of(", \t\r\n");
        if (begin == std::string_view::npos) break;
        rest.remove_prefix(begin);
        std::size_t equals = rest.find('=');
        if (equals == std::string_view::npos) break;
        std::string_view name = trim(rest.substr(0, equals));
        rest.remove_prefix(equals + 1);
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
        std::string_view inner = unquoted(rest);
        if (iequals(name, "realm")) digest.realm = inner;
        else if (iequals(name, "nonce")) digest.nonce = inner;
        else if (iequals(name, "nc")) digest.nc = inner;
    }
    return digest;
}

// The first of the message's, whichever header it stands in.
DigestView digest_of(const sip::MessageView& message, HeaderName first, HeaderName second) {
    const sip::Header* header = message.find(first);
    if (header == nullptr) header = message.find(second);
    return header == nullptr ? DigestView{} : read_digest(header->value);
}

void see_use(Moment& m) {
    Present& p = m.present;
    DigestView digest = digest_of(m.s.message, HeaderName::authorization, HeaderName::proxy_authorization);
    if (digest.nonce.empty()) return;
    p.realm = m.hash(digest.realm);
    p.nonce_key = combine(p.realm, m.hash(digest.nonce));
    p.nonce = m.state.nonces.find(p.nonce_key);
    auto count = parse_integer<std::uint64_t>(digest.nc, 16);
    p.counts_nonce = count.has_value();
    p.nonce_count = count.value_or(0);
    if (p.again) return;
    if (p.nonce != nullptr && p.nonce->used && p.limited) m.wake(replay);
    if (p.nonce == nullptr && p.method == Method::invite && !p.in_dialog && p.limited) {
        look_at_view(m);
        m.wake(unasked);
    }
    if (p.dialog != nullptr && p.party == Party::callee && p.dialog->challenge == p.realm) m.wake(leak);
}

bool is_challenge(const Moment& m) {
    int status = m.s.message.status();
    return !m.present.request && (status == 401 || status == 407);
}

void see_challenge(Moment& m) {
    Present& p = m.present;
    DigestView digest = digest_of(m.s.message, HeaderName::www_authenticate, HeaderName::proxy_authenticate);
    if (digest.nonce.empty()) return;
    p.realm = m.hash(digest.realm);
    p.nonce_key = combine(p.realm, m.hash(digest.nonce));
    bool by_caller = p.dialog != nullptr && p.dialog->call && !p.dialog->adopted && p.party == Party::callee;
    if (!by_caller || m.s.direction == Direction::outbound) return;
    const Source* source = m.state.sources.find(p.destination);
    if (source == nullptr || source->realm != p.realm) m.wake(leak);
}

}  // namespace

void see_credentials(Moment& m) {
    const Present& p = m.present;
    if (p.ban != nullptr) return;
    if (is_challenge(m)) see_challenge(m);
    else if (p.credentials && p.method != Method::ack && p.method != Method::cancel) see_use(m);
}

void learn_credentials(Moment& m) {
    Present& p = m.present;
    if (p.again) return;
    Nonce& nonce = m.state.nonces.at(p.nonce_key, m.now());
    if (is_challenge(m)) {
        bool by_caller = p.dialog != nullptr && p.party == Party::callee && m.s.direction != Direction::outbound;
        if (!by_caller) m.state.sources.at(p.destination, m.now()).realm = p.realm;
        else if (m.state.awake.has(leak)) p.dialog->challenge = p.realm;
        return;
    }
    nonce.used = true;
    nonce.call = p.call;
    nonce.cseq = p.cseq;
    nonce.source = p.source;
    nonce.count = std::max(nonce.count, p.nonce_count);
}

}  // namespace trunkbox::sbc
