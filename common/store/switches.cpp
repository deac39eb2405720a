#include "store/switches.h"

#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "centrex/resolve.h"
#include "centrex/row_facts.h"
#include "numbering/spelling.h"
#include "store/sqlite.h"

namespace trunkbox::store {

namespace {

using centrex::Cell;
using centrex::Resolution;
using centrex::Row;

// The domain of each tenant that has one.
Result<std::map<std::string, std::string>> domains(DirectoryRows& rows) {
    std::map<std::string, std::string> all;
    const auto& tenants = centrex::table("tenant");
    auto done = rows.each(tenants, [&](const Row& row) -> Result<void> {
        const auto& domain = centrex::text(cell(tenants, row, "domain"));
        if (!domain.empty()) all.emplace(centrex::text(row[0]), domain);
        return {};
    });
    if (!done) return tl::unexpected(done.error());
    return all;
}

// Where each number rings. The numbers are read first: resolving asks the same database.
Result<void> each_resolution(DirectoryRows& rows, Time at, const std::function<Result<void>(const numbering::E164&, const Resolution&)>& take) {
    std::vector<std::int64_t> numbers;
    auto read = rows.each(centrex::table("number"), [&](const Row& row) -> Result<void> {
        numbers.push_back(centrex::integer(row[0]));
        return {};
    });
    if (!read) return read;
    centrex::RowFacts facts(rows, at);
    for (auto value : numbers) {
        auto number = numbering::E164::parse(fmt::format("+{}", value));
        if (!number) return tl::unexpected(number.error());
        auto resolution = centrex::resolve(facts, {.number = *number, .at = at});
        if (auto good = facts.state(); !good) return good;
        if (auto taken = take(*number, resolution); !taken) return taken;
    }
    return {};
}

// What Kamailio's modules look for, by their documentation: names, types and versions of the tables.
constexpr std::array kamailio_tables{
    "CREATE TABLE IF NOT EXISTS version (id INTEGER PRIMARY KEY, table_name VARCHAR(32) NOT NULL UNIQUE, "
    "table_version INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE IF NOT EXISTS domain (id INTEGER PRIMARY KEY, domain VARCHAR(64) NOT NULL UNIQUE, did VARCHAR(64), "
    "last_modified TIMESTAMP NOT NULL DEFAULT 2440587.5)",
    "CREATE TABLE IF NOT EXISTS dbaliases (id INTEGER PRIMARY KEY, alias_username VARCHAR(64) NOT NULL, "
    "alias_domain VARCHAR(64) NOT NULL, username VARCHAR(64) NOT NULL, domain VARCHAR(64) NOT NULL)",
    "CREATE UNIQUE INDEX IF NOT EXISTS dbaliases_alias ON dbaliases (alias_username, alias_domain)",
    // db_sqlite keeps moments as Julian days; a text is over since long ago.
    "CREATE TABLE IF NOT EXISTS location (id INTEGER PRIMARY KEY, ruid VARCHAR(64) NOT NULL UNIQUE, username VARCHAR(64) NOT NULL, "
    "domain VARCHAR(64), contact VARCHAR(512) NOT NULL, received VARCHAR(128), path VARCHAR(512), "
    "expires TIMESTAMP NOT NULL DEFAULT 2488069.5, q REAL NOT NULL DEFAULT 1.0, "
    "callid VARCHAR(255) NOT NULL DEFAULT 'trunkbox', cseq INTEGER NOT NULL DEFAULT 1, "
    "last_modified TIMESTAMP NOT NULL DEFAULT 2440587.5, flags INTEGER NOT NULL DEFAULT 0, cflags INTEGER NOT NULL DEFAULT 0, "
    "user_agent VARCHAR(255) NOT NULL DEFAULT '', socket VARCHAR(64), methods INTEGER, instance VARCHAR(255), "
    "reg_id INTEGER NOT NULL DEFAULT 0, server_id INTEGER NOT NULL DEFAULT 0, connection_id INTEGER NOT NULL DEFAULT 0, "
    "keepalive INTEGER NOT NULL DEFAULT 0, partition INTEGER NOT NULL DEFAULT 0)",
    "CREATE INDEX IF NOT EXISTS location_account ON location (username, domain, contact)",
    "INSERT OR REPLACE INTO version (table_name, table_version) VALUES ('version', 1), ('domain', 2), ('dbaliases', 1), "
    "('location', 9)",
    "DELETE FROM domain",
    "DELETE FROM dbaliases",
    "DELETE FROM location",
};

class KamailioWriter {
  public:
    KamailioWriter(Database& out, const std::map<std::string, std::string>& domains, Exported& answer)
        : out_(out), domains_(domains), answer_(answer) {}

