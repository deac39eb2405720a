// What can become of a number, an action a command.
#include "number_verb.h"
#include "number_commands.h"

namespace trunkbox::tools {

std::vector<cli::Tool> number_lifecycle() {
    using centrex::Action;
    const std::string rings = "what it rings: 'user:alice'", ends = "when that ends by itself";
    const std::vector<NumberVerb> verbs{
        {.action = Action::reserve, .name = "reserve", .summary = "keep a free number for a while",
         .says = "For a week, or until a date.",
         .commands = {"trunkbox number reserve +33199000010 --until 2099-01-01 --reason 'new office'"},
         .date = "until", .date_help = ends, .reason = true},
        {.action = Action::assign, .name = "assign", .summary = "give a number to what it shall ring",
         .says = "The number is Alice's.",
         .commands = {"trunkbox centrex user add alice --tenant acme", "trunkbox centrex user add bob --tenant acme",
                      "trunkbox number assign +33199000001 --to user:alice"},
         .target = rings, .reason = true},
        {.action = Action::move, .name = "move", .summary = "give an assigned number to another",
         .says = "The number is Bob's from now on.", .commands = {"trunkbox number move +33199000001 --to user:bob"},
         .target = rings, .reason = true},
        {.action = Action::unassign, .name = "unassign", .summary = "take a number back; it rests before another may have it",
         .says = "Nobody's for the tenant's days of rest.",
         .commands = {"trunkbox number unassign +33199000001 --reason 'left'"},
         .date = "until", .date_help = ends, .reason = true},
        {.action = Action::reclaim, .name = "reclaim", .summary = "free a number that rests, before its time",
         .says = "Free at once.", .commands = {"trunkbox number reclaim +33199000001"}},
        {.action = Action::quarantine, .name = "quarantine", .summary = "let a free number rest",
         .says = "A number that gets too many wrong calls.",
         .commands = {"trunkbox number quarantine +33199000011 --until 2099-01-01"},
         .date = "until", .date_help = ends, .reason = true},
        {.action = Action::release, .name = "release", .summary = "free a reserved number", .says = "It was not needed.",
         .commands = {"trunkbox number release +33199000010 --yes"}, .destructive = true}};
    std::vector<cli::Tool> commands;
    for (const auto& verb : verbs) commands.push_back(number_verb_command(verb));
    return commands;
}

}  // namespace trunkbox::tools
