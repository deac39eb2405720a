#include "trace/calls.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "sip/cseq.h"
#include "sip/message_view.h"
#include "sip/name_addr.h"

namespace trunkbox::trace {
namespace {

using sip::HeaderName;

// What of a message decides to which call it belongs, and what it says there.
struct Sight {
    Time time{};
    bool request = false;
    std::string method;  // a response's is its CSeq's
    int status = 0;
    std::string call_id, from, from_tag, to, to_tag;
};

std::optional<Sight> sight(const Message& message) {
    auto view = sip::MessageView::read(message.bytes);
    if (view.kind() == sip::MessageView::Kind::not_sip || view.count(HeaderName::call_id) == 0) return std::nullopt;
    Sight made;
    made.time = message.time;
    made.request = view.is_request();
    made.status = view.status();
    made.call_id = view.value(HeaderName::call_id);
    if (made.request) {
        made.method = view.method();
    } else if (auto cseq = sip::CSeq::parse(view.value(HeaderName::cseq))) {
        made.method = cseq->method;
    }
    if (auto from = sip::NameAddr::parse(view.value(HeaderName::from))) {
        made.from = from->uri;
        made.from_tag = from->tag();
    }
    if (auto to = sip::NameAddr::parse(view.value(HeaderName::to))) {
        made.to = to->uri;
        made.to_tag = to->tag();
    }
    return made;
}

// A call while its messages are read.
struct Open {
    Call call;
    std::string caller_tag;
    std::set<std::string> callee_tags;
    bool cancelled = false;
};

void on_response(Open& open, const Sight& s) {
    if (s.method != "INVITE" || s.from_tag != open.caller_tag || s.status <= 100) return;
    if (!s.to_tag.empty()) open.callee_tags.insert(s.to_tag);
    Call& call = open.call;
    if (s.status < 200) {
        bool rings = s.status == 180 || s.status == 183;
        if (rings && !call.ringing && !call.answered) call.ringing = s.time;
    } else if (s.status < 300) {
        if (call.answered) return;
        call.answered = s.time;
        call.status = s.status;
        // A refusal before it was another branch's, or a challenge.
        if (!call.hung_up_by) call.ended.reset();
    } else if (!call.answered) {
        call.status = s.status;
        call.ended = s.time;
        if (s.status == 487 && open.cancelled) call.hung_up_by = Side::caller;
    }
}

void on_request(Open& open, const Sight& s) {
    if (s.method == "CANCEL" && s.from_tag == open.caller_tag) open.cancelled = true;
    if (s.method == "INVITE" && s.to_tag.empty() && s.from_tag == open.caller_tag && !open.call.answered) {
        // Again with credentials: the refusal was a challenge.
        bool challenged = open.call.status == 401 || open.call.status == 407;
        if (challenged) {
            open.call.status = 0;
            open.call.ended.reset();
        }
    }
    if (s.method != "BYE" || open.call.hung_up_by) return;
    open.call.hung_up_by = s.from_tag == open.caller_tag ? Side::caller : Side::callee;
    open.call.ended = s.time;
}

}  // namespace

std::string_view name(Side side) { return side == Side::caller ? "caller" : "callee"; }

std::optional<Duration> Call::post_dial_delay() const {
    if (ringing) return *ringing - invited;
    if (answered) return *answered - invited;
    // A BYE is no sign of how long it took to reach the far end.
    if (ended && status >= 300) return *ended - invited;
    return std::nullopt;
}

std::optional<Duration> Call::duration() const {
    if (!answered || !ended) return std::nullopt;
    return *ended - *answered;
}

std::vector<Call> calls(std::span<const Message> messages) {
    std::vector<Sight> sights;
    for (const Message& message : messages)
        if (auto seen = sight(message)) sights.push_back(std::move(*seen));
    std::ranges::stable_sort(sights, {}, &Sight::time);

    std::vector<Open> open;
    std::map<std::string, std::size_t, std::less<>> by_call_id;
    for (const Sight& s : sights) {
        auto known = by_call_id.find(s.call_id);
        if (known == by_call_id.end()) {
            if (!s.request || s.method != "INVITE" || !s.to_tag.empty()) continue;
            known = by_call_id.emplace(s.call_id, open.size()).first;
            Open fresh;
            fresh.call.call_id = s.call_id;
            fresh.call.from = s.from;
            fresh.call.to = s.to;
            fresh.call.invited = s.time;
            fresh.caller_tag = s.from_tag;
            open.push_back(std::move(fresh));
            continue;
        }
        s.request ? on_request(open[known->second], s) : on_response(open[known->second], s);
    }

    std::vector<Call> made;
    for (Open& each : open) {
        each.call.branches = each.callee_tags.size();
        made.push_back(std::move(each.call));
    }
    return made;
}

}  // namespace trunkbox::trace
