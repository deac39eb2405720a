// Hot desks from the shell: log in, log out.
#include "centrex/desks.h"

#include "directory_session.h"
#include "centrex_commands.h"
#include "store/secrets.h"

namespace trunkbox::tools {

namespace {

using cli::Arguments;
using cli::Env;
using cli::Exit;

Exit log_in(Env& env, const Arguments& arguments) {
    auto until = until_of(arguments);
    if (!until) return cli::fail(env, until.error());
    auto pin = arguments.secret(env, "pin");
    if (!pin) return cli::fail(env, pin.error());
    return run_edit(env, arguments, [&](store::DirectoryRows& rows) -> Result<void> {
        auto tenant = needed_tenant(rows, arguments);
        if (!tenant) return tl::unexpected(tenant.error());
        if (*pin)
            if (auto good = store::check_pin(rows, *tenant, arguments.text("user"), **pin); !good) return good;
        if (auto good = check_revision(rows, arguments, centrex::table("login"), {*tenant, arguments.text("phone")}); !good)
            return good;
        auto done = centrex::log_in(rows, {.tenant = *tenant,
                                           .phone = arguments.text("phone"),
                                           .user = arguments.text("user"),
                                           .until = *until,
                                           .takeover = arguments.flag("takeover")});
        return done ? Result<void>{} : tl::unexpected(done.error());
    });
}

Exit log_out(Env& env, const Arguments& arguments) {
    return run_edit(env, arguments, [&](store::DirectoryRows& rows) -> Result<void> {
        auto tenant = needed_tenant(rows, arguments);
        if (!tenant) return tl::unexpected(tenant.error());
        if (auto good = check_revision(rows, arguments, centrex::table("login"), {*tenant, arguments.text("phone")}); !good)
            return good;
        auto done = centrex::log_out(rows, *tenant, arguments.text("phone"));
        return done ? Result<void>{} : tl::unexpected(done.error());
    });
}

}  // namespace

std::vector<cli::Tool> centrex_desks() {
    using cli::Type;
    const cli::Positional phone{.name = "phone", .metavar = "PHONE", .help = "the desk"};
    cli::Tool in{.name = "login",
                 .summary = "log a user in at a phone",
                 .description = {"Their numbers ring there from now on, and nowhere else. What an emergency call shows stays "
                                 "with the phone: it says where help has to go."},
                 .positionals = {phone},
                 .options = edit_options({{.name = "user", .type = Type::text, .metavar = "NAME", .help = "who",
                                           .required = true},
                                          tenant_option(),
                                          {.name = "until", .type = Type::text, .metavar = "TIME",
                                           .help = "when the login ends by itself"},
                                          {.name = "pin", .type = Type::secret,
                                           .help = "the user's PIN, which must be right"},
                                          if_rev_option(),
                                          {.name = "takeover", .help = "whoever is logged in there goes"}}),
                 .common = record_formats(),
                 .exits = edit_exits(),
                 .examples = {{.says = "Alice sits elsewhere today.",
                               .commands = {"trunkbox centrex phone add desk-7 --tenant acme --site paris --hot-desk "
                                            "--contact sip:desk-7@192.0.2.7 --emergency-cli +33199000999",
                                            "trunkbox centrex login desk-7 --user alice --tenant acme"}}},
                 .run = log_in};
    cli::Tool out{.name = "logout",
                  .summary = "end the login at a phone",
                  .positionals = {phone},
                  .options = edit_options({tenant_option(), if_rev_option()}),
                  .common = record_formats(),
                  .exits = edit_exits(),
                  .examples = {{.says = "And is gone again.", .commands = {"trunkbox centrex logout desk-7 --tenant acme"}}},
                  .run = log_out};
    return {std::move(in), std::move(out)};
}

}  // namespace trunkbox::tools
