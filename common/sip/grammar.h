// The character sets of RFC 3261 section 25.1 as tables. For the parsers of this folder.
#pragma once

#include <array>
#include <string_view>

#include "base/text.h"

namespace trunkbox::sip::grammar {

class CharSet {
  public:
    // Letters and digits and these.
    explicit constexpr CharSet(std::string_view marks) {
        for (char c = '0'; c <= '9'; ++c) add(c);
        for (char c = 'A'; c <= 'Z'; ++c) add(c);
        for (char c = 'a'; c <= 'z'; ++c) add(c);
        for (char c : marks) add(c);
    }
    [[nodiscard]] constexpr bool has(char c) const { return in_[static_cast<unsigned char>(c)]; }
    // Place of the first character that is not in the set, npos if all are.
    [[nodiscard]] constexpr std::size_t first_other(std::string_view text) const {
        for (std::size_t i = 0; i < text.size(); ++i)
            if (!has(text[i])) return i;
        return std::string_view::npos;
    }
    [[nodiscard]] constexpr bool covers(std::string_view text) const {
        return first_other(text) == std::string_view::npos;
    }

  private:
    constexpr void add(char c) { in_[static_cast<unsigned char>(c)] = true; }
    std::array<bool, 256> in_{};
};

inline constexpr CharSet token{"-.!%*_+`'~"};
// unreserved and user-unreserved, '%' of escapes, and '#', which keypads have and phones send unescaped.
inline constexpr CharSet user{"-_.!~*'()%&=+$,;?/#"};
inline constexpr CharSet password{"-_.!~*'()%&=+$,#"};
// param-unreserved, unreserved, '%', '='.
inline constexpr CharSet uri_parameter{"-_.!~*'()%[]/:&+$="};
// hnv-unreserved, unreserved, '%', '='.
inline constexpr CharSet uri_header{"-_.!~*'()%[]/?:+$="};
// '_' is no host name's, but names in private zones have it.
inline constexpr CharSet host_name{"-._"};
inline constexpr CharSet scheme{"+-."};

[[nodiscard]] constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
[[nodiscard]] constexpr bool is_space(char c) { return is_blank(c) || c == '\r' || c == '\n'; }

// Where the closing quote of the quoted string that begins at `open` stands, npos when it is not closed.
[[nodiscard]] constexpr std::size_t closing_quote(std::string_view text, std::size_t open) {
    for (std::size_t i = open + 1; i < text.size(); ++i) {
        if (text[i] == '\\') ++i;
        else if (text[i] == '"') return i;
    }
    return std::string_view::npos;
}

// Name, IPv4 address or IPv6 reference with brackets.
[[nodiscard]] bool is_host(std::string_view text);

}  // namespace trunkbox::sip::grammar
