#include "store/import.h"

#include <fmt/format.h>

#include "base/text.h"

namespace trunkbox::store {

namespace {

class Import {
  public:
    Import(DirectoryRows& rows, std::string tenant, bool few, Imported& answer)
        : rows_(rows), tenant_(std::move(tenant)), few_(few), answer_(answer) {}

    Result<void> take(std::size_t line, const centrex::SheetLine& sheet) {
        ++answer_.lines;
        centrex::Ensured ensured;
        auto done = rows_.attempt([&]() -> Result<void> {
            auto one = centrex::ensure(rows_, sheet, tenant_);
            if (!one) return tl::unexpected(one.error());
            ensured = std::move(*one);
            return {};
        });
        if (!done) return reject(line, done.error());
        using centrex::Verdict;
        ++(ensured.verdict == Verdict::created   ? answer_.created
           : ensured.verdict == Verdict::updated ? answer_.updated
                                                 : answer_.same);
        if (!few_)
            answer_.verdicts.push_back({line, std::move(ensured.key), std::string(centrex::name(ensured.verdict)), {}, {}});
        return {};
    }

    Result<void> bad(std::size_t line, const Error& error) {
        ++answer_.lines;
        return reject(line, error);
    }

  private:
    // What is wrong with the line, not with the database, is its verdict.
    Result<void> reject(std::size_t line, const Error& error) {
        if (error.fault != Fault::rule && error.fault != Fault::input && error.fault != Fault::usage)
            return tl::unexpected(error);
        ++answer_.rejected;
        auto [before, rule] = split_once(error.where, '\'');
        auto detail = error;
        detail.where.clear();
        const bool named = error.fault == Fault::rule && rule && !rule->empty();
        answer_.verdicts.push_back({line, {}, "rejected", named ? std::string(rule->substr(0, rule->size() - 1)) : "",
                                    detail.text()});
        return {};
    }

    DirectoryRows& rows_;
    std::string tenant_;
    bool few_;
    Imported& answer_;
};

Result<std::string> tenant_for(DirectoryRows& rows, const ImportOptions& options) {
    if (!options.tenant.empty()) return options.tenant;
    auto all = rows.find({.table = &centrex::table("tenant"), .limit = 2});
    if (!all) return tl::unexpected(all.error());
    return all->size() == 1 ? centrex::text(all->front()[0]) : std::string{};
}

}  // namespace

Result<Imported> import_sheet(Directory& directory, std::string_view text, const std::string& name,
                              const ImportOptions& options, const Edit& edit, bool few) {
    Imported answer;
    Error stop{Fault::rule, "", "taken back", ""};
    auto outcome = directory.edit(edit, [&](DirectoryRows& rows) -> Result<void> {
        auto tenant = tenant_for(rows, options);
        if (!tenant) return tl::unexpected(tenant.error());
        Import import(rows, *tenant, few, answer);
        auto done = config::each_line(
            text, name, options.sheet, [&](std::size_t line, const auto& sheet) { return import.take(line, sheet); },
            [&](std::size_t line, const Error& error) { return import.bad(line, error); });
        if (!done) return done;
        if (answer.taken_back(options)) return tl::unexpected(stop);
        return {};
    });
    if (outcome) answer.outcome = std::move(*outcome);
    if (!outcome && outcome.error() != stop) return tl::unexpected(outcome.error());
    return answer;
}

}  // namespace trunkbox::store
