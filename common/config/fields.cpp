#include "base/text.h"
#include "config/json.h"
#include "config/json_tree.h"

#include <algorithm>

#include <fmt/format.h>

namespace trunkbox::config {

namespace {

std::span<const detail::Value> members(const detail::Value& value) {
    if (!std::holds_alternative<detail::Object>(value.body)) return {};
    return value.items;
}

}  // namespace

Fields::Fields(const Node& object) : object_(object) {
    if (!object_.is_object())
        fail(object_.wrong(fmt::format("expected an object, got {}", object_.kind())).value());
}

void Fields::fail(Error error) {
    if (!error_) error_ = std::move(error);
}

void Fields::check(const Result<void>& result) {
    if (!result) fail(result.error());
}

std::optional<Node> Fields::find(std::string_view key) {
    if (std::ranges::find(asked_, key) == asked_.end()) asked_.emplace_back(key);
    for (const auto& member : members(*object_.value_))
        if (member.key == key) return Node(object_.tree_, &member);
    return std::nullopt;
}

std::optional<Node> Fields::needed(std::string_view key) {
    auto node = find(key);
    if (!node) fail(object_.wrong(fmt::format("key '{}' is missing", key), "add it to this object").value());
    return node;
}

void Fields::need(std::string_view key, const Step& step) {
    if (auto node = needed(key)) check(step(*node));
}

void Fields::take(std::string_view key, const Step& step) {
    if (auto node = find(key)) check(step(*node));
}

namespace {

// A step that stores what `read` makes of the node.
template <class T, class Read>
Fields::Step store(T& into, Read read) {
    return [&into, read](const Node& node) -> Result<void> {
        auto value = read(node);
        if (!value) return tl::unexpected(value.error());
        into = T(*value);
        return {};
    };
}

}  // namespace

void Fields::need(std::string_view key, std::string& into) {
    need(key, store(into, [](const Node& node) { return node.text(); }));
}

void Fields::take(std::string_view key, std::string& into) {
    take(key, store(into, [](const Node& node) { return node.text(); }));
}

void Fields::take(std::string_view key, bool& into) {
    take(key, store(into, [](const Node& node) { return node.boolean(); }));
}

void Fields::take(std::string_view key, Duration& into) {
    take(key, store(into, [](const Node& node) { return node.duration(); }));
}

void Fields::take(std::string_view key, std::vector<std::string>& into) {
    if (!has(key)) return;
    into.clear();
    each(key, [&](const Node& node) -> Result<void> {
        auto text = node.text();
        if (!text) return tl::unexpected(text.error());
        into.emplace_back(*text);
        return {};
    });
}

void Fields::take_integer(std::string_view key, std::int64_t& into, std::int64_t least, std::int64_t most) {
    take(key, store(into, [=](const Node& node) { return node.integer(least, most); }));
}

void Fields::each(std::string_view key, const Step& step) {
    auto node = find(key);
    if (!node) return;
    auto items = node->items();
    if (!items) return fail(items.error());
    for (const auto& item : *items) check(step(item));
}

void Fields::entries(std::string_view key, const Entry& step) {
    auto node = find(key);
    if (!node) return;
    if (!node->is_object())
        return fail(node->wrong(fmt::format("expected an object, got {}", node->kind())).value());
    for (const auto& member : members(*node->value_)) check(step(member.key, Node(object_.tree_, &member)));
}

std::optional<std::size_t> Fields::choose(std::string_view key, std::span<const std::string_view> names) {
    auto node = find(key);
    if (!node) return std::nullopt;
    auto text = node->text();
    if (!text) {
        fail(text.error());
        return std::nullopt;
    }
    auto found = std::ranges::find(names, *text);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    auto near = nearest(*text, names);
    fail(node->wrong(fmt::format("{} '{}' is not known", key, printable(*text)),
                     near.empty() ? fmt::format("one of {}", fmt::join(names, ", "))
                                  : fmt::format("did you mean '{}'?", near))
             .value());
    return std::nullopt;
}

void Fields::version(std::int64_t wanted) {
    need("version", [&](const Node& node) -> Result<void> {
        auto version = node.integer();
        if (!version) return tl::unexpected(version.error());
        if (*version != wanted)
            return node.wrong(fmt::format("version {} is not known", *version),
                              fmt::format("this program reads version {}", wanted));
        return {};
    });
}

Result<void> Fields::done() {
    for (const auto& member : members(*object_.value_)) {
        if (std::ranges::find(asked_, member.key) != asked_.end()) continue;
        std::vector<std::string_view> known(asked_.begin(), asked_.end());
        auto near = nearest(member.key, known);
        auto fix = near.empty() ? fmt::format("known are {}", fmt::join(known, ", "))
                                : fmt::format("did you mean '{}'?", near);
        return failure(Fault::input, object_.tree_->where(member.key_offset),
                       fmt::format("key '{}' is not known", printable(member.key)), fix);
    }
    if (error_) return tl::unexpected(*error_);
    return {};
}

}  // namespace trunkbox::config
