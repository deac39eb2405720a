// Very many rows that come into an empty table of a server. For each row it asks for what the row refers to, which takes
// longer than all else that it does, and finds the row's place in each index: all at once both are a small part of that.
#pragma once

#include "store/sql.h"

#include <string>

namespace trunkbox::store {

class BulkLoad {
  public:
    // Within a transaction that writes: the table's foreign keys and indexes, but the primary key, are put aside. Only when
    // it has no rows, since who reads it, or what it refers to, waits until the transaction ends. When somebody reads now,
    // the role may not make them, or the server could not take it back, they stay, which is no error.
    [[nodiscard]] Result<void> begin(Database& database, const std::string& table);
    // They are put back: before the transaction is committed, and where nothing that is taken back alone is under way. A row
    // that refers to nothing is an error.
    [[nodiscard]] Result<void> finish(Database& database);
    // The transaction was taken back, and this with it.
    void forget() { put_back_.clear(); }

  private:
    std::string put_back_{};  // what does so
};

}  // namespace trunkbox::store
