// Forwards, do not disturb, schedules that are overridden.
#include "centrex/features.h"

#include "centrex_commands.h"
#include "directory_session.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

constexpr std::array conditions{"cfu", "cfb", "cfnr", "cfnrc"};

Result<void> done(const Result<bool>& changed) {
    if (!changed) return tl::unexpected(changed.error());
    return {};
}

// Whichever of these forwards was touched last.
Result<void> check_forwards(centrex::Rows& rows, const Arguments& arguments, const std::string& tenant,
                            std::span<const std::string> of) {
    std::vector<centrex::Key> keys;
    for (const auto& condition : of) keys.push_back({tenant, arguments.text("user"), condition});
    return check_latest_revision(rows, arguments, centrex::table("forward"), keys);
}

Exit set_forwards(Env& env, const Arguments& arguments) {
    return run_edit(env, arguments, [&](store::DirectoryRows& rows) -> Result<void> {
        auto tenant = needed_tenant(rows, arguments);
        if (!tenant) return tl::unexpected(tenant.error());
        std::vector<std::string> given;
        for (const char* condition : conditions)
            if (arguments.given(condition)) given.emplace_back(condition);
        if (given.empty()) return failure(Fault::usage, "", "no condition is given", "write e.g. '--cfnr 20s:voicemail'");
        if (auto good = check_forwards(rows, arguments, *tenant, given); !good) return good;
        for (const auto& condition : given) {
            auto set = centrex::set_forward(rows, {*tenant, arguments.text("user"), condition, arguments.text(condition)});
            if (!set) return tl::unexpected(set.error());
        }
        return {};
    });
}

Exit clear_forwards(Env& env, const Arguments& arguments) {
    return run_edit(env, arguments, [&](store::DirectoryRows& rows) -> Result<void> {
        auto tenant = needed_tenant(rows, arguments);
        if (!tenant) return tl::unexpected(tenant.error());
        auto condition = arguments.text_or_empty("condition");
        std::vector<std::string> cleared(conditions.begin(), conditions.end());
        if (!condition.empty()) cleared = {condition};
        if (auto good = check_forwards(rows, arguments, *tenant, cleared); !good) return good;
        return done(centrex::clear_forward(rows, *tenant, arguments.text("user"), condition));
    });
}

Exit show_forwards(Env& env, const Arguments& arguments) {
    return run_read(env, arguments, output::Printer::Shape::many,
                    [&](store::DirectoryRows& rows, output::Printer& printer) -> Result<Exit> {
                        auto tenant = needed_tenant(rows, arguments);
                        if (!tenant) return tl::unexpected(tenant.error());
                        const auto& forwards = centrex::table("forward");
                        auto found = rows.find({.table = &forwards,
                                                .where = {{.column = "tenant", .value = *tenant},
                                                          {.column = "user", .value = arguments.text("user")}}});
                        if (!found) return tl::unexpected(found.error());
                        for (const auto& row : *found)
                            if (auto printed = printer.print(output::record(forwards, row), output::text(forwards, row)); !printed)
                                return tl::unexpected(printed.error());
                        return Exit::ok;
                    });
}

Exit set_dnd(Env& env, const Arguments& arguments) {
    return run_edit(env, arguments, [&](store::DirectoryRows& rows) -> Result<void> {
        auto tenant = needed_tenant(rows, arguments);
        if (!tenant) return tl::unexpected(tenant.error());
        if (auto good = check_revision(rows, arguments, centrex::table("user"), {*tenant, arguments.text("user")}); !good) return good;
        return done(centrex::set_dnd(rows, *tenant, arguments.text("user"), arguments.text("how") == "on"));
    });
}

Exit set_override(Env& env, const Arguments& arguments) {
    auto until = until_of(arguments);
    if (!until) return cli::fail(env, until.error());
    return run_edit(env, arguments, [&](store::DirectoryRows& rows) -> Result<void> {
        auto tenant = needed_tenant(rows, arguments);
        if (!tenant) return tl::unexpected(tenant.error());
        if (auto good = check_revision(rows, arguments, centrex::table("schedule"), {*tenant, arguments.text("schedule")}); !good)
            return good;
        return done(centrex::set_override(rows, *tenant, arguments.text("schedule"), arguments.text("how"), *until));
    });
}

