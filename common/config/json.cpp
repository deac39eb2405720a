#include "config/json.h"

#include "base/text.h"
#include "config/json_tree.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace trunkbox::config {

namespace detail {

std::string Tree::where(std::size_t offset) const {
    auto before = std::string_view(text).substr(0, offset);
    auto line = std::ranges::count(before, '\n') + 1;
    auto line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (line == 1 && before.starts_with(byte_order_mark)) line_start += byte_order_mark.size();
    return fmt::format("{}:{}:{}", file, line, before.size() - line_start + 1);
}

}  // namespace detail

namespace {

using detail::Array;
using detail::Decimal;
using detail::Null;
using detail::Object;

tl::unexpected<Error> expected(const Node& node, std::string_view what) {
    return node.wrong(fmt::format("expected {}, got {}", what, node.kind()));
}

}  // namespace

Node Document::root() const {
    return {tree_.get(), &tree_->root};
}

std::string Node::where() const {
    return tree_->where(value_->offset);
}
std::string_view Node::file() const {
    return tree_->file;
}
bool Node::is_object() const {
    return std::holds_alternative<Object>(value_->body);
}
bool Node::is_null() const {
    return std::holds_alternative<Null>(value_->body);
}

std::string_view Node::kind() const {
    struct Kinds {
        std::string_view operator()(const Null&) const { return "null"; }
        std::string_view operator()(bool value) const { return value ? "true" : "false"; }
        std::string_view operator()(std::int64_t) const { return "number"; }
        std::string_view operator()(const Decimal&) const { return "number"; }
        std::string_view operator()(const std::string&) const { return "string"; }
        std::string_view operator()(const Array&) const { return "array"; }
        std::string_view operator()(const Object&) const { return "object"; }
    };
    return std::visit(Kinds{}, value_->body);
}

tl::unexpected<Error> Node::wrong(std::string what, std::string fix) const {
    return failure(Fault::input, where(), std::move(what), std::move(fix));
}

tl::unexpected<Error> Node::wrong(const Error& error) const {
    return wrong(error.what, error.fix);
}

Result<std::string_view> Node::text() const {
    if (const auto* text = std::get_if<std::string>(&value_->body)) return *text;
    return expected(*this, "a string");
}

Result<bool> Node::boolean() const {
    if (const auto* value = std::get_if<bool>(&value_->body)) return *value;
    return expected(*this, "true or false");
}

Result<std::int64_t> Node::integer(std::int64_t least, std::int64_t most) const {
    const auto* value = std::get_if<std::int64_t>(&value_->body);
    if (value == nullptr && std::holds_alternative<Decimal>(value_->body))
        return wrong(
            fmt::format("expected a whole number, got {}", printable(std::get<Decimal>(value_->body).text)));
    if (value == nullptr) return expected(*this, "a whole number");
    if (*value < least || *value > most)
        return wrong(fmt::format("{} is out of range", *value), fmt::format("from {} to {}", least, most));
    return *value;
}

Result<double> Node::number() const {
    if (const auto* whole = std::get_if<std::int64_t>(&value_->body)) return static_cast<double>(*whole);
    if (const auto* decimal = std::get_if<Decimal>(&value_->body)) return decimal->value;
    return expected(*this, "a number");
}

Result<std::string> Node::decimal() const {
    if (const auto* text = std::get_if<std::string>(&value_->body)) return *text;
    if (const auto* whole = std::get_if<std::int64_t>(&value_->body)) return fmt::format("{}", *whole);
    if (const auto* decimal = std::get_if<Decimal>(&value_->body)) return decimal->text;
    return expected(*this, "a decimal number");
}

Result<Duration> Node::duration() const {
    if (const auto* text = std::get_if<std::string>(&value_->body)) {
        auto duration = parse_duration(*text);
        if (!duration) return wrong(duration.error());
        return *duration;
    }
    auto count = number();
    if (!count) return expected(*this, "seconds");
    constexpr double century = 100.0 * 366 * 86400;
    if (!std::isfinite(*count) || *count < 0 || *count > century)
        return wrong(fmt::format("{} is not a duration", *count), "write seconds, e.g. 2.5, or '500ms'");
    return from_seconds(*count);
}

Result<std::vector<Node>> Node::items() const {
    if (!std::holds_alternative<Array>(value_->body)) return expected(*this, "an array");
    std::vector<Node> nodes;
    for (const auto& value : value_->items) nodes.push_back(Node(tree_, &value));
    return nodes;
}

}  // namespace trunkbox::config
