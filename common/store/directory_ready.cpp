// What a database is before the first question: a directory, empty, or something else.
#include <fmt/format.h>

#include "centrex/schema.h"
#include "store/directory_schema.h"

namespace trunkbox::store {

namespace {

using centrex::integer;

struct Found {
    std::int64_t application = 0;
    std::int64_t version = 0;
    bool empty = false;  // nothing is there that anybody made
};

Result<std::int64_t> pragma(Database& database, const std::string& name) {
    auto row = database.one("PRAGMA " + name);
    if (!row) return tl::unexpected(row.error());
    return *row ? integer((**row)[0]) : 0;
}

Result<Found> look_into_sqlite(Database& database) {
    auto version = pragma(database, "user_version");
    if (!version) return tl::unexpected(version.error());
    auto id = pragma(database, "application_id");
    if (!id) return tl::unexpected(id.error());
    Found found{.application = *id, .version = *version};
    if (*version != 0 || *id != 0) return found;
    auto count = database.one("SELECT COUNT(*) FROM sqlite_master");
    if (!count) return tl::unexpected(count.error());
    found.empty = integer((**count)[0]) == 0;
    return found;
}

// What an extension brought does not count: nobody put it there to keep something in it.
constexpr const char* relations = R"(SELECT COUNT(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'))";

Result<Found> look_into_postgresql(Database& database) {
    auto row = database.one("SELECT \"application\", \"version\" FROM \"directory\"", {}, 2);
    if (row && *row) return Found{.application = integer((**row)[0]), .version = integer((**row)[1])};
    if (!row && row.error().fault != Fault::input) return tl::unexpected(row.error());
    auto count = database.one(relations);
    if (!count) return tl::unexpected(count.error());
    return Found{.empty = integer((**count)[0]) == 0};
}

Result<Found> look_into(Database& database) {
    return database.engine() == Database::Engine::sqlite ? look_into_sqlite(database) : look_into_postgresql(database);
}

Result<void> make_tables(Database& database) {
    std::string all;
    for (const auto& sql : schema_sql(database.engine())) all += sql + ";\n";
    return database.execute(all);
}

// Another may be making it at the same time, here after the wait for the lock.
Result<void> make_in_sqlite(Database& database) {
    if (auto begun = database.begin(true); !begun) return begun;
    auto found = look_into(database);
    Result<void> made;
    if (!found) made = tl::unexpected(found.error());
    if (found && found->empty) made = make_tables(database);
    if (made) made = database.commit();
    if (!made) database.rollback();
    return made;
}

// One message of statements is one transaction; of two makers the later waits for the first, and fails.
Result<void> make_in_postgresql(Database& database) {
    auto made = make_tables(database);
    if (made) return made;
    auto found = look_into(database);
    return found && found->version != 0 ? Result<void>{} : made;
}

}  // namespace

Result<void> make_ready(Database& database, const std::string& place, bool create) {
    auto found = look_into(database);
    if (found && found->empty && create) {
        const bool sqlite = database.engine() == Database::Engine::sqlite;
        if (auto made = sqlite ? make_in_sqlite(database) : make_in_postgresql(database); !made) return made;
        found = look_into(database);
    }
    if (!found) return tl::unexpected(found.error());
    if (found->empty && database.engine() == Database::Engine::postgresql)
        return failure(Fault::system, place, "there is no directory", "the first edit, or 'centrex init', makes one");
    if (found->application != application_id || found->version == 0)
        return failure(Fault::input, place, "is a database, but no directory of trunkbox", "name another");
    if (found->version != centrex::schema_version)
        return failure(Fault::input, place,
                       fmt::format("is of version {}, this program knows {}", found->version, centrex::schema_version),
                       found->version < centrex::schema_version ? "'centrex migrate' brings it up to date"
                                                                : "use the program that made it");
    return {};
}

}  // namespace trunkbox::store
