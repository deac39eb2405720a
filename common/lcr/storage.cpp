#include "lcr/storage.h"

#include <array>
#include <cstring>

namespace trunkbox::lcr {

namespace {

constexpr std::size_t alignment = 64;

class Heap final : public Storage {
  public:
    // Not value-initialised: every byte is written later, and touching hundreds of megabytes twice shows.
    Result<std::span<std::byte>> resize(std::size_t bytes) override {
        std::unique_ptr<Block[]> larger(new Block[(bytes + alignment - 1) / alignment]);
        if (size_ > 0) std::memcpy(static_cast<void*>(larger.get()), blocks_.get(), size_);
        blocks_ = std::move(larger);
        size_ = bytes;
        return std::span(blocks_[0].bytes.data(), size_);
    }

  private:
    struct alignas(alignment) Block {
        std::array<std::byte, alignment> bytes;
    };
    std::unique_ptr<Block[]> blocks_;
    std::size_t size_ = 0;
};

}  // namespace

std::shared_ptr<Storage> on_heap() { return std::make_shared<Heap>(); }

}  // namespace trunkbox::lcr
