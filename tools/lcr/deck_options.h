// Options that several commands of `lcr` share.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/tool.h"
#include "lcr/deck_reader.h"

namespace trunkbox::tools {

inline std::vector<cli::Option> deck_options() {
    return {{.name = "map",
             .type = cli::Type::text,
             .metavar = "COLUMN=HEADER",
             .help = "what the decks call a column of ours: its header, its number from 1, or '-' to pass it over",
             .repeatable = true,
             .example = "prefix=Ziel"},
            {.name = "skip-bad", .help = "leave out rows that cannot be understood; they are counted and listed"},
            {.name = "currency",
             .type = cli::Type::text,
             .metavar = "CODE",
             .help = "currency of rows that name none",
             .fallback = "EUR"}};
}

inline Result<lcr::ReadOptions> read_options(const cli::Arguments& arguments, bool skip_bad) {
    lcr::ReadOptions options{.skip_bad = skip_bad};
    auto currency = Currency::parse(arguments.text("currency"));
    if (!currency) return failure(Fault::usage, "option '--currency'", currency.error().what, currency.error().fix);
    options.currency = *currency;
    for (const auto& entry : arguments.many("map")) {
        auto [column, header] = split_once(entry, '=');
        if (!header || column.empty())
            return failure(Fault::usage, "option '--map'", "'" + printable(entry) + "' has no '='",
                           "write e.g. 'prefix=Ziel'");
        options.map.emplace(column, *header);
    }
    return options;
}

inline Result<lcr::ReadOptions> read_options(const cli::Arguments& arguments) {
    return read_options(arguments, arguments.flag("skip-bad"));
}

// A time of `--at` and its like: RFC 3339 or a day; not given: now.
inline Result<Time> time_option(const cli::Arguments& arguments, const std::string& name) {
    auto text = arguments.text_or_empty(name);
    if (text.empty()) return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    auto time = parse_rfc3339(text.size() == 10 ? text + "T00:00:00Z" : text);
    if (!time)
        return failure(Fault::usage, "option '--" + name + "'", "'" + printable(text) + "' is not a time",
                       "write e.g. '2026-11-22' or '2026-11-22T10:00:00Z'");
    return *time;
}

inline cli::Option at_option(std::string help) {
    return {.name = "at", .type = cli::Type::text, .metavar = "TIME", .help = std::move(help)};
}

}  // namespace trunkbox::tools
