// What the commands of `number` and `centrex` share: which directory, who edits it, and what an edit answers.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/tool.h"
#include "centrex/lookup.h"
#include "numbering/spelling.h"
#include "output/directory.h"
#include "store/directory.h"

namespace trunkbox::tools {

inline std::vector<cli::Option> directory_options() {
    return {{.name = "db", .type = cli::Type::file, .metavar = "PATH",
             .help = "the directory: a file, or postgresql://USER@HOST/NAME; else $TRUNKBOX_DB, else a file of your own",
             .group = "Directory"},
            {.name = "wait", .type = cli::Type::duration, .help = "how long to wait for a lock", .fallback = "5s",
             .group = "Directory"}};
}

// `options`, then those of everything that only reads.
inline std::vector<cli::Option> read_options(std::vector<cli::Option> options = {}) {
    for (auto& option : directory_options()) options.push_back(std::move(option));
    return options;
}

inline cli::Option at_option() {
    return {.name = "at", .type = cli::Type::text, .metavar = "TIME", .help = "as if it were then", .group = "Directory"};
}

inline cli::Option tenant_option() {
    return {.name = "tenant", .type = cli::Type::text, .metavar = "NAME", .help = "whose; not needed where there is only one",
            .complete = cli::Complete::live};
}

// `options`, then those that every edit takes.
inline std::vector<cli::Option> edit_options(std::vector<cli::Option> options) {
    options.push_back({.name = "dry-run", .letter = 'n', .help = "do it, show what changes, take it back", .group = "Directory"});
    options.push_back({.name = "message", .letter = 'm', .type = cli::Type::text, .help = "why, for the history",
                       .group = "Directory"});
    options.push_back({.name = "actor", .type = cli::Type::text, .metavar = "NAME", .help = "who, for the history; else $USER",
                       .group = "Directory"});
    options.push_back(at_option());
    return read_options(std::move(options));
}

inline cli::Option yes_option() {
    return {.name = "yes", .help = "do it without asking; needed where nobody can be asked", .group = "Directory"};
}

inline cli::Common record_formats() {
    using output::Format;
    return {.formats = {Format::text, Format::json, Format::jsonl, Format::csv}, .output = true};
}

inline std::vector<cli::ExitNote> edit_exits() {
    return {{cli::Exit::ok, "done, or it was so already"},
            {cli::Exit::no, "a rule refuses it, which is named; nothing changed"},
            {cli::Exit::input, "the directory, or a value, cannot be understood"},
            {cli::Exit::unanswered, "another held the lock for too long"}};
}

// Where it is when no option says.
inline std::string usual_directory(const cli::Env& env) {
    if (auto place = env.lookup("TRUNKBOX_DB"); place && !place->empty()) return *place;
    auto data = env.lookup("XDG_DATA_HOME").value_or("");
    if (data.empty()) data = env.lookup("HOME").value_or(".") + "/.local/share";
    return data + "/trunkbox/directory.db";
}

inline std::string directory_place(const cli::Env& env, const cli::Arguments& arguments) {
    return arguments.given("db") ? arguments.text("db") : usual_directory(env);
}

inline Result<store::Directory> open_directory(const cli::Env& env, const cli::Arguments& arguments, bool create) {
    auto place = directory_place(env, arguments);
    if (create && !arguments.given("db") && !env.lookup("TRUNKBOX_DB")) {
        std::error_code ignored;  // opening says what is wrong
        std::filesystem::create_directories(std::filesystem::path(place).parent_path(), ignored);
    }
    return store::Directory::open({.place = place, .create = create, .wait = arguments.duration("wait")});
}

inline Result<Time> time_of(const cli::Arguments& arguments, const std::string& option = "at") {
    auto text = arguments.text_or_empty(option);
    if (text.empty()) return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    auto time = parse_rfc3339(text.size() == 10 ? text + "T00:00:00Z" : text);
    if (!time)
        return failure(Fault::usage, fmt::format("option '--{}'", option), fmt::format("'{}' is not a time", printable(text)),
                       "write e.g. '2026-11-22' or '2026-11-22T10:00:00Z'");
    return *time;
}

inline Result<std::optional<std::int64_t>> until_of(const cli::Arguments& arguments, const std::string& option = "until") {
    if (!arguments.given(option)) return std::optional<std::int64_t>{};
    auto time = time_of(arguments, option);
    if (!time) return tl::unexpected(time.error());
    return std::optional<std::int64_t>{std::chrono::floor<std::chrono::seconds>(*time).time_since_epoch().count()};
}

inline Result<store::Edit> edit_of(const cli::Env& env, const cli::Arguments& arguments) {
    auto at = time_of(arguments);
    if (!at) return tl::unexpected(at.error());
    std::string host(256, '\0');
    if (::gethostname(host.data(), host.size() - 1) != 0) host.clear();
    host.resize(host.find('\0') == std::string::npos ? host.size() : host.find('\0'));
    auto actor = arguments.text_or_empty("actor");
    if (actor.empty()) actor = env.lookup("USER").value_or("");
    if (actor.empty()) actor = fmt::format("uid {}", ::getuid());
    return store::Edit{.command = env.tool,
                       .actor = std::move(actor),
                       .host = std::move(host),
                       .message = arguments.text_or_empty("message"),
                       .at = *at,
                       .dry_run = arguments.flag("dry-run")};
}

// --tenant, which has to be there, or the only one there is; "" when there are several and none is named.
inline Result<std::string> tenant_of(centrex::Rows& rows, const cli::Arguments& arguments) {
    if (auto tenant = arguments.text_or_empty("tenant"); !tenant.empty()) {
        auto known = centrex::known_row(rows, centrex::table("tenant"), {tenant});
        if (!known) return tl::unexpected(known.error());
        return tenant;
    }
    auto all = rows.find({.table = &centrex::table("tenant"), .limit = 2});
    if (!all) return tl::unexpected(all.error());
    return all->size() == 1 ? centrex::text(all->front()[0]) : std::string{};
}

inline Result<std::string> needed_tenant(centrex::Rows& rows, const cli::Arguments& arguments) {
    auto tenant = tenant_of(rows, arguments);
    if (!tenant || !tenant->empty()) return tenant;
    return failure(Fault::usage, "", "it is not said which tenant's", "write e.g. '--tenant acme'");
}

// A number as the people of a tenant spell it.
inline Result<numbering::E164> number_of(centrex::Rows& rows, const std::string& tenant, std::string_view text) {
    auto region = region_of(rows, tenant);
    if (!region) return tl::unexpected(region.error());
    return numbering::read_number(text, *region);
}

inline cli::Option if_rev_option() {
    return {.name = "if-rev", .type = cli::Type::integer, .metavar = "CHANGE",
            .help = "only if this is the change that touched it last; 0: if it is not there", .min = 0, .group = "Directory"};
}

// Rule "if-rev": somebody else was there meanwhile. Of several keys, at least one, the one that was touched last counts.
inline Result<void> check_latest_revision(centrex::Rows& rows, const cli::Arguments& arguments, const centrex::Table& table,
                                          const std::vector<centrex::Key>& keys) {
    if (!arguments.given("if-rev")) return {};
    std::int64_t latest = 0;
    const auto* touched = &keys.front();
    for (const auto& key : keys) {
        auto revision = rows.revision(table, key);
        if (!revision) return tl::unexpected(revision.error());
        if (*revision > latest) touched = &key;
        latest = std::max(latest, *revision);
    }
    if (latest == arguments.integer("if-rev")) return {};
    if (latest == 0) return centrex::against("if-rev", fmt::format("{} is not there", called(table, *touched)));
    return centrex::against("if-rev", fmt::format("{} was last touched by change {}", called(table, *touched), latest),
                            fmt::format("look at 'centrex show {}'", latest));
}
inline Result<void> check_revision(centrex::Rows& rows, const cli::Arguments& arguments, const centrex::Table& table,
                                   const centrex::Key& key) {
    return check_latest_revision(rows, arguments, table, {key});
}

// What an edit changed, in every format; `extra` stands before it.
inline Result<void> print_outcome(output::Printer& printer, const store::Edit& edit, const store::Directory::Outcome& outcome,
                                  output::Record extra = {}, std::string text = {}) {
    extra.set("changed", outcome.changed);
    extra.set("change", outcome.changed && !edit.dry_run ? output::Value(outcome.change) : output::Value(nullptr));
    if (edit.dry_run) extra.set("dry_run", true);
    if (edit.dry_run || text.empty()) extra.set("rows", output::row_changes(outcome.rows));
    text += output::text(outcome.rows);
    if (!outcome.changed)
        text += "nothing to change\n";
    else
        text += edit.dry_run ? "dry run: nothing was changed\n" : fmt::format("change {}\n", outcome.change);
    if (auto printed = printer.print(extra, text); !printed) return printed;
    return printer.finish();
}

using Work = std::function<Result<void>(store::DirectoryRows&)>;

// What an edit from the command line needs.
struct EditSession {
    store::Edit edit;
    output::Printer printer;
    store::Directory directory;
};

struct EditPlace {
    bool create = true;  // the directory, when it is not there
    output::Printer::Shape shape = output::Printer::Shape::one;
    bool live = true;  // each record is shown at once
};

inline Result<EditSession> open_session(cli::Env& env, const cli::Arguments& arguments, const EditPlace& place = {}) {
    auto edit = edit_of(env, arguments);
    if (!edit) return tl::unexpected(edit.error());
    auto printer = arguments.printer(env, place.shape, {}, place.live);
    if (!printer) return tl::unexpected(printer.error());
    auto directory = open_directory(env, arguments, place.create);
    if (!directory) return tl::unexpected(directory.error());
    return EditSession{std::move(*edit), std::move(*printer), std::move(*directory)};
}

// One edit from the command line to its answer.
inline cli::Exit run_edit(cli::Env& env, const cli::Arguments& arguments, const Work& work) {
    auto session = open_session(env, arguments);
    if (!session) return cli::fail(env, session.error());
    auto outcome = session->directory.edit(session->edit, work);
    if (!outcome) return cli::fail(env, outcome.error());
    auto printed = print_outcome(session->printer, session->edit, *outcome);
    return printed ? cli::Exit::ok : cli::fail(env, printed.error());
}

// What nobody gets back by typing it again is asked about on a terminal, and has to be said elsewhere.
inline Result<bool> ask_whether(cli::Env& env, std::string_view what, const char* fix) {
    if (!env.in_is_terminal || !env.err_is_terminal)
        return failure(Fault::usage, "", fmt::format("to {} must be meant", what), fix);
    env.err << what << "? [y/N] " << std::flush;
    std::string answer;
    std::getline(env.in, answer);
    return answer == "y" || answer == "yes";
}

inline Result<bool> confirmed(cli::Env& env, const cli::Arguments& arguments, std::string_view what) {
    if (arguments.flag("yes") || arguments.flag("dry-run")) return true;
    return ask_whether(env, what, "add --yes, or look first with --dry-run");
}

// The directory asked for an answer, which is printed; not `live`: not each record at once.
inline cli::Exit ask_directory(cli::Env& env, const cli::Arguments& arguments, output::Printer::Shape shape,
                               const std::function<Result<cli::Exit>(store::Directory&, output::Printer&)>& work,
                               bool live = true) {
    auto printer = arguments.printer(env, shape, {}, live);
    if (!printer) return cli::fail(env, printer.error());
    auto directory = open_directory(env, arguments, false);
    if (!directory) return cli::fail(env, directory.error());
    auto exit = work(*directory, *printer);
    if (!exit) return cli::fail(env, exit.error());
    if (auto finished = printer->finish(); !finished) return cli::fail(env, finished.error());
    return *exit;
}

// The same, of one snapshot of its rows.
inline cli::Exit run_read(cli::Env& env, const cli::Arguments& arguments, output::Printer::Shape shape,
                          const std::function<Result<cli::Exit>(store::DirectoryRows&, output::Printer&)>& work,
                          bool live = true) {
    auto read = [&](store::Directory& directory, output::Printer& printer) {
        Result<cli::Exit> exit = cli::Exit::ok;
        auto done = directory.read([&](store::DirectoryRows& rows) -> Result<void> {
            exit = work(rows, printer);
            return {};
        });
        if (!done) exit = tl::unexpected(done.error());
        return exit;
    };
    return ask_directory(env, arguments, shape, read, live);
}

}  // namespace trunkbox::tools
