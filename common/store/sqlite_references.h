// The foreign keys of many rows at once. SQLite looks up what a row refers to for each row alone, though most of a million
// refer to the same.
#pragma once

#include "store/sql.h"

#include <span>
#include <string>

struct sqlite3;

namespace trunkbox::store {

// That what the rows refer to is there, as the table's foreign keys have it; each that differs is asked for once. None of
// the rows may refer to another of them.
[[nodiscard]] Result<void> check_references(Database& database, const std::string& table, std::span<const std::string> columns,
                                            std::span<const centrex::Row> rows);

// As long as it lives SQLite does not look at foreign keys.
class WithoutForeignKeys {
  public:
    explicit WithoutForeignKeys(sqlite3* handle);
    WithoutForeignKeys(const WithoutForeignKeys&) = delete;
    WithoutForeignKeys& operator=(const WithoutForeignKeys&) = delete;
    ~WithoutForeignKeys();

  private:
    sqlite3* handle_;
};

}  // namespace trunkbox::store
