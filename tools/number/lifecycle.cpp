// What can become of a number, an action a command.
#include "directory_session.h"
#include "centrex/numbers.h"
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
    bool until = false;
    bool destructive = false;
};

constexpr std::array verbs{
    Verb{Action::reserve, "reserve", "keep a free number for a while", "For a week, or until a date.",
         "trunkbox number reserve +33199000010 --until 2099-01-01 --reason 'new office'", false, true},
    Verb{Action::assign, "assign", "give a number to what it shall ring", "The number is Alice's.",
         "trunkbox number assign +33199000001 --to user:alice", true},
    Verb{Action::move, "move", "give an assigned number to another", "The number is Bob's from now on.",
         "trunkbox number move +33199000001 --to user:bob", true},
    Verb{Action::unassign, "unassign", "take a number back; it rests before another may have it",
         "Nobody's for the tenant's days of rest.", "trunkbox number unassign +33199000001 --reason 'left'", false, true},
    Verb{Action::reclaim, "reclaim", "free a number that rests, before its time", "Free at once.",
         "trunkbox number reclaim +33199000001"},
    Verb{Action::quarantine, "quarantine", "let a free number rest", "A number that gets too many wrong calls.",
         "trunkbox number quarantine +33199000011 --until 2099-01-01", false, true},
    Verb{Action::release, "release", "free a reserved number", "It was not needed.",
         "trunkbox number release +33199000010 --yes", false, false, true},
};

Result<void> change(store::DirectoryRows& rows, const Arguments& arguments, const Verb& verb) {
    auto tenant = tenant_of(rows, arguments);
    if (!tenant) return tl::unexpected(tenant.error());
    centrex::NumberEdit edit{.action = verb.action, .tenant = arguments.text_or_empty("tenant"),
                             .reason = arguments.text_or_empty("reason")};
    if (verb.target) {
        const auto& numbers = centrex::table("number");
        auto target = parse_cell(numbers.columns[numbers.index("target")], arguments.text("to"));
        if (!target) return tl::unexpected(at("option '--to'", target.error()));
        edit.target = centrex::text(*target);
    }
    if (verb.until) {
        auto until = until_of(arguments);
        if (!until) return tl::unexpected(until.error());
        edit.until = *until;
    }
    for (const auto& word : arguments.many("number")) {
        auto number = number_of(rows, *tenant, word);
        if (!number) return tl::unexpected(number.error());
        auto done = centrex::change_number(rows, static_cast<std::int64_t>(number->value()), edit);
        if (!done) return tl::unexpected(done.error());
    }
    return {};
}

cli::Tool command(const Verb& verb) {
    using cli::Type;
    std::vector<cli::Option> options{tenant_option(),
                                     {.name = "reason", .type = Type::text, .help = "why, kept with the number"}};
    if (verb.target)
        options.push_back({.name = "to", .type = Type::text, .metavar = "TARGET", .help = "what it rings: 'user:alice'",
                           .required = true, .example = "user:alice"});
    if (verb.until)
        options.push_back({.name = "until", .type = Type::text, .metavar = "TIME", .help = "when that ends by itself"});
    if (verb.destructive) options.push_back(yes_option());
    std::vector<std::string> commands{verb.example};
    if (verb.action == Action::assign)
        commands.insert(commands.begin(), {"trunkbox centrex user add alice --tenant acme",
                                           "trunkbox centrex user add bob --tenant acme"});
    auto run = [&verb](Env& env, const Arguments& arguments) {
        if (verb.destructive) {
            auto meant = confirmed(env, arguments, fmt::format("{} {}", verb.name, arguments.many("number").front()));
            if (!meant) return cli::fail(env, meant.error());
            if (!*meant) return Exit::no;
        }
        return run_edit(env, arguments, [&](store::DirectoryRows& rows) { return change(rows, arguments, verb); });
    };
    return {.name = verb.name,
            .summary = verb.summary,
            .positionals = {{.name = "number", .metavar = "NUMBER", .help = "one or more, all or none of them", .max = 0}},
            .options = edit_options(std::move(options)),
            .common = record_formats(),
            .exits = edit_exits(),
            .examples = {{.says = verb.says, .commands = std::move(commands)}},
            .run = run};
}

}  // namespace

std::vector<cli::Tool> number_lifecycle() {
    std::vector<cli::Tool> commands;
    for (const auto& verb : verbs) commands.push_back(command(verb));
    return commands;
}

}  // namespace trunkbox::tools