    Result<void> begin() {
        for (const char* sql : kamailio_tables)
            if (auto done = out_.execute(sql); !done) return done;
        for (const auto& [tenant, domain] : domains_) {
            const std::array<Cell, 2> cells{domain, tenant};
            if (auto done = put("INSERT INTO domain (domain, did) VALUES (?, ?)", cells); !done) return done;
        }
        return {};
    }

    Result<void> take(const Resolution& resolution) {
        auto domain = domains_.find(resolution.tenant);
        if (resolution.outcome != centrex::Outcome::ring || resolution.legs.size() != 1 || domain == domains_.end()) {
            ++answer_.left_out;
            return {};
        }
        const auto& leg = resolution.legs.front();
        const std::array<Cell, 4> alias{resolution.number, domain->second, leg.user, domain->second};
        auto done = put("INSERT INTO dbaliases (alias_username, alias_domain, username, domain) VALUES (?, ?, ?, ?)", alias);
        if (!done) return done;
        ++answer_.numbers;
        if (!located_.emplace(domain->second, leg.user).second) return {};
        ++answer_.contacts;
        const std::array<Cell, 4> contact{fmt::format("trunkbox-{}", answer_.contacts), leg.user, domain->second, leg.uri};
        return put("INSERT INTO location (ruid, username, domain, contact) VALUES (?, ?, ?, ?)", contact);
    }

  private:
    Result<void> put(const std::string& sql, std::span<const Cell> cells) {
        auto done = out_.one(sql, cells, 0);
        if (!done) return tl::unexpected(done.error());
        return {};
    }

    Database& out_;
    const std::map<std::string, std::string>& domains_;
    Exported& answer_;
    std::set<std::pair<std::string, std::string>> located_{};
};

using Domains = std::map<std::string, std::string>;

// What an export begins with: the change that it is as of, and the tenants' domains; both in the snapshot that it is made of.
Result<Exported> in_snapshot(Directory& directory,
                             const std::function<Result<void>(DirectoryRows&, const Domains&, Exported&)>& work) {
    Exported answer;
    auto done = directory.read([&](DirectoryRows& rows) -> Result<void> {
        auto change = directory.last_change();
        if (!change) return tl::unexpected(change.error());
        answer.change = *change;
        auto known = domains(rows);
        if (!known) return tl::unexpected(known.error());
        return work(rows, *known, answer);
    });
    if (!done) return tl::unexpected(done.error());
    return answer;
}

}  // namespace

Result<Exported> export_kamailio(Directory& directory, Time at, const std::string& path) {
    auto out = open_sqlite({.path = path, .create = true});
    if (!out) return tl::unexpected(out.error());
    if (auto begun = (*out)->begin(true); !begun) return tl::unexpected(begun.error());
    auto answer = in_snapshot(directory, [&](DirectoryRows& rows, const Domains& known, Exported& counts) -> Result<void> {
        KamailioWriter writer(**out, known, counts);
        if (auto begun = writer.begin(); !begun) return begun;
        return each_resolution(rows, at, [&](const numbering::E164&, const Resolution& resolution) { return writer.take(resolution); });
    });
    Result<void> done;
    if (answer) done = (*out)->commit();
    if (answer && done) return answer;
    (*out)->rollback();
    if (!done) return tl::unexpected(done.error());
    return answer;
}

Result<Exported> export_enum(Directory& directory, Time at, const EnumOptions& options, std::string& zone) {
    return in_snapshot(directory, [&](DirectoryRows& rows, const Domains& known, Exported& counts) -> Result<void> {
        zone = fmt::format("$ORIGIN {0}.\n$TTL 300\n@ IN SOA {1}. hostmaster.{1}. {2} 3600 600 86400 300\n@ IN NS {1}.\n",
                           options.origin, options.name_server, counts.change);
        const auto suffix = "." + options.origin;
        return each_resolution(rows, at, [&](const numbering::E164& number, const Resolution& resolution) -> Result<void> {
            auto domain = known.find(resolution.tenant);
            const bool rings = resolution.outcome == centrex::Outcome::ring ||
                               resolution.outcome == centrex::Outcome::voicemail ||
                               resolution.outcome == centrex::Outcome::forwarded;
            auto name = numbering::enum_domain(number);
            if (!rings || domain == known.end() || (options.origin != "e164.arpa" && !name.ends_with(suffix))) {
                ++counts.left_out;
                return {};
            }
            ++counts.numbers;
            zone += fmt::format("{}. IN NAPTR 100 10 \"u\" \"E2U+sip\" \"!^.*$!sip:{}@{}!\" .\n", name,
                                number.text(), domain->second);
            return {};
        });
    });
}

}  // namespace trunkbox::store
