// One value against its type: what is wrong with it, and what a good one looks like.
#include "base/text.h"
#include "base/time.h"
#include "cli/arguments.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace trunkbox::cli {
namespace {

std::string example_of(const Option& option) {
    if (!option.example.empty()) return fmt::format("write e.g. '{}'", option.example);
    switch (option.type) {
        case Type::integer:
            return fmt::format("write e.g. '{}'", static_cast<std::int64_t>(option.min.value_or(5)));
        case Type::number: return fmt::format("write e.g. '{}'", option.min.value_or(0.5));
        case Type::duration: return "write e.g. '2', '500ms' or '1m'";
        case Type::address: return "write e.g. '192.0.2.1:5060'";
        case Type::uri: return "write e.g. 'sip:100@example.com'";
        case Type::flag:
        case Type::text:
        case Type::file:
        case Type::directory:
        case Type::choice:
        case Type::secret: break;
    }
    return {};
}

tl::unexpected<Error> wrong(const std::string& subject, const Option& option, std::string_view value,
                            std::string_view what) {
    return failure(Fault::usage, {}, fmt::format("{}: '{}' is {}", subject, printable(value), what),
                   example_of(option));
}

// `number` in seconds for durations.
Result<void> check_limits(const std::string& subject, const Option& option, std::string_view value,
                          double number) {
    const char* unit = option.type == Type::duration ? " s" : "";
    auto limit = [&](double bound, const char* side) {
        return failure(Fault::usage, {}, fmt::format("{}: '{}' is {}", subject, printable(value), side),
                       fmt::format("the {} is {}{}", number < bound ? "least" : "most", bound, unit));
    };
    if (option.min && number < *option.min) return limit(*option.min, "too small");
    if (option.max && number > *option.max) return limit(*option.max, "too large");
    return {};
}

Result<void> check_choice(const std::string& subject, const Option& option, std::string_view value) {
    if (std::find(option.choices.begin(), option.choices.end(), value) != option.choices.end()) return {};
    std::vector<std::string_view> choices(option.choices.begin(), option.choices.end());
    auto meant = nearest(value, choices);
    auto fix = meant.empty() ? fmt::format("choose from {}", fmt::join(choices, ", "))
                             : fmt::format("did you mean '{}'?", meant);
    return failure(Fault::usage, {}, fmt::format("{}: unknown value '{}'", subject, printable(value)), fix);
}

bool is_uri(std::string_view value) {
    auto [scheme, rest] = split_once(value, ':');
    return rest && !rest->empty() && !scheme.empty() && is_alpha(scheme[0]) &&
           std::all_of(
               scheme.begin(), scheme.end(),
               [](char c) { return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; }) &&
           value.find_first_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

Result<void> check_value(const std::string& subject, const Option& option, std::string_view value) {
    switch (option.type) {
        case Type::integer: {
            auto number = parse_integer<std::int64_t>(value);
            if (!number) return wrong(subject, option, value, "not a whole number");
            return check_limits(subject, option, value, static_cast<double>(*number));
        }
        case Type::number: {
            auto number = parse_number(value);
            if (!number) return wrong(subject, option, value, "not a number");
            return check_limits(subject, option, value, *number);
        }
        case Type::duration: {
            auto duration = parse_duration(value);
            if (!duration) return wrong(subject, option, value, "not a duration");
            return check_limits(subject, option, value, seconds(*duration));
        }
        case Type::choice: return check_choice(subject, option, value);
        case Type::address:
            if (value.empty() || value.find_first_of(" \t\r\n") != std::string_view::npos)
                return wrong(subject, option, value, "not an address");
            return {};
        case Type::uri:
            if (!is_uri(value)) return wrong(subject, option, value, "not a URI");
            return {};
        case Type::file:
        case Type::directory:
            if (value.empty())
                return failure(Fault::usage, {}, fmt::format("{}: the name is empty", subject),
                               "write a path");
            return {};
        case Type::text: return {};
        case Type::flag:
        case Type::secret: break;
    }
    throw std::logic_error("a type without a value was checked");
}

}  // namespace trunkbox::cli
