#include "sbc/scan.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"

namespace trunkbox::sbc {
namespace {

enum : std::uint8_t {
    plain_char = 1, user_char = 2, host_char = 4, token_char = 8, display_char = 16,
    stop_char = 32  // what ends a value: a blank or a line end
};

constexpr auto classes = [] {
    std::array<std::uint8_t, 256> table{};
    auto add = [&](std::string_view chars, unsigned of) {
        for (char c : chars) table[static_cast<unsigned char>(c)] |= static_cast<std::uint8_t>(of);
    };
    for (unsigned c = 0; c < 128; ++c)
        if (is_alpha(static_cast<char>(c)) || is_digit(static_cast<char>(c)))
            table[c] = plain_char | user_char | host_char | token_char | display_char;
    add("_.", plain_char | user_char | host_char | token_char | display_char);
    add("-", user_char | host_char | token_char | display_char);
    add("+", user_char | token_char | display_char);
    add("!*~", token_char);
    add(" ", display_char);
    add(" \t\r\n", stop_char);
    return table;
}();

// A place in a text that ends in a byte of no class: there a run stops without asking for the end. Those that move it are
// parts of one function in the end, which keeps the place in a register.
class Cursor {
  public:
    explicit Cursor(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

    [[nodiscard]] bool done() const { return at_ == end_; }
    bool take(char c) {
        if (at_ == end_ || *at_ != c) return false;
        ++at_;
        return true;
    }
    bool take(std::string_view text) {
        if (static_cast<std::size_t>(end_ - at_) < text.size() || std::string_view(at_, text.size()) != text) return false;
        at_ += text.size();
        return true;
    }
    // The longest run of such characters; none of them is a blank.
    std::string_view run(std::uint8_t of) {
        const char* begin = at_;
        const char* at = begin;  // a register, where the member is memory
        while ((classes[static_cast<unsigned char>(*at)] & of) != 0) ++at;
        at_ = at;
        return {begin, static_cast<std::size_t>(at - begin)};
    }
    // Behind all words and blanks.
    void skip_words() {
        while (at_ != end_ && (classes[static_cast<unsigned char>(*at_)] & display_char) != 0) ++at_;
    }
    // Behind the next '"'; false when there is none, or a '\\' or '<' before it.
    bool skip_quoted() {
        const char* at = at_;
        while (at != end_ && *at != '"' && *at != '\\' && *at != '<') ++at;
        if (at == end_ || *at != '"') return false;
        at_ = at + 1;
        return true;
    }
    [[nodiscard]] const char* place() const { return at_; }
    [[nodiscard]] std::string_view since(const char* begin) const { return {begin, static_cast<std::size_t>(at_ - begin)}; }

  private:
    const char* at_;
    const char* end_;
};

// Behind the text stands a byte of the same buffer that ends every run.
bool has_stop(std::string_view buffer, std::string_view text) {
    const char* stop = text.data() + text.size();
    if (text.empty() || stop >= buffer.data() + buffer.size()) return false;
    return (classes[static_cast<unsigned char>(*stop)] & stop_char) != 0;
}

// "[:port]"
[[gnu::always_inline]] inline bool scan_port(Cursor& cursor, std::optional<std::uint16_t>& port) {
    if (!cursor.take(':')) return true;
    std::string_view digits = cursor.run(host_char);
    std::uint32_t number = 0;
    if (digits.size() > 5) return false;
    for (char c : digits) {
        if (!is_digit(c)) return false;
        number = number * 10 + static_cast<std::uint32_t>(c - '0');
    }
    port = static_cast<std::uint16_t>(number);
    return number > 0 && number <= 65'535;
}

struct ScannedParameter {
    std::string_view name, value;
};

// In lower case, as nearly all are written, or not.
[[gnu::always_inline]] inline bool is_named(const ScannedParameter& parameter, std::string_view name) {
    return parameter.name == name || iequals(parameter.name, name);
}

// ";name" and ";name=value" in turn; visit(parameter) says whether to go on.
template <class Visit>
[[gnu::always_inline]] inline bool scan_parameters(Cursor& cursor, std::string_view& all, Visit visit) {
    if (!cursor.take(';')) return true;
    const char* begin = cursor.place();
    do {
        ScannedParameter parameter{.name = cursor.run(token_char), .value = {}};
        if (parameter.name.empty()) return false;
        if (cursor.take('=') && (parameter.value = cursor.run(token_char)).empty()) return false;
        if (!visit(parameter)) return false;
    } while (cursor.take(';'));
    all = cursor.since(begin);
    return true;
}

// A number or a name: digits and letters with what joins them, a '+' in front; not "--", with which SQL comments begin.
bool is_plain(std::string_view user) {
    return user.find('+', 1) == std::string_view::npos && user.find("--") == std::string_view::npos;
}

[[gnu::always_inline]] inline bool scan_uri(Cursor& cursor, sip::UriView& uri, bool& plain) {
    const char* begin = cursor.place();
    if (!cursor.take("sip:")) return false;
    const char* opaque = cursor.place();
    uri.scheme = {begin, 3};
    cursor.take('+');
    cursor.run(plain_char);
    const char* plain_end = cursor.place();
    cursor.run(user_char);
    uri.host = cursor.since(opaque);
    plain = true;
    if (cursor.take('@')) {
        uri.user = uri.host;
        plain = uri.user.data() + uri.user.size() == plain_end || is_plain(uri.user);
        uri.has_user = true;
        uri.host = cursor.run(host_char);
        if (uri.user.empty()) return false;
    } else if (uri.host.find('+') != std::string_view::npos) {
        return false;
    }
    if (uri.host.empty() || !scan_port(cursor, uri.port)) return false;
    if (!scan_parameters(cursor, uri.parameters, [](const ScannedParameter&) { return true; })) return false;
    uri.opaque = cursor.since(opaque);
    return true;
}

// The display name with the blanks behind it, up to the '<'.
[[gnu::always_inline]] inline bool scan_display(Cursor& cursor, std::string_view& display) {
    const char* begin = cursor.place();
    if (cursor.take('"')) {
        if (!cursor.skip_quoted()) return false;
        display = cursor.since(begin);
        while (cursor.take(' ')) {}
    } else {
        cursor.skip_words();
        display = cursor.since(begin);
        while (display.ends_with(' ')) display.remove_suffix(1);
        if (display.starts_with(' ')) return false;
    }
    return cursor.take('<');
}

}  // namespace

bool scan_uri(std::string_view buffer, std::string_view text, sip::UriView& uri, bool& plain) {
    if (!has_stop(buffer, text)) return false;
    Cursor cursor(text);
    return scan_uri(cursor, uri, plain) && cursor.done();
}

bool scan_address(std::string_view buffer, std::string_view text, sip::NameAddr& field, sip::UriView& uri,
                  std::string_view& tag, bool& plain) {
    if (!has_stop(buffer, text)) return false;
    Cursor cursor(text);
    if (!scan_display(cursor, field.display)) return false;
    const char* begin = cursor.place();
    if (!scan_uri(cursor, uri, plain)) return false;
    field.uri = cursor.since(begin);
    field.brackets = true;
    if (!cursor.take('>')) return false;
    // One bit a letter that a name begins with: names that begin alike may be one name twice.
    std::uint32_t letters = 0;
    bool usual = scan_parameters(cursor, field.parameters, [&](const ScannedParameter& parameter) {
        char first = to_lower(parameter.name.front());
        std::uint32_t letter = 1U << (static_cast<unsigned char>(first) & 31U);
        if (first == 'e' || (letters & letter) != 0) return false;
        letters |= letter;
        if (first == 't' && is_named(parameter, "tag")) tag = parameter.value;
        return true;
    });
    return usual && cursor.done();
}

bool scan_via(std::string_view buffer, std::string_view text, sip::Via& via, std::string_view& branch) {
    if (!has_stop(buffer, text)) return false;
    Cursor cursor(text);
    const char* begin = cursor.place();
    if (!cursor.take("SIP/2.0")) return false;
    via.protocol = cursor.since(begin);
    if (!cursor.take('/') || (via.transport = cursor.run(token_char)).empty() || !cursor.take(' ')) return false;
    via.host = cursor.run(host_char);
    if (via.host.empty() || !scan_port(cursor, via.port)) return false;
    bool usual = scan_parameters(cursor, via.parameters, [&](const ScannedParameter& parameter) {
        if (branch.empty() && is_named(parameter, "branch")) branch = parameter.value;
        return true;
    });
    return usual && cursor.done() && !branch.empty();
}

}  // namespace trunkbox::sbc
