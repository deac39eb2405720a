#include "number_verb.h"

#include "centrex/numbers.h"
#include "directory_session.h"

namespace trunkbox::tools {

namespace {

Result<centrex::NumberEdit> number_edit(const cli::Arguments& arguments, const NumberVerb& verb) {
    centrex::NumberEdit edit{.action = verb.action, .tenant = arguments.text_or_empty("tenant")};
    if (verb.reason) edit.reason = arguments.text_or_empty("reason");
    if (!verb.target.empty()) {
        const auto& numbers = centrex::table("number");
        auto target = parse_cell(numbers.columns[numbers.index("target")], arguments.text("to"));
        if (!target) return tl::unexpected(at("option '--to'", target.error()));
        edit.target = centrex::text(*target);
    }
    if (!verb.date.empty()) {
        auto date = until_of(arguments, verb.date);
        if (!date) return tl::unexpected(date.error());
        edit.until = *date;
    }
    return edit;
}

Result<void> take_step(store::DirectoryRows& rows, const cli::Arguments& arguments, const NumberVerb& verb) {
    auto tenant = tenant_of(rows, arguments);
    if (!tenant) return tl::unexpected(tenant.error());
    auto edit = number_edit(arguments, verb);
    if (!edit) return tl::unexpected(edit.error());
    // It lies in no block yet that could say whose it is.
    if (verb.action == centrex::Action::port_in) edit->tenant = *tenant;
    const auto words = arguments.many("number");
    if (words.size() > 1 && arguments.given("if-rev"))
        return failure(Fault::usage, "option '--if-rev'", "means one number, not several", "change them one by one");
    for (const auto& word : words) {
        auto number = number_of(rows, *tenant, word);
        if (!number) return tl::unexpected(number.error());
        const auto value = static_cast<std::int64_t>(number->value());
        if (auto good = check_revision(rows, arguments, centrex::table("number"), {value}); !good) return good;
        auto done = centrex::change_number(rows, value, *edit);
        if (!done) return tl::unexpected(done.error());
    }
    return {};
}

}  // namespace

cli::Tool number_verb_command(const NumberVerb& verb) {
    using cli::Type;
    std::vector<cli::Option> options{tenant_option()};
    if (verb.reason) options.push_back({.name = "reason", .type = Type::text, .help = "why, kept with the number"});
    if (!verb.target.empty())
        options.push_back({.name = "to", .type = Type::text, .metavar = "TARGET", .help = verb.target, .required = true,
                           .example = "user:alice"});
    if (!verb.date.empty())
        options.push_back({.name = verb.date, .type = Type::text, .metavar = "TIME", .help = verb.date_help});
    options.push_back(if_rev_option());
    if (verb.destructive) options.push_back(yes_option());
    auto run = [verb](cli::Env& env, const cli::Arguments& arguments) {
        if (verb.destructive) {
            auto meant = confirmed(env, arguments, fmt::format("{} {}", verb.name, arguments.many("number").front()));
            if (!meant) return cli::fail(env, meant.error());
            if (!*meant) return cli::Exit::no;
        }
        return run_edit(env, arguments, [&](store::DirectoryRows& rows) { return take_step(rows, arguments, verb); });
    };
    return {.name = verb.name,
            .summary = verb.summary,
            .positionals = {{.name = "number", .metavar = "NUMBER", .help = "one or more, all or none of them", .max = 0}},
            .options = edit_options(std::move(options)),
            .common = record_formats(),
            .exits = edit_exits(),
            .examples = {{.says = verb.says, .commands = verb.commands}},
            .run = run};
}

}  // namespace trunkbox::tools
