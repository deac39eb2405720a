#include "config/trunk_profile.h"

#include "base/text.h"
#include "config/files.h"
#include "config/json.h"
#include "numbering/range.h"
#include "numbering/spelling.h"
#include "sip/uri.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace trunkbox::config {

namespace {

using sip::IdentityHeader;
using sip::TrunkMode;
using sip::TrunkProfile;

constexpr std::int64_t profile_version = 1;
constexpr std::array all_modes{TrunkMode::registration, TrunkMode::static_, TrunkMode::gin};
constexpr std::array all_headers{IdentityHeader::p_asserted, IdentityHeader::p_preferred,
                                 IdentityHeader::from, IdentityHeader::none};

template <class E, std::size_t N>
std::vector<Choice<E>> choices(const std::array<E, N>& values) {
    std::vector<Choice<E>> list;
    for (auto value : values) list.push_back({sip::name(value), value});
    return list;
}

// What goes into a SIP message must not be able to end a line of it.
Result<std::string> one_line(const Node& node) {
    auto text = node.text();
    if (!text) return tl::unexpected(text.error());
    if (text->empty()) return node.wrong("expected text, got an empty string", "leave the key out");
    for (char c : *text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            return node.wrong(fmt::format("'{}' holds a control character", printable(*text)), "remove it");
    return std::string(*text);
}

Result<std::string> token(const Node& node) {
    auto text = one_line(node);
    if (!text) return text;
    constexpr std::string_view marks = "-.!%*_+`'~";  // RFC 3261 section 25.1
    for (char c : *text)
        if (!is_alpha(c) && !is_digit(c) && marks.find(c) == std::string_view::npos)
            return node.wrong(fmt::format("'{}' is not a token", printable(*text)),
                              "letters, digits and -.!%*_+`'~");
    return text;
}

enum class User { wanted, none };

// A SIP URI; "host:port" counts as one without a user.
Result<std::string> sip_uri(const Node& node, User user) {
    auto text = one_line(node);
    if (!text) return text;
    bool has_scheme = istarts_with(*text, "sip:") || istarts_with(*text, "sips:");
    auto full = has_scheme || user == User::wanted ? *text : "sip:" + *text;
    auto uri = sip::UriView::parse(full);
    if (!uri) return node.wrong(uri.error());
    if (!uri->is_sip())
        return node.wrong(fmt::format("'{}' is not a SIP URI", printable(*text)),
                          "write e.g. 'sip:user@example.com'");
    if (user == User::wanted && uri->user.empty())
        return node.wrong(fmt::format("'{}' has no user", printable(*text)),
                          "write e.g. 'sip:user@example.com'");
    if (user == User::none && uri->has_user)
        return node.wrong(fmt::format("'{}' has a user, a server has none", printable(*text)),
                          "write e.g. 'sip:registrar.example.com'");
    return full;
}

// A step for Fields that stores what `read` makes of the node.
template <class Read>
Fields::Step into(std::string& place, Read read) {
    return [&place, read](const Node& node) -> Result<void> {
        auto value = read(node);
        if (!value) return tl::unexpected(value.error());
        place = std::move(*value);
        return {};
    };
}

template <class Read>
Fields::Step append_to(std::vector<std::string>& list, Read read) {
    return [&list, read](const Node& node) -> Result<void> {
        auto value = read(node);
        if (!value) return tl::unexpected(value.error());
        list.push_back(std::move(*value));
        return {};
    };
}

Result<void> read_credentials(const Node& node, std::optional<sip::CredentialsReference>& credentials) {
    sip::CredentialsReference reference;
    Fields fields(node);
    fields.need("username", into(reference.username, one_line));
    fields.take("realm", into(reference.realm, one_line));
    fields.take("password_file", into(reference.password_file, one_line));
    fields.take("password_env", into(reference.password_env, one_line));
    fields.take("password", [](const Node& literal) -> Result<void> {
        return literal.wrong("a password does not stand in a profile",
                             "put it into a file of mode 600 and name that as 'password_file'");
    });
    if (auto done = fields.done(); !done) return done;
    if (reference.password_file.empty() == reference.password_env.empty())
        return node.wrong("credentials need one of 'password_file' and 'password_env'",
                          "say where the password is, in one place");
    if (!reference.password_file.empty())
        reference.password_file = beside(node.file(), std::move(reference.password_file));
    credentials = std::move(reference);
    return {};
}

Result<void> read_range(const Node& node, std::vector<sip::NumberSpan>& ranges) {
    auto text = node.text();
    if (!text) return tl::unexpected(text.error());
    auto range = numbering::NumberRange::parse(*text);
    if (!range) return node.wrong(range.error());
    ranges.push_back({range->first.text(), range->last.text()});
    return {};
}

Result<std::string> region(const Node& node) {
    auto text = one_line(node);
    if (!text) return text;
    auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (text->size() != 2 || !std::ranges::all_of(*text, is_upper))
        return node.wrong(fmt::format("region '{}' is not two capital letters", printable(*text)),
                          "write e.g. 'FR'");
    return text;
}

Result<void> read_expires(const Node& node, Duration& expires) {
    auto duration = node.duration();
    if (!duration) return tl::unexpected(duration.error());
    constexpr Duration most = std::chrono::seconds{0xffffffffLL};  // RFC 3261 section 20.19
    if (*duration < 1s || *duration > most || *duration % 1s != 0s)
        return node.wrong("expires is not whole seconds from 1 to 4294967295", "write e.g. 3600");
    expires = *duration;
    return {};
}

void read_addresses(Fields& fields, TrunkProfile& profile) {
    auto server = [](const Node& node) { return sip_uri(node, User::none); };
    auto account = [](const Node& node) { return sip_uri(node, User::wanted); };
    fields.need("registrar", into(profile.registrar, server));
    fields.take("outbound_proxy", into(profile.outbound_proxy, server));
    fields.need("aor", into(profile.aor, account));
    fields.take("contact_user", into(profile.contact_user, one_line));
    fields.take("credentials", [&](const Node& node) { return read_credentials(node, profile.credentials); });
}

void read_numbers(Fields& fields, TrunkProfile& profile) {
    fields.take("region", into(profile.region, region));
    fields.each("number_ranges", [&](const Node& node) { return read_range(node, profile.number_ranges); });
    fields.entries("test_numbers", [&](std::string_view name, const Node& node) -> Result<void> {
        auto text = node.text();
        if (!text) return tl::unexpected(text.error());
        auto number = numbering::read_number(*text, profile.region);
        if (!number) return node.wrong(number.error());
        profile.test_numbers.emplace(name, number->text());
        return {};
    });
}

void read_promises(Fields& fields, TrunkProfile& profile) {
    fields.take<IdentityHeader>("identity_header", profile.identity_header, choices(all_headers));
    if (fields.has("codecs")) profile.codecs.clear();
    fields.each("codecs", append_to(profile.codecs, token));
    fields.take("expires", [&](const Node& node) { return read_expires(node, profile.expires); });
    fields.each("supports", append_to(profile.supports, token));
}

}  // namespace

Result<TrunkProfile> read_trunk_profile(std::string_view json, std::string_view file) {
    auto document = read_json(json, file);
    if (!document) return tl::unexpected(document.error());
    TrunkProfile profile;
    Fields fields(document->root());
    fields.version(profile_version);
    fields.need("name", into(profile.name, token));
    fields.take<TrunkMode>("mode", profile.mode, choices(all_modes));
    read_addresses(fields, profile);
    read_numbers(fields, profile);
    read_promises(fields, profile);
    if (auto done = fields.done(); !done) return tl::unexpected(done.error());
    return profile;
}

std::string write_trunk_profile(const TrunkProfile& profile) {
    nlohmann::ordered_json json;
    auto write = [&](const char* key, const std::string& text) {
        if (!text.empty()) json[key] = text;
    };
    json["version"] = profile_version;
    json["name"] = profile.name;
    json["mode"] = sip::name(profile.mode);
    write("registrar", profile.registrar);
    write("outbound_proxy", profile.outbound_proxy);
    write("aor", profile.aor);
    write("contact_user", profile.contact_user);
    if (profile.credentials) {
        auto& credentials = json["credentials"];
        credentials["username"] = profile.credentials->username;
        if (!profile.credentials->realm.empty()) credentials["realm"] = profile.credentials->realm;
        if (!profile.credentials->password_file.empty())
            credentials["password_file"] = profile.credentials->password_file;
        if (!profile.credentials->password_env.empty())
            credentials["password_env"] = profile.credentials->password_env;
    }
    write("region", profile.region);
    for (const auto& span : profile.number_ranges)
        json["number_ranges"].push_back(span.first == span.last ? span.first : span.first + "-" + span.last);
    json["identity_header"] = sip::name(profile.identity_header);
    json["codecs"] = profile.codecs;
    json["expires"] = std::chrono::duration_cast<std::chrono::seconds>(profile.expires).count();
    if (!profile.supports.empty()) json["supports"] = profile.supports;
    for (const auto& [name, number] : profile.test_numbers) json["test_numbers"][name] = number;
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace trunkbox::config
