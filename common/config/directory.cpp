#include "config/directory.h"

#include "base/text.h"
#include "numbering/spelling.h"
#include "sip/uri.h"

#include <fmt/format.h>

namespace trunkbox::config {

namespace {

using centrex::MapFacts;

// Reads the rows of one directory; each reader takes one object and adds it to the facts.
class DirectoryReader {
  public:
    Result<MapFacts> read(const Node& object);

  private:
    Result<void> tenant(const Node& node);
    Result<void> user(const Node& node);
    Result<void> phone(const Node& node);
    Result<void> number(const Node& node);
    Result<void> login(const Node& node);

    void take_tenant(Fields& fields, std::string& tenant);
    void take_number(Fields& fields, std::string_view key, const std::string& tenant,
                     std::optional<numbering::E164>& number);
    static void take_time(Fields& fields, std::string_view key, std::optional<Time>& time);

    // What the facts refuse gets the place of the object that was refused.
    template <class Row>
    Result<void> add(const Node& node, Row row) {
        auto added = facts_.add(std::move(row));
        if (!added) return node.wrong(added.error());
        return {};
    }

    MapFacts facts_;
};

void DirectoryReader::take_tenant(Fields& fields, std::string& tenant) {
    auto tenants = facts_.tenants();
    if (tenants.size() == 1) tenant = tenants.front().name;
    if (tenants.size() > 1)
        fields.need("tenant", tenant);
    else
        fields.take("tenant", tenant);
}

void DirectoryReader::take_number(Fields& fields, std::string_view key, const std::string& tenant,
                                  std::optional<numbering::E164>& number) {
    fields.take(key, [&](const Node& node) -> Result<void> {
        auto text = node.text();
        if (!text) return tl::unexpected(text.error());
        auto known = facts_.tenant(tenant);
        auto read = numbering::read_number(*text, known ? known->region : "");
        if (!read) return node.wrong(read.error());
        number = *read;
        return {};
    });
}

void DirectoryReader::take_time(Fields& fields, std::string_view key, std::optional<Time>& time) {
    fields.take(key, [&](const Node& node) -> Result<void> {
        auto text = node.text();
        if (!text) return tl::unexpected(text.error());
        auto read = parse_rfc3339(*text);
        if (!read) return node.wrong(read.error());
        time = *read;
        return {};
    });
}

Result<void> DirectoryReader::tenant(const Node& node) {
    centrex::Tenant tenant;
    Fields fields(node);
    fields.need("name", tenant.name);
    fields.take("domain", tenant.domain);
    fields.take("region", tenant.region);
    if (auto done = fields.done(); !done) return done;
    if (!tenant.region.empty() && !numbering::is_region(tenant.region))
        return node.wrong(fmt::format("region '{}' is not known", printable(tenant.region)),
                          "write two capital letters, e.g. 'FR'");
    return add(node, std::move(tenant));
}

Result<void> DirectoryReader::user(const Node& node) {
    centrex::User user;
    Fields fields(node);
    fields.need("name", user.id.name);
    take_tenant(fields, user.id.tenant);
    fields.take("display_name", user.display_name);
    fields.take("ring_for", user.ring_for);
    if (auto done = fields.done(); !done) return done;
    return add(node, std::move(user));
}

Result<void> DirectoryReader::phone(const Node& node) {
    centrex::Phone phone;
    Fields fields(node);
    fields.need("name", phone.id.name);
    take_tenant(fields, phone.id.tenant);
    fields.take("site", phone.site);
    fields.take("home", phone.home_user);
    fields.take("hot_desk", phone.hot_desk);
    fields.need("contact", [&](const Node& contact) -> Result<void> {
        auto text = contact.text();
        if (!text) return tl::unexpected(text.error());
        auto uri = sip::UriView::parse(*text);
        if (!uri) return contact.wrong(uri.error());
        if (!uri->is_sip())
            return contact.wrong(fmt::format("'{}' is not a SIP URI", printable(*text)),
                                 "write e.g. 'sip:desk-214@192.0.2.14'");
        phone.uri = *text;
        return {};
    });
    take_number(fields, "emergency_cli", phone.id.tenant, phone.emergency_cli);
    if (auto done = fields.done(); !done) return done;
    return add(node, std::move(phone));
}

Result<void> DirectoryReader::number(const Node& node) {
    std::optional<numbering::E164> e164;
    centrex::Name user;
    Fields fields(node);
    take_tenant(fields, user.tenant);
    take_number(fields, "number", user.tenant, e164);
    fields.need("user", user.name);
    if (auto done = fields.done(); !done) return done;
    if (!e164) return node.wrong("key 'number' is missing", "add it to this object");
    return add(node, centrex::Number{*e164, std::move(user)});
}

Result<void> DirectoryReader::login(const Node& node) {
    centrex::Login login;
    std::optional<Time> since;
    Fields fields(node);
    fields.need("phone", login.phone.name);
    take_tenant(fields, login.phone.tenant);
    fields.need("user", login.user);
    take_time(fields, "since", since);
    take_time(fields, "until", login.until);
    if (auto done = fields.done(); !done) return done;
    login.since = since.value_or(Time{});
    auto added = facts_.log_in(std::move(login));
    if (!added) return node.wrong(added.error());
    return {};
}

Result<MapFacts> DirectoryReader::read(const Node& object) {
    Fields fields(object);
    fields.each("tenants", [this](const Node& node) { return tenant(node); });
    fields.each("users", [this](const Node& node) { return user(node); });
    fields.each("phones", [this](const Node& node) { return phone(node); });
    fields.each("numbers", [this](const Node& node) { return number(node); });
    fields.each("logins", [this](const Node& node) { return login(node); });
    if (auto done = fields.done(); !done) return tl::unexpected(done.error());
    return std::move(facts_);
}

}  // namespace

Result<MapFacts> read_directory(const Node& object) {
    return DirectoryReader{}.read(object);
}

}  // namespace trunkbox::config
