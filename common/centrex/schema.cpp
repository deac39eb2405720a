#include "centrex/schema.h"

#include <stdexcept>
#include <unordered_map>

namespace trunkbox::centrex {

namespace {

constexpr Column tenant_key{.name = "tenant", .kind = Kind::slug, .required = true, .table = "tenant",
                            .help = "whose it is", .sample = "acme"};

Column owner(std::string_view name) {
    return {.name = name, .kind = Kind::slug, .required = true, .table = name, .owned = true};
}

constexpr Column position{.name = "position", .kind = Kind::integer, .required = true};

Table tenant_table() {
    return {.name = "tenant",
            .columns = {{.name = "tenant", .kind = Kind::slug, .required = true, .help = "its name", .sample = "acme"},
                        {.name = "domain", .kind = Kind::domain, .unique = true, .help = "SIP domain",
                         .sample = "acme.example"},
                        {.name = "country", .kind = Kind::region, .help = "region that national spellings are read by",
                         .sample = "FR"},
                        {.name = "zone", .kind = Kind::zone, .help = "time zone", .sample = "Europe/Paris"},
                        {.name = "quarantine_days", .kind = Kind::integer, .required = true, .fallback = "90",
                         .help = "how long a number rests before another may have it", .sample = "90"}}};
}

Table address_table() {
    auto part = [](std::string_view name, std::string_view help, std::string_view sample) -> Column {
        return {.name = name, .help = help, .sample = sample};
    };
    Table table{.name = "address",
                .keys = 2,
                .columns = {tenant_key, {.name = "address", .kind = Kind::slug, .required = true, .help = "its name",
                                         .sample = "paris-2"},
                            part("house", "house number", "1"), part("street", "street", "rue Exemple"),
                            part("floor", "floor", "2"), part("room", "room", "214"),
                            part("postcode", "postal code", "75001"), part("city", "city", "Paris"),
                            part("state", "state or region", "Ile-de-France"),
                            {.name = "country", .kind = Kind::region, .help = "country", .sample = "FR"}}};
    for (auto& column : table.columns) column.required = column.required || column.name == "street" || column.name == "city";
    return table;
}

constexpr Column location{.name = "location", .kind = Kind::slug, .table = "address",
                          .help = "address that emergency services go to, in parts", .sample = "paris-2"};

Table barring_table() {
    return {.name = "barring",
            .keys = 2,
            .columns = {tenant_key,
                        {.name = "barring", .kind = Kind::slug, .required = true, .help = "its name", .sample = "home-only"},
                        {.name = "note", .help = "what it is for", .sample = "nothing abroad"}},
            .lists = {{"deny", "denied", "prefix", "numbers that begin so cannot be called; '+' is every number", "+"},
                      {"allow", "allowed", "prefix", "these can even so: the longer beginning counts", "+33"}}};
}

Table prefix_table(std::string_view name) {
    return {.name = name, .keys = 3,
            .columns = {tenant_key, owner("barring"), position, {.name = "prefix", .kind = Kind::prefix, .required = true}}};
}

Table extension_table() {
    return {.name = "extension",
            .keys = 2,
            .columns = {tenant_key,
                        {.name = "extension", .kind = Kind::digits, .required = true, .help = "what is dialled inside",
                         .sample = "214"},
                        {.name = "to", .kind = Kind::target, .required = true, .help = "what it rings", .sample = "user:alice"},
                        {.name = "overlap", .kind = Kind::flag, .required = true, .fallback = "0",
                         .help = "it may begin as another does, or be the beginning of another"}}};
}

Table cli_table() {
    return {.name = "cli",
            .keys = 2,
            .columns = {tenant_key,
                        {.name = "cli", .kind = Kind::number, .required = true, .help = "number that calls may show, or the first",
                         .sample = "+33199000100"},
                        {.name = "last", .kind = Kind::number, .help = "the last of a range", .sample = "+33199000199"},
                        {.name = "proof", .help = "why, when it is in no block of the tenant's",
                         .sample = "letter of the holder"}},
            .rules = {"\"last\" IS NULL OR \"last\" >= \"cli\""},
            .lists = {{"user", "cli_user", "user", "a user who may show it; without any, everybody may", "alice"}}};
}

Table cli_user_table() {
    return {.name = "cli_user",
            .keys = 3,
            .columns = {tenant_key,
                        {.name = "cli", .kind = Kind::number, .required = true, .table = "cli", .owned = true},
                        position,
                        {.name = "user", .kind = Kind::slug, .required = true, .table = "user"}}};
}

Table site_table() {
    return {.name = "site",
            .keys = 2,
            .columns = {tenant_key,
                        {.name = "site", .kind = Kind::slug, .required = true, .help = "its name", .sample = "paris"},
                        {.name = "address", .help = "where emergency services go", .sample = "1 rue Exemple, 75001 Paris"},
                        {.name = "zone", .kind = Kind::zone, .help = "time zone, if not the tenant's",
                         .sample = "Europe/Paris"},
                        location}};
}

Table user_table() {
    return {.name = "user",
            .keys = 2,
            .columns = {tenant_key,
                        {.name = "user", .kind = Kind::slug, .required = true, .help = "its name", .sample = "alice"},
                        {.name = "name", .help = "the person's name", .sample = "Alice"},
                        {.name = "default_cli", .kind = Kind::number, .help = "number that outbound calls show",
                         .sample = "+33199000001"},
                        {.name = "ring", .kind = Kind::seconds, .required = true, .fallback = "30",
                         .help = "how long a call rings", .sample = "30"},
                        {.name = "dnd", .kind = Kind::flag, .required = true, .fallback = "0", .help = "do not disturb"},
                        {.name = "barring", .kind = Kind::slug, .table = "barring", .help = "what they cannot call",
                         .sample = "home-only"},
                        {.name = "pin", .kind = Kind::secret, .help = "PIN for hot desks, kept as scrypt"}},
            .targets = "user|voicemail"};
}

Table phone_table() {
    return {.name = "phone",
            .keys = 2,
            .columns = {tenant_key,
                        {.name = "phone", .kind = Kind::slug, .required = true, .help = "its name", .sample = "desk-214"},
                        {.name = "site", .kind = Kind::slug, .required = true, .table = "site", .help = "where it stands",
                         .sample = "paris"},
                        {.name = "home", .kind = Kind::slug, .table = "user",
                         .help = "user who sits there when nobody is logged in", .sample = "alice"},
                        {.name = "hot_desk", .kind = Kind::flag, .required = true, .fallback = "0",
                         .help = "others may log in"},
                        {.name = "contact", .kind = Kind::uri, .required = true, .help = "URI that it is reached at",
                         .sample = "sip:desk-214@192.0.2.14"},
                        {.name = "emergency_cli", .kind = Kind::number, .help = "number that an emergency call shows",
                         .sample = "+33199000999"},
                        location,
                        {.name = "sip_user", .help = "whom it registers as, if not by its name", .sample = "desk-214"},
                        {.name = "ha1", .kind = Kind::secret, .help = "SIP password, kept as HA1"}}};
}

Table block_table() {
    return {.name = "block",
            .columns = {{.name = "first", .kind = Kind::number, .required = true, .help = "first number",
                         .sample = "+33199000000"},
                        {.name = "last", .kind = Kind::number, .required = true, .help = "last number",
                         .sample = "+33199000999"},
                        {.name = "tenant", .kind = Kind::slug, .table = "tenant", .help = "whose it is", .sample = "acme"},
                        {.name = "holder", .help = "carrier that it comes from", .sample = "north"},
                        {.name = "origin", .kind = Kind::choice, .required = true, .choices = "allocated|leased|ported",
                         .fallback = "allocated", .help = "how it came"}},
            .rules = {"\"last\" >= \"first\""}};
}

Table number_table() {
    return {.name = "number",
            .columns = {{.name = "number", .kind = Kind::number, .required = true, .help = "E.164 number",
                         .sample = "+33199000001"},
                        {.name = "tenant", .kind = Kind::slug, .table = "tenant", .help = "whose it is", .sample = "acme"},
                        {.name = "state", .kind = Kind::choice, .required = true,
                         .choices = "reserved|assigned|quarantine|port_in|port_out|ported_out", .help = "state"},
                        {.name = "target", .kind = Kind::target, .help = "what it rings", .sample = "user:alice"},
                        {.name = "until", .kind = Kind::time, .help = "when the state ends by itself",
                         .sample = "2027-01-01T00:00:00Z"},
                        {.name = "reason", .help = "why it is in this state", .sample = "left the company"},
                        {.name = "request", .help = "the request that reserved it", .sample = "order-17"}},
            .rules = {"\"state\" <> 'assigned' OR \"target\" IS NOT NULL",
                      "\"target\" IS NULL OR \"state\" = 'assigned' OR \"state\" = 'port_in' OR \"state\" = 'port_out'",
                      "\"state\" NOT IN ('reserved', 'quarantine') OR \"until\" IS NOT NULL"}};
}

Table login_table() {
    return {.name = "login",
            .keys = 2,
            .columns = {tenant_key,
                        {.name = "phone", .kind = Kind::slug, .required = true, .table = "phone", .help = "where",
                         .sample = "desk-7"},
                        {.name = "user", .kind = Kind::slug, .required = true, .table = "user", .help = "who",
                         .sample = "alice"},
                        {.name = "since", .kind = Kind::time, .required = true, .help = "from when on"},
                        {.name = "until", .kind = Kind::time, .help = "until when"}},
            .once = "tenant,user"};
}

Table group_table() {
    return {.name = "group",
            .keys = 2,
            .columns = {tenant_key,
                        {.name = "group", .kind = Kind::slug, .required = true, .help = "its name", .sample = "sales"},
                        {.name = "strategy", .kind = Kind::choice, .required = true, .choices = "simultaneous|sequential",
                         .fallback = "simultaneous", .help = "whether the members ring at once or one after another"},
                        {.name = "ring", .kind = Kind::seconds, .required = true, .fallback = "20",
                         .help = "how long each member rings", .sample = "20"},
                        {.name = "overflow", .kind = Kind::target, .help = "what rings when no member answers",
                         .sample = "voicemail:alice"}},
            .targets = "group",
            .lists = {{"member", "member", "user", "a user who rings, in this order", "alice"}}};
}

Table member_table() {
    return {.name = "member",
            .keys = 3,
            .columns = {tenant_key, owner("group"), position,
                        {.name = "user", .kind = Kind::slug, .required = true, .table = "user"}}};
}

Table forward_table() {
    return {.name = "forward",
            .keys = 3,
            .columns = {tenant_key, owner("user"),
                        {.name = "condition", .kind = Kind::choice, .required = true, .choices = "cfu|cfb|cfnr|cfnrc"},
                        {.name = "to", .kind = Kind::target}, {.name = "number", .kind = Kind::number},
                        {.name = "after", .kind = Kind::seconds}},
            .rules = {"(\"to\" IS NULL) <> (\"number\" IS NULL)"}};
}

Table schedule_table() {
    return {.name = "schedule",
            .keys = 2,
            .columns = {tenant_key,
                        {.name = "schedule", .kind = Kind::slug, .required = true, .help = "its name", .sample = "office"},
                        {.name = "zone", .kind = Kind::zone, .required = true, .from_tenant = true, .help = "whose clocks count; else the tenant's",
                         .sample = "Europe/Paris"},
                        {.name = "open", .kind = Kind::target, .required = true, .help = "what rings while it is open",
                         .sample = "group:sales"},
                        {.name = "closed", .kind = Kind::target, .help = "what rings else", .sample = "voicemail:alice"},
                        {.name = "override", .kind = Kind::choice, .required = true, .choices = "auto|open|closed",
                         .fallback = "auto", .help = "open or closed whatever the hours say"},
                        {.name = "override_until", .kind = Kind::time, .help = "when the hours count again"}},
            .targets = "schedule",
            .lists = {{"hours", "period", "hours", "when it is open", "mon-fri 09:00-18:00"},
                      {"holiday", "holiday", "day", "a day on which it is closed", "2026-12-25"}}};
}

Table period_table() {
    return {.name = "period", .keys = 3,
            .columns = {tenant_key, owner("schedule"), position, {.name = "hours", .kind = Kind::hours, .required = true}}};
}

Table holiday_table() {
    return {.name = "holiday", .keys = 3,
            .columns = {tenant_key, owner("schedule"), position, {.name = "day", .kind = Kind::day, .required = true}}};
}

}  // namespace

const std::vector<Table>& tables() {
    static const std::vector<Table> all{
        tenant_table(),   address_table(),  site_table(),    barring_table(), prefix_table("denied"), prefix_table("allowed"),
        user_table(),     phone_table(),    group_table(),   member_table(),  schedule_table(),       period_table(),
        holiday_table(),  forward_table(),  extension_table(), block_table(), number_table(),         cli_table(),
        cli_user_table(), login_table()};
    return all;
}

const Table* find_table(std::string_view name) {
    static const auto known = [] {
        std::unordered_map<std::string_view, const Table*> all;
        for (const auto& entry : tables()) all.emplace(entry.name, &entry);
        return all;
    }();
    const auto found = known.find(name);
    return found == known.end() ? nullptr : found->second;
}

const Table& table(std::string_view name) {
    if (const auto* found = find_table(name)) return *found;
    throw std::logic_error("no table is called " + std::string(name));
}

bool Table::has(std::string_view column) const {
    for (const auto& entry : columns)
        if (entry.name == column) return true;
    return false;
}

std::size_t Table::index(std::string_view column) const {
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i].name == column) return i;
    throw std::logic_error("no column is called " + std::string(column));
}

}  // namespace trunkbox::centrex
