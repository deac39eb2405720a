// Who may register and call: users, their passwords as digests' HA1, and the nonces that were handed out
// (RFC 3261 section 22, RFC 8760).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/ids.h"
#include "base/time.h"
#include "sip/digest.h"
#include "sip/message.h"

namespace trunkbox::provider {

class Accounts {
  public:
    Accounts(std::string realm, IdSource::Seed seed) : realm_(std::move(realm)), ids_(seed) {}

    void add(const std::string& username, const std::string& password, sip::digest::Algorithm algorithm);
    [[nodiscard]] bool has(const std::string& username) const { return accounts_.contains(username); }

    enum class Verdict { good, absent, stale, wrong };
    struct Check {
        Verdict verdict = Verdict::absent;
        std::string username;  // that the credentials name
    };
    // Credentials of a request for `username`'s account, or for any when it is empty. Nonces live five minutes and
    // their counts must grow (RFC 7616 section 3.4).
    [[nodiscard]] Check check(const sip::MessageView& request, bool proxy, const std::string& username, Time now);
    // A 401 (or 407 with `proxy`) with a fresh nonce, in the algorithm of the account.
    [[nodiscard]] sip::Message challenge(const sip::MessageView& request, bool proxy, const std::string& username,
                                         bool stale, Time now);

  private:
    struct Account {
        sip::digest::Algorithm algorithm;
        std::string ha1;
    };
    struct Nonce {
        Time until;
        std::uint32_t count = 0;  // highest seen
    };
    void forget_old(Time now);

    std::string realm_;
    IdSource ids_;
    std::map<std::string, Account> accounts_;
    std::map<std::string, Nonce> nonces_;
    std::map<Time, std::string> nonces_by_end_;
};

}  // namespace trunkbox::provider
