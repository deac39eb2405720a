#include "provider/accounts.h"

#include <algorithm>

#include "base/text.h"

namespace trunkbox::provider {

using sip::HeaderName;

namespace {

constexpr Duration nonce_life = 5min;
// A stranger who asks for challenges without end must not fill the memory.
constexpr std::size_t most_nonces = 100'000;

}  // namespace

void Accounts::add(const std::string& username, const std::string& password, sip::digest::Algorithm algorithm) {
    accounts_[username] = {algorithm, sip::digest::ha1(algorithm, username, realm_, password)};
}

void Accounts::forget_old(Time now) {
    while (!nonces_by_end_.empty() &&
           (nonces_by_end_.begin()->first <= now || nonces_by_end_.size() > most_nonces)) {
        nonces_.erase(nonces_by_end_.begin()->second);
        nonces_by_end_.erase(nonces_by_end_.begin());
    }
}

Accounts::Check Accounts::check(const sip::MessageView& request, bool proxy, const std::string& username, Time now) {
    forget_old(now);
    auto name = proxy ? HeaderName::proxy_authorization : HeaderName::authorization;
    for (const auto& header : request.headers()) {
        if (header.name != name) continue;
        auto credentials = sip::digest::Credentials::parse(header.value);
        if (!credentials || credentials->realm != realm_) continue;
        Check check{Verdict::wrong, credentials->user};
        auto account = accounts_.find(credentials->user);
        if (account == accounts_.end() || (!username.empty() && credentials->user != username)) return check;
        if (credentials->algorithm != account->second.algorithm || credentials->qop != "auth") return check;
        if (!sip::digest::verify(*credentials, request.method(), account->second.ha1)) return check;
        auto nonce = nonces_.find(credentials->nonce);
        auto count = parse_integer<std::uint32_t>(credentials->nc, 16);
        if (nonce == nonces_.end() || !count || *count <= nonce->second.count) {
            check.verdict = Verdict::stale;  // right, but seen before or too old
            return check;
        }
        nonce->second.count = *count;
        check.verdict = Verdict::good;
        return check;
    }
    return {};
}

sip::Message Accounts::challenge(const sip::MessageView& request, bool proxy, const std::string& username, bool stale,
                                 Time now) {
    auto account = accounts_.find(username);
    sip::digest::Challenge challenge;
    challenge.realm = realm_;
    challenge.nonce = ids_.token() + ids_.token();
    challenge.qop_auth = true;
    challenge.stale = stale;
    challenge.proxy = proxy;
    // Nothing tells a stranger whether the account is there.
    challenge.algorithm = account == accounts_.end() ? sip::digest::Algorithm::sha256 : account->second.algorithm;
    auto until = now + nonce_life;
    while (nonces_by_end_.contains(until)) until += 1ns;
    nonces_[challenge.nonce] = {until};
    nonces_by_end_[until] = challenge.nonce;
    auto response = sip::Message::response_to(request, proxy ? 407 : 401);
    response.add(proxy ? "Proxy-Authenticate" : "WWW-Authenticate", challenge.text());
    return response;
}

}  // namespace trunkbox::provider
