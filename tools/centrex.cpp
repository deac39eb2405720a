// The directory of users, phones and numbers: edited from the shell, explained, with a history.
#include "centrex_commands.h"
#include "directory_names.h"
#include "tool_table.h"

namespace trunkbox::tools {

const cli::Tool& centrex_tool() {
    static const cli::Tool tool = [] {
        cli::Tool all{
            .name = "centrex",
            .section = "Directory",
            .summary = "edit the directory of users and phones, and say where a number rings",
            .description = {"One directory holds the numbers and what they ring. Every edit is one transaction with its "
                            "entry in the history; an edit that changes nothing leaves none, so that it can be said again. "
                            "With --dry-run an edit is carried out, shown and taken back.",
                            "What rings is explained by the function that the provider delivers calls by."},
            .see_also = {"trunkbox-number(1)", "trunkbox-directory(5)", "trunkbox-provider(1)"},
            .files = {{"$XDG_DATA_HOME/trunkbox/directory.db", "the directory, unless --db or TRUNKBOX_DB names another"}},
            .variables = {{"TRUNKBOX_DB", "the directory's file, or its address on a PostgreSQL server"}}};
        for (auto* commands : {centrex_rows, centrex_features, centrex_desks})
            for (auto& command : commands()) all.commands.push_back(std::move(command));
        all.commands.push_back(centrex_resolve_command());
        for (auto* commands : {centrex_sheets, centrex_changes, centrex_storage, centrex_copies})
            for (auto& command : commands()) all.commands.push_back(std::move(command));
        all.commands.push_back(centrex_export_command());
        complete_from_directory(all);
        return all;
    }();
    return tool;
}

}  // namespace trunkbox::tools
