#include "trace/sight.h"

#include <fmt/format.h>

#include "base/text.h"
#include "media/telephone_event.h"
#include "sip/body.h"
#include "sip/cseq.h"
#include "sip/message_view.h"
#include "sip/name_addr.h"
#include "sip/uri.h"
#include "sip/via.h"

namespace trunkbox::trace {
namespace {

using sip::HeaderName;

constexpr std::size_t most_call_id = 1024;
constexpr std::size_t most_text = 256;
constexpr std::size_t most_tag = 128;

std::string cut(std::string_view text, std::size_t most = most_text) { return std::string(text.substr(0, most)); }

// "\"Alice \\\"A\\\"\"" as the person who wrote it meant it.
std::string unquoted(std::string_view display) {
    display = trim(display);
    if (display.size() < 2 || display.front() != '"' || display.back() != '"') return cut(display);
    std::string made;
    display = display.substr(1, display.size() - 2);
    for (std::size_t at = 0; at < display.size() && made.size() < most_text; ++at) {
        if (display[at] == '\\' && at + 1 < display.size()) ++at;
        made += display[at];
    }
    return made;
}

Party party(const sip::NameAddr& from) {
    Party made{.uri = cut(from.uri), .display = unquoted(from.display)};
    auto uri = sip::UriView::parse(made.uri);
    // The parameters of a number behind ';' are no part of it (RFC 3966 section 3).
    if (uri) made.number = sip::unescape(split_once(uri->user, ';').first);
    return made;
}

// "Signal=5\r\nDuration=160", or "5" alone.
void read_info(Sight& made, const sip::MessageView& view) {
    auto type = view.value(HeaderName::content_type);
    if (istarts_with(type, "application/dtmf-relay")) {
        for (std::string_view line : split(view.body().substr(0, most_text), '\n')) {
            auto [name, value] = split_once(line, '=');
            if (!value) continue;
            if (iequals(trim(name), "Signal")) made.keys = trim(*value);
            auto milliseconds = parse_integer<std::uint16_t>(trim(*value));
            if (iequals(trim(name), "Duration") && milliseconds)
                made.key_duration = std::chrono::milliseconds(*milliseconds);
        }
    } else if (istarts_with(type, "application/dtmf")) {
        made.keys = trim(view.body().substr(0, most_text));
    }
    // One key; a hook flash and a word are none.
    if (made.keys.size() != 1 || !media::event_of(made.keys.front())) made.keys = {};
}

std::size_t identity_of(const Sight& sight, const sip::MessageView& view) {
    std::string_view branch;
    auto via = sip::Via::parse(split_once(view.value(HeaderName::via), ',').first);
    if (via) branch = via->branch();
    return std::hash<std::string>{}(fmt::format(
        "{} {} {} {} {} {} {}", sight.sender.text(), sight.receiver.text(), view.is_request() ? view.method() : "",
        sight.status, cut(view.value(HeaderName::cseq)), cut(branch), sight.to_tag));
}

}  // namespace

std::optional<Sight> Sight::of(const net::Datagram& datagram) {
    auto view = sip::MessageView::read(datagram.bytes);
    if (view.kind() == sip::MessageView::Kind::not_sip || view.count(HeaderName::call_id) == 0) return std::nullopt;
    Sight made{.time = datagram.time, .sender = datagram.from, .receiver = datagram.to, .request = view.is_request()};
    made.status = view.status();
    made.reason = cut(view.reason());
    made.call_id = cut(view.value(HeaderName::call_id), most_call_id);
    if (auto cseq = sip::CSeq::parse(view.value(HeaderName::cseq))) {
        made.method = cut(cseq->method, most_tag);
        made.cseq = cseq->number;
    }
    if (made.request) made.method = cut(view.method(), most_tag);
    auto from = sip::NameAddr::lenient(view.value(HeaderName::from));
    made.from = party(from);
    made.from_tag = cut(from.tag(), most_tag);
    auto to = sip::NameAddr::lenient(view.value(HeaderName::to));
    made.to = party(to);
    made.to_tag = cut(to.tag(), most_tag);
    made.sdp = sip::body_of_type(view, "application/sdp").value_or("");
    if (made.request && made.method == "INFO") read_info(made, view);
    made.identity = identity_of(made, view);
    return made;
}

}  // namespace trunkbox::trace
