#include "store/check.h"

#include <array>

#include <fmt/format.h>

#include "centrex/extensions.h"
#include "centrex/loops.h"
#include "store/directory_schema.h"
#include "store/replay.h"

namespace trunkbox::store {

namespace {

constexpr std::array<Invariant, 14> all{{
    {"I1", "blocks-apart", "blocks share no number"},
    {"I2", "number-in-block", "every number lies in a block, or came or went by a port"},
    {"I3", "number-canonical", "a number is kept once, as E.164"},
    {"I4", "assigned-target", "what is assigned has a target of its own tenant, what is not has none"},
    {"I5", "dated-states", "what is reserved or rests has an end"},
    {"I6", "ported-out", "what was ported out rings nothing"},
    {"I7", "extensions-apart", "no extension is, or begins as, an emergency number, a service's code or another extension"},
    {"I8", "no-loops", "no call goes round and round, whatever its called parties do"},
    {"I9", "cli-allowed", "what calls show is the caller's own number, or one that the tenant allows them"},
    {"I10", "hot-desk-place", "a hot desk stands at a site with an address, and has an emergency number"},
    {"I11", "one-desk", "a user is logged in at one phone"},
    {"I12", "usage-counts", "the counts of used numbers agree with the numbers"},
    {"I13", "history-replays", "the history, from its start, gives what the directory holds"},
    {"I14", "history-undoes", "the history, taken back from its end, gives an empty directory"},
}};

// One text column: what is wrong.
std::string_view sql_of(std::string_view id) {
    if (id == "I1")
        return R"(SELECT 'block +' || a."first" || ' to +' || a."last" || ' shares numbers with +' || b."first"
                  FROM "block" a JOIN "block" b ON b."first" > a."first" AND b."first" <= a."last"
                  UNION ALL SELECT 'block +' || "first" || ' to +' || "last" || ' has ends of different length'
                  FROM "block" WHERE length(CAST("first" AS TEXT)) <> length(CAST("last" AS TEXT)))";
    if (id == "I2")
        return R"(SELECT 'number +' || n."number" || ' lies in no block' FROM "number" n
                  WHERE n."state" NOT IN ('port_in', 'ported_out') AND NOT EXISTS (SELECT 1 FROM "block" b
                  WHERE b."first" = (SELECT MAX(c."first") FROM "block" c WHERE c."first" <= n."number") AND b."last" >= n."number"))";
    if (id == "I3")
        return R"(SELECT 'number ' || "number" || ' is no E.164 number' FROM "number"
                  WHERE "number" < 1000 OR "number" > 999999999999999)";
    if (id == "I4")
        return R"(SELECT 'number +' || n."number" || ' is ' || n."state" || ' with target ' || COALESCE(n."target", 'none')
                  FROM "number" n LEFT JOIN "target" t ON t."tenant" = n."tenant" AND t."target" = n."target"
                  WHERE (n."state" = 'assigned' AND n."target" IS NULL) OR (n."target" IS NOT NULL AND t."target" IS NULL)
                  OR (n."target" IS NOT NULL AND n."state" NOT IN ('assigned', 'port_in', 'port_out')))";
    if (id == "I5")
        return R"(SELECT 'number +' || "number" || ' is ' || "state" || ' without an end' FROM "number"
                  WHERE "state" IN ('reserved', 'quarantine') AND "until" IS NULL)";
    if (id == "I6")
        return R"(SELECT 'number +' || "number" || ' is ported out and rings ' || "target" FROM "number"
                  WHERE "state" = 'ported_out' AND "target" IS NOT NULL)";
    if (id == "I9")
        return R"(SELECT 'user ' || u."tenant" || ' ' || u."user" || ' shows +' || u."default_cli" FROM "user" u
                  WHERE u."default_cli" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "number" n WHERE n."number" = u."default_cli"
                  AND n."tenant" = u."tenant" AND n."target" = 'user:' || u."user")
                  AND NOT EXISTS (SELECT 1 FROM "cli" c WHERE c."tenant" = u."tenant" AND c."cli" <= u."default_cli"
                  AND COALESCE(c."last", c."cli") >= u."default_cli" AND (NOT EXISTS (SELECT 1 FROM "cli_user" x
                  WHERE x."tenant" = c."tenant" AND x."cli" = c."cli") OR EXISTS (SELECT 1 FROM "cli_user" y
                  WHERE y."tenant" = c."tenant" AND y."cli" = c."cli" AND y."user" = u."user"))))";
    if (id == "I10")
        return R"(SELECT 'phone ' || p."tenant" || ' ' || p."phone" || ' is a hot desk without ' ||
                  CASE WHEN p."emergency_cli" IS NULL THEN 'an emergency number' ELSE 'an address' END
                  FROM "phone" p LEFT JOIN "site" s ON s."tenant" = p."tenant" AND s."site" = p."site"
                  WHERE p."hot_desk" = 1 AND (p."emergency_cli" IS NULL OR
                  (s."address" IS NULL AND s."location" IS NULL AND p."location" IS NULL)))";
    if (id == "I11")
        return R"(SELECT 'user ' || "tenant" || ' ' || "user" || ' is logged in at ' || COUNT(*) || ' phones' FROM "login"
                  GROUP BY "tenant", "user" HAVING COUNT(*) > 1)";
    if (id == "I12")
        return R"(SELECT 'chunk ' || COALESCE(u."chunk", n."chunk") || ' counts ' || COALESCE(u."used", 0) || ' numbers, it holds '
                  || COALESCE(n."count", 0) FROM (SELECT "number" / 1000 AS "chunk", COUNT(*) AS "count" FROM "number"
                  GROUP BY 1) n FULL OUTER JOIN "usage" u ON u."chunk" = n."chunk"
                  WHERE COALESCE(u."used", 0) <> COALESCE(n."count", 0))";
    return {};
}

