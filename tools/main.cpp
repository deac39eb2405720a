// The multi-call binary: which tools there are, in which order they are listed, and what it was built with.
#include "cli/env.h"
#include "cli/program.h"
#include "media/version.h"
#include "output/render.h"
#include "pcap/version.h"
#include "sip/version.h"
#include "sofia/version.h"
#include "store/postgresql.h"
#include "store/sqlite.h"

#include <csignal>
#include <iostream>
#include <string>
#include <vector>

#include "tool_table.h"
#include <fmt/core.h>

namespace {

using namespace trunkbox;

std::vector<cli::Library> libraries() {
    return {
        {"CLI11", cli::library_version()},
        {"fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
        {"libpcap", pcap::library_version()},
        {"libpq", store::libpq_version()},
        {"libsndfile", media::sndfile_version()},
        {"nlohmann-json", output::library_version()},
        {"OpenSSL", sip::library_version()},
        {"sofia-sip", sofia::library_version()},
        {"spandsp", media::spandsp_version()},
        {"SQLite", store::sqlite_version()},
        {"SQLiteCpp", store::sqlitecpp_version()},
    };
}

cli::Program program() {
    return {
        .summary = "The multi-call tool for SIP trunks.",
        .description =
            {
                "trunkbox is one program for the people who run, sell, buy and test SIP trunks. Each tool is one "
                "station on the way that a call takes: the phone or PBX, the edge of the provider, the choice of a "
                "carrier, the called party.",
                "Standard output holds the answer, standard error what is to be said about it. Every tool that "
                "answers with data prints it as text, JSON, JSON lines or CSV. JSON names are stable; times are "
                "RFC 3339, durations are seconds.",
                "A link to trunkbox that is named after a tool, alone or with 'trunkbox-' before it, runs that tool.",
            },
        .sections = {"Calls", "Trunk", "Routing", "Directory", "Captures", "Provider", "Show"},
        .tools = tools::tool_table(),
        .libraries = libraries,
    };
}

}  // namespace

int main(int argc, char** argv) {
    // A reader that goes away is an error of the write, which ends the tool in order.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of writing
    // Nothing here writes through stdio, and a million lines are read several times faster.
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);  // whoever prints knows when it must be seen
    auto env = cli::process_env(TRUNKBOX_VERSION);
    return static_cast<int>(cli::run(env, program(), std::vector<std::string>(argv, argv + argc)));
}