cli::Positional user_positional() {
    return {.name = "user", .metavar = "USER", .help = "whose calls"};
}

cli::Tool forward_command() {
    using cli::Type;
    auto condition = [](std::string name, std::string help, std::string example) -> cli::Option {
        return {.name = std::move(name), .type = Type::text, .metavar = "TO", .help = std::move(help), .example = std::move(example)};
    };
    return {.name = "forward",
            .summary = "where calls go that a user does not take",
            .commands =
                {{.name = "set",
                  .summary = "forward a user's calls",
                  .description = {"A destination is 'voicemail', a user, a target such as 'group:sales', or a number. What "
                                  "would send calls round and round is refused."},
                  .positionals = {user_positional()},
                  .options = edit_options({tenant_option(), if_rev_option(), condition("cfu", "always", "bob"),
                                           condition("cfb", "when busy, or not to be disturbed", "voicemail"),
                                           condition("cfnr", "when not answered, after a time: '20s:voicemail'", "20s:voicemail"),
                                           condition("cfnrc", "when no phone can be reached", "+33199000002")}),
                  .common = record_formats(),
                  .exits = edit_exits(),
                  .examples = {{.says = "After twenty seconds to her mailbox.",
                                .commands = {"trunkbox centrex forward set alice --tenant acme --cfnr 20s:voicemail"},
                                .prints = {"+ forward acme alice cfnr  to=voicemail:alice  after=20", "..."}}},
                  .run = set_forwards},
                 {.name = "clear",
                  .summary = "end a user's forwards",
                  .positionals = {user_positional()},
                  .options = edit_options({tenant_option(), if_rev_option(), {.name = "condition", .type = Type::choice, .help = "only this one",
                                                             .choices = {"cfu", "cfb", "cfnr", "cfnrc"}}}),
                  .common = record_formats(),
                  .exits = edit_exits(),
                  .examples = {{.says = "All of them.", .commands = {"trunkbox centrex forward clear alice --dry-run"}}},
                  .run = clear_forwards},
                 {.name = "show",
                  .summary = "show a user's forwards",
                  .positionals = {user_positional()},
                  .options = read_options({tenant_option()}),
                  .common = record_formats(),
                  .examples = {{.says = "What is set.", .commands = {"trunkbox centrex forward show alice"}}},
                  .run = show_forwards}}};
}

}  // namespace

std::vector<cli::Tool> centrex_features() {
    using cli::Type;
    return {forward_command(),
            {.name = "dnd",
             .summary = "say whether a user may be disturbed",
             .positionals = {user_positional(),
                             {.name = "how", .metavar = "on|off", .help = "on: calls are refused, or go where 'cfb' leads",
                              .type = Type::choice, .choices = {"on", "off"}}},
             .options = edit_options({tenant_option(), if_rev_option()}),
             .common = record_formats(),
             .exits = edit_exits(),
             .examples = {{.says = "Not now.", .commands = {"trunkbox centrex dnd alice on --dry-run"}}},
             .run = set_dnd},
            {.name = "override",
             .summary = "open or close a schedule whatever its hours say",
             .positionals = {{.name = "schedule", .metavar = "SCHEDULE", .help = "which"},
                             {.name = "how", .metavar = "open|closed|auto", .help = "auto: the hours count again",
                              .type = Type::choice, .choices = {"open", "closed", "auto"}}},
             .options = edit_options({tenant_option(), if_rev_option(), {.name = "until", .type = Type::text, .metavar = "TIME",
                                                        .help = "when the hours count again"}}),
             .common = record_formats(),
             .exits = edit_exits(),
             .examples = {{.says = "Closed for an outing.",
                           .commands = {"trunkbox centrex override office closed --until 2099-01-01"}}},
             .run = set_override}};
}

}  // namespace trunkbox::tools
