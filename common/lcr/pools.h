// Values that a table keeps once each.
#pragma once

#include "lcr/image.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace trunkbox::lcr {

// Texts by number; 0 is "".
class TextPool {
  public:
    TextPool() { (void)intern(""); }
    std::uint32_t intern(std::string_view text);
    [[nodiscard]] std::string_view view(std::uint32_t number) const;
    void store(ImageBuilder& builder);

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
    std::vector<std::uint64_t> ends_;
    std::vector<char> bytes_;
};

// The parts of rows, as records; indices are given in order, so that equal input makes equal records.
struct RowParts {
    std::vector<TermsRecord> terms;
    std::vector<TierRecord> tiers;
    std::vector<ScopeRecord> scopes;
    std::vector<ShapeRecord> shapes;
    std::vector<std::int64_t> boundaries;

    // From a deck's own index to the table's, where `all` are sorted and hold each value.
    static std::vector<std::uint32_t> translate(std::span<const Terms> some, const std::vector<Terms>& all);
    static std::vector<std::uint32_t> translate(std::span<const Scope> some, const std::vector<Scope>& all);
};

// Sorted, each once.
[[nodiscard]] RowParts make_parts(const std::vector<Terms>& terms, const std::vector<Scope>& scopes, TextPool& texts,
                                  std::int64_t quantum, Currency currency);

}  // namespace trunkbox::lcr
