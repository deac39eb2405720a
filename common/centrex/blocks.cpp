// Blocks: consecutive numbers of one holder, which share none with another block.
#include <fmt/format.h>

#include "centrex/numbers.h"

namespace trunkbox::centrex {

namespace {

const Table& blocks() {
    static const Table& all = table("block");
    return all;
}
std::int64_t last_of(const Row& block) {
    static const auto last = blocks().index("last");
    return integer(block[last]);
}
Result<Row> existing(Rows& rows, std::int64_t first) {
    auto block = rows.get(blocks(), {first});
    if (!block) return tl::unexpected(block.error());
    if (!*block)
        return against("block", fmt::format("no block begins at '{}'", plus(first)), "'number block list' shows them");
    return std::move(**block);
}

}  // namespace

Result<const Row*> block_of(Rows& rows, std::int64_t number) {
    auto block = rows.last_block(number);
    if (block && *block != nullptr && last_of(**block) < number) return nullptr;
    return block;
}

Result<bool> add_block(Edits& edits, const Row& block) {
    const auto first = integer(block[0]);
    const auto last = last_of(block);
    if (last < first || fmt::format("{}", first).size() != fmt::format("{}", last).size())
        return against("block-length", fmt::format("'{}' to '{}' is no range of numbers", plus(first), plus(last)),
                       "both ends have as many digits, the last is not below the first");
    auto before = edits.last_block(last);
    if (!before) return tl::unexpected(before.error());
    if (*before != nullptr && last_of(**before) >= first && integer((**before)[0]) != first)
        return against("block-overlap", fmt::format("block '{}' to '{}' shares numbers with block '{}' to '{}'", plus(first),
                                                    plus(last), plus(integer((**before)[0])), plus(last_of(**before))),
                       "blocks share no number");
    auto there = edits.get(blocks(), {first});
    if (!there) return tl::unexpected(there.error());
    if (*there && **there != block)
        return against("exists", fmt::format("block '{}' is there already, to '{}'", plus(first), plus(last_of(**there))),
                       "split, merge or delete it");
    return edits.put(blocks(), block);
}

Result<bool> delete_block(Edits& edits, std::int64_t first) {
    auto block = edits.get(blocks(), {first});
    if (!block) return tl::unexpected(block.error());
    if (!*block) return false;
    const auto& numbers = table("number");
    auto used = edits.find({.table = &numbers,
                            .where = {{.column = "number", .is = Match::Is::at_least, .value = first},
                                      {.column = "number", .is = Match::Is::at_most, .value = last_of(**block)}},
                            .limit = 1});
    if (!used) return tl::unexpected(used.error());
    if (!used->empty())
        return against("in-use", fmt::format("block '{}' holds {}, which is not free", plus(first),
                                             called(numbers, key_of(numbers, used->front()))),
                       "free its numbers first");
    return edits.remove(blocks(), {first});
}

Result<bool> split_block(Edits& edits, std::int64_t first, std::int64_t second) {
    auto block = existing(edits, first);
    if (!block) return tl::unexpected(block.error());
    auto done = edits.get(blocks(), {second});
    if (done && *done && last_of(*block) == second - 1) return false;
    if (second <= first || second > last_of(*block))
        return against("block-split", fmt::format("'{}' is not inside block '{}' to '{}'", plus(second), plus(first),
                                                  plus(last_of(*block))),
                       "name the number that begins the second half");
    auto rest = *block;
    rest[0] = second;
    cell(blocks(), *block, "last") = second - 1;
    if (auto put = edits.put(blocks(), *block); !put) return put;
    return edits.put(blocks(), rest);
}

Result<bool> merge_block(Edits& edits, std::int64_t first) {
    auto block = existing(edits, first);
    if (!block) return tl::unexpected(block.error());
    auto next = edits.get(blocks(), {last_of(*block) + 1});
    if (!next) return tl::unexpected(next.error());
    auto same = *next ? **next : *block;
    same[0] = first;
    cell(blocks(), same, "last") = cell(blocks(), *block, "last");
    if (!*next || same != *block)
        return against("block-merge", fmt::format("no block of the same tenant, holder and origin follows '{}' to '{}'",
                                                  plus(first), plus(last_of(*block))));
    cell(blocks(), *block, "last") = cell(blocks(), **next, "last");
    if (auto gone = edits.remove(blocks(), {(**next)[0]}); !gone) return gone;
    return edits.put(blocks(), *block);
}

}  // namespace trunkbox::centrex
