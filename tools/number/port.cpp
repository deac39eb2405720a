// Numbers on their way from or to another provider.
#include <array>

#include "centrex/numbers.h"
#include "directory_session.h"
#include "number_commands.h"

namespace trunkbox::tools {

namespace {

using centrex::Action;
using cli::Arguments;
using cli::Env;
using cli::Exit;

struct Verb {
    Action action;
    const char* name;
    const char* summary;
    const char* says;
    const char* example;
    bool target = false;
    bool date = false;
};

constexpr std::array verbs{
    Verb{Action::port_in, "in", "order a number from another provider", "From the first of January on it is Alice's.",
         "trunkbox number port in +33199002001 --tenant acme --to user:alice --foc 2099-01-01", true, true},
    Verb{Action::port_out, "out", "let another provider take a number", "Until then it rings as before.",
         "trunkbox number port out +33199000002 --foc 2099-02-01", false, true},
    Verb{Action::complete, "complete", "write down that a port is done", "Before its date.",
         "trunkbox number port complete +33199002001"},
    Verb{Action::cancel, "cancel", "call a port off", "It stays.", "trunkbox number port cancel +33199000002"},
};

Result<std::int64_t> value_of(store::DirectoryRows& rows, const std::string& tenant, const std::string& word) {
    auto number = number_of(rows, tenant, word);
    if (!number) return tl::unexpected(number.error());
    return static_cast<std::int64_t>(number->value());
}

Result<void> change(store::DirectoryRows& rows, const Arguments& arguments, const Verb& verb) {
    auto tenant = tenant_of(rows, arguments);
    if (!tenant) return tl::unexpected(tenant.error());
    centrex::NumberEdit edit{.action = verb.action,
                             .tenant = verb.action == Action::port_in ? *tenant : arguments.text_or_empty("tenant")};
    if (verb.target) edit.target = arguments.text_or_empty("to");
    if (verb.date) {
        auto date = until_of(arguments, "foc");
        if (!date) return tl::unexpected(date.error());
        edit.until = *date;
    }
    for (const auto& word : arguments.many("number")) {
        auto number = value_of(rows, *tenant, word);
        if (!number) return tl::unexpected(number.error());
        if (auto done = centrex::change_number(rows, *number, edit); !done) return tl::unexpected(done.error());
    }
    return {};
}

Exit foc(Env& env, const Arguments& arguments) {
    return run_edit(env, arguments, [&](store::DirectoryRows& rows) -> Result<void> {
        auto tenant = tenant_of(rows, arguments);
        if (!tenant) return tl::unexpected(tenant.error());
        auto number = value_of(rows, *tenant, arguments.text("number"));
        auto date = until_of(arguments, "foc");
        if (!number) return tl::unexpected(number.error());
        if (!date) return tl::unexpected(date.error());
        auto done = centrex::set_port_date(rows, *number, **date);
        return done ? Result<void>{} : tl::unexpected(done.error());
    });
}

Exit list(Env& env, const Arguments& arguments) {
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

cli::Option date_option(bool required) {
    return {.name = "foc", .type = cli::Type::text, .metavar = "TIME",
            .help = "firm order commitment: when it takes effect by itself", .required = required};
}

cli::Positional numbers(std::size_t most) {
    return {.name = "number", .metavar = "NUMBER", .help = most == 1 ? "which" : "one or more, all or none of them", .max = most};
}

cli::Tool command(const Verb& verb) {
    std::vector<cli::Option> options{tenant_option()};
    if (verb.target)
        options.push_back({.name = "to", .type = cli::Type::text, .metavar = "TARGET", .help = "what it rings once it is here",
                           .required = true, .example = "user:alice"});
    if (verb.date) options.push_back(date_option(false));
    std::vector<std::string> commands{verb.example};
    if (verb.action == Action::port_out)
        commands.insert(commands.begin(), "trunkbox number assign +33199000002 --to user:bob");
    return {.name = verb.name,
            .summary = verb.summary,
            .positionals = {numbers(0)},
            .options = edit_options(std::move(options)),
            .common = record_formats(),
            .exits = edit_exits(),
            .examples = {{.says = verb.says, .commands = std::move(commands)}},
            .run = [&verb](Env& env, const Arguments& arguments) {
                return run_edit(env, arguments, [&](store::DirectoryRows& rows) { return change(rows, arguments, verb); });
            }};
}

}  // namespace

cli::Tool number_port() {
    auto reading = directory_options();
    reading.push_back(at_option());
    std::vector<cli::Tool> commands{
        command(verbs[0]), command(verbs[1]),
        {.name = "foc",
         .summary = "set the date of a port",
         .positionals = {numbers(1)},
         .options = edit_options({tenant_option(), date_option(true)}),
         .common = record_formats(),
         .exits = edit_exits(),
         .examples = {{.says = "The other provider confirmed another day.",
                       .commands = {"trunkbox number port foc +33199002001 --foc 2099-01-15"}}},
         .run = foc},
        {.name = "list",
         .summary = "list the ports that are under way",
         .options = std::move(reading),
         .common = record_formats(),
         .examples = {{.says = "What is under way.", .commands = {"trunkbox number port list"}}},
         .run = list},
        command(verbs[2]), command(verbs[3])};
    return {.name = "port", .summary = "numbers on their way from or to another provider", .commands = std::move(commands)};
}

}  // namespace trunkbox::tools
