#include "centrex/row_facts.h"

#include <algorithm>

#include "centrex/lifecycle.h"
#include "centrex/numbers.h"
#include "centrex/places.h"

namespace trunkbox::centrex {

namespace {

std::optional<numbering::E164> e164(const Cell& cell) {
    if (is_null(cell)) return std::nullopt;
    auto number = numbering::E164::parse("+" + std::to_string(integer(cell)));
    return number ? std::optional(*number) : std::nullopt;
}

Time time_of(const Cell& cell) { return Time{std::chrono::seconds{integer(cell)}}; }

Phone read_phone(const Row& row) {
    static const Table& phones = table("phone");
    static const auto site = phones.index("site"), home = phones.index("home"), hot_desk = phones.index("hot_desk"),
                      contact = phones.index("contact"), cli = phones.index("emergency_cli");
    return {.id = {text(row[0]), text(row[1])},
            .uri = text(row[contact]),
            .site = text(row[site]),
            .home_user = text(row[home]),
            .hot_desk = integer(row[hot_desk]) != 0,
            .emergency_cli = e164(row[cli]),
            .location = text(cell(phones, row, "location"))};
}

Login read_login(const Row& row) {
    Login login{.phone = {text(row[0]), text(row[1])}, .user = text(row[2]), .since = time_of(row[3])};
    if (!is_null(row[4])) login.until = time_of(row[4]);
    return login;
}

}  // namespace

std::optional<Row> RowFacts::get(const Table& table, const Key& key) const {
    auto row = rows_.get(table, key);
    if (row) return std::move(*row);
    if (!error_) error_ = row.error();
    return std::nullopt;
}

std::vector<Row> RowFacts::find(const Query& query) const {
    auto rows = rows_.find(query);
    if (rows) return std::move(*rows);
    if (!error_) error_ = rows.error();
    return {};
}

Result<void> RowFacts::state() const {
    if (error_) return tl::unexpected(*error_);
    return {};
}

std::optional<Number> RowFacts::number(const numbering::E164& e164) const {
    static const Table& numbers = table("number");
    auto row = effective(get(numbers, {static_cast<std::int64_t>(e164.value())}), at_);
    if (!row) return std::nullopt;
    const auto& target = text(cell(numbers, *row, "target"));
    return Number{.e164 = e164,
                  .user = {text(cell(numbers, *row, "tenant")), target.substr(target.find(':') + 1)},
                  .target = target,
                  .state = text(cell(numbers, *row, "state"))};
}

std::optional<User> RowFacts::user(const Name& user) const {
    static const Table& users = table("user");
    auto row = get(users, {user.tenant, user.name});
    if (!row) return std::nullopt;
    return User{.id = user,
                .display_name = text(cell(users, *row, "name")),
                .ring_for = std::chrono::seconds{integer(cell(users, *row, "ring"))},
                .dnd = integer(cell(users, *row, "dnd")) != 0,
                .default_cli = e164(cell(users, *row, "default_cli")),
                .barring = text(cell(users, *row, "barring"))};
}

std::optional<Phone> RowFacts::phone(const Name& phone) const {
    auto row = get(table("phone"), {phone.tenant, phone.name});
    return row ? std::optional(read_phone(*row)) : std::nullopt;
}

std::vector<Phone> RowFacts::home_phones(const Name& user) const {
    std::vector<Phone> phones;
    for (const auto& row : find({.table = &table("phone"),
                                 .where = {{.column = "tenant", .value = user.tenant}, {.column = "home", .value = user.name}}}))
        phones.push_back(read_phone(row));
    return phones;
}

std::optional<Login> RowFacts::last_login(const Name& phone, Time at) const {
    auto row = get(table("login"), {phone.tenant, phone.name});
    if (!row) return std::nullopt;
    auto login = read_login(*row);
    return login.since <= at ? std::optional(login) : std::nullopt;
}

std::optional<Login> RowFacts::last_login_of(const Name& user, Time at) const {
    for (const auto& row : find({.table = &table("login"),
                                 .where = {{.column = "tenant", .value = user.tenant}, {.column = "user", .value = user.name}}}))
        if (auto login = read_login(row); login.since <= at) return login;
    return std::nullopt;
}

std::vector<Forward> RowFacts::forwards(const Name& user) const {
    static const Table& all = table("forward");
    std::vector<Forward> forwards;
    for (const auto& row : find({.table = &all,
                                 .where = {{.column = "tenant", .value = user.tenant}, {.column = "user", .value = user.name}}})) {
        const auto& to = text(cell(all, row, "to"));
        forwards.push_back({.condition = text(cell(all, row, "condition")),
                            .to = to.empty() ? "+" + std::to_string(integer(cell(all, row, "number"))) : to,
                            .after = std::chrono::seconds{integer(cell(all, row, "after"))}});
    }
    return forwards;
}

// The values of a list, in their order.
std::vector<std::string> RowFacts::list(std::string_view name, std::string_view owner, const Name& of) const {
    std::vector<std::string> values;
    for (const auto& row : find({.table = &table(name),
                                 .where = {{.column = "tenant", .value = of.tenant}, {.column = owner, .value = of.name}}}))
        values.push_back(text(row.back()));
    return values;
}

std::optional<Group> RowFacts::group(const Name& group) const {
    static const Table& groups = table("group");
    auto row = get(groups, {group.tenant, group.name});
    if (!row) return std::nullopt;
    return Group{.id = group,
                 .sequential = text(cell(groups, *row, "strategy")) == "sequential",
                 .ring_for = std::chrono::seconds{integer(cell(groups, *row, "ring"))},
                 .overflow = text(cell(groups, *row, "overflow")),
                 .members = list("member", "group", group)};
}

std::optional<Schedule> RowFacts::schedule(const Name& schedule) const {
    static const Table& schedules = table("schedule");
    auto row = get(schedules, {schedule.tenant, schedule.name});
    if (!row) return std::nullopt;
    const auto& over = text(cell(schedules, *row, "override"));
    Schedule found{.id = schedule,
                   .zone = text(cell(schedules, *row, "zone")),
                   .open = text(cell(schedules, *row, "open")),
                   .closed = text(cell(schedules, *row, "closed")),
                   .over = over == "open"     ? Schedule::Override::open
                           : over == "closed" ? Schedule::Override::closed
                                              : Schedule::Override::none,
                   .hours = list("period", "schedule", schedule),
                   .holidays = list("holiday", "schedule", schedule)};
    if (const auto& until = cell(schedules, *row, "override_until"); !is_null(until)) found.over_until = time_of(until);
    return found;
}

std::string RowFacts::address(const Phone& phone) const {
    static const Table& sites = table("site");
    auto site = get(sites, {phone.id.tenant, phone.site});
    auto location = phone.location;
    if (location.empty() && site) location = text(cell(sites, *site, "location"));
    if (!location.empty())
        if (auto row = get(table("address"), {phone.id.tenant, location})) return address_line(*row);
    return site ? text(cell(sites, *site, "address")) : "";
}

std::string RowFacts::region(const std::string& tenant) const {
    auto row = get(table("tenant"), {tenant});
    return row ? text(cell(table("tenant"), *row, "country")) : "";
}

std::optional<std::string> RowFacts::extension(const Name& extension) const {
    static const Table& extensions = table("extension");
    auto row = get(extensions, {extension.tenant, extension.name});
    return row ? std::optional(text(cell(extensions, *row, "to"))) : std::nullopt;
}

std::optional<Barring> RowFacts::barring(const Name& barring) const {
    if (!get(table("barring"), {barring.tenant, barring.name})) return std::nullopt;
    return Barring{.name = barring.name,
                   .deny = list("denied", "barring", barring),
                   .allow = list("allowed", "barring", barring)};
}

bool RowFacts::authorised(const Name& user, const numbering::E164& number) const {
    static const Table& ranges = table("cli");
    static const Table& users = table("cli_user");
    const auto value = static_cast<std::int64_t>(number.value());
    for (const auto& range : find({.table = &ranges, .where = {{.column = "tenant", .value = user.tenant},
                                                               {.column = "cli", .is = Match::Is::at_most, .value = value}}})) {
        const auto& last = cell(ranges, range, "last");
        if ((is_null(last) ? integer(range[1]) : integer(last)) < value) continue;
        auto allowed = find({.table = &users, .where = {{.column = "tenant", .value = user.tenant},
                                                        {.column = "cli", .value = range[1]}}});
        const bool named = std::any_of(allowed.begin(), allowed.end(),
                                       [&](const Row& row) { return text(row.back()) == user.name; });
        if (allowed.empty() || named) return true;
    }
    return false;
}

bool RowFacts::ours(const numbering::E164& number) const {
    auto block = block_of(rows_, static_cast<std::int64_t>(number.value()));
    if (!block && !error_) error_ = block.error();
    return block && *block != nullptr;
}

}  // namespace trunkbox::centrex
