// Numbers on their way from or to another provider.
#include "centrex/numbers.h"
#include "directory_session.h"
#include "number_verb.h"
#include "number_commands.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

Exit set_port_day(Env& env, const Arguments& arguments) {
    return run_edit(env, arguments, [&](store::DirectoryRows& rows) -> Result<void> {
        auto tenant = tenant_of(rows, arguments);
        if (!tenant) return tl::unexpected(tenant.error());
        auto number = number_of(rows, *tenant, arguments.text("number"));
        auto date = until_of(arguments, "foc");
        if (!number) return tl::unexpected(number.error());
        if (!date) return tl::unexpected(date.error());
        const auto value = static_cast<std::int64_t>(number->value());
        if (auto good = check_revision(rows, arguments, centrex::table("number"), {value}); !good) return good;
        auto done = centrex::set_port_date(rows, value, **date);
        return done ? Result<void>{} : tl::unexpected(done.error());
    });
}

Exit list_ports(Env& env, const Arguments& arguments) {
    auto at = time_of(arguments);
    if (!at) return cli::fail(env, at.error());
    return run_read(env, arguments, output::Printer::Shape::many,
                    [&](store::DirectoryRows& rows, output::Printer& printer) -> Result<Exit> {
                        const auto& numbers = centrex::table("number");
                        for (const char* state : {"port_in", "port_out"}) {
                            auto found = rows.find({.table = &numbers, .where = {{.column = "state", .value = std::string(state)}}});
                            if (!found) return tl::unexpected(found.error());
                            for (const auto& stored : *found) {
                                auto row = centrex::effective(stored, *at);
                                if (!row || centrex::text(cell(numbers, *row, "state")) != state) continue;
                                auto printed = printer.print(output::record(numbers, *row), output::text(numbers, *row));
                                if (!printed) return tl::unexpected(printed.error());
                            }
                        }
                        return Exit::ok;
                    });
}

constexpr const char* foc_help = "firm order commitment: when it takes effect by itself";

cli::Tool day_command() {
    return {.name = "foc",
            .summary = "set the date of a port",
            .positionals = {{.name = "number", .metavar = "NUMBER", .help = "which"}},
            .options = edit_options({tenant_option(), if_rev_option(), {.name = "foc", .type = cli::Type::text, .metavar = "TIME",
                                                       .help = foc_help, .required = true}}),
            .common = record_formats(),
            .exits = edit_exits(),
            .examples = {{.says = "The other provider confirmed another day.",
                          .commands = {"trunkbox number port foc +33199002001 --foc 2099-01-15"}}},
            .run = set_port_day};
}

cli::Tool list_command() {
    return {.name = "list",
            .summary = "list the ports that are under way",
            .options = read_options({at_option()}),
            .common = record_formats(),
            .examples = {{.says = "What is under way.", .commands = {"trunkbox number port list"}}},
            .run = list_ports};
}

}  // namespace

cli::Tool number_port() {
    using centrex::Action;
    const NumberVerb in{.action = Action::port_in, .name = "in", .summary = "order a number from another provider",
                        .says = "From the first of January on it is Alice's.",
                        .commands = {"trunkbox number port in +33199002001 --tenant acme --to user:alice --foc 2099-01-01"},
                        .target = "what it rings once it is here", .date = "foc", .date_help = foc_help};
    const NumberVerb out{.action = Action::port_out, .name = "out", .summary = "let another provider take a number",
                         .says = "Until then it rings as before.",
                         .commands = {"trunkbox number assign +33199000002 --to user:bob",
                                      "trunkbox number port out +33199000002 --foc 2099-02-01"},
                         .date = "foc", .date_help = foc_help};
    const NumberVerb complete{.action = Action::complete, .name = "complete", .summary = "write down that a port is done",
                              .says = "Before its date.", .commands = {"trunkbox number port complete +33199002001"}};
    const NumberVerb cancel{.action = Action::cancel, .name = "cancel", .summary = "call a port off", .says = "It stays.",
                            .commands = {"trunkbox number port cancel +33199000002"}};
    return {.name = "port",
            .summary = "numbers on their way from or to another provider",
            .commands = {number_verb_command(in), number_verb_command(out), day_command(), list_command(),
                         number_verb_command(complete), number_verb_command(cancel)}};
}

}  // namespace trunkbox::tools
