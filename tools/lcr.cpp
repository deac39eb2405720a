// Least-cost routing, offline: the provider's own decision, asked from the shell.
#include "tool_table.h"

namespace trunkbox::tools {

const cli::Tool& lcr_tool() {
    static const cli::Tool tool{
        .name = "lcr",
        .section = "Routing",
        .summary = "compile rate decks, find the cheapest carrier and say why",
        .description = {"Compiles the rate decks of many carriers into one table, and answers from it which carriers take "
                        "a call, in which order and for which reason. Money is exact throughout: what is printed is "
                        "rounded, what is compared is not."},
        .commands = {lcr_compile_command(), lcr_route_command(), lcr_lint_command(), lcr_diff_command(),
                     lcr_simulate_command(), lcr_show_command()},
        .see_also = {"trunkbox-deck(5)", "trunkbox-routes(5)", "trunkbox-provider(1)"}};
    return tool;
}

}  // namespace trunkbox::tools
