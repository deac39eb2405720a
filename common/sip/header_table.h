// Header names by a perfect hash that the compiler finds: one table look-up and one comparison a header. For the reader of
// messages, which does little else.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/text.h"
#include "sip/message_view.h"

namespace trunkbox::sip::header_table {

struct Row {
    HeaderName name;
    std::string_view spelling;
    char compact = 0;
};

// In the order of HeaderName, from its second value on. Compact forms: RFC 3261 section 20, RFC 3515 (r),
// RFC 3892 (b), RFC 4028 (x), RFC 6665 (o, u), RFC 8224 (y).
inline constexpr auto rows = std::to_array<Row>({
    {HeaderName::accept, "Accept"},
    {HeaderName::accept_encoding, "Accept-Encoding"},
    {HeaderName::alert_info, "Alert-Info"},
    {HeaderName::allow, "Allow"},
    {HeaderName::allow_events, "Allow-Events", 'u'},
    {HeaderName::authorization, "Authorization"},
    {HeaderName::call_id, "Call-ID", 'i'},
    {HeaderName::call_info, "Call-Info"},
    {HeaderName::contact, "Contact", 'm'},
    {HeaderName::content_disposition, "Content-Disposition"},
    {HeaderName::content_encoding, "Content-Encoding", 'e'},
    {HeaderName::content_length, "Content-Length", 'l'},
    {HeaderName::content_type, "Content-Type", 'c'},
    {HeaderName::cseq, "CSeq"},
    {HeaderName::date, "Date"},
    {HeaderName::diversion, "Diversion"},
    {HeaderName::error_info, "Error-Info"},
    {HeaderName::event, "Event", 'o'},
    {HeaderName::expires, "Expires"},
    {HeaderName::from, "From", 'f'},
    {HeaderName::geolocation, "Geolocation"},
    {HeaderName::history_info, "History-Info"},
    {HeaderName::identity, "Identity", 'y'},
    {HeaderName::in_reply_to, "In-Reply-To"},
    {HeaderName::join, "Join"},
    {HeaderName::max_forwards, "Max-Forwards"},
    {HeaderName::mime_version, "MIME-Version"},
    {HeaderName::min_expires, "Min-Expires"},
    {HeaderName::min_se, "Min-SE"},
    {HeaderName::p_asserted_identity, "P-Asserted-Identity"},
    {HeaderName::p_preferred_identity, "P-Preferred-Identity"},
    {HeaderName::path, "Path"},
    {HeaderName::priority, "Priority"},
    {HeaderName::privacy, "Privacy"},
    {HeaderName::proxy_authenticate, "Proxy-Authenticate"},
    {HeaderName::proxy_authorization, "Proxy-Authorization"},
    {HeaderName::proxy_require, "Proxy-Require"},
    {HeaderName::rack, "RAck"},
    {HeaderName::reason, "Reason"},
    {HeaderName::record_route, "Record-Route"},
    {HeaderName::refer_to, "Refer-To", 'r'},
    {HeaderName::referred_by, "Referred-By", 'b'},
    {HeaderName::replaces, "Replaces"},
    {HeaderName::reply_to, "Reply-To"},
    {HeaderName::require, "Require"},
    {HeaderName::retry_after, "Retry-After"},
    {HeaderName::route, "Route"},
    {HeaderName::rseq, "RSeq"},
    {HeaderName::server, "Server"},
    {HeaderName::service_route, "Service-Route"},
    {HeaderName::session_expires, "Session-Expires", 'x'},
    {HeaderName::sip_etag, "SIP-ETag"},
    {HeaderName::sip_if_match, "SIP-If-Match"},
    {HeaderName::subject, "Subject", 's'},
    {HeaderName::subscription_state, "Subscription-State"},
    {HeaderName::supported, "Supported", 'k'},
    {HeaderName::target_dialog, "Target-Dialog"},
    {HeaderName::timestamp, "Timestamp"},
    {HeaderName::to, "To", 't'},
    {HeaderName::unsupported, "Unsupported"},
    {HeaderName::user_agent, "User-Agent"},
    {HeaderName::via, "Via", 'v'},
    {HeaderName::warning, "Warning"},
    {HeaderName::www_authenticate, "WWW-Authenticate"},
});

constexpr bool rows_follow_the_enum() {
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (static_cast<std::size_t>(rows[i].name) != i + 1) return false;
    return rows.back().name == HeaderName::www_authenticate;
}
static_assert(rows_follow_the_enum());

inline constexpr std::size_t table_size = 512;
struct Multipliers {
    unsigned first, middle, last;
};

// `text` has at least two characters.
constexpr std::size_t slot(std::string_view text, Multipliers by) {
    auto letter = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(text[i]) | 0x20u); };
    return (text.size() * 37 + letter(0) * by.first + letter(text.size() / 2) * by.middle +
            letter(text.size() - 2) * by.last) & (table_size - 1);
}

