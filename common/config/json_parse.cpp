// Text to tree. The grammar is nlohmann/json's; it tells no places, so a cursor walks the text beside its
// events.
#include "base/text.h"
#include "config/json.h"
#include "config/json_tree.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace trunkbox::config {

namespace {

using detail::Tree;
using detail::Value;

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

// Stands on each value and key in turn. The text up to there is known to be well formed, since the parser
// reports a token only after it has read it.
class Cursor {
  public:
    explicit Cursor(std::string_view text) : text_(text) {
        if (text_.starts_with(byte_order_mark)) place_ = byte_order_mark.size();
    }

    // Where the next token begins; moves behind it.
    std::size_t next() {
        skip_to_token();
        auto begin = place_;
        if (begin >= text_.size()) return begin;
        if (text_[place_] == '"')
            skip_string();
        else if (text_[place_] == '{' || text_[place_] == '[')
            ++place_;
        else
            while (place_ < text_.size() && is_word(text_[place_])) ++place_;
        return begin;
    }

  private:
    static bool is_word(char c) { return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; }

    void skip_to_token() {
        while (place_ < text_.size()) {
            char c = text_[place_];
            if (c == '/')
                skip_comment();
            else if (c == '"' || c == '{' || c == '[' || is_word(c))
                return;
            else
                ++place_;  // blanks, commas, colons, closing brackets
        }
    }

    void skip_comment() {
        bool line = text_.substr(place_).starts_with("//");
        auto end = text_.find(line ? "\n" : "*/", place_ + 2);
        place_ = end == std::string_view::npos ? text_.size() : end + (line ? 1 : 2);
    }

    void skip_string() {
        for (++place_; place_ < text_.size() && text_[place_] != '"'; ++place_)
            if (text_[place_] == '\\') ++place_;
        ++place_;
    }

    std::string_view text_;
    std::size_t place_ = 0;
};

// Builds the tree from the parser's events; a false return stops it with error() set.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
  public:
    Builder(Tree& tree, std::size_t depth) : tree_(tree), depth_(depth), cursor_(tree.text) {}

    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

    bool null() override { return leaf(detail::Null{}); }
    bool boolean(bool value) override { return leaf(value); }
    bool number_integer(number_integer_t value) override { return leaf(std::int64_t{value}); }
    bool number_unsigned(number_unsigned_t value) override {
        if (value > static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max()))
            return leaf(detail::Decimal{fmt::format("{}", value), static_cast<double>(value)});
        return leaf(static_cast<std::int64_t>(value));
    }
    bool number_float(number_float_t value, const string_t& text) override {
        return leaf(detail::Decimal{text, value});
    }
    bool string(string_t& text) override { return leaf(std::move(text)); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override {
        auto& value = add();
        value.body = detail::Object{};
        return open(value);
    }
    bool start_array(std::size_t) override {
        auto& value = add();
        value.body = detail::Array{};
        return open(value);
    }
    bool end_object() override;
    bool end_array() override {
        open_.pop_back();
        return true;
    }
    bool key(string_t& name) override {
        open_.back()->items.push_back(
            {.offset = 0, .body = {}, .items = {}, .key = std::move(name), .key_offset = cursor_.next()});
        return true;
    }
    bool parse_error(std::size_t read, const std::string& token,
                     const nlohmann::detail::exception& error) override;

  private:
    template <class Body>
    bool leaf(Body body) {
        add().body = std::move(body);
        return true;
    }
    bool open(Value& value);
    // The value that the document has next, still null.
    Value& add();
    bool fail(std::size_t offset, std::string what, std::string fix) {
        error_ = Error{Fault::input, tree_.where(offset), std::move(what), std::move(fix)};
        return false;
    }

    Tree& tree_;
    std::size_t depth_;
    Cursor cursor_;
    std::vector<Value*> open_;  // the objects and arrays that the next value is in, outermost first
    std::optional<Error> error_;
};

Value& Builder::add() {
    Value* value = &tree_.root;
    if (!open_.empty()) {
        auto& outer = *open_.back();
        // A member is there already, with its key.
        if (std::holds_alternative<detail::Array>(outer.body)) outer.items.emplace_back();
        value = &outer.items.back();
    }
    value->offset = cursor_.next();
    return *value;
}

bool Builder::open(Value& value) {
    if (open_.size() == depth_)
        return fail(value.offset, fmt::format("nested deeper than {} levels", depth_),
                    "flatten the document");
    // Stays where it is while it is open: its array or object grows only after it is closed.
    open_.push_back(&value);
    return true;
}

// Sorted once an object: a document of a million keys must not cost their square.
bool Builder::end_object() {
    std::vector<const Value*> members;
    for (const auto& member : open_.back()->items) members.push_back(&member);
    open_.pop_back();
    std::ranges::stable_sort(members, {},
                             [](const Value* member) -> std::string_view { return member->key; });
    auto same_key = [](const Value* a, const Value* b) { return a->key == b->key; };
    auto twice = std::ranges::adjacent_find(members, same_key);
    if (twice == members.end()) return true;
    const auto& first = **twice;
    const auto& second = **std::next(twice);
    return fail(second.key_offset, fmt::format("key '{}' is given twice", printable(first.key)),
                fmt::format("first at {}", tree_.where(first.key_offset)));
}

// From "[json.exception.parse_error.101] parse error at line 1, column 5: syntax error while parsing value -
// …; last read: '…'; expected …" the part that a person needs.
std::string reason(std::string_view what) {
    for (std::string_view mark : {" - ", ": "})
        if (auto place = what.find(mark); place != std::string_view::npos) {
            what.remove_prefix(place + mark.size());
            break;
        }
    return std::string(what);
}

bool Builder::parse_error(std::size_t read, const std::string&, const nlohmann::detail::exception& error) {
    auto what = reason(error.what());
    bool ended = what.find("unexpected end of input") != std::string::npos || read > tree_.text.size();
    auto offset = ended ? tree_.text.size() : read - std::min<std::size_t>(read, 1);
    return fail(offset, ended ? "document ends too early" : "not JSON: " + printable(what, 200),
                ended ? "a bracket, brace or quote is still open" : "");
}

}  // namespace

Result<Document> read_json(std::string_view text, std::string_view file, JsonLimits limits) {
    std::string name(file);
    if (text.size() > limits.bytes)
        return failure(Fault::input, name,
                       fmt::format("document of {} bytes is larger than {}", text.size(), limits.bytes),
                       "split it, or check that it is the right file");
    auto bare = text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
    if (trim(bare).empty()) return failure(Fault::input, name, "document is empty", "write a JSON object");
    auto tree = std::make_shared<Tree>();
    tree->file = std::move(name);
    tree->text = std::string(text);
    // The parser would take it for the end and leave what follows unread.
    if (auto nul = tree->text.find('\0'); nul != std::string::npos)
        return failure(Fault::input, tree->where(nul), "NUL byte", "save the document as text in UTF-8");
    Builder builder(*tree, limits.depth);
    constexpr bool whole_text = true;
    constexpr bool ignore_comments = true;
    bool good = nlohmann::json::sax_parse(tree->text.begin(), tree->text.end(), &builder,
                                          nlohmann::json::input_format_t::json, whole_text, ignore_comments);
    if (builder.error()) return tl::unexpected(*builder.error());
    if (!good) return failure(Fault::input, tree->file, "not JSON");
    return Document(std::move(tree));
}

}  // namespace trunkbox::config
