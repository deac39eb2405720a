#include "store/secrets.h"

#include <array>
#include <optional>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/text.h"
#include "centrex/lookup.h"
#include "sip/digest.h"

namespace trunkbox::store {

namespace {

using centrex::Cell;
using centrex::text;

// What RFC 7914 recommends for logins by hand; 16 MiB for some hundredths of a second.
struct Cost {
    std::uint64_t n = 16384, r = 8, p = 1;
};
constexpr std::uint64_t most_memory = std::uint64_t{64} << 20;
constexpr std::size_t key_bytes = 32;
using Bytes = std::vector<unsigned char>;

std::string hex(const Bytes& bytes) {
    std::string text;
    for (auto byte : bytes) text += fmt::format("{:02x}", byte);
    return text;
}

std::optional<Bytes> unhex(std::string_view text) {
    if (text.empty() || text.size() % 2 != 0) return std::nullopt;
    Bytes bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        auto byte = parse_integer<unsigned>(text.substr(i, 2), 16);
        if (!byte) return std::nullopt;
        bytes.push_back(static_cast<unsigned char>(*byte));
    }
    return bytes;
}

std::optional<Bytes> derive(std::string_view pin, const Bytes& salt, const Cost& cost) {
    Bytes key(key_bytes);
    const int good = ::EVP_PBE_scrypt(pin.data(), pin.size(), salt.data(), salt.size(), cost.n, cost.r, cost.p, most_memory,
                                      key.data(), key.size());
    return good == 1 ? std::optional(key) : std::nullopt;
}

}  // namespace

Result<std::string> hash_pin(std::string_view pin) {
    Bytes salt(16);
    std::optional<Bytes> key;
    const Cost cost;
    if (::RAND_bytes(salt.data(), static_cast<int>(salt.size())) == 1) key = derive(pin, salt, cost);
    if (!key) return failure(Fault::system, "", "the PIN cannot be hashed", "there is no randomness, or no memory");
    return fmt::format("scrypt${}${}${}${}${}", cost.n, cost.r, cost.p, hex(salt), hex(*key));
}

bool pin_matches(std::string_view pin, std::string_view kept) {
    const auto parts = split(kept, '$');
    if (parts.size() != 6 || parts[0] != "scrypt") return false;
    const auto n = parse_integer<std::uint64_t>(parts[1]), r = parse_integer<std::uint64_t>(parts[2]),
               p = parse_integer<std::uint64_t>(parts[3]);
    const auto salt = unhex(parts[4]), key = unhex(parts[5]);
    if (!n || !r || !p || !salt || !key || key->size() != key_bytes) return false;
    const auto derived = derive(pin, *salt, {*n, *r, *p});
    return derived && ::CRYPTO_memcmp(derived->data(), key->data(), key_bytes) == 0;
}

Result<Cell> seal(centrex::Rows& rows, const centrex::Table& table, const centrex::Row& row, const centrex::Column& column,
                  std::string_view plain) {
    const auto& before = text(cell(table, row, column.name));
    if (column.name == "pin") {
        if (pin_matches(plain, before)) return Cell{before};
        auto kept = hash_pin(plain);
        if (!kept) return tl::unexpected(kept.error());
        return Cell{std::move(*kept)};
    }
    if (column.name != "ha1") throw std::logic_error("a secret that nobody knows how to keep");
    auto tenant = centrex::known_row(rows, centrex::table("tenant"), {row.front()});
    if (!tenant) return tl::unexpected(tenant.error());
    const auto& realm = text(cell(centrex::table("tenant"), *tenant, "domain"));
    if (realm.empty())
        return centrex::against("realm", fmt::format("tenant '{}' has no domain, which passwords are for", text(row.front())),
                                "set one: 'centrex tenant set --domain'");
    const auto& named = text(cell(table, row, "sip_user"));
    return Cell{sip::digest::ha1(sip::digest::Algorithm::md5, named.empty() ? text(row[1]) : named, realm, plain)};
}

Result<void> check_pin(centrex::Rows& rows, const std::string& tenant, const std::string& user, std::string_view pin) {
    const auto& users = centrex::table("user");
    auto row = centrex::known_row(rows, users, {tenant, user});
    if (!row) return tl::unexpected(row.error());
    const auto& kept = text(cell(users, *row, "pin"));
    if (kept.empty())
        return centrex::against("pin", fmt::format("user '{}' has no PIN", user), "set one: 'centrex user set --pin-file'");
    if (pin_matches(pin, kept)) return {};
    return centrex::against("pin", fmt::format("that is not the PIN of user '{}'", user));
}

}  // namespace trunkbox::store
