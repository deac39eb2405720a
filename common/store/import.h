// Sheets put into the directory as one change: a verdict for each line, and all of them or none.
#pragma once

#include "config/sheet.h"
#include "store/directory.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::store {

struct ImportOptions {
    config::SheetOptions sheet{};
    std::string tenant{};       // of lines that name none; "": the only one
    bool keep_going = false;    // take the lines that are good, although others are not
    std::size_t most_errors = 100;  // with keep_going: more than these are too many
    bool prune = false;             // what of the tenant's the sheet does not name goes, unless a line was rejected
};

struct LineVerdict {
    std::size_t line = 0;
    std::string key{};
    std::string verdict{};  // "created", "updated", "same", "rejected"
    std::string rule{};     // that refused it, "" for what cannot be read
    std::string detail{};
};

struct Imported {
    std::size_t lines = 0, created = 0, updated = 0, same = 0, rejected = 0;
    std::vector<LineVerdict> verdicts{};  // of every line, or with `few` of those that were rejected
    Directory::Outcome outcome{};
    [[nodiscard]] bool taken_back(const ImportOptions& options) const {
        return rejected > 0 && (!options.keep_going || rejected > options.most_errors);
    }
};
// `few`: keep no verdict of a good line. Errors: the file as a whole, the database.
[[nodiscard]] Result<Imported> import_sheet(Directory& directory, std::string_view text, const std::string& name,
                                            const ImportOptions& options, const Edit& edit, bool few);

// The numbers and contacts of a Kamailio, as store/kamailio.h reads them, its lines counted in that order.
[[nodiscard]] Result<Imported> import_kamailio(Directory& directory, const std::string& path, const std::string& site,
                                               const ImportOptions& options, const Edit& edit, bool few);

}  // namespace trunkbox::store
