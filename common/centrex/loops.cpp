#include "centrex/loops.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace trunkbox::centrex {

namespace {

class Walk {
  public:
    Walk(Rows& rows, const std::string& tenant) : rows_(rows), tenant_(tenant) {}

    Result<void> visit(const std::string& target) {
        auto seen = std::find(way_.begin(), way_.end(), target);
        if (seen != way_.end())
            return against("loop", fmt::format("calls would go round: {} -> {}",
                                               fmt::join(std::vector<std::string>(seen, way_.end()), " -> "), target),
                           "let one of them lead elsewhere");
        if (std::find(good_.begin(), good_.end(), target) != good_.end()) return {};
        way_.push_back(target);
        auto next = leads_to(target);
        if (!next) return tl::unexpected(next.error());
        for (const auto& one : *next)
            if (auto done = visit(one); !done) return done;
        way_.pop_back();
        good_.push_back(target);
        return {};
    }

  private:
    Result<std::vector<std::string>> leads_to(const std::string& target) {
        auto [kind, name] = split_once(target, ':');
        if (!name || kind == "voicemail") return std::vector<std::string>{};
        const bool user = kind == "user";
        const auto& table = centrex::table(user ? "forward" : kind);
        Key key{tenant_, std::string(*name)};
        if (user) key.emplace_back(std::string("cfu"));
        auto row = rows_.get(table, key);
        if (!row) return tl::unexpected(row.error());
        std::vector<std::string> next;
        for (const char* column : {"to", "overflow", "open", "closed"})
            if (*row && table.has(column))
                if (const auto& to = text(cell(table, **row, column)); !to.empty()) next.push_back(to);
        if (!*row || !user || is_null(cell(table, **row, "number"))) return next;
        return of_number(cell(table, **row, "number"));
    }

    // A number of our own leads to what it rings.
    Result<std::vector<std::string>> of_number(const Cell& number) {
        auto row = rows_.get(table("number"), {number});
        if (!row) return tl::unexpected(row.error());
        if (!*row || text(cell(table("number"), **row, "tenant")) != tenant_) return std::vector<std::string>{};
        const auto& to = text(cell(table("number"), **row, "target"));
        return to.empty() ? std::vector<std::string>{} : std::vector<std::string>{to};
    }

    Rows& rows_;
    const std::string& tenant_;
    std::vector<std::string> way_{};
    std::vector<std::string> good_{};
};

}  // namespace

Result<void> check_loop(Rows& rows, const std::string& tenant, const std::string& target) {
    return Walk(rows, tenant).visit(target);
}

}  // namespace trunkbox::centrex