constexpr bool is_perfect(Multipliers by) {
    std::array<bool, table_size> taken{};
    for (const auto& row : rows) {
        auto place = slot(row.spelling, by);
        if (taken[place]) return false;
        taken[place] = true;
    }
    return true;
}

constexpr Multipliers find_multipliers() {
    for (unsigned first = 1; first < 64; first += 2)
        for (unsigned middle = 1; middle < 64; middle += 2)
            for (unsigned last = 1; last < 64; last += 2)
                if (is_perfect({first, middle, last})) return {first, middle, last};
    throw "no perfect hash among these multipliers: take more, or a larger table";
}

inline constexpr Multipliers multipliers = find_multipliers();

inline constexpr auto long_forms = [] {
    std::array<std::uint8_t, table_size> table{};
    for (std::size_t i = 0; i < rows.size(); ++i)
        table[slot(rows[i].spelling, multipliers)] = static_cast<std::uint8_t>(i + 1);
    return table;
}();

inline constexpr auto compact_forms = [] {
    std::array<HeaderName, 256> table{};
    for (const auto& row : rows) {
        if (row.compact == 0) continue;
        table[static_cast<unsigned char>(row.compact)] = row.name;
        table[static_cast<unsigned char>(row.compact - 32)] = row.name;
    }
    return table;
}();

// The names once more, in a form in which the processor compares all of one at once; the first is no name's.
struct Spelling {
    std::array<char, 16> text{};  // of those that fit
    std::uint8_t size = 0;
};
inline constexpr auto spellings = [] {
    std::array<Spelling, rows.size() + 1> table{};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        table[i + 1].size = static_cast<std::uint8_t>(rows[i].spelling.size());
        if (rows[i].spelling.size() <= 16) std::copy(rows[i].spelling.begin(), rows[i].spelling.end(), table[i + 1].text.begin());
    }
    return table;
}();

// The text is as a name is spelled that is as long; `readable` bytes are there where it begins.
[[nodiscard, gnu::always_inline]] inline bool is_spelled(std::string_view text, std::size_t readable, std::size_t index) {
#if defined(__SSE2__)
    if (text.size() <= 16 && readable >= 16) {
        __m128i written = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data()));
        __m128i known = _mm_loadu_si128(reinterpret_cast<const __m128i*>(spellings[index].text.data()));
        auto differs = ~static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(written, known)));
        return (differs & ((1U << text.size()) - 1U)) == 0;
    }
#endif
    return text == rows[index - 1].spelling;
}

// As header_name(). `readable` bytes are there where the text begins.
[[nodiscard, gnu::always_inline]] inline HeaderName find(std::string_view text, std::size_t readable) {
    if (text.size() < 2) return text.empty() ? HeaderName::other : compact_forms[static_cast<unsigned char>(text[0])];
    const std::size_t index = long_forms[slot(text, multipliers)];
    if (spellings[index].size != text.size()) return HeaderName::other;
    bool known = is_spelled(text, readable, index) || iequals(text, rows[index - 1].spelling);
    return known ? static_cast<HeaderName>(index) : HeaderName::other;
}

}  // namespace trunkbox::sip::header_table
