#include "centrex/sheet.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "centrex/features.h"
#include "centrex/lookup.h"
#include "centrex/numbers.h"
#include "numbering/spelling.h"

namespace trunkbox::centrex {

namespace {

constexpr std::array conditions{"cfu", "cfb", "cfnr", "cfnrc"};

class LineEdit {
  public:
    LineEdit(Edits& edits, const SheetLine& line, const std::string& tenant, const std::string& region)
        : edits_(edits), line_(line), tenant_(tenant), region_(region) {}

    Result<Ensured> run() {
        // A site is only made where its address stands beside it: elsewhere the word is where a phone is.
        if (!line_.find("address").empty())
            if (auto done = row("site"); !done) return tl::unexpected(done.error());
        for (const char* kind : {"user", "phone"})
            if (auto done = row(kind); !done) return tl::unexpected(done.error());
        named_ = ensured_.key;
        if (auto done = number(); !done) return tl::unexpected(done.error());
        if (auto done = extension(); !done) return tl::unexpected(done.error());
        if (auto done = forwards(); !done) return tl::unexpected(done.error());
        if (ensured_.key.empty())
            return failure(Fault::input, "", "the line names neither a user, a phone, a site, a number nor an extension");
        return std::move(ensured_);
    }
    // Of a line whose names are what they should be already.
    Result<Ensured> run_number(const std::string& named) {
        ensured_.key = named;
        if (auto done = number(); !done) return tl::unexpected(done.error());
        return std::move(ensured_);
    }
    // The key before the number was looked at.
    [[nodiscard]] const std::string& named() const { return named_; }

  private:
    void did(std::string_view kind, std::string_view name, bool created, bool changed) {
        const bool first = ensured_.key.empty();
        if (first) ((ensured_.key = kind) += ' ') += name;
        if (first && created)
            ensured_.verdict = Verdict::created;
        else if (changed && ensured_.verdict == Verdict::same)
            ensured_.verdict = Verdict::updated;
    }

    // Than its name.
    [[nodiscard]] bool says_more_of(const Table& its) const {
        return std::any_of(its.columns.begin() + static_cast<std::ptrdiff_t>(its.keys), its.columns.end(),
                           [&](const Column& column) { return column.kind != Kind::secret && !line_.find(column.name).empty(); });
    }

    // The row of a kind that the line names, with what the line says of it.
    Result<void> row(std::string_view kind) {
        const auto name = line_.find(kind);
        if (name.empty()) return {};
        const auto& its = table(kind);
        auto slug = parse_cell(its.columns[1], name);
        if (!slug) return tl::unexpected(slug.error());
        Key key{tenant_, *slug};
        auto there = edits_.get(its, key);
        if (!there) return tl::unexpected(there.error());
        const bool created = !*there;
        if (!created && !says_more_of(its)) {
            did(kind, name, false, false);
            return {};
        }
        bool differs = created;
        auto wanted = created ? empty_row(its) : std::move(**there);
        wanted[0] = key[0];
        wanted[1] = key[1];
        for (std::size_t i = its.keys; i < its.columns.size(); ++i) {
            auto word = line_.find(its.columns[i].name);
            if (word.empty() && its.columns[i].name == "home" && created) word = line_.find("user");
            if (word.empty() || its.columns[i].kind == Kind::secret) continue;
            auto value = parse_cell(its.columns[i], word, region_);
            if (!value) return tl::unexpected(value.error());
            differs = differs || wanted[i] != *value;
            wanted[i] = std::move(*value);
        }
        auto changed = differs ? edits_.put(its, wanted) : Result<bool>{false};
        if (!changed) return tl::unexpected(changed.error());
        did(kind, name, created, *changed);
        return {};
    }

    // What the line's number and extension ring: what it says, else its user.
    [[nodiscard]] std::string target() const {
        if (auto to = line_.find("to"); !to.empty()) return std::string(to);
        const auto user = line_.find("user");
        return user.empty() ? std::string{} : std::string("user:").append(user);
    }

