// Whole files in, with errors that say what to do.
#pragma once

#include "base/result.h"
#include "lcr/deck_reader.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace trunkbox::config {

// Errors (of kind system): missing, a directory, unreadable, larger than `most` bytes.
[[nodiscard]] Result<std::string> read_file(const std::string& path,
                                            std::size_t most = std::size_t{64} << 20);

// Why a file was not opened or read, from errno.
[[nodiscard]] tl::unexpected<Error> cannot_read(const std::string& path, int code);

// A path that a file names: relative ones are beside that file.
[[nodiscard]] std::string beside(std::string_view file, std::string path);

// The rate deck in a CSV file of at most 1 GiB.
[[nodiscard]] Result<lcr::Deck> read_deck_file(const std::string& path);

}  // namespace trunkbox::config
