#include "store/kamailio.h"

#include <set>

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include "base/text.h"
#include "config/files.h"

namespace trunkbox::store {

namespace {

using centrex::SheetLine;

void read_contacts(const SQLite::Database& file, const std::string& domain, const std::string& site,
                   std::vector<SheetLine>& lines) {
    SQLite::Statement rows(file, "SELECT username, contact FROM location WHERE ?1 = '' OR lower(domain) = ?1 ORDER BY username, id");
    rows.bind(1, domain);
    std::set<std::string> seen;
    while (rows.executeStep()) {
        const auto user = lower(rows.getColumn(0).getString());
        // Further contacts of one user are further phones.
        auto phone = user;
        for (int count = 2; !seen.insert(phone).second; ++count) phone = user + '-' + std::to_string(count);
        SheetLine line{.cells = {{"user", user}, {"phone", phone}, {"contact", rows.getColumn(1).getString()}}};
        if (!site.empty()) line.cells.emplace_back("site", site);
        lines.push_back(std::move(line));
    }
}

void read_aliases(const SQLite::Database& file, const std::string& domain, std::vector<SheetLine>& lines) {
    SQLite::Statement rows(file, "SELECT alias_username, username FROM dbaliases WHERE ?1 = '' OR lower(alias_domain) = ?1 "
                                 "ORDER BY alias_username, id");
    rows.bind(1, domain);
    while (rows.executeStep())
        lines.push_back({.cells = {{"user", lower(rows.getColumn(1).getString())}, {"number", rows.getColumn(0).getString()}}});
}

}  // namespace

Result<std::vector<SheetLine>> read_kamailio(const std::string& path, const std::string& domain, const std::string& site) {
    std::vector<SheetLine> lines;
    try {
        const SQLite::Database file(path, SQLite::OPEN_READONLY);
        read_contacts(file, domain, site, lines);
        read_aliases(file, domain, lines);
    } catch (const SQLite::Exception& error) {
        const bool unread = error.getErrorCode() == SQLITE_CANTOPEN;
        return failure(unread ? Fault::system : Fault::input, path, error.what(),
                       unread ? "" : "it wants Kamailio's tables 'location' and 'dbaliases'");
    }
    return lines;
}

}  // namespace trunkbox::store
