#include "sip/transaction_messages.h"

#include <fmt/format.h>

#include "base/text.h"
#include "sip/dialog.h"
#include "sip/parameters.h"

namespace trunkbox::sip {
namespace {

std::string_view first_item(std::string_view value) {
    if (value.find(',') == std::string_view::npos) return value;
    auto items = list_items(value);
    return items.empty() ? value : items.front();
}

// Folds become blanks, so that no CR or LF of the far end reaches a line of ours.
std::string one_line(std::string_view text) {
    std::string line(text);
    for (char& c : line)
        if (c == '\r' || c == '\n') c = ' ';
    return line;
}

std::uint16_t port_of(const Via& via) {
    return via.port.value_or(iequals(via.transport, "TLS") ? std::uint16_t{5061} : std::uint16_t{5060});
}

// Other values in the same header line stay.
void set_top_via(Message& response, std::string_view via) {
    for (auto& [name, value] : response.headers) {
        if (!iequals(name, "Via")) continue;
        value.replace(0, first_item(value).size(), via);
        return;
    }
    response.add_first("Via", via);
}

// A request inside the INVITE's transaction or cancelling it: what both take over from the INVITE.
std::string request_like(std::string_view invite_bytes, std::string_view method, std::string_view to) {
    auto invite = MessageView::read(invite_bytes);
    Message made;
    made.method = method;
    made.uri = invite.request_uri();
    made.add("Via", first_item(invite.value(HeaderName::via)));
    for (const auto& header : invite.headers())
        if (header.name == HeaderName::route) made.add("Route", header.value);
    made.add("Max-Forwards", "70");
    made.add("From", invite.value(HeaderName::from));
    made.add("To", to.empty() ? invite.value(HeaderName::to) : one_line(to));
    made.add("Call-ID", invite.value(HeaderName::call_id));
    auto cseq = CSeq::parse(invite.value(HeaderName::cseq));
    made.add("CSeq", fmt::format("{} {}", cseq ? cseq->number : 0, method));
    return made.bytes();
}

}  // namespace

std::optional<Envelope> read_envelope(const MessageView& message) {
    for (auto name : {HeaderName::call_id, HeaderName::from, HeaderName::to})
        if (message.value(name).empty()) return std::nullopt;
    auto item = first_item(message.value(HeaderName::via));
    auto via = Via::parse(item);
    if (!via) return std::nullopt;
    auto cseq = CSeq::parse(message.value(HeaderName::cseq));
    if (!cseq) return std::nullopt;
    return Envelope{item, *via, *cseq};
}

bool has_cookie(std::string_view branch) {
    // The cookie alone identifies nothing.
    return branch.size() > branch_cookie.size() && istarts_with(branch, branch_cookie);
}

void client_key(std::string& key, std::string_view branch, std::string_view method) {
    key.assign("c ").append(method).append(" ").append(branch);
}

void server_key(std::string& key, const MessageView& request, const Envelope& envelope,
                std::string_view method, std::string_view to_tag) {
    auto branch = envelope.via.branch();
    if (has_cookie(branch)) {
        key.assign("s ").append(method).append(" ");
        for (char c : envelope.via.host) key += to_lower(c);
        fmt::format_to(std::back_inserter(key), ":{} {}", port_of(envelope.via), branch);
        return;
    }
    auto from_tag = tag_of(request.value(HeaderName::from));
    key = fmt::format("o {} {}\n{}\n{}\n{}\n{}\n{}", method, envelope.cseq.number, request.request_uri(),
                      from_tag, request.value(HeaderName::call_id), envelope.via_item, to_tag);
}

std::string answered_via(const Envelope& envelope, const net::Endpoint& from) {
    auto source = from.ip.text();
    auto host = envelope.via.host;
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    bool symmetric = false;
    auto text = one_line(trim(envelope.via_item.substr(0, envelope.via_item.find(';'))));
    for (const auto& parameter : parameters(envelope.via.parameters)) {
        if (iequals(parameter.name, "received")) continue;
        if (iequals(parameter.name, "rport")) {
            if (!symmetric) text += fmt::format(";rport={}", from.port);
            symmetric = true;
            continue;
        }
        text.append(";").append(parameter.name);
        if (parameter.has_value) text.append("=").append(one_line(parameter.value));
    }
    if (symmetric || host != source) text.append(";received=").append(source);
    return text;
}

net::Endpoint response_target(const Via& via, const net::Endpoint& from, bool reliable) {
    if (reliable || via.parameter("rport")) return from;
    return {from.ip, via.port.value_or(5060)};
}

Message own_response(const MessageView& request, int status, std::string_view via, std::string_view tag) {
    auto response = Message::response_to(request, status);
    auto to = response.get("To");
    if (status != 100 && tag_of(to).empty()) response.set("To", fmt::format("{};tag={}", to, tag));
    if (status == 100 && request.find(HeaderName::timestamp) != nullptr)  // section 8.2.6.1
        response.add("Timestamp", one_line(request.value(HeaderName::timestamp)));
    set_top_via(response, via);
    return response;
}

std::string with_top_via(Message response, std::string_view via) {
    set_top_via(response, via);
    return response.bytes();
}

std::string ack_of(std::string_view invite, std::string_view to) {
    return request_like(invite, "ACK", to);
}

std::string cancel_of(std::string_view invite) {
    return request_like(invite, "CANCEL", {});
}

}  // namespace trunkbox::sip
