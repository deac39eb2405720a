// The only user of CLI11, which is kept to what it is good at: telling options, values and positionals apart.
// What is said about a mistake is ours.
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/program.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace trunkbox::cli {
namespace {

tl::unexpected<Error> usage(std::string what, std::string fix) {
    return failure(Fault::usage, {}, std::move(what), std::move(fix));
}

const Option* find_option(const std::vector<Option>& options, std::string_view word) {
    for (const auto& option : options) {
        bool is_long = word.size() > 2 && word.starts_with("--") && word.substr(2) == option.name;
        bool is_short = word.size() == 2 && word[0] == '-' && option.letter != 0 && word[1] == option.letter;
        if (is_long || is_short) return &option;
    }
    return nullptr;
}

tl::unexpected<Error> needs_value(std::string_view word, const Option& option) {
    return usage(fmt::format("option '{}' needs a value", word),
                 fmt::format("write '{} {}'", word, metavar_of(option)));
}

// What CLI11 would swallow without a word: "--opt=" takes the next word as its value, "--flag=x" is a set
// flag,
// "--opt --other" makes "--other" a value. The first is rewritten as two words, the others are errors.
Result<std::vector<std::string>> tidy(const std::vector<Option>& options,
                                      std::span<const std::string> words) {
    std::vector<std::string> tidied;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        if (word == "--") {
            tidied.insert(tidied.end(), words.begin() + static_cast<std::ptrdiff_t>(i), words.end());
            break;
        }
        auto [name, value] = split_once(word, '=');
        const auto* option = find_option(options, word.starts_with("--") ? name : std::string_view(word));
        if (option && option->type == Type::flag && value)
            return usage(fmt::format("option '{}' takes no value", name), fmt::format("write '{}'", name));
        tidied.emplace_back(option && value && value->empty() ? name : std::string_view(word));
        if (!option || option->type == Type::flag || (value && !value->empty())) continue;
        if (value) {
            tidied.emplace_back();
            continue;
        }
        if (i + 1 == words.size() || find_option(options, split_once(words[i + 1], '=').first))
            return needs_value(word, *option);
        tidied.push_back(words[++i]);
    }
    return tidied;
}

// The option that was probably meant, or how to see all of them.
tl::unexpected<Error> unknown(const Command& command, const std::vector<Option>& options,
                              std::string_view word) {
    auto name = split_once(word, '=').first;
    for (const auto& option : command.tool->options)
        if (option.type == Type::secret && name == "--" + option.name)
            return usage(fmt::format("unknown option '{}': a secret is never an argument", name),
                         fmt::format("use '{0}-file FILE' or '{0}-env NAME'", name));
    auto bare = name.substr(std::min(name.find_first_not_of('-'), name.size()));
    std::vector<std::string_view> names;
    for (const auto& option : options) names.emplace_back(option.name);
    auto meant = bare.size() < 2 ? std::string_view() : nearest(bare, names);
    std::string fix;
    if (!meant.empty())
        fix = fmt::format("did you mean '--{}'?", meant);
    else if (command.tool->commands.empty())
        fix = fmt::format("'trunkbox help {}' lists the options", command.words);
    else
        fix = fmt::format("options follow the command, which 'trunkbox help {}' lists", command.words);
    return usage(fmt::format("unknown option '{}'", printable(name)), fix);
}

struct Sorted {
    std::vector<std::vector<std::string>> values;  // one list for each option
    std::vector<std::string> positionals;
};

// What CLI11 left over, in order: positionals, and before "--" also the options that it does not know.
Result<std::vector<std::string>> positionals_of(const Command& command, const std::vector<Option>& options,
                                                std::vector<std::string> left) {
    auto mark = std::find(left.begin(), left.end(), "--");
    for (auto word = left.begin(); word != mark; ++word) {
        bool number = word->size() > 1 && is_digit((*word)[1]);
        if (word->size() > 1 && word->front() == '-' && !number) return unknown(command, options, *word);
    }
    if (mark != left.end()) left.erase(mark);
    return left;
}

Result<Sorted> sort(const Command& command, const std::vector<Option>& options,
                    std::vector<std::string> words) {
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    std::vector<CLI::Option*> handles;
    for (const auto& option : options) {
        auto names =
            (option.letter ? fmt::format("-{},", option.letter) : std::string()) + "--" + option.name;
        auto* handle = option.type == Type::flag ? app.add_flag(names) : app.add_option(names);
        handle->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        handles.push_back(handle);
    }
    auto last = words.empty() ? std::string() : words.back();
    std::reverse(words.begin(), words.end());
    try {
        app.parse(std::move(words));
    } catch (const CLI::ArgumentMismatch&) {
        // Only a cluster is left to run out of words: "-vo".
        auto name = fmt::format("-{}", last.empty() ? '-' : last.back());
        return usage(fmt::format("option '{}' needs a value", name), fmt::format("write '{} VALUE'", name));
    }
    Sorted sorted;
    for (auto* handle : handles) sorted.values.push_back(handle->results());
    auto left = positionals_of(command, options, app.remaining());
    if (!left) return tl::unexpected(left.error());
    sorted.positionals = std::move(*left);
    return sorted;
}

Result<void> check_option(const Option& option, const std::vector<std::string>& values) {
    if (values.size() > 1 && !option.repeatable)
        return usage(fmt::format("option '--{}' is given {} times", option.name, values.size()),
                     "give it once");
    if (values.empty() && option.required)
        return usage(fmt::format("option '--{}' is missing", option.name),
                     fmt::format("add '--{} {}'", option.name, metavar_of(option)));
    if (option.type == Type::flag) return {};
    for (const auto& value : values)
        if (auto good = check_value(fmt::format("option '--{}'", option.name), option, value); !good)
            return good;
    return {};
}

Result<void> check_exclusion(const std::vector<Option>& options, const Sorted& sorted) {
    for (std::size_t i = 0; i < options.size(); ++i)
        for (std::size_t j = 0; j < options.size(); ++j) {
            const auto& excluded = options[i].excludes;
            bool both = !sorted.values[i].empty() && !sorted.values[j].empty();
            if (both && std::find(excluded.begin(), excluded.end(), options[j].name) != excluded.end())
                return usage(fmt::format("options '--{}' and '--{}' exclude each other", options[i].name,
                                         options[j].name),
                             "give one of them");
        }
    return {};
}

Result<void> check_positional(const Positional& positional, const std::vector<std::string>& values) {
    Option shape{.name = positional.name, .type = positional.type, .choices = positional.choices};
    for (const auto& value : values)
        if (auto good = check_value(metavar_of(positional), shape, value); !good) return good;
    return {};
}

// Gives each positional its words: as many as it takes, but leaves the later ones what they need.
Result<std::vector<std::vector<std::string>>> share_out(const Command& command,
                                                        const std::vector<std::string>& words) {
    std::vector<std::vector<std::string>> shares;
    std::size_t next = 0;
    std::size_t owed = 0;
    for (const auto& positional : command.tool->positionals) owed += positional.min;
    for (const auto& positional : command.tool->positionals) {
        owed -= positional.min;
        auto left = words.size() - next;
        auto spare = left > owed ? left - owed : 0;
        auto count = positional.max == 0 ? spare : std::min(spare, positional.max);
        if (count < positional.min)
            return usage(fmt::format("{} is missing", metavar_of(positional)),
                         fmt::format("'trunkbox help {}' shows the usage", command.words));
        auto from = words.begin() + static_cast<std::ptrdiff_t>(next);
        shares.emplace_back(from, from + static_cast<std::ptrdiff_t>(count));
        if (auto good = check_positional(positional, shares.back()); !good)
            return tl::unexpected(good.error());
        next += count;
    }
    if (next < words.size())
        return usage(fmt::format("unexpected argument '{}'", printable(words[next])),
                     fmt::format("'trunkbox help {}' shows the usage", command.words));
    return shares;
}

}  // namespace

