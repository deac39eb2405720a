#include "sip/parameters.h"

#include "base/text.h"
#include "sip/grammar.h"

namespace trunkbox::sip {
namespace {

// Takes the first parameter off `rest`; `more` tells whether a ';' followed it.
Parameter take(std::string_view& rest, bool& more) {
    std::size_t end = 0;
    std::size_t equals = std::string_view::npos;
    for (; end < rest.size() && rest[end] != ';'; ++end) {
        if (rest[end] == '=' && equals == std::string_view::npos) equals = end;
        if (rest[end] != '"') continue;
        end = grammar::closing_quote(rest, end);
        if (end == std::string_view::npos) {
            end = rest.size();
            break;
        }
    }
    auto text = rest.substr(0, end);
    more = end < rest.size();
    rest.remove_prefix(more ? end + 1 : end);
    if (equals == std::string_view::npos) return {trim(text), {}, false};
    return {trim(text.substr(0, equals)), trim(text.substr(equals + 1)), true};
}

}  // namespace

std::vector<Parameter> parameters(std::string_view text) {
    std::vector<Parameter> all;
    bool more = !trim(text).empty();
    while (more) all.push_back(take(text, more));
    return all;
}

std::optional<std::string_view> parameter(std::string_view text, std::string_view name) {
    bool more = !text.empty();
    while (more) {
        auto one = take(text, more);
        if (iequals(one.name, name)) return one.value;
    }
    return std::nullopt;
}

std::string unquote(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
    text = text.substr(1, text.size() - 2);
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        out += text[i];
    }
    return out;
}

std::string quote(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out += '"';
}

bool is_token(std::string_view text) { return !text.empty() && grammar::token.covers(text); }

}  // namespace trunkbox::sip
