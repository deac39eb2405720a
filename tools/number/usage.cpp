// How full the blocks are.
#include "centrex/usage.h"

#include "directory_session.h"
#include "tool_table.h"

namespace trunkbox::tools {

namespace {

using centrex::State;
using centrex::Usage;
using centrex::UsageBy;

constexpr std::array kinds{UsageBy::block, UsageBy::tenant, UsageBy::state, UsageBy::site};
constexpr std::array used_states{State::reserved, State::assigned, State::quarantine, State::port_in, State::port_out,
                                 State::ported_out};

output::Record usage_record(const Usage& usage, UsageBy by) {
    output::Record record;
    if (by == UsageBy::block)
        record = {{"first", fmt::format("+{}", usage.first)}, {"last", fmt::format("+{}", usage.last)}};
    if (by != UsageBy::state)
        record.set("tenant", usage.tenant.empty() ? output::Value() : output::Value(usage.tenant));
    if (by == UsageBy::site) record.set("site", usage.site.empty() ? output::Value() : output::Value(usage.site));
    record.set("size", usage.size());
    if (by != UsageBy::site) record.set("free", usage.count(State::free));
    for (auto state : used_states) record.set(std::string(name(state)), usage.count(state));
    return record;
}

std::string usage_text(const Usage& usage, UsageBy by) {
    auto or_none = [](const std::string& word) { return word.empty() ? std::string("-") : word; };
    std::string text;
    if (by == UsageBy::block) text = fmt::format("+{} +{}  ", usage.first, usage.last);
    if (by == UsageBy::tenant) text = or_none(usage.tenant) + "  ";
    if (by == UsageBy::site)
        text = fmt::format("{} {}  {} numbers", or_none(usage.tenant), or_none(usage.site), usage.size());
    else
        text += fmt::format("{} free of {}", usage.count(State::free), usage.size());
    for (auto state : used_states)
        if (usage.count(state) > 0) text += fmt::format("  {} {}", usage.count(state), name(state));
    return text;
}

cli::Exit print_usage(cli::Env& env, const cli::Arguments& arguments) {
    auto at = time_of(arguments);
    if (!at) return cli::fail(env, at.error());
    const auto word = arguments.text("by");
    const auto by = *std::find_if(kinds.begin(), kinds.end(), [&](UsageBy one) { return name(one) == word; });
    return run_read(env, arguments, output::Printer::Shape::many,
                    [&](store::DirectoryRows& rows, output::Printer& printer) -> Result<cli::Exit> {
                        auto counted = centrex::usage(rows, by, *at);
                        if (!counted) return tl::unexpected(counted.error());
                        for (const auto& one : *counted)
                            if (auto printed = printer.print(usage_record(one, by), usage_text(one, by)); !printed)
                                return tl::unexpected(printed.error());
                        return cli::Exit::ok;
                    });
}

}  // namespace

cli::Tool number_usage_command() {
    cli::Option by{.name = "by", .type = cli::Type::choice, .help = "what is counted apart", .fallback = "block"};
    for (auto kind : kinds) by.choices.emplace_back(name(kind));
    return {.name = "usage",
            .summary = "count the numbers by their state",
            .description = {"By site counts the numbers that are not free where the home phones of those stand whom they "
                            "ring."},
            .options = read_options({std::move(by), at_option()}),
            .common = record_formats(),
            .examples = {{.says = "How full the blocks are, and how many numbers each tenant has.",
                          .commands = {"trunkbox number usage", "trunkbox number usage --by tenant"}}},
            .run = print_usage};
}

}  // namespace trunkbox::tools
