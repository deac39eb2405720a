#include "trace/announcements.h"

#include <algorithm>
#include <utility>

namespace trunkbox::trace {
namespace {

// The new formats, and the old ones whose payload types these do not give another meaning.
Formats merged(std::span<const media::Format> fresh, const Formats& old) {
    constexpr std::size_t most_formats = 128;
    Formats made(fresh.begin(), fresh.end());
    for (const media::Format& format : old) {
        auto same = [&](const media::Format& each) { return each.payload_type == format.payload_type; };
        if (std::ranges::none_of(made, same) && made.size() < most_formats) made.push_back(format);
    }
    return made;
}

}  // namespace

MediaPlace* Announcements::find(const net::Endpoint& address) {
    auto found = places_.find(address);
    return found == places_.end() ? nullptr : &found->second;
}

StreamOwner* Announcements::owner(std::string_view name) {
    auto found = owners_.find(std::string(name));
    return found == owners_.end() ? nullptr : &found->second;
}

bool Announcements::add(const net::Endpoint& address, std::span<const media::Format> formats,
                        std::string_view owner_name) {
    auto [named, fresh_owner] = owners_.try_emplace(std::string(owner_name));
    StreamOwner& owner = named->second;
    if (fresh_owner) owner.name = owner_name;
    owner.released = false;
    MediaPlace& place = places_[address];
    place.used = ++count_;

    for (Announcement& each : place.by) {
        if (each.owner != &owner) continue;
        Formats now = merged(formats, each.formats);
        return std::exchange(each.formats, now) != now;
    }
    if (place.by.empty()) ++announced_;
    place.by.push_back({&owner, Formats(formats.begin(), formats.end())});
    owner.addresses.push_back(address);
    if (place.by.size() > most_sharing) {
        StreamOwner& oldest = *place.by.front().owner;
        withdraw(address, oldest);
        std::erase(oldest.addresses, address);
        remove_if_idle(oldest);
    }
    if (owner.addresses.size() > most_addresses) {
        withdraw(owner.addresses.front(), owner);
        owner.addresses.erase(owner.addresses.begin());
    }
    if (announced_ > most_) forget_oldest();
    return true;
}

void Announcements::withdraw(const net::Endpoint& address, const StreamOwner& owner) {
    auto found = places_.find(address);
    if (found == places_.end()) return;
    MediaPlace& place = found->second;
    auto removed = std::erase_if(place.by, [&](const Announcement& each) { return each.owner == &owner; });
    if (removed > 0 && place.by.empty()) --announced_;
    if (place.by.empty() && place.flows.empty()) places_.erase(found);
}

void Announcements::remove(StreamOwner& owner) {
    for (const net::Endpoint& address : owner.addresses) withdraw(address, owner);
    // A copy: erasing must not compare with what it destroys.
    owners_.erase(std::string(owner.name));
}

void Announcements::remove_if_idle(StreamOwner& owner) {
    if (owner.addresses.empty() && owner.flows.empty()) remove(owner);
}

// An eighth of them at once, so that it costs little an announcement.
void Announcements::forget_oldest() {
    std::vector<std::pair<std::uint64_t, net::Endpoint>> all;
    for (const auto& [address, place] : places_)
        if (!place.by.empty()) all.emplace_back(place.used, address);
    const std::size_t count = all.size() / 8 + 1;
    std::ranges::nth_element(all, all.begin() + static_cast<std::ptrdiff_t>(count - 1));
    all.resize(count);
    std::ranges::sort(all);
    for (const auto& [used, address] : all) {
        ++forgotten_;
        std::vector<StreamOwner*> owners;
        for (const Announcement& each : places_[address].by) owners.push_back(each.owner);
        for (StreamOwner* owner : owners) {
            withdraw(address, *owner);
            std::erase(owner->addresses, address);
            remove_if_idle(*owner);
        }
    }
}

const Formats* Announcements::formats(const Flow::Key& key, std::uint8_t payload_type) {
    auto names_it = [&](const media::Format& format) { return format.payload_type == payload_type; };
    for (const net::Endpoint* address : {&key.to, &key.from}) {
        MediaPlace* place = find(*address);
        if (place == nullptr) continue;
        for (auto each = place->by.rbegin(); each != place->by.rend(); ++each)
            if (std::ranges::any_of(each->formats, names_it)) return &each->formats;
    }
    return nullptr;
}

std::vector<StreamOwner*> Announcements::owners(const Flow::Key& key) {
    std::vector<StreamOwner*> made;
    for (const net::Endpoint* address : {&key.to, &key.from}) {
        MediaPlace* place = find(*address);
        if (place == nullptr || !made.empty()) continue;
        for (const Announcement& each : place->by) made.push_back(each.owner);
    }
    // A call that is over leaves its addresses to the next one.
    if (!std::ranges::all_of(made, &StreamOwner::released))
        std::erase_if(made, [](auto* each) { return each->released; });
    return made;
}

void Announcements::add_flow(const Flow::Key& key, FlowTable::Index index) {
    for (const net::Endpoint* address : {&key.to, &key.from}) {
        auto& flows = places_[*address].flows;
        flows.push_back(index);
        if (flows.size() > most_flows) flows.erase(flows.begin());
    }
}

void Announcements::remove_flow(const Flow::Key& key, FlowTable::Index index) {
    for (const net::Endpoint* address : {&key.to, &key.from}) {
        auto found = places_.find(*address);
        if (found == places_.end()) continue;
        std::erase(found->second.flows, index);
        if (found->second.by.empty() && found->second.flows.empty()) places_.erase(found);
    }
}

}  // namespace trunkbox::trace
