#include "trace/ladder.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "base/text.h"
#include "media/sdp_reader.h"
#include "sip/body.h"
#include "sip/message_view.h"
#include "sip/name_addr.h"
#include "sip/uri.h"
#include "sip/via.h"
#include "trace/sight.h"

namespace trunkbox::trace {
namespace {

using sip::HeaderName;

// Columns by name, or by address where there is no name.
class Columns {
  public:
    Columns(const LadderOptions& options, Ladder& ladder) : options_(options), ladder_(ladder) {}

    std::size_t of(const net::Endpoint& address) {
        auto [known, fresh] = index_.try_emplace(address, 0);
        if (fresh) known->second = column(address);
        return known->second;
    }
    // The column hears there, as its SDP says. Whoever says so first is the one: a proxy only passes it on.
    void hears(std::size_t column, const net::Endpoint& rtp) { ears_.try_emplace(rtp, column); }

  private:
    std::size_t column(const net::Endpoint& address) {
        auto named = options_.names.find(address);
        auto ear = ears_.find(address);
        if (named == options_.names.end() && ear != ears_.end()) {
            ladder_.participants[ear->second].addresses.push_back(address);
            return ear->second;
        }
        std::string name = named == options_.names.end() ? address.text() : named->second;
        auto& all = ladder_.participants;
        auto same = std::ranges::find(all, name, &Participant::name);
        if (same == all.end()) same = all.insert(all.end(), {.name = std::move(name)});
        same->addresses.push_back(address);
        return static_cast<std::size_t>(same - all.begin());
    }

    const LadderOptions& options_;
    Ladder& ladder_;
    std::map<net::Endpoint, std::size_t> index_;
    std::map<net::Endpoint, std::size_t> ears_;
};

// What makes two sights the same message: where it went, and RFC 3261 section 17.2.3 with the To tag of a fork.
using Identity =
    std::tuple<net::Endpoint, net::Endpoint, std::string, std::string, std::string, std::string, std::string>;

Identity identity(const Message& message, const sip::MessageView& view) {
    std::string branch, tag;
    if (auto via = sip::Via::parse(split_once(view.value(HeaderName::via), ',').first)) branch = via->branch();
    if (auto to = sip::NameAddr::parse(view.value(HeaderName::to))) tag = to->tag();
    std::string_view what = view.is_request() ? view.method() : view.status_text();
    return {message.from, message.to, std::string(what), std::string(view.value(HeaderName::call_id)),
            std::string(view.value(HeaderName::cseq)), std::move(branch), std::move(tag)};
}

// "+442079460123" of sip:+442079460123@192.0.2.1; the host of a URI without a user.
std::string target(std::string_view uri) {
    auto parsed = sip::UriView::parse(uri);
    if (!parsed) return std::string(uri);
    if (!parsed->user.empty()) return sip::unescape(parsed->user);
    return std::string(parsed->host.empty() ? uri : parsed->host);
}

bool names_a_target(std::string_view method) {
    return method != "ACK" && method != "BYE" && method != "CANCEL" && method != "PRACK";
}

std::string arrow_tail(const sip::MessageView& view) {
    if (view.is_response()) return std::string(view.reason());
    if (!names_a_target(view.method())) return {};
    // A REGISTER goes to a registrar, but is about an address.
    if (view.method() == "REGISTER")
        if (auto to = sip::NameAddr::parse(view.value(HeaderName::to))) return target(to->uri);
    return target(view.request_uri());
}

Arrow arrow(const Message& message, const sip::MessageView& view) {
    Arrow made;
    made.time = message.time;
    made.kind = view.is_request() ? Arrow::Kind::request : Arrow::Kind::response;
    made.status = view.status();
    made.head = view.is_request() ? view.method() : view.status_text();
    made.tail = arrow_tail(view);
    if (auto sdp = sip::body_of_type(view, "application/sdp")) made.note = sdp_note(*sdp);
    made.call_id = view.value(HeaderName::call_id);
    return made;
}

Arrow arrow(const Band& band) {
    Arrow made;
    made.time = band.begin;
    made.end = band.end;
    made.kind = Arrow::Kind::media;
    made.head = band.head;
    made.tail = band.tail;
    return made;
}

// Where the sender of an SDP body hears RTP.
std::vector<net::Endpoint> media_of(std::string_view body) {
    std::vector<net::Endpoint> made;
    auto session = media::read_sdp(body);
    for (const media::Stream& stream : session.streams) {
        auto rtp = media::rtp_endpoint(session, stream);
        if (stream.port != 0 && rtp && !rtp->ip.is_any()) made.push_back(*rtp);
    }
    return made;
}

// Puts the named columns in the asked order, and the arrows on the moved columns.
void arrange(Ladder& ladder, const std::vector<std::string>& order) {
    auto rank = [&](const Participant& participant) {
        return std::ranges::find(order, participant.name) - order.begin();
    };
    std::vector<std::size_t> old(ladder.participants.size());
    for (std::size_t i = 0; i < old.size(); ++i) old[i] = i;
    std::ranges::stable_sort(old, {}, [&](std::size_t i) { return rank(ladder.participants[i]); });

    std::vector<Participant> sorted;
    std::vector<std::size_t> moved(old.size());
    for (std::size_t i = 0; i < old.size(); ++i) {
        moved[old[i]] = i;
        sorted.push_back(std::move(ladder.participants[old[i]]));
    }
    ladder.participants = std::move(sorted);
    for (Arrow& each : ladder.arrows) {
        each.from = moved[each.from];
        each.to = moved[each.to];
    }
}

}  // namespace

Ladder ladder(std::span<const Message> messages, const LadderOptions& options) {
    Ladder made;
    Columns columns(options, made);
    std::map<Identity, Time> last_seen;

    for (const Message& message : messages) {
        auto view = sip::MessageView::read(message.bytes);
        if (view.kind() == sip::MessageView::Kind::not_sip) continue;
        if (!options.call_ids.empty() && !options.call_ids.contains(view.value(HeaderName::call_id))) continue;
        auto [seen, first] = last_seen.try_emplace(identity(message, view), message.time);
        if (!first && std::chrono::abs(message.time - seen->second) < twin_window) continue;
        seen->second = message.time;

        Arrow next = arrow(message, view);
        next.from = columns.of(message.from);
        next.to = columns.of(message.to);
        next.retransmission = !first;
        if (!next.note.empty())
            for (const net::Endpoint& rtp : media_of(view.body())) columns.hears(next.from, rtp);
        made.arrows.push_back(std::move(next));
    }
    for (const Band& band : options.bands) {
        Arrow next = arrow(band);
        next.from = columns.of(band.from);
        next.to = columns.of(band.to);
        made.arrows.push_back(std::move(next));
    }

    std::ranges::stable_sort(made.arrows, {}, &Arrow::time);
    if (!made.arrows.empty()) made.start = made.arrows.front().time;
    arrange(made, options.order);
    return made;
}

std::string sdp_note(std::string_view body) {
    auto session = media::read_sdp(body);
    auto audio = std::ranges::find(session.streams, "audio", &media::Stream::type);
    if (audio == session.streams.end() || audio->formats.empty()) return {};
    const auto& connection = audio->connection ? audio->connection : session.connection;
    if (!connection) return {};
    const media::Format& first = audio->formats.front();
    auto codec = first.codec.name.empty() ? fmt::format("payload type {}", first.payload_type) : first.codec.name;
    const bool ip6 = connection->text.find(':') != std::string::npos;
    return fmt::format("{} {}{}{}:{}", codec, ip6 ? "[" : "", connection->text, ip6 ? "]" : "", audio->port);
}

}  // namespace trunkbox::trace
