// The directory of numbers and Centrex: a SQLite file, opened or made; edits in one transaction each, with their history.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "store/directory_rows.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace trunkbox::store {

struct Change {
    std::int64_t change = 0;
    Time at{};
    std::string actor{};
    std::string host{};
    std::string command{};
    std::string message{};
    std::string plan{};
    std::optional<std::int64_t> undo_of{};
    std::int64_t rows = 0;
};

class Directory {
  public:
    struct Options {
        std::string place;     // path of the file
        bool create = false;   // when it is not there
        Duration wait = 5s;    // for a lock
    };
    // Fault::system: cannot be opened, others may read it; Fault::input: no directory, or a newer one than this program
    // knows.
    [[nodiscard]] static Result<Directory> open(const Options& options);

    struct Outcome {
        std::int64_t change = 0;  // 0: nothing changed
        bool changed = false;
        std::size_t count = 0;                     // of changed rows
        std::vector<centrex::RowChange> rows{};    // with Edit::keep_rows
    };
    // One transaction: all that `work` does, or nothing if it fails. A dry run does it all and takes it back.
    [[nodiscard]] Result<Outcome> edit(const Edit& edit, const std::function<Result<void>(DirectoryRows&)>& work);
    // One snapshot for all that `work` reads.
    [[nodiscard]] Result<void> read(const std::function<Result<void>(DirectoryRows&)>& work);

    // Oldest first; `from` on, at most `most` of the latest (0: all).
    [[nodiscard]] Result<std::vector<Change>> history(std::int64_t from = 0, std::size_t most = 0);
    // Fault::rule "change": there is none of that number.
    [[nodiscard]] Result<Change> change(std::int64_t number);
    [[nodiscard]] Result<std::int64_t> last_change();
    // The rows of the changes from `first` to `last`, in the order in which they changed.
    [[nodiscard]] Result<void> each_row_change(
        std::int64_t first, std::int64_t last,
        const std::function<Result<void>(std::int64_t change, centrex::RowChange)>& take);

    [[nodiscard]] Database& database() { return *database_; }

  private:
    explicit Directory(std::unique_ptr<Database> database) : database_(std::move(database)) {}
    std::unique_ptr<Database> database_;
};

// Takes a change back by another; refused (rule "undo") when later changes touched the same rows, which are named. Nothing
// changes when it is taken back already.
[[nodiscard]] Result<Directory::Outcome> undo(Directory& directory, std::int64_t change, Edit edit);

}  // namespace trunkbox::store
