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

namespace trunkbox::store {

// Begins when the first memory is asked for, as a file without a name where the file system has such, so that a process
// that is killed leaves nothing; else as a temporary file beside the one it will replace. Gone at the end unless it was
// committed. All errors are Fault::system; an older file is then untouched.
class RoutesFile final : public lcr::Storage {
  public:
    explicit RoutesFile(std::string path) : path_(std::move(path)) {}
    ~RoutesFile() override;

    // Room on the disk is set aside here, so that no write to the memory fails for want of it.
    [[nodiscard]] Result<std::span<std::byte>> resize(std::size_t bytes) override;
    // Synced, renamed, and the folder synced; once, behind the last resize. A new file is readable by all, as far as the
    // umask allows; one that replaces another has its mode. A symbolic link is followed. The memory stays valid.
    [[nodiscard]] Result<void> commit();

  private:
    [[nodiscard]] Result<void> begin();
    [[nodiscard]] bool make_nameless();
    [[nodiscard]] bool make_named();
    [[nodiscard]] bool give_name();
    [[nodiscard]] tl::unexpected<Error> cannot_write(int code) const;

    std::string path_;
    std::filesystem::path target_;
    std::string temporary_;
    Descriptor file_{-1};
    bool mapped_ = true;  // else the bytes are in memory, and written at the end
    Mapping mapping_;
};

// Memory for a table that no file is made of.
[[nodiscard]] std::shared_ptr<lcr::Storage> in_memory();

}  // namespace trunkbox::store
