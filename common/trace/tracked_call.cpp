#include "trace/tracked_call.h"

#include <algorithm>

#include "base/text.h"
#include "media/offer_answer.h"

namespace trunkbox::trace {
namespace {

// A second sight of one message within this time is a capture of both its ends; T1 is a hundred times longer.
// 64 T1: transactions that ended are quiet then (RFC 3261 timers B, F, H, J).
constexpr Duration linger = 32s;
// Timer C; what a caller may take to try again with credentials, too.
constexpr Duration unanswered = 180s;

constexpr std::size_t most_seen = 1024;
constexpr std::size_t most_branches = 64;
constexpr std::size_t most_ears = 8;
constexpr std::size_t most_addresses = 16;
constexpr std::size_t most_keys = 1024;

std::size_t index(Side side) { return side == Side::caller ? 0 : 1; }

bool is_challenge(int status) { return status == 401 || status == 407; }

// The first format that carries a voice; "" when the stream was refused.
std::string voice(const media::Session& session) {
    const media::Stream* audio = media::first_audio(session);
    if (audio == nullptr) return {};
    for (const media::Format& format : audio->formats)
        if (!media::is_telephone_event(format.codec) && !iequals(format.codec.name, "CN")) return format.codec.name;
    return {};
}

}  // namespace

TrackedCall::TrackedCall(const Sight& invite) : caller_tag_(invite.from_tag), last_(invite.time) {
    call_.call_id = invite.call_id;
    call_.from = invite.from;
    call_.to = invite.to;
    call_.caller = invite.sender;
    call_.callee = invite.receiver;
    call_.invited = invite.time;
    call_.messages = 1;
    offered_ = !invite.sdp.empty();
    seen_.emplace(invite.identity, invite.time);
}

Side TrackedCall::side_of(const Sight& sight) const {
    // A response carries the From of its request.
    const bool callers = sight.from_tag == caller_tag_;
    return callers == sight.request ? Side::caller : Side::callee;
}

TrackedCall::News TrackedCall::look(const Sight& sight) {
    auto [before, fresh] = seen_.try_emplace(sight.identity, sight.time);
    if (fresh) {
        // Beyond it what is sent again is taken for new, which costs no more than a count.
        if (seen_.size() > most_seen) seen_.clear();
        ++call_.messages;
        return News::fresh;
    }
    if (std::chrono::abs(sight.time - before->second) >= twin_window) {
        ++call_.messages;
        ++call_.retransmissions;
    }
    before->second = sight.time;
    return News::repeated;
}

TrackedCall::News TrackedCall::receive(const Sight& sight) {
    last_ = std::max(last_, sight.time);
    if (look(sight) == News::repeated) return News::repeated;
    sight.request ? on_request(sight) : on_response(sight);
    return News::fresh;
}

void TrackedCall::on_request(const Sight& sight) {
    const Side side = side_of(sight);
    if (sight.method == "INVITE" || sight.method == "UPDATE") offered_ = !sight.sdp.empty();
    if (sight.method == "CANCEL" && side == Side::caller && !cancelled_) cancelled_ = sight.time;
    if (sight.method == "INVITE" && sight.to_tag.empty() && side == Side::caller && is_challenge(call_.status)) {
        // Again with credentials: the refusal was a challenge.
        call_.status = 0;
        call_.reason.clear();
        call_.ended.reset();
    }
    if (sight.method == "INFO" && info_keys_[index(side)].size() < most_keys) info_keys_[index(side)] += sight.keys;
    if (sight.method != "BYE" || call_.hung_up_by) return;
    call_.hung_up_by = side;
    call_.ended = sight.time;
    call_.ending = Ending::completed;
}

void TrackedCall::on_response(const Sight& sight) {
    if (sight.method != "INVITE" || sight.from_tag != caller_tag_ || sight.status <= 100) return;
    if (!sight.to_tag.empty() && !is_challenge(sight.status) && callee_tags_.size() < most_branches)
        callee_tags_.insert(sight.to_tag);
    if (sight.status < 200) {
        const bool rings = sight.status == 180 || sight.status == 183;
        if (rings && !call_.ringing && !call_.answered) call_.ringing = sight.time;
    } else if (sight.status < 300) {
        if (call_.answered) return;
        call_.answered = sight.time;
        call_.status = sight.status;
        call_.reason = sight.reason;
        // A refusal before it was another branch's, or a challenge.
        if (call_.hung_up_by) return;
        call_.ended.reset();
        call_.ending = Ending::open;
    } else if (!call_.answered) {
        call_.status = sight.status;
        call_.reason = sight.reason;
        call_.ended = sight.time;
        call_.ending = sight.status == 408 ? Ending::timeout : Ending::refused;
        if (sight.status == 487 && cancelled_) {
            call_.ending = Ending::cancelled;
            call_.hung_up_by = Side::caller;
        }
    }
}

void TrackedCall::announced(const Sight& sight, const net::Endpoint& rtp) {
    auto& all = ears_[index(side_of(sight))];
    auto same = std::ranges::find(all, sight.sender, &Ears::sender);
    if (same == all.end()) {
        if (all.size() >= most_ears) return;
        same = all.insert(all.end(), {.sender = sight.sender});
    }
    if (std::ranges::find(same->rtp, rtp) != same->rtp.end()) return;
    if (same->rtp.size() >= most_addresses) same->rtp.erase(same->rtp.begin());
    same->rtp.push_back(rtp);
}

void TrackedCall::described(const Sight& sight, const media::Session& session) {
    const bool answers = sight.request
                             ? sight.method == "ACK"
                             : offered_ && sight.status < 300 && (sight.method == "INVITE" || sight.method == "UPDATE");
    if (!answers) return;
    auto codec = voice(session);
    if (!codec.empty()) call_.codec = std::move(codec);
}

Time TrackedCall::deadline() const {
    if (call_.ended) return last_ + (is_challenge(call_.status) ? unanswered : linger);
    return call_.answered ? Time::max() : last_ + unanswered;
}

void TrackedCall::conclude(bool timed_out) {
    if (call_.ended || call_.answered) return;
    if (cancelled_) {
        call_.ended = cancelled_;
        call_.ending = Ending::cancelled;
        call_.hung_up_by = Side::caller;
    } else if (timed_out) {
        call_.ending = Ending::timeout;
    }
}

Audio TrackedCall::audio_to(Side listener, const std::vector<Stream>& streams) const {
    Audio made;
    const auto& ears = ears_[index(listener)];
    const auto& mouths = ears_[1 - index(listener)];
    auto any_of = [](const std::vector<Ears>& all, auto matches) {
        for (const Ears& each : all)
            if (std::ranges::any_of(each.rtp, matches)) return &each;
        return static_cast<const Ears*>(nullptr);
    };
    auto goes_to = [&](const net::Endpoint& rtp) {
        return std::ranges::find(streams, rtp, &Stream::to) != streams.end();
    };
    auto comes_from = [&](const net::Endpoint& rtp) {
        return std::ranges::find(streams, rtp, &Stream::from) != streams.end();
    };
    // Nearest to the listener first. Behind a NAT that nobody told of, what leaves the other side is all that is known.
    const Ears* heard = any_of(ears, goes_to);
    const Ears* said = heard ? nullptr : any_of(mouths, comes_from);
    double weight = 0, jitter = 0, score = 0;
    for (const Stream& stream : streams) {
        const bool counts = (heard && std::ranges::find(heard->rtp, stream.to) != heard->rtp.end()) ||
                            (said && std::ranges::find(said->rtp, stream.from) != said->rtp.end());
        if (!counts) continue;
        const auto packets = static_cast<double>(stream.packets);
        made.packets += stream.packets;
        made.lost += stream.sequence.lost();
        made.digits += stream.keys();
        jitter += packets * seconds(stream.mean_jitter);
        if (!stream.mos) continue;
        weight += packets;
        score += packets * *stream.mos;
    }
    if (made.packets > 0) made.mean_jitter = from_seconds(jitter / static_cast<double>(made.packets));
    if (weight > 0) made.mos = score / weight;
    made.digits += info_keys_[1 - index(listener)];
    return made;
}

Call TrackedCall::finish(std::vector<Stream> streams, bool timed_out) && {
    conclude(timed_out);
    call_.branches = callee_tags_.size();
    call_.from_caller = audio_to(Side::callee, streams);
    call_.from_callee = audio_to(Side::caller, streams);
    call_.streams = std::move(streams);
    return std::move(call_);
}

}  // namespace trunkbox::trace
