#include "trace/streams.h"

#include <algorithm>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "trace/announcements.h"

namespace trunkbox::trace {
namespace {

bool is_beside_audio(const media::Codec& codec) {
    return iequals(codec.name, "telephone-event") || iequals(codec.name, "CN");
}

// Nothing announced it: RTP looks like this, and not much else does.
bool may_be_rtp(const Flow::Key& key, const RtpPacket& packet) {
    const std::uint8_t type = packet.header.payload_type;
    const bool plausible = type >= 96 || media::static_codec(type).has_value();
    return plausible && !packet.payload.empty() && key.ssrc != 0 && key.from.port >= 1024 && key.to.port >= 1024;
}

}  // namespace

double Stream::bits_per_second() const {
    const double over = seconds(duration());
    if (over <= 0) return 0;
    const std::uint64_t headers = packets * (from.ip.is_v6() ? 48 : 28);
    return static_cast<double>(octets + headers) * 8 / over;
}

std::string Stream::codec() const {
    const Format* most = nullptr;
    for (const Format& format : formats) {
        if (!format.codec || is_beside_audio(*format.codec)) continue;
        if (most == nullptr || format.packets > most->packets) most = &format;
    }
    return most ? most->codec->name : std::string();
}

std::string Stream::codecs() const {
    std::string made;
    for (const Format& format : formats) {
        if (!made.empty()) made += ", ";
        made += format.codec ? format.codec->name : fmt::format("PT {}", format.payload_type);
    }
    return made;
}

std::string Stream::keys() const {
    std::string made;
    for (const Digit& digit : digits) made += digit.key;
    return made;
}

class Streams::Table {
  public:
    explicit Table(Limits limits) : limits_(limits), announcements_(limits.announced) {}

    std::function<void(const MediaPacket&)> listener;
    Counters counters;
    std::vector<Stream> evicted;

    void announce(const net::Endpoint& rtp, std::span<const media::Format> formats, std::string_view call_id);
    void receive(const net::Datagram& datagram);
    void release(std::string_view call_id) {
        if (StreamOwner* owner = announcements_.owner(call_id)) owner->released = true;
    }
    std::vector<Stream> take(std::string_view call_id);
    std::vector<Stream> finish();

  private:
    using Index = FlowTable::Index;
    static constexpr std::size_t most_same_ssrc = 8;
    static constexpr std::size_t most_owners = 8;  // calls that share a stream

    void begin(const Flow::Key& key, const RtpPacket& packet, Time time);
    void try_packet(Index index, const RtpPacket& packet, Time time);
    void adopt(Index index, std::span<StreamOwner* const> owners);
    void register_flow(Index index);
    void tell(const Flow& flow, const RtpPacket& packet, Time time) const;
    bool receive_reports(media::ByteView bytes, const net::Datagram& datagram);
    Flow* source(std::uint32_t ssrc, const net::Ip& ip);
    Stream stream(Index index);
    void drop(Index index);
    void make_room();

