#include "store/plan.h"

#include <fmt/format.h>

#include "base/text.h"
#include "config/directory_rows.h"
#include "sip/digest.h"

namespace trunkbox::store {

namespace {

using centrex::Row;
using centrex::RowChange;

constexpr std::string_view start = "{\"trunkbox_plan\":1,";

std::string hash(std::string_view text) { return sip::digest::hash(sip::digest::Algorithm::sha256, text); }

// A plan is read by people: secrets are not in it, and stay as they are.
std::optional<Row> without_secrets(const centrex::Table& table, std::optional<Row> row) {
    for (std::size_t i = 0; row && i < row->size(); ++i)
        if (table.columns[i].kind == centrex::Kind::secret) (*row)[i] = centrex::Cell{};
    return row;
}

Row with_secrets(const centrex::Table& table, Row row, const std::optional<Row>& of) {
    for (std::size_t i = 0; of && i < row.size(); ++i)
        if (table.columns[i].kind == centrex::Kind::secret) row[i] = (*of)[i];
    return row;
}

std::string side(const RowChange& change, const std::optional<Row>& row) {
    auto shown = without_secrets(*change.table, row);
    return shown ? centrex::json(*change.table, *shown) : "null";
}

Result<std::optional<Row>> read_side(const centrex::Table& table, config::Fields& fields, std::string_view key) {
    auto node = fields.find(key);
    if (!node || node->is_null()) return std::optional<Row>{};
    auto row = config::read_row(table, *node);
    if (!row) return tl::unexpected(row.error());
    return std::optional<Row>{std::move(*row)};
}

Result<RowChange> read_change(std::string_view line, const std::string& where) {
    auto document = config::read_json(line, where);
    if (!document) return tl::unexpected(document.error());
    config::Fields fields(document->root());
    std::string name;
    fields.need("table", name);
    const auto* table = centrex::find_table(name);
    if (table == nullptr) return failure(Fault::input, where, fmt::format("table '{}' is not known", printable(name)));
    auto before = read_side(*table, fields, "before");
    auto after = read_side(*table, fields, "after");
    if (!before || !after) return tl::unexpected((!before ? before : after).error());
    if (auto done = fields.done(); !done) return tl::unexpected(done.error());
    if (!*before && !*after) return failure(Fault::input, where, "changes nothing");
    return RowChange{table, std::move(*before), std::move(*after)};
}

}  // namespace

std::string plan_text(std::int64_t base_change, std::span<const RowChange> rows) {
    auto text = fmt::format("{}\"base_change\":{},\"rows\":{}}}\n", start, base_change, rows.size());
    for (const auto& row : rows)
        text += fmt::format("{{\"table\":\"{}\",\"before\":{},\"after\":{}}}\n", row.table->name, side(row, row.before),
                            side(row, row.after));
    return text + fmt::format("{{\"sha256\":\"{}\"}}\n", hash(text));
}

bool is_plan(std::string_view text) { return text.starts_with(start); }

Result<Plan> read_plan(std::string_view text, const std::string& name) {
    const auto end = text.rfind("{\"sha256\":\"");
    if (!is_plan(text) || end == std::string_view::npos || end == 0 || text[end - 1] != '\n')
        return failure(Fault::input, name, "is no plan, or was cut", "make it anew with 'centrex plan'");
    Plan plan{.sha256 = hash(text.substr(0, end))};
    if (text.substr(end) != fmt::format("{{\"sha256\":\"{}\"}}\n", plan.sha256))
        return failure(Fault::input, name, "was altered since it was made", "make it anew with 'centrex plan'");
    auto lines = split(text.substr(0, end - 1), '\n');
    auto head = config::read_json(lines.front(), name);
    if (!head) return tl::unexpected(head.error());
    config::Fields fields(head->root());
    std::int64_t version = 0;
    std::int64_t rows = 0;
    fields.take_integer("trunkbox_plan", version, 1, 1);
    fields.take_integer("base_change", plan.base_change, 0, std::int64_t{1} << 60);
    fields.take_integer("rows", rows, 0, std::int64_t{1} << 40);
    if (auto done = fields.done(); !done) return tl::unexpected(done.error());
    if (static_cast<std::size_t>(rows) + 1 != lines.size()) return failure(Fault::input, name, "does not have the rows that it says");
    for (std::size_t i = 1; i < lines.size(); ++i) {
        auto change = read_change(lines[i], fmt::format("{}:{}", name, i + 1));
        if (!change) return tl::unexpected(change.error());
        plan.rows.push_back(std::move(*change));
    }
    return plan;
}

Result<Directory::Outcome> apply_plan(Directory& directory, const Plan& plan, Edit edit) {
    edit.plan = plan.sha256;
    return directory.edit(edit, [&](DirectoryRows& now) -> Result<void> {
        std::size_t done_already = 0;
        for (const auto& row : plan.rows) {
            auto current = now.get(*row.table, row.key());
            if (!current) return tl::unexpected(current.error());
            if (without_secrets(*row.table, *current) == row.after) ++done_already;
        }
        if (done_already == plan.rows.size()) return {};
        for (const auto& row : plan.rows) {
            auto current = now.get(*row.table, row.key());
            if (!current) return tl::unexpected(current.error());
            if (without_secrets(*row.table, *current) != row.before)
                return centrex::against("plan", fmt::format("{} changed since the plan was made",
                                                            called(*row.table, row.key())),
                                        fmt::format("it was made after change {}; make it anew", plan.base_change));
            auto done = row.after ? now.put(*row.table, with_secrets(*row.table, *row.after, *current)) : now.remove(*row.table, row.key());
            if (!done) return tl::unexpected(done.error());
        }
        return {};
    });
}

}  // namespace trunkbox::store
