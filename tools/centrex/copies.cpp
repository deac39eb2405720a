// Copies of the directory: kept, put back, brought up to date.
#include "store/copies.h"

#include "centrex_commands.h"
#include "directory_session.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

store::Directory::Options place_of(const Env& env, const Arguments& arguments) {
    return {.place = directory_place(env, arguments), .wait = arguments.duration("wait")};
}

Exit keep_copy(Env& env, const Arguments& arguments) {
    auto done = store::backup(place_of(env, arguments), arguments.text("file"));
    return done ? Exit::ok : cli::fail(env, done.error());
}

Exit put_back(Env& env, const Arguments& arguments) {
    if (!arguments.flag("yes")) {
        const auto what = fmt::format("replace '{}' and its history", printable(directory_place(env, arguments)));
        auto meant = ask_whether(env, what, "add --yes");
        if (!meant) return cli::fail(env, meant.error());
        if (!*meant) return Exit::no;
    }
    auto done = store::restore(place_of(env, arguments), arguments.text("file"));
    return done ? Exit::ok : cli::fail(env, done.error());
}

Exit bring_up_to_date(Env& env, const Arguments& arguments) {
    auto printer = arguments.printer(env, output::Printer::Shape::one);
    if (!printer) return cli::fail(env, printer.error());
    auto done = store::migrate(place_of(env, arguments));
    if (!done) return cli::fail(env, done.error());
    const bool changed = done->from != done->to;
    auto printed = printer->print({{"changed", changed}, {"from", done->from}, {"to", done->to},
                                   {"kept", changed ? output::Value(done->kept) : output::Value()}},
                                  changed ? fmt::format("from version {} to {}{}{}", done->from, done->to, done->kept.empty() ? "" : "; as it was: ", done->kept)
                                          : fmt::format("is of version {} already", done->to));
    if (printed) printed = printer->finish();
    return printed ? Exit::ok : cli::fail(env, printed.error());
}

cli::Positional copy_positional(std::string help) {
    return {.name = "file", .metavar = "FILE", .help = std::move(help), .type = cli::Type::file};
}

}  // namespace

std::vector<cli::Tool> centrex_copies() {
    const std::vector<cli::ExitNote> exits{{Exit::input, "it is no directory of this version, or damaged"},
                                           {Exit::system, "the disk is full, or the file cannot be written"},
                                           {Exit::unanswered, "another held the lock for too long"}};
    return {{.name = "backup",
             .summary = "copy the directory as it is at one moment, while it is in use",
             .description = {"With history and secrets, readable by its owner alone."},
             .positionals = {copy_positional("a new file")},
             .options = read_options(),
             .exits = exits,
             .examples = {{.says = "Before something large.", .commands = {"trunkbox centrex backup directory.backup"}}},
             .run = keep_copy},
            {.name = "restore",
             .summary = "make the directory what a backup holds",
             .description = {"All of it, the history too: what was changed since the backup is gone. A damaged backup is refused."},
             .positionals = {copy_positional("what 'centrex backup' wrote")},
             .options = read_options({yes_option()}),
             .exits = exits,
             .examples = {{.says = "And back.", .commands = {"trunkbox centrex restore directory.backup --yes"}}},
             .run = put_back},
            {.name = "migrate",
             .summary = "bring a directory of an older version up to date",
             .description = {"In one transaction; before it, a copy is kept beside the directory."},
             .options = read_options(),
             .common = record_formats(),
             .exits = exits,
             .examples = {{.says = "After an update of trunkbox.", .commands = {"trunkbox centrex migrate"}}},
             .run = bring_up_to_date}};
}

}  // namespace trunkbox::tools
