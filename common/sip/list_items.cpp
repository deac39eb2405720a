// Lists: values with commas between their items.
#include "sip/grammar.h"
#include "sip/message_view.h"

namespace trunkbox::sip {
namespace {

// Where the item that begins at `begin` ends: at a comma outside of quotes, brackets and comments.
// An open quote or bracket takes all that is left.
std::size_t item_end(std::string_view value, std::size_t begin, bool comments) {
    std::size_t depth = 0;
    for (auto i = begin; i < value.size(); ++i) {
        char c = value[i];
        if (depth > 0) {
            if (c == '\\') ++i;
            else if (c == '(') ++depth;
            else if (c == ')') --depth;
        } else if (c == ',') {
            return i;
        } else if (c == '"') {
            i = grammar::closing_quote(value, i);
        } else if (c == '<') {
            i = value.find('>', i);
        } else if (c == '(' && comments) {
            depth = 1;
        }
        if (i == std::string_view::npos) break;
    }
    return value.size();
}

bool comments_close(std::string_view value) {
    std::size_t depth = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '\\') ++i;
        else if (value[i] == '(') ++depth;
        else if (value[i] == ')' && depth > 0) --depth;
    }
    return depth == 0;
}

void append_items(std::vector<std::string_view>& items, std::string_view value) {
    // A lone parenthesis, lawful in a user part, must not hide the commas that follow.
    bool comments = comments_close(value);
    for (std::size_t begin = 0; begin <= value.size();) {
        auto end = item_end(value, begin, comments);
        auto item = trim(value.substr(begin, end - begin));
        if (!item.empty()) items.push_back(item);
        begin = end + 1;
    }
}

}  // namespace

std::vector<std::string_view> list_items(std::string_view value) {
    std::vector<std::string_view> items;
    append_items(items, value);
    return items;
}

std::vector<std::string_view> list_items(const MessageView& message, HeaderName name) {
    std::vector<std::string_view> items;
    for (const auto& header : message.headers())
        if (header.name == name) append_items(items, header.value);
    return items;
}

}  // namespace trunkbox::sip