    Result<void> number() {
        const auto word = line_.find("number");
        if (word.empty()) return {};
        if (is_floating_point(word))
            return failure(Fault::input, "", fmt::format("number '{}' was rounded by a spreadsheet", printable(word)),
                           "format the column as text and fill it in again");
        auto read = numbering::read_number(word, region_);
        if (!read) return failure(Fault::input, "", read.error().what, read.error().fix);
        const auto to = target();
        const auto value = static_cast<std::int64_t>(read->value());
        NumberEdit edit{.action = to.empty() ? Action::reserve : Action::assign, .tenant = tenant_, .target = to};
        auto changed = change_number(edits_, value, edit);
        if (!changed) return tl::unexpected(changed.error());
        did("number", ensured_.key.empty() ? read->text() : "", *changed, *changed);
        return {};
    }

    Result<void> extension() {
        const auto word = line_.find("extension");
        if (word.empty()) return {};
        const auto& its = table("extension");
        auto digits = parse_cell(its.columns[1], word);
        if (!digits) return tl::unexpected(digits.error());
        const auto to = target();
        if (to.empty())
            return failure(Fault::input, "", fmt::format("extension '{}' rings nothing", printable(word)),
                           "name a user in its line, or add a column 'to'");
        auto there = edits_.get(its, {tenant_, *digits});
        if (!there) return tl::unexpected(there.error());
        if (*there && text(cell(its, **there, "to")) != to)
            return against("extension", fmt::format("extension '{}' is of '{}'", printable(word), text(cell(its, **there, "to"))),
                           "'extension set' gives it to another");
        auto wanted = *there ? **there : empty_row(its);
        wanted[0] = tenant_;
        wanted[1] = *digits;
        cell(its, wanted, "to") = to;
        auto changed = edits_.put(its, wanted);
        if (!changed) return tl::unexpected(changed.error());
        did("extension", word, !*there, *changed);
        return {};
    }

    Result<void> forwards() {
        for (const char* condition : conditions) {
            const auto to = line_.find(condition);
            if (to.empty()) continue;
            auto changed = set_forward(edits_, {tenant_, std::string(line_.find("user")), condition, std::string(to)});
            if (!changed) return tl::unexpected(changed.error());
            did("user", line_.find("user"), false, *changed);
        }
        return {};
    }

    Edits& edits_;
    const SheetLine& line_;
    const std::string& tenant_;
    const std::string& region_;
    Ensured ensured_{};
    std::string named_{};
};

}  // namespace

std::string_view SheetLine::find(std::string_view column) const {
    for (const auto& [name, value] : cells)
        if (name == column) return trim(value);
    return {};
}

const std::vector<std::string_view>& sheet_columns() {
    static const std::vector<std::string_view> all = [] {
        std::vector<std::string_view> names;
        for (const char* kind : {"site", "user", "phone"})
            for (const auto& column : table(kind).columns)
                if (column.kind != Kind::secret && std::find(names.begin(), names.end(), column.name) == names.end()) names.push_back(column.name);
        names.insert(names.end(), {"number", "extension", "to"});
        names.insert(names.end(), conditions.begin(), conditions.end());
        return names;
    }();
    return all;
}

std::string_view name(Verdict verdict) {
    switch (verdict) {
        case Verdict::created: return "created";
        case Verdict::updated: return "updated";
        case Verdict::same: return "same";
    }
    return {};
}

Result<const std::string*> SheetEdit::region_of(const std::string& tenant) {
    if (tenant.empty())
        return failure(Fault::input, "", "the line does not say which tenant's", "add a column 'tenant', or say --tenant");
    if (auto known = regions_.find(tenant); known != regions_.end()) return &known->second;
    auto region = centrex::region_of(edits_, tenant);
    if (!region) return tl::unexpected(region.error());
    return &regions_.emplace(tenant, std::move(*region)).first->second;
}

Result<Ensured> SheetEdit::ensure(const SheetLine& line) {
    const auto named = line.find("tenant");
    const auto tenant = named.empty() ? tenant_ : std::string(named);
    auto region = region_of(tenant);
    if (!region) return tl::unexpected(region.error());
    LineEdit edit(edits_, line, tenant, **region);
    if (repeats_last(line)) return edit.run_number(last_->key);
    last_.reset();
    auto ensured = edit.run();
    if (ensured) last_ = {line, edit.named()};
    return ensured;
}

// Whether the line differs from the last one in its number alone, as those of a list of numbers do.
bool SheetEdit::repeats_last(const SheetLine& line) const {
    const auto same = [](const auto& one, const auto& other) {
        return one.first == other.first && (one.second == other.second || one.first == "number");
    };
    return last_ && std::ranges::equal(line.cells, last_->line.cells, same) && !line.find("number").empty();
}

}  // namespace trunkbox::centrex
