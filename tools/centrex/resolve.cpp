// Where a number rings, and why.
#include "centrex/resolve.h"

#include <set>

#include "directory_session.h"
#include "centrex/kept_facts.h"
#include "centrex/row_facts.h"
#include "cli/input.h"
#include "tool_table.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

struct Query {
    Time at{};
    std::int64_t change = 0;
    std::set<std::string> busy{};
    std::set<std::string> unreachable{};
    std::set<std::string> unanswered{};
    std::optional<centrex::Caller> from{};
    std::string region{};  // that called numbers are spelt by
    bool explain = false;
};

// "busy=alice,unreachable=bob,unanswered=carol".
Result<void> read_assumptions(const Arguments& arguments, Query& query) {
    for (const auto& option : arguments.many("assume"))
        for (auto part : split(option, ',')) {
            auto [what, user] = split_once(part, '=');
            auto* users = what == "busy"          ? &query.busy
                          : what == "unreachable" ? &query.unreachable
                          : what == "unanswered"  ? &query.unanswered
                                                  : nullptr;
            if (users == nullptr || !user || user->empty())
                return failure(Fault::usage, "option '--assume'", fmt::format("'{}' is not understood", printable(part)),
                               "write e.g. 'busy=alice,unreachable=bob,unanswered=carol'");
            users->emplace(*user);
        }
    return {};
}

// Who calls, and how what they dial is read.
Result<void> read_who(store::DirectoryRows& rows, const Arguments& arguments, const std::string& tenant, Query& query) {
    std::optional<numbering::E164> shows;
    if (arguments.given("show")) {
        if (!arguments.given("from"))
            return failure(Fault::usage, "option '--show'", "means nothing without --from", "say who calls");
        auto number = number_of(rows, tenant, arguments.text("show"));
        if (!number) return tl::unexpected(at("option '--show'", number.error()));
        shows = *number;
    }
    if (arguments.given("from")) {
        centrex::RowFacts facts(rows, query.at);
        auto caller = centrex::read_caller(facts, tenant, arguments.text("from"), query.at, shows);
        if (!caller && caller.error().fault == Fault::rule) return tl::unexpected(caller.error());
        if (!caller) return tl::unexpected(at("option '--from'", caller.error()));
        query.from = std::move(*caller);
    }
    auto region = region_of(rows, query.from && query.from->inside() ? query.from->user.tenant : tenant);
    if (!region) return tl::unexpected(region.error());
    query.region = std::move(*region);
    return {};
}

// What all numbers of a run are asked of: one snapshot, so that what was read stays so.
struct Snapshot {
    Snapshot(store::DirectoryRows& rows, Time at) : read(rows, at), facts(read) {}
    centrex::RowFacts read;
    centrex::KeptFacts facts;
};

// False: nothing rings.
Result<bool> answer(const Snapshot& snapshot, const Query& query, std::string_view text, output::Printer& printer) {
    const auto& facts = snapshot.facts;
    auto dialled = centrex::read_dialling(facts, query.from ? &*query.from : nullptr, query.region, text);
    if (!dialled) return tl::unexpected(dialled.error());
    centrex::Call call{.at = query.at, .busy = query.busy, .unreachable = query.unreachable,
                       .unanswered = query.unanswered, .from = query.from};
    using What = centrex::Dialling::What;
    if (dialled->what == What::number)
        call.number = *numbering::E164::parse(dialled->text);
    else
        (dialled->what == What::extension ? call.extension : call.emergency) = dialled->text;
    auto resolution = centrex::resolve(facts, call);
    if (auto good = snapshot.read.state(); !good) return tl::unexpected(good.error());
    using output::Format;
    const auto format = printer.format();
    auto printed = format == Format::jsonl  ? printer.print_json_line(output::json_line(resolution, query.change))
                   : format == Format::text ? printer.print({}, output::text(resolution, query.explain))
                                            : printer.print(output::record(resolution, query.change), {});
    if (!printed) return tl::unexpected(printed.error());
    using centrex::Outcome;
    return resolution.outcome == Outcome::ring || resolution.outcome == Outcome::voicemail ||
           resolution.outcome == Outcome::forwarded || resolution.outcome == Outcome::emergency;
}