Result<Arguments> parse(const Command& command, std::span<const std::string> words) {
    const auto& tool = *command.tool;
    auto options = options_of(tool);
    Arguments arguments;
    auto mark = std::find(words.begin(), words.end(), "--");
    bool help =
        std::any_of(words.begin(), mark, [](const auto& word) { return word == "--help" || word == "-h"; });
    if (help) {
        arguments.slots_["help"] = {.type = Type::flag, .values = {"true"}};
        return arguments;
    }
    auto tidied = tidy(options, words);
    if (!tidied) return tl::unexpected(tidied.error());
    auto sorted = sort(command, options, std::move(*tidied));
    if (!sorted) return tl::unexpected(sorted.error());
    for (std::size_t i = 0; i < options.size(); ++i) {
        if (auto good = check_option(options[i], sorted->values[i]); !good)
            return tl::unexpected(good.error());
        arguments.slots_[options[i].name] = {options[i].type, options[i].fallback, sorted->values[i]};
    }
    if (auto good = check_exclusion(options, *sorted); !good) return tl::unexpected(good.error());
    auto shares = share_out(command, sorted->positionals);
    if (!shares) return tl::unexpected(shares.error());
    for (std::size_t i = 0; i < shares->size(); ++i)
        arguments.slots_[tool.positionals[i].name] = {tool.positionals[i].type, {}, std::move((*shares)[i])};
    return arguments;
}

std::string library_version() {
    return CLI11_VERSION;
}

}  // namespace trunkbox::cli
