#include "sip/message.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "sip/grammar.h"

namespace trunkbox::sip {
namespace {

bool same_name(std::string_view a, std::string_view b) {
    auto known = header_name(a);
    return known == HeaderName::other ? iequals(a, b) : known == header_name(b);
}

// Each fold, with the blanks around it, as one blank (RFC 3261 section 7.3.1).
std::string unfolded(std::string_view value) {
    std::string out;
    out.reserve(value.size());
    for (std::size_t i = 0; i < value.size(); ++i) {
        bool line_end = value[i] == '\n' || (value[i] == '\r' && i + 1 < value.size() && value[i + 1] == '\n');
        if (!line_end) {
            out += value[i];
            continue;
        }
        while (!out.empty() && grammar::is_blank(out.back())) out.pop_back();
        while (i + 1 < value.size() && grammar::is_space(value[i + 1])) ++i;
        out += ' ';
    }
    return out;
}

std::pair<std::string, std::string> row(const Header& header) {
    auto name = header.name == HeaderName::other ? header.spelled : spelling(header.name);
    return {std::string(name), unfolded(header.value)};
}

bool belongs_in_response(HeaderName name, int status) {
    switch (name) {
        case HeaderName::via:
        case HeaderName::from:
        case HeaderName::to:
        case HeaderName::call_id:
        case HeaderName::cseq: return true;
        case HeaderName::record_route: return status > 100 && status < 300;
        // Section 8.2.6.1: a 100 carries the request's Timestamp.
        case HeaderName::timestamp: return status == 100;
        default: return false;
    }
}

struct Phrase {
    int status;
    std::string_view text;
};

constexpr auto phrases = std::to_array<Phrase>({
    {100, "Trying"}, {180, "Ringing"}, {181, "Call Is Being Forwarded"}, {182, "Queued"},
    {183, "Session Progress"}, {199, "Early Dialog Terminated"},
    {200, "OK"}, {202, "Accepted"}, {204, "No Notification"},
    {300, "Multiple Choices"}, {301, "Moved Permanently"}, {302, "Moved Temporarily"}, {305, "Use Proxy"},
    {380, "Alternative Service"},
    {400, "Bad Request"}, {401, "Unauthorized"}, {402, "Payment Required"}, {403, "Forbidden"},
    {404, "Not Found"}, {405, "Method Not Allowed"}, {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"}, {408, "Request Timeout"}, {410, "Gone"},
    {412, "Conditional Request Failed"}, {413, "Request Entity Too Large"}, {414, "Request-URI Too Long"},
    {415, "Unsupported Media Type"}, {416, "Unsupported URI Scheme"}, {417, "Unknown Resource-Priority"},
    {420, "Bad Extension"}, {421, "Extension Required"}, {422, "Session Interval Too Small"},
    {423, "Interval Too Brief"}, {424, "Bad Location Information"}, {425, "Bad Alert Message"},
    {428, "Use Identity Header"}, {429, "Provide Referrer Identity"}, {430, "Flow Failed"},
    {433, "Anonymity Disallowed"}, {436, "Bad Identity Info"}, {437, "Unsupported Credential"},
    {438, "Invalid Identity Header"}, {439, "First Hop Lacks Outbound Support"},
    {440, "Max-Breadth Exceeded"}, {469, "Bad Info Package"}, {470, "Consent Needed"},
    {480, "Temporarily Unavailable"}, {481, "Call/Transaction Does Not Exist"}, {482, "Loop Detected"},
    {483, "Too Many Hops"}, {484, "Address Incomplete"}, {485, "Ambiguous"}, {486, "Busy Here"},
    {487, "Request Terminated"}, {488, "Not Acceptable Here"}, {489, "Bad Event"}, {491, "Request Pending"},
    {493, "Undecipherable"}, {494, "Security Agreement Required"},
    {500, "Server Internal Error"}, {501, "Not Implemented"}, {502, "Bad Gateway"},
    {503, "Service Unavailable"}, {504, "Server Time-out"}, {505, "Version Not Supported"},
    {513, "Message Too Large"}, {555, "Push Notification Service Not Supported"},
    {580, "Precondition Failure"},
    {600, "Busy Everywhere"}, {603, "Decline"}, {604, "Does Not Exist Anywhere"}, {606, "Not Acceptable"},
    {607, "Unwanted"}, {608, "Rejected"},
});

}  // namespace

Message Message::copy(const MessageView& view) {
    Message message;
    message.method = view.method();
    message.uri = view.request_uri();
    message.status = view.status();
    message.reason = view.reason();
    message.body = view.body();
    message.headers.reserve(view.headers().size());
    for (const auto& header : view.headers())
        if (header.name != HeaderName::content_length) message.headers.push_back(row(header));
    return message;
}

Message Message::response_to(const MessageView& request, int status, std::string_view reason) {
    Message response;
    response.status = status;
    response.reason = reason.empty() ? reason_phrase(status) : reason;
    for (const auto& header : request.headers())
        if (belongs_in_response(header.name, status)) response.headers.push_back(row(header));
    return response;
}

std::string_view Message::get(std::string_view name) const {
    for (const auto& [own, value] : headers)
        if (same_name(name, own)) return value;
    return {};
}

void Message::set(std::string_view name, std::string_view value) {
    auto first = std::find_if(headers.begin(), headers.end(),
                              [&](const auto& header) { return same_name(name, header.first); });
    if (first == headers.end()) return add(name, value);
    // A copy first: `value` may be a view of what is being replaced.
    first->second = std::string(value);
    headers.erase(std::remove_if(first + 1, headers.end(),
                                 [&](const auto& header) { return same_name(name, header.first); }),
                  headers.end());
}

void Message::add(std::string_view name, std::string_view value) {
    headers.emplace_back(std::string(name), std::string(value));
}

void Message::add_first(std::string_view name, std::string_view value) {
    headers.insert(headers.begin(), {std::string(name), std::string(value)});
}

void Message::remove(std::string_view name) {
    std::erase_if(headers, [&](const auto& header) { return same_name(name, header.first); });
}

void Message::remove_first(std::string_view name) {
    auto first = std::find_if(headers.begin(), headers.end(),
                              [&](const auto& header) { return same_name(name, header.first); });
    if (first != headers.end()) headers.erase(first);
}

std::string Message::bytes() const {
    std::size_t size = method.size() + uri.size() + reason.size() + body.size() + 64;
    for (const auto& [name, value] : headers) size += name.size() + value.size() + 4;
    std::string out;
    out.reserve(size);
    auto end = std::back_inserter(out);
    if (is_request()) fmt::format_to(end, "{} {} SIP/2.0\r\n", method, uri);
    else fmt::format_to(end, "SIP/2.0 {} {}\r\n", status, reason);
    for (const auto& [name, value] : headers) {
        if (same_name("Content-Length", name)) continue;
        // A line that came without a colon has no name: it goes out as it came.
        if (!name.empty()) out.append(name).append(": ");
        out.append(value).append("\r\n");
    }
    fmt::format_to(end, "Content-Length: {}\r\n\r\n", body.size());
    return out.append(body);
}

std::string_view reason_phrase(int status) {
    auto found = std::lower_bound(phrases.begin(), phrases.end(), status,
                                  [](const Phrase& phrase, int wanted) { return phrase.status < wanted; });
    if (found != phrases.end() && found->status == status) return found->text;
    switch (status / 100) {
        case 1: return "Progress";
        case 2: return "OK";
        case 3: return "Redirection";
        case 4: return "Client Error";
        case 5: return "Server Error";
        case 6: return "Global Failure";
        default: return "Unknown";
    }
}

}  // namespace trunkbox::sip
