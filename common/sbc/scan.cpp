#include "sbc/scan.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"

namespace trunkbox::sbc {
namespace {

enum : std::uint8_t { user_char = 1, host_char = 2, token_char = 4, display_char = 8 };

constexpr auto classes = [] {
    std::array<std::uint8_t, 256> table{};
    auto add = [&](std::string_view chars, unsigned of) {
        for (char c : chars) table[static_cast<unsigned char>(c)] |= static_cast<std::uint8_t>(of);
    };
    for (unsigned c = 0; c < 128; ++c)
        if (is_alpha(static_cast<char>(c)) || is_digit(static_cast<char>(c)))
            table[c] = user_char | host_char | token_char | display_char;
    add("+", user_char | token_char | display_char);
    add("-_.", user_char | host_char | token_char | display_char);
    add("!*~", token_char);
    add(" ", display_char);
    return table;
}();

// A place in a text.
class Cursor {
  public:
    explicit Cursor(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

    [[nodiscard]] bool done() const { return at_ == end_; }
    [[nodiscard]] bool is_at(char c) const { return at_ != end_ && *at_ == c; }
    bool take(char c) {
        if (!is_at(c)) return false;
        ++at_;
        return true;
    }
    bool take(std::string_view text) {
        if (static_cast<std::size_t>(end_ - at_) < text.size() || std::string_view(at_, text.size()) != text) return false;
        at_ += text.size();
        return true;
    }
    // The longest run of such characters.
    std::string_view run(std::uint8_t of) {
        const char* begin = at_;
        while (at_ != end_ && (classes[static_cast<unsigned char>(*at_)] & of) != 0) ++at_;
        return {begin, static_cast<std::size_t>(at_ - begin)};
    }
    // All up to the next `c`, which is taken, too; nothing when there is none.
    bool run_to(char c, std::string_view& run) {
        const char* found = std::find(at_, end_, c);
        if (found == end_) return false;
        run = {at_, static_cast<std::size_t>(found - at_)};
        at_ = found + 1;
        return true;
    }
    [[nodiscard]] const char* place() const { return at_; }
    [[nodiscard]] std::string_view since(const char* begin) const { return {begin, static_cast<std::size_t>(at_ - begin)}; }

  private:
    const char* at_;
    const char* end_;
};

// "[:port]"
bool scan_port(Cursor& cursor, std::optional<std::uint16_t>& port) {
    if (!cursor.take(':')) return true;
    std::string_view digits = cursor.run(host_char);
    port = parse_integer<std::uint16_t>(digits);
    return port.has_value() && *port != 0;
}

struct ScannedParameter {
    std::string_view name, value;
};

// ";name" and ";name=value" in turn; visit(parameter) says whether to go on.
template <class Visit>
bool scan_parameters(Cursor& cursor, std::string_view& all, Visit visit) {
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

bool scan_uri(Cursor& cursor, sip::UriView& uri) {
    const char* begin = cursor.place();
    if (!cursor.take("sip:")) return false;
    const char* opaque = cursor.place();
    uri.scheme = {begin, 3};
    uri.host = cursor.run(user_char);
    if (cursor.take('@')) {
        uri.user = uri.host;
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
bool scan_display(Cursor& cursor, std::string_view& display) {
    const char* begin = cursor.place();
    if (cursor.take('"')) {
        std::string_view quoted;
        if (!cursor.run_to('"', quoted) || quoted.find_first_of("\\<") != std::string_view::npos) return false;
        display = cursor.since(begin);
        while (cursor.take(' ')) {}
    } else {
        display = trim(cursor.run(display_char));
    }
    return cursor.take('<');
}

}  // namespace

bool scan_uri(std::string_view text, sip::UriView& uri) {
    Cursor cursor(text);
    return scan_uri(cursor, uri) && cursor.done();
}

bool scan_address(std::string_view text, sip::NameAddr& field, sip::UriView& uri, std::string_view& tag) {
    Cursor cursor(text);
    if (!scan_display(cursor, field.display)) return false;
    const char* begin = cursor.place();
    if (!scan_uri(cursor, uri)) return false;
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
        if (iequals(parameter.name, "tag")) tag = parameter.value;
        return true;
    });
    return usual && cursor.done();
}

bool scan_via(std::string_view text, sip::Via& via, std::string_view& branch) {
    Cursor cursor(text);
    const char* begin = cursor.place();
    if (!cursor.take("SIP/2.0")) return false;
    via.protocol = cursor.since(begin);
    if (!cursor.take('/') || (via.transport = cursor.run(token_char)).empty() || !cursor.take(' ')) return false;
    via.host = cursor.run(host_char);
    if (via.host.empty() || !scan_port(cursor, via.port)) return false;
    bool usual = scan_parameters(cursor, via.parameters, [&](const ScannedParameter& parameter) {
        if (branch.empty() && iequals(parameter.name, "branch")) branch = parameter.value;
        return true;
    });
    return usual && cursor.done() && !branch.empty();
}

}  // namespace trunkbox::sbc