    Limits limits_;
    FlowTable flows_;
    Announcements announcements_;
    std::unordered_map<std::uint32_t, std::vector<Index>> by_ssrc_;
    std::uint64_t next_id_ = 1;
};

void Streams::Table::announce(const net::Endpoint& rtp, std::span<const media::Format> formats,
                              std::string_view call_id) {
    if (rtp.port == 0 || rtp.ip.is_any()) return;
    const bool news = announcements_.add(rtp, formats, call_id);
    counters.forgotten = announcements_.forgotten();
    if (!news) return;
    StreamOwner* owner = announcements_.owner(call_id);
    MediaPlace* place = announcements_.find(rtp);
    if (owner == nullptr || place == nullptr) return;
    for (Index index : std::vector<Index>(place->flows)) {
        FlowTable::Entry& entry = flows_.at(index);
        if (!entry.linked) continue;
        bool others = !entry.owners.empty() && std::ranges::find(entry.owners, owner) == entry.owners.end();
        if (others && std::ranges::all_of(entry.owners, &StreamOwner::released)) {
            flows_.unlink(index);
        } else if (entry.flow.key().to == rtp || entry.owners.empty()) {
            adopt(index, {&owner, 1});
            entry.flow.formats_changed();
        }
    }
}

void Streams::Table::adopt(Index index, std::span<StreamOwner* const> owners) {
    FlowTable::Entry& entry = flows_.at(index);
    for (StreamOwner* owner : owners) {
        if (entry.owners.size() >= most_owners) return;
        if (std::ranges::find(entry.owners, owner) != entry.owners.end()) continue;
        entry.owners.push_back(owner);
        owner->flows.push_back(index);
    }
}

void Streams::Table::receive(const net::Datagram& datagram) {
    if (datagram.transport != net::Transport::udp) return;
    media::ByteView bytes(reinterpret_cast<const std::uint8_t*>(datagram.bytes.data()), datagram.bytes.size());
    if (media::is_rtcp(bytes) && receive_reports(bytes, datagram)) return;
    auto packet = RtpPacket::read(bytes);
    if (!packet) return;
    const Flow::Key key{datagram.from, datagram.to, packet->header.ssrc};
    auto known = flows_.find(key);
    if (!known) return begin(key, *packet, datagram.time);
    Flow& flow = flows_.at(*known).flow;
    if (!flow.confirmed()) return try_packet(*known, *packet, datagram.time);
    const std::uint8_t type = packet->header.payload_type;
    flow.receive(*packet, datagram.time, flow.wants_formats(*packet) ? announcements_.formats(key, type) : nullptr);
    ++counters.packets;
    if (listener) tell(flow, *packet, datagram.time);
}

void Streams::Table::begin(const Flow::Key& key, const RtpPacket& packet, Time time) {
    auto owners = announcements_.owners(key);
    if (owners.empty() && !may_be_rtp(key, packet)) return;
    if (flows_.size() >= limits_.streams) {
        make_room();
        owners = announcements_.owners(key);
    }
    if (auto crowded = flows_.crowded(key)) {
        ++counters.evicted;
        if (flows_.at(*crowded).flow.confirmed()) evicted.push_back(stream(*crowded));
        drop(*crowded);
    }
    const Index index = flows_.insert(Flow(key, next_id_++, packet, time));
    if (!owners.empty()) {
        adopt(index, owners);
        flows_.at(index).flow.confirm(packet, announcements_.formats(key, packet.header.payload_type));
        flows_.at(index).flow.begin_with(packet, time);
        register_flow(index);
        ++counters.packets;
    }
    if (listener) tell(flows_.at(index).flow, packet, time);
}

void Streams::Table::try_packet(Index index, const RtpPacket& packet, Time time) {
    Flow& flow = flows_.at(index).flow;
    auto owners = announcements_.owners(flow.key());
    flow.try_packet(packet, time);
    if (!owners.empty()) flow.confirm(packet, announcements_.formats(flow.key(), packet.header.payload_type));
    if (flow.confirmed()) {
        flow.begin_with(packet, time);
        adopt(index, owners);
        register_flow(index);
        counters.packets += flow.packets();
    }
    if (listener) tell(flow, packet, time);
}

// A flow that is known to be RTP is found by its addresses and by its source, too.
void Streams::Table::register_flow(Index index) {
    const Flow::Key& key = flows_.at(index).flow.key();
    announcements_.add_flow(key, index);
    auto& same = by_ssrc_[key.ssrc];
    same.push_back(index);
    if (same.size() > most_same_ssrc) same.erase(same.begin());
}

void Streams::Table::tell(const Flow& flow, const RtpPacket& packet, Time time) const {
    const media::Codec* codec = flow.codec();
    std::optional<media::Codec> by_type;
    // What is not known to be RTP yet may be, and its first packets are a part of it.
    if (codec == nullptr) by_type = media::static_codec(packet.header.payload_type);
    if (by_type) codec = &*by_type;
    listener({.stream = flow.id(), .codec = codec, .time = time, .header = packet.header, .payload = packet.payload});
}

// False when it is no RTCP after all: RTP with a marker of a payload type from 64 to 95.
bool Streams::Table::receive_reports(media::ByteView bytes, const net::Datagram& datagram) {
    auto reports = media::parse_rtcp(bytes);
    if (!reports) return false;
    bool known = false;
    for (const auto& report : *reports) {
        if (Flow* flow = report.info ? source(report.sender, datagram.from.ip) : nullptr) {
            flow->on_sender_report(*report.info, datagram.time);
            known = true;
        }
        for (const auto& block : report.blocks) {
            // What is reported on was sent by the one whom the report goes to.
            if (Flow* flow = source(block.ssrc, datagram.to.ip)) {
                flow->on_block(block, datagram.time);
                known = true;
            }
        }
    }
    if (known) ++counters.reports;
    return true;
}

Flow* Streams::Table::source(std::uint32_t ssrc, const net::Ip& ip) {
    auto same = by_ssrc_.find(ssrc);
    if (same == by_ssrc_.end()) return nullptr;
    for (auto index = same->second.rbegin(); index != same->second.rend(); ++index) {
        Flow& flow = flows_.at(*index).flow;
        if (flow.key().from.ip == ip) return &flow;
    }
    return nullptr;
}

Stream Streams::Table::stream(Index index) {
    const FlowTable::Entry& entry = flows_.at(index);
    std::optional<Duration> other_way;
    if (MediaPlace* place = announcements_.find(entry.flow.key().from)) {
        for (Index each : place->flows) {
            const Flow& other = flows_.at(each).flow;
            if (other.key().from == entry.flow.key().to && other.round_trip()) other_way = other.round_trip();
        }
    }
    Stream made = entry.flow.stream(other_way);
    if (!entry.owners.empty()) made.call_id = entry.owners.front()->name;
    return made;
}

// From everywhere but its owners.
void Streams::Table::drop(Index index) {
    FlowTable::Entry& entry = flows_.at(index);
    if (entry.flow.confirmed()) {
        const Flow::Key key = entry.flow.key();
        announcements_.remove_flow(key, index);
        auto same = by_ssrc_.find(key.ssrc);
        if (same != by_ssrc_.end() && std::erase(same->second, index) > 0 && same->second.empty()) by_ssrc_.erase(same);
    }
    for (StreamOwner* owner : std::vector<StreamOwner*>(std::move(entry.owners))) {
        std::erase(owner->flows, index);
        announcements_.remove_if_idle(*owner);
    }
    flows_.erase(index);
}

// An eighth of the streams at once, those that were silent longest, so that it costs little a stream.
void Streams::Table::make_room() {
    std::vector<std::pair<Time, Index>> all;
    for (Index index : flows_.all()) all.emplace_back(flows_.at(index).flow.last(), index);
    auto earlier = [&](const auto& a, const auto& b) {
        return std::pair(a.first, flows_.at(a.second).flow.id()) < std::pair(b.first, flows_.at(b.second).flow.id());
    };
    const std::size_t count = all.size() / 8 + 1;
    std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count - 1), all.end(), earlier);
    all.resize(count);
    std::sort(all.begin(), all.end(), earlier);
    std::set<StreamOwner*> owners;
    std::set<Index> gone;
    for (const auto& [last, index] : all) {
        FlowTable::Entry& entry = flows_.at(index);
        if (entry.flow.confirmed()) {
            ++counters.evicted;
            evicted.push_back(stream(index));
        }
        gone.insert(index);
        owners.insert(entry.owners.begin(), entry.owners.end());
        entry.owners.clear();
        drop(index);
    }
    for (StreamOwner* owner : owners) {
        std::erase_if(owner->flows, [&](Index index) { return gone.contains(index); });
        announcements_.remove_if_idle(*owner);
    }
}

