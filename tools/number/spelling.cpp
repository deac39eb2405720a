// How numbers are spelt; no directory is asked.
#include "cli/input.h"

#include "directory_session.h"
#include "number_commands.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;
using output::Printer;

// Each number of the arguments; '-' is a number a line of standard input.
template <class Take>
Result<void> each_number(Env& env, const Arguments& arguments, Printer& printer, const Take& take) {
    for (const auto& word : arguments.many("number")) {
        auto taken = word != "-" ? take(word) : cli::each_line(env, printer, [&](std::string_view line, std::size_t) {
            return take(std::string(line));
        });
        if (!taken) return taken;
    }
    return {};
}

Exit check(Env& env, const Arguments& arguments) {
    auto printer = arguments.printer(env, Printer::Shape::many, {}, false);
    if (!printer) return cli::fail(env, printer.error());
    bool all_good = true;
    const auto region = arguments.text_or_empty("region");
    auto done = each_number(env, arguments, *printer, [&](const std::string& text) {
        auto number = numbering::read_number(text, region);
        all_good = all_good && number.has_value();
        if (!number)
            return printer->print({{"input", text}, {"possible", false}, {"valid", false}, {"why", number.error().text()}},
                                  fmt::format("no   {}", number.error().text()));
        const bool valid = numbering::is_valid(*number);
        return printer->print({{"input", text},
                               {"number", number->text()},
                               {"possible", true},
                               {"valid", valid},
                               {"region", numbering::region_of(*number)}},
                              fmt::format("yes  {}  {}{}", number->text(), numbering::region_of(*number),
                                          valid ? "" : "  not in use, as far as is known"));
    });
    if (done) done = printer->finish();
    if (!done) return cli::fail(env, done.error());
    return all_good ? Exit::ok : Exit::no;
}

Exit format(Env& env, const Arguments& arguments) {
    auto printer = arguments.printer(env, Printer::Shape::many, {}, false);
    if (!printer) return cli::fail(env, printer.error());
    const auto region = arguments.text_or_empty("region");
    const auto as = arguments.text("as");
    auto done = each_number(env, arguments, *printer, [&](const std::string& text) -> Result<void> {
        auto number = numbering::read_number(text, region);
        if (!number) return tl::unexpected(number.error());
        auto formatted = as == "enum" ? numbering::enum_domain(*number)
                                      : numbering::format(*number, *numbering::parse_format(as));
        return printer->print({{"number", number->text()}, {"as", as}, {"text", formatted}}, formatted);
    });
    if (done) done = printer->finish();
    return done ? Exit::ok : cli::fail(env, done.error());
}

}  // namespace

std::vector<cli::Tool> number_spelling() {
    using cli::Type;
    const cli::Positional numbers{.name = "number", .metavar = "NUMBER", .help = "any spelling; '-' reads them from standard input",
                                  .max = 0};
    const cli::Option region{.name = "region", .type = Type::text, .metavar = "CC",
                             .help = "country that national spellings are read by", .example = "FR"};
    return {{.name = "check",
             .summary = "say whether numbers can be numbers",
             .description = {"Possible is what has a length that its country's plan knows. Whether it is in use is only "
                             "told: the tables of that are older than the plans."},
             .positionals = {numbers},
             .options = {region},
             .common = record_formats(),
             .exits = {{Exit::no, "one of them is not possible"}},
             .examples = {{.says = "A French number, and one that is too short.",
                           .commands = {"trunkbox number check --region FR 01.99.00.00.01 0199; echo $?"}}},
             .run = check},
            {.name = "format",
             .summary = "write numbers in another form",
             .positionals = {numbers},
             .options = {region,
                         {.name = "as", .type = Type::choice, .help = "the form", .fallback = "e164",
                          .choices = {"e164", "international", "national", "rfc3966", "enum"}}},
             .common = record_formats(),
             .exits = {{Exit::input, "a number cannot be understood"}},
             .examples = {{.says = "As people there write it.",
                           .commands = {"trunkbox number format --as international +33199000001"},
                           .prints = {"+33 1 99 00 00 01"}}},
             .run = format}};
}

}  // namespace trunkbox::tools
