// Edits of blocks and numbers: what the tables' descriptions cannot say of them.
#pragma once

#include "centrex/edits.h"
#include "centrex/lifecycle.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace trunkbox::centrex {

// "+33199000001"
[[nodiscard]] std::string plus(std::int64_t number);

// The block that a number lies in, or null; valid as long as what last_block gives.
[[nodiscard]] Result<const Row*> block_of(Rows& rows, std::int64_t number);

// Rules "block-length" (both ends have as many digits) and "block-overlap" (blocks share no number).
[[nodiscard]] Result<bool> add_block(Edits& edits, const Row& block);
// Rule "in-use" while a number of it has a row.
[[nodiscard]] Result<bool> delete_block(Edits& edits, std::int64_t first);
// In two at a number, which begins the second. Rule "block-split": it is not inside.
[[nodiscard]] Result<bool> split_block(Edits& edits, std::int64_t first, std::int64_t second);
// With the block that follows it at once. Rule "block-merge": there is none, or another's.
[[nodiscard]] Result<bool> merge_block(Edits& edits, std::int64_t first);

struct NumberEdit {
    Action action = Action::assign;
    std::string tenant{};                  // "": the block's
    std::string target{};                  // assign, move, port in: what it rings
    std::optional<std::int64_t> until{};   // reserve, quarantine, ports: when it ends by itself, seconds since 1970
    std::string reason{};
    std::string request{};                 // reserve: an order's own name
};
// One number through its lifecycle. A number that is ported in and lies in no block gets one of its own, which goes when the
// port is called off. False: it is so already. Rules: "state", "block" (it lies in none), "tenant" (it is
// another's), "until" (the date is over or missing), "reference".
[[nodiscard]] Result<bool> change_number(Edits& edits, std::int64_t number, const NumberEdit& edit);

// When a port under way takes effect by itself. Rule "state": none is under way.
[[nodiscard]] Result<bool> set_port_date(Edits& edits, std::int64_t number, std::int64_t date);

struct NextQuery {
    std::int64_t first = 0;  // of the block
    std::size_t count = 1;
    std::optional<NumberEdit> reserve{};
};
// The lowest free numbers of a block, what ended by itself among them; with `reserve` they are kept, and asking again with
// the same request gives the same. Rule "exhausted": there are not so many; "block": there is no such block.
[[nodiscard]] Result<std::vector<std::int64_t>> next_numbers(Edits& edits, const NextQuery& query, Time at);

// Writes down what has come to pass at `Edits::at`: expired reservations and quarantines, logins, ports. How many.
[[nodiscard]] Result<std::size_t> tick(Edits& edits);

}  // namespace trunkbox::centrex
