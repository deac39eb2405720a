// What the user typed after a tool's name or its command's, checked against the tool's definition.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "cli/command.h"
#include "cli/tool.h"
#include "output/printer.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::cli {

// Every value was checked when it was parsed, so that reading one cannot fail. Asking for a name that the
// tool does not declare, for another type than declared, or for a value that is neither given nor has a
// default, is a bug and throws std::logic_error. Positionals are asked for by name like options.
class Arguments {
  public:
    // On the command line; a default does not count.
    [[nodiscard]] bool given(std::string_view name) const;
    [[nodiscard]] bool flag(std::string_view name) const;
    // text, file, directory, address, uri and choice.
    [[nodiscard]] std::string text(std::string_view name) const;
    // The same, or "" when it is neither given nor has a default.
    [[nodiscard]] std::string text_or_empty(std::string_view name) const;
    [[nodiscard]] std::int64_t integer(std::string_view name) const;
    // number; an integer too.
    [[nodiscard]] double number(std::string_view name) const;
    [[nodiscard]] Duration duration(std::string_view name) const;
    // All values in the order given; the default as the only one; or none.
    [[nodiscard]] std::vector<std::string> many(std::string_view name) const;

    // The secret that --NAME-file (its first line; "-" is standard input) or --NAME-env names; nothing if
    // neither was given. Fault::system or Fault::input if it cannot be read or is empty.
    [[nodiscard]] Result<std::optional<std::string>> secret(Env& env, std::string_view name) const;

    // The common options, for tools that take them.
    [[nodiscard]] output::Format format() const;
    [[nodiscard]] bool explain() const { return flag("explain"); }
    [[nodiscard]] bool quiet() const { return flag("quiet"); }
    [[nodiscard]] bool verbose() const { return flag("verbose"); }
    // --color; "auto" is a terminal without NO_COLOR in the environment and with a TERM other than "dumb".
    [[nodiscard]] bool color(const Env& env) const;
    // A printer as --format and --output say.
    [[nodiscard]] Result<output::Printer> printer(Env& env, output::Printer::Shape shape,
                                                  std::vector<std::string> columns = {},
                                                  bool live = true) const;

  private:
    friend Result<Arguments> parse(const Command& command, std::span<const std::string> words);

    struct Slot {
        Type type = Type::text;
        std::string fallback = {};
        std::vector<std::string> values = {};  // of a flag: one per occurrence
    };
    [[nodiscard]] const Slot& slot(std::string_view name) const;
    [[nodiscard]] std::string single(std::string_view name, std::initializer_list<Type> types) const;

    std::map<std::string, Slot, std::less<>> slots_;
};

// The words after those that call the command. --help anywhere is given("help") and nothing else is checked.
// Fault::usage: one line that names the option, what is wrong and what to write.
[[nodiscard]] Result<Arguments> parse(const Command& command, std::span<const std::string> words);

// One value against its type and limits; `subject` is e.g. "option '--duration'".
[[nodiscard]] Result<void> check_value(const std::string& subject, const Option& option,
                                       std::string_view value);

}  // namespace trunkbox::cli
