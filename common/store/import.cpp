#include "store/import.h"

#include <fmt/format.h>

#include "base/text.h"
#include "centrex/lookup.h"
#include "centrex/prune.h"
#include "centrex/sheet.h"
#include "store/kamailio.h"

namespace trunkbox::store {

namespace {

class Import {
  public:
    Import(DirectoryRows& rows, std::string tenant, bool few, Imported& answer)
        : rows_(rows), edit_(rows, std::move(tenant)), few_(few), answer_(answer) {}

    // For what is to be done when all lines are there.
    void name_by(std::string region) { region_ = std::move(region); }
    [[nodiscard]] const centrex::Named& named() const { return named_; }

    Result<void> take(std::size_t line, const centrex::SheetLine& sheet) {
        ++answer_.lines;
        if (region_) named_.note(sheet, *region_);
        centrex::Ensured ensured;
        auto done = rows_.attempt([&]() -> Result<void> {
            auto one = edit_.ensure(sheet);
            if (!one) return tl::unexpected(one.error());
            ensured = std::move(*one);
            return {};
        });
        if (!done) {
            edit_.forget_last();
            return reject(line, done.error());
        }
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
    centrex::SheetEdit edit_;
    bool few_;
    Imported& answer_;
    std::optional<std::string> region_{};
    centrex::Named named_{};
};

Result<std::string> tenant_for(DirectoryRows& rows, const ImportOptions& options) {
    if (!options.tenant.empty()) return options.tenant;
    auto all = rows.find({.table = &centrex::table("tenant"), .limit = 2});
    if (!all) return tl::unexpected(all.error());
    return all->size() == 1 ? centrex::text(all->front()[0]) : std::string{};
}

Result<std::string> needed_region(DirectoryRows& rows, const std::string& tenant) {
    if (tenant.empty()) return failure(Fault::usage, "", "it is not said which tenant's", "write e.g. '--tenant acme'");
    return centrex::region_of(rows, tenant);
}

// One change of all lines that `feed` gives, or of none.
Result<Imported> import_lines(Directory& directory, const ImportOptions& options, const Edit& edit, bool few,
                              const std::function<Result<void>(DirectoryRows&, const std::string& tenant, Import&)>& feed) {
    Imported answer;
    const Error stop{Fault::rule, "", "taken back", ""};
    auto outcome = directory.edit(edit, [&](DirectoryRows& rows) -> Result<void> {
        auto tenant = tenant_for(rows, options);
        if (!tenant) return tl::unexpected(tenant.error());
        Import import(rows, *tenant, few, answer);
        if (options.prune) {
            auto region = needed_region(rows, *tenant);
            if (!region) return tl::unexpected(region.error());
            import.name_by(std::move(*region));
        }
        if (auto done = feed(rows, *tenant, import); !done) return done;
        if (answer.taken_back(options)) return tl::unexpected(stop);
        if (options.prune && answer.rejected == 0) return centrex::prune(rows, *tenant, import.named());
        return {};
    });
    if (outcome) answer.outcome = std::move(*outcome);
    if (!outcome && outcome.error() != stop) return tl::unexpected(outcome.error());
    return answer;
}

}  // namespace

Result<Imported> import_sheet(Directory& directory, std::string_view text, const std::string& name,
                              const ImportOptions& options, const Edit& edit, bool few) {
    return import_lines(directory, options, edit, few, [&](DirectoryRows&, const std::string&, Import& import) {
        return config::each_line(
            text, name, options.sheet, [&](std::size_t line, const auto& sheet) { return import.take(line, sheet); },
            [&](std::size_t line, const Error& error) { return import.bad(line, error); });
    });
}

Result<Imported> import_kamailio(Directory& directory, const std::string& path, const std::string& site,
                                 const ImportOptions& options, const Edit& edit, bool few) {
    return import_lines(directory, options, edit, few,
                        [&](DirectoryRows& rows, const std::string& tenant, Import& import) -> Result<void> {
                            if (tenant.empty())
                                return failure(Fault::usage, "", "it is not said which tenant's", "write e.g. '--tenant acme'");
                            const auto& tenants = centrex::table("tenant");
                            auto row = centrex::known_row(rows, tenants, {tenant});
                            if (!row) return tl::unexpected(row.error());
                            auto lines = read_kamailio(path, centrex::text(cell(tenants, *row, "domain")), site);
                            if (!lines) return tl::unexpected(lines.error());
                            for (std::size_t i = 0; i < lines->size(); ++i)
                                if (auto taken = import.take(i + 1, (*lines)[i]); !taken) return taken;
                            return {};
                        });
}

}  // namespace trunkbox::store
