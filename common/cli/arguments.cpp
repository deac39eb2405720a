#include "cli/arguments.h"

#include "base/text.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <istream>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

namespace trunkbox::cli {
namespace {

// The first line, without its end. A file without any content is an empty line.
std::string first_line(std::istream& stream) {
    std::string line;
    std::getline(stream, line);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return line;
}

Result<std::string> read_secret(Env& env, const std::string& option, const std::string& file) {
    if (file == "-") return first_line(env.in);
    errno = 0;
    std::ifstream stream(file);
    auto line = first_line(stream);
    if (stream.bad() || !stream.is_open() || (stream.fail() && !stream.eof()))
        return failure(Fault::system, {},
                       fmt::format("option '--{}': cannot read '{}': {}", option, file,
                                   std::generic_category().message(errno)));
    return line;
}

}  // namespace

const Arguments::Slot& Arguments::slot(std::string_view name) const {
    auto place = slots_.find(name);
    if (place == slots_.end()) throw std::logic_error(fmt::format("the tool declares no '{}'", name));
    return place->second;
}

std::string Arguments::single(std::string_view name, std::initializer_list<Type> types) const {
    const auto& found = slot(name);
    if (std::find(types.begin(), types.end(), found.type) == types.end())
        throw std::logic_error(fmt::format("'{}' is declared with another type", name));
    if (!found.values.empty()) return found.values.back();
    if (found.fallback.empty())
        throw std::logic_error(fmt::format("'{}' is neither given nor has a default", name));
    return found.fallback;
}

bool Arguments::given(std::string_view name) const {
    return !slot(name).values.empty();
}

bool Arguments::flag(std::string_view name) const {
    if (slot(name).type != Type::flag) throw std::logic_error(fmt::format("'{}' is no flag", name));
    return given(name);
}

std::string Arguments::text(std::string_view name) const {
    return single(name, {Type::text, Type::file, Type::directory, Type::address, Type::uri, Type::choice});
}

std::string Arguments::text_or_empty(std::string_view name) const {
    const auto& found = slot(name);
    return found.values.empty() && found.fallback.empty() ? std::string{} : text(name);
}

std::int64_t Arguments::integer(std::string_view name) const {
    return parse_integer<std::int64_t>(single(name, {Type::integer})).value();
}

double Arguments::number(std::string_view name) const {
    return parse_number(single(name, {Type::number, Type::integer})).value();
}

Duration Arguments::duration(std::string_view name) const {
    return parse_duration(single(name, {Type::duration})).value();
}

std::vector<std::string> Arguments::many(std::string_view name) const {
    const auto& found = slot(name);
    if (found.values.empty() && !found.fallback.empty()) return {found.fallback};
    return found.values;
}

Result<std::optional<std::string>> Arguments::secret(Env& env, std::string_view name) const {
    auto file = std::string(name) + "-file";
    auto variable = std::string(name) + "-env";
    std::string value;
    if (given(file)) {
        auto line = read_secret(env, file, text(file));
        if (!line) return tl::unexpected(line.error());
        value = std::move(*line);
    } else if (given(variable)) {
        auto found = env.lookup(text(variable));
        if (!found)
            return failure(Fault::input, {},
                           fmt::format("option '--{}': the environment has no '{}'", variable,
                                       printable(text(variable))),
                           "export it first");
        value = std::move(*found);
    } else {
        return std::nullopt;
    }
    if (value.empty())
        return failure(Fault::input, {},
                       fmt::format("option '--{}': the secret is empty", given(file) ? file : variable));
    return value;
}

output::Format Arguments::format() const {
    return output::format_named(text("format")).value();
}

bool Arguments::color(const Env& env) const {
    auto when = text("color");
    if (when != "auto") return when == "always";
    return env.out_is_terminal && env.lookup("NO_COLOR").value_or("").empty() && env.lookup("TERM") != "dumb";
}

Result<output::Printer> Arguments::printer(Env& env, output::Printer::Shape shape,
                                           std::vector<std::string> columns, bool live) const {
    output::Printer::Setup setup{.shape = shape, .columns = std::move(columns), .live = live};
    if (slots_.contains("format")) setup.format = format();
    if (slots_.contains("output") && given("output")) setup.file = text("output");
    return output::Printer::open(std::move(setup), env.out);
}

}  // namespace trunkbox::cli