Result<Exit> answer_all(Env& env, const Arguments& arguments, store::DirectoryRows& rows, const Query& query,
                        output::Printer& printer) {
    Exit exit = Exit::ok;
    const Snapshot snapshot(rows, query.at);
    auto one = [&](std::string_view text) -> Result<void> {
        auto rings = answer(snapshot, query, text, printer);
        if (!rings) return tl::unexpected(rings.error());
        if (!*rings) exit = Exit::no;
        return {};
    };
    for (const auto& word : arguments.many("number")) {
        if (word != "-") {
            if (auto done = one(word); !done) return tl::unexpected(done.error());
            continue;
        }
        auto all = cli::each_line(env, printer, [&](std::string_view line, std::size_t number) -> Result<void> {
            auto done = one(line);
            if (done || done.error().fault == Fault::system) return done;
            return tl::unexpected(at(fmt::format("line {}", number), done.error()));
        });
        if (!all) return tl::unexpected(all.error());
    }
    return exit;
}

Exit run_resolve(Env& env, const Arguments& arguments) {
    Query query{.explain = arguments.explain()};
    auto time = time_of(arguments);
    if (!time) return cli::fail(env, time.error());
    query.at = *time;
    if (auto read = read_assumptions(arguments, query); !read) return cli::fail(env, read.error());
    const auto words = arguments.many("number");
    const bool many = words.size() > 1 || words.front() == "-";
    auto ask = [&](store::Directory& directory, output::Printer& printer) -> Result<Exit> {
        Result<Exit> exit = Exit::ok;
        auto done = directory.read([&](store::DirectoryRows& rows) -> Result<void> {
            auto tenant = tenant_of(rows, arguments);
            if (!tenant) return tl::unexpected(tenant.error());
            if (auto read = read_who(rows, arguments, *tenant, query); !read) return read;
            auto change = directory.last_change();
            if (!change) return tl::unexpected(change.error());
            query.change = *change;
            exit = answer_all(env, arguments, rows, query, printer);
            return {};
        });
        if (!done) return tl::unexpected(done.error());
        return exit;
    };
    return ask_directory(env, arguments, many ? output::Printer::Shape::many : output::Printer::Shape::one, ask, !many);
}

}  // namespace

cli::Tool centrex_resolve_command() {
    using cli::Type;
    std::vector<cli::Option> options{tenant_option(),
                                     {.name = "from", .type = Type::text, .metavar = "WHO",
                                      .help = "who calls: 'user:alice', 'phone:desk-7', an extension or a number",
                                      .example = "user:alice"},
                                     {.name = "show", .type = Type::text, .metavar = "NUMBER",
                                      .help = "with --from: the number that they show; else what --from says, or their default"},
                                     {.name = "assume", .type = Type::text, .metavar = "WHAT=USER,…",
                                      .help = "as if these users were busy or unreachable, or had let it ring (unanswered)",
                                      .repeatable = true,
                                      .example = "busy=alice,unreachable=bob"},
                                     at_option()};
    auto common = record_formats();
    common.explain = true;
    return {.name = "resolve",
            .summary = "say where a number rings, and why",
            .description = {"With --from, who calls counts too: somebody of a tenant dials extensions and emergency numbers, "
                            "calls numbers outside as far as nothing bars them, and shows what they may show. A caller from "
                            "elsewhere does none of that."},
            .positionals = {{.name = "number", .metavar = "NUMBER",
                             .help = "called numbers as the tenant's country spells them; '-' reads them from standard input",
                             .max = 0}},
            .options = read_options(std::move(options)),
            .common = std::move(common),
            .exits = {{Exit::ok, "every number rings somewhere, a mailbox or another network included"},
                      {Exit::no, "a number rings nowhere, which is said"},
                      {Exit::input, "a number cannot be understood"}},
            .examples = {{.says = "Where Alice's number rings, with each step that leads there.",
                          .commands = {"trunkbox number block add +33199000000 +33199000999 --tenant acme",
                                       "trunkbox number assign +33199000001 --to user:alice",
                                       "trunkbox centrex resolve 01.99.00.00.01 --explain"}}},
            .run = run_resolve};
}

}  // namespace trunkbox::tools
