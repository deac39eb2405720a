#include "directory_names.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "centrex/search.h"
#include "directory_session.h"

namespace trunkbox::tools {

namespace {

constexpr std::size_t most_candidates = 200;

using Candidates = std::vector<cli::Candidate>;

// What an option or argument of this name takes: what rows of a table are called by, or "target".
struct Names {
    std::string_view argument;
    std::string_view of;
};
constexpr std::array named{
    Names{"tenant", "tenant"},         Names{"user", "user"},           Names{"home", "user"},
    Names{"member", "user"},           Names{"phone", "phone"},         Names{"site", "site"},
    Names{"address", "address"},       Names{"location", "address"},    Names{"barring", "barring"},
    Names{"group", "group"},           Names{"schedule", "schedule"},   Names{"extension", "extension"},
    Names{"cli", "cli"},               Names{"number", "number"},       Names{"default-cli", "number"},
    Names{"emergency-cli", "number"},  Names{"show", "number"},         Names{"from", "number"},
    Names{"first", "block"},           Names{"block", "block"},         Names{"to", "target"},
    Names{"target", "target"},         Names{"open", "target"},         Names{"closed", "target"},
    Names{"overflow", "target"},       Names{"cfu", "target"},          Names{"cfb", "target"},
    Names{"cfnr", "target"},           Names{"cfnrc", "target"}};

std::string_view names_for(std::string_view argument) {
    const auto* found = std::ranges::find(named, argument, &Names::argument);
    return found == named.end() ? std::string_view{} : found->of;
}

// Rows whose name begins with the word; `before` is put in front of each.
void add_rows(centrex::Rows& rows, std::string_view kind, std::string_view word, std::string_view before, Candidates& candidates) {
    const auto& table = centrex::table(kind);
    const auto& column = table.columns[table.keys - 1];
    auto found = rows.find({.table = &table,
                            .where = {{.column = column.name, .is = centrex::Match::Is::at_least, .value = std::string(word)},
                                      {.column = column.name, .is = centrex::Match::Is::at_most, .value = std::string(word) + '~'}},
                            .limit = most_candidates});
    if (!found) return;
    for (const auto& row : *found) {
        const auto* title = row.size() > table.keys && table.columns[table.keys].name == "name" ? &row[table.keys] : nullptr;
        candidates.push_back({.value = fmt::format("{}{}", before, centrex::text(row[table.keys - 1])),
                              .help = title != nullptr && !centrex::is_null(*title) ? centrex::text(*title) : ""});
    }
}

void add_numbers(centrex::Rows& rows, std::string_view kind, std::string_view word, Candidates& candidates) {
    const auto digits = word.starts_with('+') ? word.substr(1) : word;
    auto found = numbers_beginning(rows, centrex::table(kind), digits, most_candidates);
    if (!found) return;
    for (auto number : *found) candidates.push_back({.value = fmt::format("+{}", number)});
}

void add_targets(centrex::Rows& rows, std::string_view word, Candidates& candidates) {
    const auto [kind, name] = split_once(word, ':');
    for (auto [before, table] : {std::pair{"user:", "user"}, {"group:", "group"}, {"schedule:", "schedule"}, {"voicemail:", "user"}})
        if (name ? word.starts_with(before) : std::string_view(before).starts_with(word))
            add_rows(rows, table, name.value_or(""), before, candidates);
}

centrex::Kind name_kind(std::string_view kind) {
    const auto& table = centrex::table(kind);
    return table.columns[table.keys - 1].kind;
}

Candidates names_in_directory(cli::Env& env, std::string_view argument, std::string_view word) {
    Candidates candidates;
    auto directory = store::Directory::open({.place = usual_directory(env), .wait = 100ms});
    if (!directory) return candidates;
    static_cast<void>(directory->read([&](store::DirectoryRows& rows) -> Result<void> {
        const auto kind = names_for(argument);
        if (kind == "target")
            add_targets(rows, word, candidates);
        else if (!kind.empty() && name_kind(kind) == centrex::Kind::number)
            add_numbers(rows, kind, word, candidates);
        else if (!kind.empty())
            add_rows(rows, kind, word, "", candidates);
        return {};
    }));
    return candidates;
}

}  // namespace

void complete_from_directory(cli::Tool& tool) {
    for (auto& option : tool.options)
        if (option.type == cli::Type::text && !names_for(option.name).empty()) option.complete = cli::Complete::live;
    for (auto& positional : tool.positionals)
        if (positional.type == cli::Type::text && !names_for(positional.name).empty()) positional.complete = cli::Complete::live;
    tool.complete = names_in_directory;
    for (auto& command : tool.commands) complete_from_directory(command);
}

}  // namespace trunkbox::tools
