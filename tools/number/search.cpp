// Numbers by how they look.
#include "centrex/search.h"

#include "directory_session.h"
#include "tool_table.h"

namespace trunkbox::tools {

namespace {

cli::Exit search_and_print(cli::Env& env, const cli::Arguments& arguments) {
    auto at_time = time_of(arguments);
    if (!at_time) return cli::fail(env, at_time.error());
    auto pattern = centrex::NumberPattern::parse(arguments.text("pattern"));
    if (!pattern) return cli::fail(env, pattern.error());
    centrex::NumberSearch search{.pattern = *pattern, .state = centrex::parse_state(arguments.text_or_empty("state")),
                                 .most = static_cast<std::size_t>(arguments.integer("limit"))};
    auto print = [&](store::DirectoryRows& rows, output::Printer& printer) -> Result<cli::Exit> {
        if (arguments.given("tenant")) {
            auto tenant = tenant_of(rows, arguments);
            if (!tenant) return tl::unexpected(tenant.error());
            search.tenant = *tenant;
        }
        auto found = centrex::search_numbers(rows, search, *at_time);
        if (!found) return tl::unexpected(found.error());
        auto or_null = [](const std::string& word) { return word.empty() ? output::Value() : output::Value(word); };
        for (const auto& one : *found) {
            auto text = fmt::format("+{}  {}", one.number, name(one.state));
            if (!one.tenant.empty()) text += "  tenant=" + one.tenant;
            if (!one.target.empty()) text += "  target=" + one.target;
            auto printed = printer.print({{"number", fmt::format("+{}", one.number)}, {"state", name(one.state)},
                                          {"tenant", or_null(one.tenant)}, {"target", or_null(one.target)}},
                                         text);
            if (!printed) return tl::unexpected(printed.error());
        }
        return found->empty() ? cli::Exit::no : cli::Exit::ok;
    };
    return run_read(env, arguments, output::Printer::Shape::many, print, false);
}

}  // namespace

cli::Tool number_search_command() {
    using cli::Type;
    std::vector<std::string> states;
    for (auto state : {centrex::State::free, centrex::State::reserved, centrex::State::assigned, centrex::State::quarantine,
                       centrex::State::port_in, centrex::State::port_out, centrex::State::ported_out})
        states.emplace_back(name(state));
    return {.name = "search",
            .summary = "find numbers of the blocks by how they look, free ones too",
            .positionals = {{.name = "pattern", .metavar = "PATTERN",
                             .help = "all digits with the country code; '?' is any one, '*' any others"}},
            .options = read_options({tenant_option(),
                                     {.name = "state", .type = Type::choice, .help = "in this state", .choices = std::move(states)},
                                     {.name = "limit", .type = Type::integer, .metavar = "COUNT", .help = "at most so many",
                                      .fallback = "100", .min = 1, .max = 1'000'000},
                                     at_option()}),
            .common = record_formats(),
            .exits = {{cli::Exit::no, "none is found"}},
            .examples = {{.says = "A free number that is easy to remember.",
                          .commands = {"trunkbox number search '*00' --state free --limit 3"}}},
            .run = search_and_print};
}

}  // namespace trunkbox::tools
