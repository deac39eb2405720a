// What was made of a text that comes again and again, found without reading it once more.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace trunkbox::lcr {

// A direct-mapped cache: a text takes the place of another one that hashes alike, so the memory is bounded.
template <class Value, std::size_t places>
class Remembered {
  public:
    // Valid until the next put.
    [[nodiscard]] const Value* find(std::string_view text) {
        if (last_ != nullptr && last_->text == text) return &*last_->value;
        auto& entry = entry_of(text);
        if (!entry.value || entry.text != text) return nullptr;
        last_ = &entry;
        return &*entry.value;
    }
    const Value& put(std::string_view text, Value value) {
        last_ = &entry_of(text);
        last_->text.assign(text);
        return last_->value.emplace(std::move(value));
    }

  private:
    struct Entry {
        std::string text;
        std::optional<Value> value;
    };
    Entry& entry_of(std::string_view text) { return (*entries_)[hash(text) % places]; }
    // Eight bytes at a time; a text that hashes as another only makes it forget that one.
    static std::size_t hash(std::string_view text) {
        std::uint64_t state = text.size();
        for (; !text.empty(); text.remove_prefix(std::min<std::size_t>(text.size(), 8))) {
            std::uint64_t bytes = 0;
            std::memcpy(&bytes, text.data(), std::min<std::size_t>(text.size(), 8));
            state = (state ^ bytes) * 0x9E3779B97F4A7C15U;
            state ^= state >> 32U;
        }
        return state;
    }

    using Entries = std::array<Entry, places>;
    std::unique_ptr<Entries> entries_ = std::make_unique<Entries>();
    Entry* last_ = nullptr;  // neighbours in a deck are alike
};

}  // namespace trunkbox::lcr
