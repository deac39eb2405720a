// The best route of many numbers as CSV, for millions of them.
#pragma once

#include "base/result.h"
#include "lcr/cheapest.h"
#include "lcr/table.h"

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::output {

// The rows that route_rows gives for the first route, in the order of the numbers; written in pieces.
class RouteCsv {
  public:
    // The table and the stream outlive this.
    RouteCsv(const lcr::Table& table, Time at, std::int64_t seconds, std::ostream& out);
    // A number as it was dialled; a blank one is passed over. Fault::input: it is not E.164.
    [[nodiscard]] Result<void> add(std::string_view number);
    // Writes what was added so far.
    [[nodiscard]] Result<void> finish();
    [[nodiscard]] bool all_routed() const { return all_routed_; }

  private:
    [[nodiscard]] Result<void> write_batch();
    [[nodiscard]] Result<void> append(const lcr::Call& call, const lcr::Cheapest& answer);
    [[nodiscard]] Result<Cost> cost_of(const lcr::Cheapest& answer, const lcr::Table::Entry& entry) const;
    void append_unrouted(const lcr::Call& call);
    [[nodiscard]] char* room(std::size_t bytes);
    [[nodiscard]] Result<void> flush_text();

    const lcr::Table& table_;
    lcr::LeastCost least_;
    Time at_;
    std::int64_t seconds_;
    std::ostream& out_;
    std::vector<lcr::Call> calls_;
    std::vector<lcr::Cheapest> answers_;
    std::size_t columns_;
    std::string text_;  // its first used_ bytes are to be written
    std::size_t used_;
    bool all_routed_ = true;
};

}  // namespace trunkbox::output
