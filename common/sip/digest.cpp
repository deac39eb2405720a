#include "sip/digest.h"

#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/text.h"
#include "sip/message_view.h"
#include "sip/parameters.h"

namespace trunkbox::sip::digest {
namespace {

tl::unexpected<Error> bad(std::string what, std::string fix = {}) {
    return failure(Fault::input, "", std::move(what), std::move(fix));
}

std::optional<Algorithm> algorithm_of(std::string_view text) {
    for (auto algorithm : {Algorithm::md5, Algorithm::sha256})
        if (iequals(text, name(algorithm))) return algorithm;
    return std::nullopt;
}

// The parameters of one Digest challenge or answer, quotes and quoted-pairs taken back.
class AuthParameters {
  public:
    static Result<AuthParameters> parse(std::string_view value) {
        value = trim(value);
        auto scheme = value.substr(0, value.find_first_of(" \t\r\n"));
        if (!iequals(scheme, "Digest"))
            return bad(fmt::format("scheme '{}' is not Digest", printable(scheme)), "use Digest (RFC 3261 section 22)");
        AuthParameters all;
        for (auto item : list_items(value.substr(scheme.size()))) {
            auto [key, text] = split_once(item, '=');
            key = trim(key);
            if (!text || !is_token(key))
                return bad(fmt::format("'{}' is no name=value", printable(item)), "separate parameters by commas");
            if (all.find(key)) return bad(fmt::format("parameter '{}' stands twice", printable(key)));
            all.values_.emplace_back(key, unquote(trim(*text)));
        }
        return all;
    }

    [[nodiscard]] const std::string* find(std::string_view key) const {
        for (const auto& [own, value] : values_)
            if (iequals(own, key)) return &value;
        return nullptr;
    }
    [[nodiscard]] std::string get(std::string_view key) const {
        const auto* value = find(key);
        return value == nullptr ? std::string{} : *value;
    }
    // MD5 when no algorithm is named (RFC 7616 section 3.3).
    [[nodiscard]] Result<Algorithm> algorithm() const {
        const auto* text = find("algorithm");
        if (text == nullptr) return Algorithm::md5;
        if (auto known = algorithm_of(*text)) return *known;
        return bad(fmt::format("algorithm '{}' is neither MD5 nor SHA-256", printable(*text)));
    }
    [[nodiscard]] Result<void> require(std::initializer_list<std::string_view> keys) const {
        for (auto key : keys)
            if (!find(key)) return bad(fmt::format("no '{}' in the Digest parameters", key));
        return {};
    }

