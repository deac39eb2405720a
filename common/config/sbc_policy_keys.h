// The names of limits and lists in a policy document, for its reader and its printer. Private to both.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "sbc/policy.h"

namespace trunkbox::config {

constexpr std::int64_t sbc_policy_version = 1;

struct LimitKey {
    std::string_view name, what;
    std::size_t sbc::Limits::* limit;
};

inline constexpr std::array limit_keys{
    LimitKey{"message", "bytes of a message (L-201)", &sbc::Limits::message},
    LimitKey{"message_alert", "bytes of a message that are worth an alert (L-201)", &sbc::Limits::message_alert},
    LimitKey{"header_line", "bytes of a header line (L-202)", &sbc::Limits::header_line},
    LimitKey{"header_lines", "header lines (L-203)", &sbc::Limits::header_lines},
    LimitKey{"record_routes", "Record-Route entries (L-203)", &sbc::Limits::record_routes},
    LimitKey{"uri_user", "bytes of the user part of a URI (L-204)", &sbc::Limits::uri_user},
    LimitKey{"call_id", "bytes of a Call-ID (L-204)", &sbc::Limits::call_id},
    LimitKey{"tag", "bytes of a tag (L-204)", &sbc::Limits::tag},
    LimitKey{"branch", "bytes of a branch (L-204)", &sbc::Limits::branch},
    LimitKey{"method", "bytes of a method (L-204)", &sbc::Limits::method},
    LimitKey{"vias", "Via entries (L-205)", &sbc::Limits::vias},
    LimitKey{"routes", "Route entries (L-205)", &sbc::Limits::routes},
    LimitKey{"body", "bytes of a body (L-206)", &sbc::Limits::body},
    LimitKey{"sdp", "bytes of a session description (L-206)", &sbc::Limits::sdp},
    LimitKey{"media_lines", "m= lines of a session description (L-206)", &sbc::Limits::media_lines},
    LimitKey{"bodies", "parts of a multipart body (M-123)", &sbc::Limits::bodies},
    LimitKey{"contacts", "contacts of one REGISTER (A-414)", &sbc::Limits::contacts},
};

// What an entry of a list must be.
enum class ListForm { text, lower_case, token, digits };

struct ListKey {
    std::string_view name, what;
    ListForm form;
    std::vector<std::string> sbc::Lists::* list;
};

inline const std::array list_keys{
    ListKey{"schemes", "of a Request-URI; 'urn:service' stands for every URN of RFC 5031 (M-105)", ListForm::lower_case,
            &sbc::Lists::schemes},
    ListKey{"proxy_options", "option-tags of Proxy-Require that are understood (M-122)", ListForm::token,
            &sbc::Lists::proxy_options},
    ListKey{"methods", "that are allowed here; empty: all (M-121)", ListForm::token, &sbc::Lists::methods},
    ListKey{"codecs", "that may be offered, by encoding name; empty: all (S-804)", ListForm::token, &sbc::Lists::codecs},
    ListKey{"scanners", "words of a User-Agent or Server that only scanners have (A-401)", ListForm::lower_case,
            &sbc::Lists::scanners},
    ListKey{"tools", "words of a User-Agent or Server that scanners and honest people share (A-401)",
            ListForm::lower_case, &sbc::Lists::tools},
    ListKey{"scanner_users", "users of From and To that scanners write (A-402)", ListForm::lower_case,
            &sbc::Lists::scanner_users},
    ListKey{"high_risk_prefixes", "of numbers in international form, digits only (F-501)", ListForm::digits,
            &sbc::Lists::high_risk_prefixes},
    ListKey{"inside_domains", "whose hosts no message shows outside (T-702)", ListForm::lower_case,
            &sbc::Lists::inside_domains},
    ListKey{"refer_domains", "that a REFER or a redirection may lead to; empty: all (A-424, A-426)",
            ListForm::lower_case, &sbc::Lists::refer_domains},
};

}  // namespace trunkbox::config