Result<void> ask(Database& database, const Invariant& invariant, std::size_t most, std::vector<Finding>& findings) {
    const std::array<centrex::Cell, 1> limit{static_cast<std::int64_t>(most)};
    auto statement = database.prepare(fmt::format("SELECT * FROM ({}) AS f LIMIT ?", sql_of(invariant.id)));
    if (!statement) return tl::unexpected(statement.error());
    if (auto started = (*statement)->start(limit); !started) return started;
    while (true) {
        auto there = (*statement)->step();
        if (there && *there) {
            findings.push_back({&invariant, centrex::text((*statement)->cell(0))});
            continue;
        }
        (*statement)->finish();
        if (!there) return tl::unexpected(there.error());
        return {};
    }
}

// Each way round is told once, by the row that it was found from.
Result<std::vector<std::string>> loops(DirectoryRows& rows, std::size_t most) {
    std::vector<std::string> found;
    for (const char* name : {"forward", "group", "schedule"}) {
        const auto& table = centrex::table(name);
        auto all_rows = rows.find({.table = &table});
        if (!all_rows) return tl::unexpected(all_rows.error());
        for (const auto& row : *all_rows) {
            const auto kind = table.name == "forward" ? std::string("user") : std::string(table.name);
            auto good = centrex::check_loop(rows, centrex::text(row[0]), kind + ":" + centrex::text(row[1]));
            if (!good && good.error().fault != Fault::rule) return tl::unexpected(good.error());
            if (!good && found.size() < most) found.push_back(good.error().what);
        }
    }
    return found;
}

Result<std::vector<std::string>> extensions(DirectoryRows& rows, std::size_t most) {
    std::vector<std::string> found;
    auto all_rows = rows.find({.table = &centrex::table("extension")});
    if (!all_rows) return tl::unexpected(all_rows.error());
    for (const auto& row : *all_rows) {
        auto good = centrex::check_extension(rows, row);
        if (!good && good.error().fault != Fault::rule) return tl::unexpected(good.error());
        if (!good && found.size() < most) found.push_back(fmt::format("tenant {}: {}", centrex::text(row[0]), good.error().what));
    }
    return found;
}

// Those that no question to the database answers.
Result<std::vector<std::string>> look(Directory& directory, DirectoryRows& rows, std::string_view id, std::size_t most) {
    if (id == "I7") return extensions(rows, most);
    if (id == "I8") return loops(rows, most);
    return id == "I13" ? replay(directory, rows, most) : take_back(directory, rows, most);
}

}  // namespace

std::span<const Invariant> invariants() { return all; }

Result<std::vector<Finding>> check(Directory& directory, std::size_t most) {
    std::vector<Finding> findings;
    auto done = directory.read([&](DirectoryRows& rows) -> Result<void> {
        for (const auto& invariant : all) {
            if (sql_of(invariant.id).empty()) {
                auto wrong = look(directory, rows, invariant.id, most);
                if (!wrong) return tl::unexpected(wrong.error());
                for (auto& what : *wrong) findings.push_back({&invariant, std::move(what)});
            } else if (auto asked = ask(directory.database(), invariant, most, findings); !asked) {
                return asked;
            }
        }
        return {};
    });
    if (!done) return tl::unexpected(done.error());
    return findings;
}

}  // namespace trunkbox::store