  private:
    std::vector<std::pair<std::string_view, std::string>> values_;
};

bool is_nonce_count(std::string_view text) { return text.size() == 8 && parse_integer<std::uint32_t>(text, 16); }

// RFC 7616 section 3.4.1; without qop the form of RFC 2069.
std::string response(const Credentials& credentials, std::string_view method, std::string_view ha1_hex) {
    auto ha2 = hash(credentials.algorithm, fmt::format("{}:{}", method, credentials.uri));
    auto text = credentials.qop.empty()
                    ? fmt::format("{}:{}:{}", ha1_hex, credentials.nonce, ha2)
                    : fmt::format("{}:{}:{}:{}:{}:{}", ha1_hex, credentials.nonce, credentials.nc,
                                  credentials.cnonce, credentials.qop, ha2);
    return hash(credentials.algorithm, text);
}

// What a challenge wants, in a word, for the message that none can be answered.
std::string offer(std::string_view value) {
    auto all = AuthParameters::parse(value);
    if (!all) return printable(trim(value).substr(0, trim(value).find_first_of(" \t\r\n")), 20);
    if (!all->algorithm()) return printable(all->get("algorithm"), 20);
    return fmt::format("Digest of qop {}", printable(all->get("qop"), 20));
}

}  // namespace

std::string_view name(Algorithm algorithm) { return algorithm == Algorithm::md5 ? "MD5" : "SHA-256"; }

std::string hash(Algorithm algorithm, std::string_view text) {
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> sum{};
    unsigned size = 0;
    const auto* type = algorithm == Algorithm::md5 ? EVP_md5() : EVP_sha256();
    if (EVP_Digest(text.data(), text.size(), sum.data(), &size, type, nullptr) != 1)
        throw std::runtime_error(fmt::format("OpenSSL refuses to compute {}", name(algorithm)));
    return hex(std::span(sum).first(size));
}

std::string ha1(Algorithm algorithm, std::string_view user, std::string_view realm, std::string_view password) {
    return hash(algorithm, fmt::format("{}:{}:{}", user, realm, password));
}

Result<Challenge> Challenge::parse(std::string_view value, bool proxy) {
    auto all = AuthParameters::parse(value);
    if (!all) return tl::unexpected(all.error());
    if (auto there = all->require({"realm", "nonce"}); !there) return tl::unexpected(there.error());
    auto algorithm = all->algorithm();
    if (!algorithm) return tl::unexpected(algorithm.error());
    Challenge challenge{.realm = all->get("realm"), .nonce = all->get("nonce"), .opaque = all->get("opaque"),
                        .algorithm = *algorithm, .qop_auth = false, .stale = iequals(all->get("stale"), "true"),
                        .proxy = proxy};
    if (const auto* qop = all->find("qop")) {
        for (auto item : list_items(*qop)) challenge.qop_auth |= iequals(item, "auth");
        if (!challenge.qop_auth) return bad(fmt::format("qop '{}' does not offer auth", printable(*qop)));
    }
    return challenge;
}

std::string Challenge::text() const {
    auto out = fmt::format("Digest realm={}, nonce={}", quote(realm), quote(nonce));
    if (!opaque.empty()) out += ", opaque=" + quote(opaque);
    out += fmt::format(", algorithm={}", name(algorithm));
    if (qop_auth) out += ", qop=\"auth\"";
    if (stale) out += ", stale=true";
    return out;
}

Result<Challenge> choose(std::span<const std::string_view> values, bool proxy) {
    std::vector<std::string> offers;
    for (auto value : values) {
        auto challenge = Challenge::parse(value, proxy);
        if (challenge) return challenge;
        // One that is ours but broken deserves its own word when there is no other.
        if (values.size() == 1) return challenge;
        offers.push_back(offer(value));
    }
    if (offers.empty()) return failure(Fault::refused, "", "credentials wanted, but no challenge given");
    return failure(Fault::refused, "", fmt::format("no challenge to answer among '{}'", fmt::join(offers, "', '")),
                   "offer Digest with MD5 or SHA-256");
}

Result<Credentials> Credentials::parse(std::string_view value) {
    auto all = AuthParameters::parse(value);
    if (!all) return tl::unexpected(all.error());
    if (auto there = all->require({"username", "realm", "nonce", "uri", "response"}); !there)
        return tl::unexpected(there.error());
    auto algorithm = all->algorithm();
    if (!algorithm) return tl::unexpected(algorithm.error());
    Credentials credentials{.user = all->get("username"), .realm = all->get("realm"), .nonce = all->get("nonce"),
                            .uri = all->get("uri"), .response = all->get("response"), .opaque = all->get("opaque"),
                            .cnonce = all->get("cnonce"), .nc = all->get("nc"), .qop = all->get("qop"),
                            .algorithm = *algorithm};
    if (credentials.qop.empty()) return credentials;
    if (credentials.cnonce.empty()) return bad("qop without a cnonce");
    if (!is_nonce_count(credentials.nc))
        return bad(fmt::format("nc '{}' is not eight hex digits", printable(credentials.nc)), "write e.g. '00000001'");
    return credentials;
}

std::string Credentials::text() const {
    auto out = fmt::format("Digest username={}, realm={}, nonce={}, uri={}, response=\"{}\", algorithm={}",
                           quote(user), quote(realm), quote(nonce), quote(uri), response, name(algorithm));
    if (!opaque.empty()) out += ", opaque=" + quote(opaque);
    if (!qop.empty()) out += fmt::format(", cnonce={}, qop={}, nc={}", quote(cnonce), qop, nc);
    return out;
}

Credentials answer(const Challenge& challenge, std::string_view user, std::string_view password,
                   std::string_view method, std::string_view uri, std::string_view cnonce, std::uint32_t nc) {
    Credentials credentials{.user = std::string(user), .realm = challenge.realm, .nonce = challenge.nonce,
                            .uri = std::string(uri), .response = {}, .opaque = challenge.opaque, .cnonce = {},
                            .nc = {}, .qop = {}, .algorithm = challenge.algorithm};
    if (challenge.qop_auth) {
        credentials.qop = "auth";
        credentials.cnonce = cnonce;
        credentials.nc = fmt::format("{:08x}", nc);
    }
    credentials.response =
        response(credentials, method, ha1(challenge.algorithm, user, challenge.realm, password));
    return credentials;
}

bool verify(const Credentials& credentials, std::string_view method, std::string_view ha1_hex) {
    // auth-int covers the body, which is not at hand; it is never offered.
    if (!credentials.qop.empty() && !iequals(credentials.qop, "auth")) return false;
    auto right = response(credentials, method, ha1_hex);
    auto given = lower(credentials.response);
    // In constant time, so that answers tell nothing about how much of a guess was right.
    return given.size() == right.size() && CRYPTO_memcmp(given.data(), right.data(), right.size()) == 0;
}

}  // namespace trunkbox::sip::digest
