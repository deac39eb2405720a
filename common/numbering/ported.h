// Numbers that were ported and the location routing numbers of those that serve them, as an LNP database exports them.
#pragma once

#include "numbering/e164.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::numbering {

class PortedNumbers {
  public:
    // CSV of two columns, number and routing number, E.164 with or without "+"; a header row is passed over. Errors name
    // the line: no number, a number twice with different routing numbers.
    [[nodiscard]] static Result<PortedNumbers> read(std::string_view csv, const std::string& file);

    // Nothing for a number that is not ported.
    [[nodiscard]] std::optional<E164> routing_number(const E164& number) const;
    [[nodiscard]] std::size_t size() const { return numbers_.size(); }

  private:
    struct Ported {
        E164 number;
        E164 routing;
        auto operator<=>(const Ported&) const = default;
    };
    std::vector<Ported> numbers_{};  // ascending
};

}  // namespace trunkbox::numbering
