// Digest access authentication (RFC 7616, RFC 8760; RFC 3261 section 22), both sides, MD5 and SHA-256.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trunkbox::sip::digest {

enum class Algorithm { md5, sha256 };

[[nodiscard]] std::string_view name(Algorithm algorithm);             // "MD5", "SHA-256"
[[nodiscard]] std::string hash(Algorithm algorithm, std::string_view text);  // lower-case hex
// H(user:realm:password), what a server keeps in place of the password.
[[nodiscard]] std::string ha1(Algorithm algorithm, std::string_view user, std::string_view realm,
                              std::string_view password);

struct Challenge {
    std::string realm, nonce, opaque;
    Algorithm algorithm = Algorithm::md5;
    bool qop_auth = false;  // qop offers "auth"
    bool stale = false;
    bool proxy = false;     // Proxy-Authenticate rather than WWW-Authenticate

    // One WWW-Authenticate or Proxy-Authenticate value. An unknown scheme or algorithm is an error.
    [[nodiscard]] static Result<Challenge> parse(std::string_view value, bool proxy);
    [[nodiscard]] std::string text() const;  // header value
};

// The topmost challenge that we can answer (RFC 8760 section 2.4); an error that names what was offered.
[[nodiscard]] Result<Challenge> choose(std::span<const std::string_view> values, bool proxy);

struct Credentials {  // what the client sends, as values
    std::string user, realm, nonce, uri, response, opaque, cnonce, nc, qop;
    Algorithm algorithm = Algorithm::md5;

    [[nodiscard]] static Result<Credentials> parse(std::string_view value);
    [[nodiscard]] std::string text() const;
};

// The answer to a challenge; nc counts the requests sent with this nonce, from 1.
[[nodiscard]] Credentials answer(const Challenge& challenge, std::string_view user, std::string_view password,
                                 std::string_view method, std::string_view uri, std::string_view cnonce,
                                 std::uint32_t nc);

// True when the response is right for this method and HA1 (of the credentials' own algorithm).
[[nodiscard]] bool verify(const Credentials& credentials, std::string_view method, std::string_view ha1_hex);

}  // namespace trunkbox::sip::digest
