// Telephone numbers: blocks, who has which, and what became of them.
#include "directory_names.h"
#include "number_commands.h"
#include "tool_table.h"

namespace trunkbox::tools {

const cli::Tool& number_tool() {
    static const cli::Tool tool = [] {
        cli::Tool all{
            .name = "number",
            .section = "Directory",
            .summary = "keep the numbers: blocks, what is free, who has which",
            .description = {"Blocks are kept as ranges; a number has a row only while it is not free. A free number is "
                            "reserved or assigned; what is unassigned rests before another may have it. Dates take effect "
                            "by themselves.",
                            "Numbers are read as the tenant's country spells them. A number must be possible there; whether "
                            "it is in use is not asked."},
            .see_also = {"trunkbox-centrex(1)", "trunkbox-directory(5)"},
            .files = {{"$XDG_DATA_HOME/trunkbox/directory.db", "the directory, unless --db or TRUNKBOX_DB names another"}},
            .variables = {{"TRUNKBOX_DB", "the directory's file, or its address on a PostgreSQL server"}}};
        all.commands.push_back(number_block());
        all.commands.push_back(number_add());
        for (auto* commands : {number_inventory, number_lifecycle, number_spelling})
            for (auto& command : commands()) all.commands.push_back(std::move(command));
        all.commands.push_back(number_search_command());
        all.commands.push_back(number_usage_command());
        all.commands.push_back(number_port());
        complete_from_directory(all);
        return all;
    }();
    return tool;
}

}  // namespace trunkbox::tools
