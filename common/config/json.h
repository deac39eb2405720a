// The one reader of every JSON document: comments allowed, a place for every error, misspelt keys caught.
// Nothing here knows what a document is about; each document's own reader stands on Fields.
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::config {

struct JsonLimits {
    std::size_t bytes = std::size_t{8} << 20;
    std::size_t depth = 64;
};

namespace detail {
struct Value;
struct Tree;
}  // namespace detail

// One value of a document, with its place. Cheap to copy; valid as long as its Document or a copy of it.
class Node {
  public:
    // "acme.json:3:5", line and column from 1, the column in bytes.
    [[nodiscard]] std::string where() const;
    [[nodiscard]] std::string_view file() const;

    // What it must be, or an error "expected …, got …" at its place.
    [[nodiscard]] Result<std::string_view> text() const;
    [[nodiscard]] Result<bool> boolean() const;
    [[nodiscard]] Result<std::int64_t> integer(
        std::int64_t least = std::numeric_limits<std::int64_t>::min(),
        std::int64_t most = std::numeric_limits<std::int64_t>::max()) const;
    [[nodiscard]] Result<double> number() const;
    // A decimal as it was written, from a number or a string: money must not pass through binary.
    [[nodiscard]] Result<std::string> decimal() const;
    // A number of seconds, or text such as "500ms", "20s", "3m".
    [[nodiscard]] Result<Duration> duration() const;
    [[nodiscard]] Result<std::vector<Node>> items() const;
    [[nodiscard]] bool is_object() const;
    [[nodiscard]] bool is_null() const;
    // "object", "array", "string", "number", "true", "false", "null".
    [[nodiscard]] std::string_view kind() const;

    // An error at this place, for what only the document's own reader can see.
    [[nodiscard]] tl::unexpected<Error> wrong(std::string what, std::string fix = {}) const;
    // The same from an error of a parser of base, numbering or sip.
    [[nodiscard]] tl::unexpected<Error> wrong(const Error& error) const;

  private:
    friend class Document;
    friend class Fields;
    Node(const detail::Tree* tree, const detail::Value* value) : tree_(tree), value_(value) {}
    const detail::Tree* tree_;
    const detail::Value* value_;
};

// A parsed document; copies share it.
class Document {
  public:
    [[nodiscard]] Node root() const;

  private:
    friend Result<Document> read_json(std::string_view, std::string_view, JsonLimits);
    explicit Document(std::shared_ptr<const detail::Tree> tree) : tree_(std::move(tree)) {}
    std::shared_ptr<const detail::Tree> tree_;
};

// RFC 8259 with // and /* */ comments; a byte order mark is passed over. Errors: syntax, a key given twice,
// larger or deeper than the limits. `file` is the name in errors; the text is copied.
[[nodiscard]] Result<Document> read_json(std::string_view text, std::string_view file,
                                         JsonLimits limits = {});

template <class E>
struct Choice {
    std::string_view name;
    E value;
};

// Reads an object key by key. The first error is kept and given by done(), which also finds the keys that
// nobody asked for: a misspelt key is reported before the required one that it hides.
//   Fields fields(node);
//   fields.need("name", profile.name);
//   fields.take("expires", profile.expires);
//   if (auto done = fields.done(); !done) return tl::unexpected(done.error());
class Fields {
  public:
    using Step = std::function<Result<void>(const Node&)>;
    using Entry = std::function<Result<void>(std::string_view key, const Node&)>;

    explicit Fields(const Node& object);

    // need: the key must be there. take: `into` stays as it is when the key is not there.
    void need(std::string_view key, std::string& into);
    void take(std::string_view key, std::string& into);
    void take(std::string_view key, bool& into);
    void take(std::string_view key, Duration& into);
    void take(std::string_view key, std::vector<std::string>& into);
    void take_integer(std::string_view key, std::int64_t& into, std::int64_t least, std::int64_t most);
    void need(std::string_view key, const Step& step);
    void take(std::string_view key, const Step& step);
    // Each item of an array, each member of an object; absent counts as empty.
    void each(std::string_view key, const Step& step);
    void entries(std::string_view key, const Entry& step);
    template <class E>
    void take(std::string_view key, E& into, std::span<const Choice<E>> choices) {
        std::vector<std::string_view> names;
        for (const auto& choice : choices) names.push_back(choice.name);
        if (auto index = choose(key, names)) into = choices[*index].value;
    }
    // "version": N, which must be there and be this one.
    void version(std::int64_t wanted);

    // The value of a key that from now on counts as known.
    [[nodiscard]] std::optional<Node> find(std::string_view key);
    [[nodiscard]] bool has(std::string_view key) { return find(key).has_value(); }
    // The place of the object.
    [[nodiscard]] const Node& node() const { return object_; }
    void fail(Error error);
    void check(const Result<void>& result);

    [[nodiscard]] Result<void> done();

  private:
    [[nodiscard]] std::optional<Node> needed(std::string_view key);
    [[nodiscard]] std::optional<std::size_t> choose(std::string_view key,
                                                    std::span<const std::string_view> names);

    Node object_;
    std::vector<std::string> asked_;
    std::optional<Error> error_;
};

}  // namespace trunkbox::config
