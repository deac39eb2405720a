// The catalogue of rules.
#include "base/text.h"
#include "cli/arguments.h"
#include "output/text_table.h"
#include "output/verdict.h"
#include "sbc/rule.h"
#include "tool_table.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

std::string table(std::span<const sbc::Rule> rules) {
    using Side = output::TextTable::Side;
    output::TextTable made({{"Rule", Side::left}, {"Strict", Side::left}, {"Lenient", Side::left}, {"Matches", Side::left}});
    for (const auto& rule : rules)
        made.add({std::string(rule.id), sbc::text(rule.usual.strict), sbc::text(rule.usual.lenient), std::string(rule.what)});
    return made.text();
}

Exit run_rules(Env& env, const Arguments& arguments) {
    auto ids = arguments.many("rules");
    std::vector<const sbc::Rule*> chosen;
    for (const auto& id : ids) {
        const auto* rule = sbc::find_rule(id);
        if (rule == nullptr)
            return cli::fail(env, Error{Fault::usage, "", "no rule '" + printable(id) + "'", "'trunkbox sbc rules' lists them"});
        chosen.push_back(rule);
    }
    if (ids.empty())
        for (const auto& rule : sbc::rules()) chosen.push_back(&rule);
    auto printer = arguments.printer(env, ids.size() == 1 ? output::Printer::Shape::one : output::Printer::Shape::many);
    if (!printer) return cli::fail(env, printer.error());
    bool in_a_table = ids.empty() && printer->format() == output::Format::text;
    Result<void> printed;
    if (in_a_table) printed = printer->append(table(sbc::rules()));
    for (const auto* rule : chosen)
        if (printed && !in_a_table) printed = printer->print(output::record(*rule), output::text(*rule));
    if (printed) printed = printer->finish();
    return printed ? Exit::ok : cli::fail(env, printed.error());
}

}  // namespace

cli::Tool sbc_rules_command() {
    using output::Format;
    return {.name = "rules",
            .summary = "the catalogue: what each rule matches, does, comes from and may hit wrongly",
            .description = {"All rules in the order of the catalogue, or those that are named with all that there is to say. "
                            "trunkbox-rules(7) is the same to read."},
            .positionals = {{.name = "rules", .metavar = "RULE", .help = "e.g. M-101", .type = cli::Type::text, .min = 0,
                             .max = 0}},
            .common = {.formats = {Format::text, Format::json, Format::jsonl, Format::csv}, .output = true},
            .exits = {{Exit::usage, "there is no such rule"}},
            .examples = {{.says = "Why a message without a proper start line is refused.",
                          .commands = {"trunkbox sbc rules M-102 | head -3"},
                          .prints = {"M-102  a version that is not SIP/2.0", "  strict   reject 505", "  lenient  reject 505"}}},
            .see_also = {"trunkbox-rules(7)"},
            .run = run_rules};
}

}  // namespace trunkbox::tools