std::vector<Stream> Streams::Table::take(std::string_view call_id) {
    std::vector<Stream> made;
    StreamOwner* owner = announcements_.owner(call_id);
    if (owner == nullptr) return made;
    // Detached first: dropping a flow must not look for it in a list that is being walked.
    for (Index index : std::exchange(owner->flows, {})) {
        made.push_back(stream(index));
        made.back().call_id = call_id;
        std::erase(flows_.at(index).owners, owner);
        if (flows_.at(index).owners.empty()) drop(index);
    }
    announcements_.remove(*owner);
    std::ranges::sort(made, {}, &Stream::id);
    return made;
}

std::vector<Stream> Streams::Table::finish() {
    std::vector<Stream> made;
    for (Index index : flows_.all())
        if (flows_.at(index).flow.confirmed()) made.push_back(stream(index));
    auto listening = std::move(listener);
    auto counted = counters;
    *this = Table(limits_);
    listener = std::move(listening);
    counters = counted;
    return made;
}

Streams::Streams() : Streams(Limits{}) {}
Streams::Streams(Limits limits) : table_(std::make_unique<Table>(limits)) {}
Streams::~Streams() = default;
Streams::Streams(Streams&&) noexcept = default;
Streams& Streams::operator=(Streams&&) noexcept = default;

void Streams::listen(std::function<void(const MediaPacket&)> listener) { table_->listener = std::move(listener); }
void Streams::announce(const net::Endpoint& rtp, std::span<const media::Format> formats, std::string_view call_id) {
    table_->announce(rtp, formats, call_id);
}
void Streams::receive(const net::Datagram& datagram) { table_->receive(datagram); }
void Streams::release(std::string_view call_id) { table_->release(call_id); }
std::vector<Stream> Streams::take(std::string_view call_id) { return table_->take(call_id); }
std::vector<Stream> Streams::take_evicted() { return std::exchange(table_->evicted, {}); }
std::vector<Stream> Streams::finish() { return table_->finish(); }
const Streams::Counters& Streams::counters() const { return table_->counters; }

}  // namespace trunkbox::trace
