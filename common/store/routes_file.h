// A route table's file while the table is compiled into it. A reader sees the old file or the new one, never a part.
#pragma once

#include "base/result.h"
#include "lcr/storage.h"
#include "store/descriptor.h"
#include "store/mapping.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include <sys/types.h>

namespace trunkbox::store {

// Begins when the first memory is asked for, as a file without a name where the file system has such, so that a process
// that is killed leaves nothing; else as a temporary file beside the one it will replace. Gone at the end unless it was
// committed. All errors are Fault::system; an older file is then untouched, unless it is the folder that cannot be synced.
class RoutesFile final : public lcr::Storage {
  public:
    explicit RoutesFile(std::string path) : path_(std::move(path)) {}
    ~RoutesFile() override;

    // Room on the disk is set aside here, so that no write to the memory fails for want of it.
    [[nodiscard]] Result<std::span<std::byte>> resize(std::size_t bytes) override;
    // Synced, renamed, and the folder synced; once, behind a resize. A new file is readable by all, as far as the umask
    // allows; one that replaces another has its mode. A symbolic link to a file is followed. The memory stays valid.
    [[nodiscard]] Result<void> commit();

  private:
    [[nodiscard]] Result<void> begin();
    [[nodiscard]] bool make_nameless(mode_t mode);
    [[nodiscard]] bool make_named(mode_t mode);
    [[nodiscard]] bool give_name();
    [[nodiscard]] tl::unexpected<Error> cannot_write(int code) const;

    std::string path_;
    std::filesystem::path target_;
    std::string temporary_;
    Descriptor file_{-1};
    bool mapped_ = true;  // else the bytes are in memory, and written at the end
    Mapping mapping_;
};

// Memory for a table that no file is made of, of any size: it grows without a copy.
[[nodiscard]] std::shared_ptr<lcr::Storage> in_memory();

}  // namespace trunkbox::store
