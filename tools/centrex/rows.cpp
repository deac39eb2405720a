// add, set, show, list and delete of every kind of row, from the tables' descriptions.
#include <algorithm>

#include <fmt/format.h>

#include "directory_session.h"
#include "centrex_commands.h"
#include "store/secrets.h"

namespace trunkbox::tools {

namespace {

using centrex::Column;
using centrex::Kind;
using centrex::Row;
using centrex::Table;
using cli::Arguments;
using cli::Env;
using cli::Exit;

std::string option_name(const Column& column) {
    if (column.name == "ha1") return "password";  // what is said, not what is kept of it
    std::string name(column.name);
    std::replace(name.begin(), name.end(), '_', '-');
    return name;
}

bool has_tenant_key(const Table& table) { return table.keys > 1 && table.columns.front().name == "tenant"; }
const Column& name_column(const Table& table) { return table.columns[table.keys - 1]; }

Result<centrex::Key> key_from(centrex::Rows& rows, const Table& table, const Arguments& arguments, const std::string& name) {
    std::string tenant;
    if (has_tenant_key(table)) {
        auto needed = needed_tenant(rows, arguments);
        if (!needed) return tl::unexpected(needed.error());
        tenant = std::move(*needed);
    }
    auto region = region_of(rows, tenant);
    if (!region) return tl::unexpected(region.error());
    auto cell = parse_cell(name_column(table), name, *region);
    if (!cell) return tl::unexpected(cell.error());
    if (tenant.empty()) return centrex::Key{*cell};
    return centrex::Key{tenant, *cell};
}

// What is kept of a secret; the names that it is for were taken before it.
Result<void> take_secret(Env& env, centrex::Rows& rows, const Table& table, const Arguments& arguments, std::size_t index,
                         Row& row) {
    const auto& column = table.columns[index];
    auto plain = arguments.secret(env, option_name(column));
    if (!plain) return tl::unexpected(plain.error());
    if (!*plain) return {};
    auto kept = store::seal(rows, table, row, column, **plain);
    if (!kept) return tl::unexpected(kept.error());
    row[index] = std::move(*kept);
    return {};
}

// The columns that options name, over the row as it is.
Result<void> take_options(Env& env, centrex::Rows& rows, const Table& table, const Arguments& arguments, Row& row) {
    auto region = region_of(rows, has_tenant_key(table) ? centrex::text(row.front()) : "");
    if (!region) return tl::unexpected(region.error());
    for (std::size_t i = table.keys; i < table.columns.size(); ++i) {
        const auto& column = table.columns[i];
        auto name = option_name(column);
        if (column.kind == Kind::secret) {
            if (auto taken = take_secret(env, rows, table, arguments, i, row); !taken) return taken;
            continue;
        }
        if (!arguments.given(name)) continue;
        auto cell = column.kind == Kind::flag ? Result<centrex::Cell>(std::int64_t{1})
                                              : parse_cell(column, arguments.text(name), *region);
        if (!cell) return tl::unexpected(at(fmt::format("option '--{}'", name), cell.error()));
        row[i] = std::move(*cell);
    }
    return {};
}

// The rows of a list as options give them, in place of those that are there; not given, it stays as it is.
Result<void> put_list(store::DirectoryRows& rows, const centrex::List& list, const centrex::Key& key, const Arguments& arguments,
                      const std::vector<std::string>& unset) {
    const auto& table = centrex::table(list.table);
    const auto words = arguments.many(std::string(list.option));
    if (words.empty() && std::find(unset.begin(), unset.end(), list.option) == unset.end()) return {};
    std::vector<Row> wanted;
    for (const auto& word : words) {
        auto value = parse_cell(table.columns.back(), word);
        if (!value) return tl::unexpected(at(fmt::format("option '--{}'", list.option), value.error()));
        wanted.push_back({key.front(), key.back(), static_cast<std::int64_t>(wanted.size() + 1), *value});
    }
    auto there = rows.find({.table = &table, .where = {{.column = "tenant", .value = key.front()},
                                                       {.column = table.columns[1].name, .value = key.back()}}});
    if (!there) return tl::unexpected(there.error());
    for (std::size_t i = wanted.size(); i < there->size(); ++i)
        if (auto gone = rows.remove(table, key_of(table, (*there)[i])); !gone) return tl::unexpected(gone.error());
    for (const auto& row : wanted)
        if (auto put = rows.put(table, row); !put) return tl::unexpected(put.error());
    return {};
}

Result<void> put_lists(store::DirectoryRows& rows, const Table& table, const centrex::Key& key, const Arguments& arguments,
                       const std::vector<std::string>& unset = {}) {
    for (const auto& list : table.lists)
        if (auto done = put_list(rows, list, key, arguments, unset); !done) return done;
    return {};
}

// What neither the options nor its own defaults say of a new row.
Result<void> take_from_tenant(centrex::Rows& rows, const Table& table, Row& row) {
    const auto& tenants = centrex::table("tenant");
    for (std::size_t i = table.keys; i < table.columns.size(); ++i) {
        if (!table.columns[i].from_tenant || !centrex::is_null(row[i])) continue;
        auto tenant = known_row(rows, tenants, {row.front()});
        if (!tenant) return tl::unexpected(tenant.error());
        row[i] = cell(tenants, *tenant, table.columns[i].name);
    }
    return {};
}

Exit add(Env& env, const Arguments& arguments, const Table& table) {
    return run_edit(env, arguments, [&](store::DirectoryRows& rows) -> Result<void> {
        auto key = key_from(rows, table, arguments, arguments.text(std::string(name_column(table).name)));
        if (!key) return tl::unexpected(key.error());
        auto row = empty_row(table);
        std::copy(key->begin(), key->end(), row.begin());
        auto there = rows.get(table, *key);
        if (!there) return tl::unexpected(there.error());
        // A PIN that is the same is kept as it was.
        for (std::size_t i = table.keys; *there && i < table.columns.size(); ++i)
            if (table.columns[i].kind == Kind::secret) row[i] = (**there)[i];
        if (auto taken = take_options(env, rows, table, arguments, row); !taken) return taken;
        if (auto taken = take_from_tenant(rows, table, row); !taken) return taken;
        if (*there && **there != row)
            return centrex::against("exists", fmt::format("{} is there already and differs", called(table, *key)),
                                    fmt::format("'centrex {} set' changes it", table.name));
        if (auto done = rows.put(table, row); !done) return tl::unexpected(done.error());
        return put_lists(rows, table, *key, arguments);
    });
}

Exit set(Env& env, const Arguments& arguments, const Table& table) {
    return run_edit(env, arguments, [&](store::DirectoryRows& rows) -> Result<void> {
        auto key = key_from(rows, table, arguments, arguments.text(std::string(name_column(table).name)));
        if (!key) return tl::unexpected(key.error());
        auto there = known_row(rows, table, *key);
        if (!there) return tl::unexpected(there.error());
        auto row = *there;
        const auto defaults = empty_row(table);
        for (const auto& name : arguments.many("unset"))
            for (std::size_t i = table.keys; i < table.columns.size(); ++i)
                if (option_name(table.columns[i]) == name) row[i] = defaults[i];
        if (auto taken = take_options(env, rows, table, arguments, row); !taken) return taken;
        if (auto good = check_revision(rows, arguments, table, *key); !good) return good;
        if (auto done = rows.put(table, row); !done) return tl::unexpected(done.error());
        return put_lists(rows, table, *key, arguments, arguments.many("unset"));
    });
}

Exit remove(Env& env, const Arguments& arguments, const Table& table) {
    auto name = arguments.text(std::string(name_column(table).name));
    auto meant = confirmed(env, arguments, fmt::format("delete {} '{}'", table.name, printable(name)));
    if (!meant) return cli::fail(env, meant.error());
    if (!*meant) return Exit::no;
    return run_edit(env, arguments, [&](store::DirectoryRows& rows) -> Result<void> {
        auto key = key_from(rows, table, arguments, name);
        if (!key) return tl::unexpected(key.error());
        if (auto good = check_revision(rows, arguments, table, *key); !good) return good;
        auto done = rows.remove(table, *key);
        return done ? Result<void>{} : tl::unexpected(done.error());
    });
}

Exit show(Env& env, const Arguments& arguments, const Table& table) {
    return run_read(env, arguments, output::Printer::Shape::one,
                    [&](store::DirectoryRows& rows, output::Printer& printer) -> Result<Exit> {
                        auto key = key_from(rows, table, arguments, arguments.text(std::string(name_column(table).name)));
                        if (!key) return tl::unexpected(key.error());
                        auto row = known_row(rows, table, *key);
                        if (!row) return tl::unexpected(row.error());
                        auto revision = rows.revision(table, *key);
                        if (!revision) return tl::unexpected(revision.error());
                        auto record = output::record(table, *row);
                        record.set("rev", *revision);
                        auto text = output::text(table, *row) + fmt::format("  rev={}", *revision);
                        if (auto printed = printer.print(record, text); !printed) return tl::unexpected(printed.error());
                        return Exit::ok;
                    });
}

Exit list(Env& env, const Arguments& arguments, const Table& table) {
    return run_read(env, arguments, output::Printer::Shape::many,
                    [&](store::DirectoryRows& rows, output::Printer& printer) -> Result<Exit> {
                        centrex::Query query{.table = &table};
                        if (has_tenant_key(table) && arguments.given("tenant"))
                            query.where.push_back({.column = "tenant", .value = arguments.text("tenant")});
                        auto found = rows.find(query);
                        if (!found) return tl::unexpected(found.error());
                        for (const auto& row : *found)
                            if (auto printed = printer.print(output::record(table, row), output::text(table, row)); !printed)
                                return tl::unexpected(printed.error());
                        return Exit::ok;
                    });
}

cli::Positional name_positional(const Table& table) {
    const auto kind = name_column(table).kind;
    return {.name = std::string(name_column(table).name),
            .metavar = kind == Kind::number ? "NUMBER" : kind == Kind::digits ? "DIGITS" : "NAME",
            .help = std::string(name_column(table).help)};
}

std::string with_sample(std::string_view help, std::string_view sample) {
    return sample.empty() ? std::string(help) : fmt::format("{}, e.g. '{}'", help, sample);
}

std::vector<cli::Option> column_options(const Table& table) {
    std::vector<cli::Option> options;
    if (has_tenant_key(table)) options.push_back(tenant_option());
    for (std::size_t i = table.keys; i < table.columns.size(); ++i) {
        const auto& column = table.columns[i];
        cli::Option option{.name = option_name(column), .type = cli::Type::text, .metavar = "TEXT",
                           .help = with_sample(column.help, column.sample),
                           .example = std::string(column.sample)};
        if (column.kind == Kind::flag) option.type = cli::Type::flag, option.metavar = "";
        if (column.kind == Kind::secret) option.type = cli::Type::secret, option.metavar = "";
        if (column.kind == Kind::seconds) option.metavar = "DURATION";
        if (column.kind == Kind::number) option.metavar = "NUMBER";
        if (column.kind == Kind::uri) option.metavar = "URI";
        if (column.kind == Kind::slug || column.kind == Kind::target) option.metavar = "NAME";
        if (column.kind == Kind::choice) {
            option.type = cli::Type::choice;
            option.metavar = "";
            for (auto choice : split(column.choices, '|')) option.choices.emplace_back(choice);
        }
        options.push_back(std::move(option));
    }
    for (const auto& list : table.lists)
        options.push_back({.name = std::string(list.option), .type = cli::Type::text, .metavar = "TEXT",
                           .help = with_sample(list.help, list.sample), .repeatable = true, .example = std::string(list.sample)});
    return options;
}

// A directory of its own for each page of examples; the rows that they name were added before, in the tables' order.
std::string words_of(const Table& table, bool all) {
    auto words = std::string(name_column(table).sample);
    if (has_tenant_key(table)) words += " --tenant acme";
    for (std::size_t i = table.keys; i < table.columns.size() && all; ++i) {
        const auto& column = table.columns[i];
        if (column.sample.empty() || !column.fallback.empty() || column.kind == Kind::number) continue;
        const bool quote = column.sample.find(' ') != std::string_view::npos;
        words += fmt::format(" --{0} {2}{1}{2}", option_name(column), column.sample, quote ? "'" : "");
    }
    for (const auto& list : table.lists)
        if (all) words += fmt::format(" --{} '{}'", list.option, list.sample);
    return words;
}

// "a tenant", "an extension".
std::string one(const Table& table) {
    const bool vowel = std::string_view("aeio").find(table.name.front()) != std::string_view::npos;
    return fmt::format("{} {}", vowel ? "an" : "a", table.name);
}

std::string upper_first(std::string text) {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

cli::Tool verb(const Table& table, std::string name, std::string summary,
               Exit (*run)(Env&, const Arguments&, const Table&)) {
    return {.name = std::move(name),
            .summary = std::move(summary),
            .positionals = {name_positional(table)},
            .common = record_formats(),
            .exits = edit_exits(),
            .run = [&table, run](Env& env, const Arguments& arguments) { return run(env, arguments, table); }};
}

cli::Tool add_command(const Table& table) {
    auto command = verb(table, "add", "add " + one(table), add);
    command.options = edit_options(column_options(table));
    std::vector<std::string> before;
    if (table.name == "tenant") before.emplace_back("export TRUNKBOX_DB=./examples.db");
    before.push_back(fmt::format("trunkbox centrex {} add {}", table.name, words_of(table, true)));
    command.examples = {{.says = upper_first(one(table)) + "; said again it changes nothing.", .commands = before}};
    return command;
}

cli::Tool set_command(const Table& table) {
    auto command = verb(table, "set", "change " + one(table), set);
    auto options = column_options(table);
    cli::Option unset{.name = "unset", .type = cli::Type::choice, .help = "give it its default again", .repeatable = true};
    for (std::size_t i = table.keys; i < table.columns.size(); ++i) unset.choices.push_back(option_name(table.columns[i]));
    for (const auto& list : table.lists) unset.choices.emplace_back(list.option);
    options.push_back(std::move(unset));
    options.push_back(if_rev_option());
    command.options = edit_options(std::move(options));
    const auto& column = *std::find_if(table.columns.begin() + static_cast<std::ptrdiff_t>(table.keys), table.columns.end(),
                                       [](const Column& one) { return !one.sample.empty(); });
    command.examples = {{.says = "What would change, without changing it.",
                         .commands = {fmt::format("trunkbox centrex {} set {} --{} '{}' --dry-run", table.name,
                                                  words_of(table, false), option_name(column), column.sample)}}};
    return command;
}

// A name that no example adds.
std::string_view nobody(const Table& table) {
    const auto kind = name_column(table).kind;
    return kind == Kind::number ? "+33199000998" : kind == Kind::digits ? "299" : "nobody";
}

cli::Tool delete_command(const Table& table) {
    auto command = verb(table, "delete", fmt::format("delete {} that nothing names", one(table)), remove);
    std::vector<cli::Option> options;
    if (has_tenant_key(table)) options.push_back(tenant_option());
    options.push_back(if_rev_option());
    options.push_back(yes_option());
    command.options = edit_options(std::move(options));
    command.examples = {{.says = "What would go.",
                         .commands = {fmt::format("trunkbox centrex {} delete {}{} --dry-run", table.name,
                                                  nobody(table),
                                                  has_tenant_key(table) ? " --tenant acme" : "")}}};
    return command;
}

cli::Tool kind(const Table& table, std::string summary) {
    auto shown = verb(table, "show", fmt::format("show {} and the change that touched it last", one(table)), show);
    auto listed = verb(table, "list", fmt::format("list every {}", table.name), list);
    listed.positionals.clear();
    for (auto* command : {&shown, &listed}) {
        if (has_tenant_key(table)) command->options.push_back(tenant_option());
        command->options = read_options(std::move(command->options));
    }
    shown.examples = {{.says = fmt::format("What is known of {}.", one(table)),
                       .commands = {fmt::format("trunkbox centrex {} show {}", table.name, words_of(table, false))}}};
    listed.examples = {{.says = fmt::format("Every {}, as JSON lines.", table.name),
                        .commands = {fmt::format("trunkbox centrex {} list --format jsonl", table.name)}}};
    return {.name = std::string(table.name),
            .summary = std::move(summary),
            .commands = {add_command(table), set_command(table), std::move(shown), std::move(listed), delete_command(table)}};
}

}  // namespace

std::vector<cli::Tool> centrex_rows() {
    constexpr std::array<std::pair<const char*, const char*>, 10> kinds{
        {{"tenant", "the tenants of the directory"},
         {"address", "addresses in parts, for those who come to help"},
         {"site", "the places where phones stand"},
         {"barring", "which numbers cannot be called"},
         {"user", "the people"},
         {"phone", "the phones"},
         {"group", "groups of people who ring together"},
         {"schedule", "opening hours and what rings then"},
         {"extension", "what is dialled inside"},
         {"cli", "the numbers that calls may show"}}};
    std::vector<cli::Tool> commands;
    for (const auto& [name, summary] : kinds) commands.push_back(kind(centrex::table(name), summary));
    return commands;
}

}  // namespace trunkbox::tools
