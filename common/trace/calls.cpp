#include "trace/calls.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "media/sdp_reader.h"
#include "trace/tracked_call.h"

namespace trunkbox::trace {

std::string_view name(Side side) { return side == Side::caller ? "caller" : "callee"; }

std::string_view name(Ending ending) {
    switch (ending) {
        case Ending::open: return "open";
        case Ending::completed: return "completed";
        case Ending::refused: return "refused";
        case Ending::cancelled: return "cancelled";
        case Ending::timeout: return "timeout";
    }
    return "";
}

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

std::string_view Call::audio() const {
    if (from_caller.packets > 0) return from_callee.packets > 0 ? "both" : "caller";
    return from_callee.packets > 0 ? "callee" : "none";
}

class Calls::State {
  public:
    explicit State(Limits limits) : streams(limits.streams), limits_(limits) {}

    void receive(const net::Datagram& datagram);
    std::vector<Call> finish();

    Streams streams;
    Counters counters;
    std::vector<Call> closed;
    std::vector<Stream> stray;  // streams of no call, taken back

  private:
    struct Entry {
        TrackedCall call;
        std::uint64_t serial = 0;
        Time deadline{};
    };
    using Entries = std::unordered_map<std::string, Entry>;

    void receive_message(const Sight& sight);
    void announce(const Sight& sight, TrackedCall* call);
    void schedule(const std::string& call_id, Entry& entry);
    void close(Entries::iterator entry, bool timed_out);
    void close_due();
    void make_room();

    Limits limits_;
    Entries open_;
    // By deadline, then in the order of their INVITEs.
    std::set<std::tuple<Time, std::uint64_t, std::string>> due_;
    Time now_ = Time::min();
    std::uint64_t serial_ = 0;
};

void Calls::State::receive(const net::Datagram& datagram) {
    now_ = std::max(now_, datagram.time);
    if (!due_.empty() && std::get<Time>(*due_.begin()) <= now_) close_due();
    if (streams.is_media(datagram.bytes)) {
        streams.receive(datagram);
    } else if (auto sight = Sight::of(datagram)) {
        ++counters.messages;
        receive_message(*sight);
    }
}

void Calls::State::receive_message(const Sight& sight) {
    auto known = open_.find(sight.call_id);
    if (known == open_.end()) {
        const bool begins = sight.request && sight.method == "INVITE" && sight.to_tag.empty();
        if (!begins) {
            announce(sight, nullptr);
            return;
        }
        if (open_.size() >= limits_.calls) make_room();
        known = open_.emplace(sight.call_id, Entry{.call = TrackedCall(sight), .serial = ++serial_}).first;
        announce(sight, &known->second.call);
    } else if (known->second.call.receive(sight) == TrackedCall::News::fresh) {
        announce(sight, &known->second.call);
    }
    Entry& entry = known->second;
    if (entry.call.over()) streams.release(known->first);
    schedule(known->first, entry);
}

void Calls::State::announce(const Sight& sight, TrackedCall* call) {
    if (sight.sdp.empty()) return;
    auto session = media::read_sdp(sight.sdp);
    for (const media::Stream& stream : session.streams) {
        if (!stream.is_rtp() || stream.port == 0) continue;
        auto rtp = media::rtp_endpoint(session, stream);
        if (!rtp) continue;
        streams.announce(*rtp, stream.formats, sight.call_id);
        if (call && stream.is_audio()) call->announced(sight, *rtp);
    }
    if (call) call->described(sight, session);
}

void Calls::State::schedule(const std::string& call_id, Entry& entry) {
    const Time deadline = entry.call.deadline();
    if (deadline == entry.deadline) return;
    due_.erase({entry.deadline, entry.serial, call_id});
    entry.deadline = deadline;
    if (deadline != Time::max()) due_.insert({deadline, entry.serial, call_id});
}

void Calls::State::close(Entries::iterator entry, bool timed_out) {
    due_.erase({entry->second.deadline, entry->second.serial, entry->first});
    closed.push_back(std::move(entry->second.call).finish(streams.take(entry->first), timed_out));
    open_.erase(entry);
}

void Calls::State::close_due() {
    while (!due_.empty() && std::get<Time>(*due_.begin()) <= now_)
        close(open_.find(std::get<std::string>(*due_.begin())), true);
}

// An eighth of the calls at once, those that were silent longest, so that it costs little a call.
void Calls::State::make_room() {
    std::vector<std::tuple<Time, std::uint64_t, Entries::iterator>> all;
    for (auto entry = open_.begin(); entry != open_.end(); ++entry)
        all.emplace_back(entry->second.call.last(), entry->second.serial, entry);
    auto earlier = [](const auto& a, const auto& b) {
        return std::pair(std::get<0>(a), std::get<1>(a)) < std::pair(std::get<0>(b), std::get<1>(b));
    };
    const std::size_t count = all.size() / 8 + 1;
    std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count - 1), all.end(), earlier);
    all.resize(count);
    std::sort(all.begin(), all.end(), earlier);
    for (auto& each : all) close(std::get<2>(each), false);
    counters.evicted += count;
}

std::vector<Call> Calls::State::finish() {
    std::vector<std::pair<std::uint64_t, std::string>> left;
    for (const auto& [call_id, entry] : open_) left.emplace_back(entry.serial, call_id);
    std::ranges::sort(left);
    for (const auto& each : left) close(open_.find(each.second), false);
    for (Stream& each : streams.take_evicted()) stray.push_back(std::move(each));
    for (Stream& each : streams.finish()) stray.push_back(std::move(each));
    std::ranges::stable_sort(closed, {}, &Call::invited);
    return std::exchange(closed, {});
}

Calls::Calls() : Calls(Limits{}) {}
Calls::Calls(Limits limits) : state_(std::make_unique<State>(limits)) {}
Calls::~Calls() = default;
Calls::Calls(Calls&&) noexcept = default;
Calls& Calls::operator=(Calls&&) noexcept = default;

void Calls::receive(const net::Datagram& datagram) { state_->receive(datagram); }
std::vector<Call> Calls::take() { return std::exchange(state_->closed, {}); }
std::vector<Stream> Calls::take_streams() {
    for (Stream& each : state_->streams.take_evicted()) state_->stray.push_back(std::move(each));
    return std::exchange(state_->stray, {});
}
std::vector<Call> Calls::finish() { return state_->finish(); }
Streams& Calls::streams() { return state_->streams; }
const Calls::Counters& Calls::counters() const { return state_->counters; }

std::vector<Call> calls(std::span<const Message> messages) {
    std::vector<const Message*> in_time;
    for (const Message& message : messages) in_time.push_back(&message);
    std::ranges::stable_sort(in_time, {}, &Message::time);
    Calls all;
    for (const Message* message : in_time)
        all.receive({.time = message->time, .from = message->from, .to = message->to, .bytes = message->bytes});
    return all.finish();
}

}  // namespace trunkbox::trace
