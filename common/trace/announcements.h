// Which addresses SDP announced, by which calls, and what was seen there. Private to this folder.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "net/address.h"
#include "trace/flow_table.h"

namespace trunkbox::trace {

// A call, or whatever had SDP in it.
struct StreamOwner {
    std::string name{};  // its Call-ID
    std::vector<net::Endpoint> addresses{};
    std::vector<FlowTable::Index> flows{};
    bool released = false;
};

struct Announcement {
    StreamOwner* owner = nullptr;
    Formats formats{};
};

// An address that was announced, or that a flow goes to or comes from.
struct MediaPlace {
    std::vector<Announcement> by{};         // the newest last
    std::vector<FlowTable::Index> flows{};  // the newest last
    std::uint64_t used = 0;                 // number of the announcement that last named it
};

// Every list is bounded: what is oldest goes.
class Announcements {
  public:
    explicit Announcements(std::size_t most) : most_(most) {}

    // False when nothing is new about it.
    bool add(const net::Endpoint& address, std::span<const media::Format> formats, std::string_view owner);
    [[nodiscard]] MediaPlace* find(const net::Endpoint& address);
    [[nodiscard]] StreamOwner* owner(std::string_view name);
    // What was announced of this payload type, at the address that the flow goes to, else where it comes from.
    [[nodiscard]] const Formats* formats(const Flow::Key& key, std::uint8_t payload_type);
    // The calls that the flow belongs to: those that announced where it goes, else those that announced where it comes
    // from.
    [[nodiscard]] std::vector<StreamOwner*> owners(const Flow::Key& key);

    void add_flow(const Flow::Key& key, FlowTable::Index index);
    void remove_flow(const Flow::Key& key, FlowTable::Index index);
    // With all that it announced.
    void remove(StreamOwner& owner);
    // When it neither announces anything nor has flows.
    void remove_if_idle(StreamOwner& owner);

    [[nodiscard]] std::uint64_t forgotten() const { return forgotten_; }

  private:
    static constexpr std::size_t most_sharing = 8;     // calls at one address
    static constexpr std::size_t most_addresses = 64;  // of one call
    static constexpr std::size_t most_flows = 64;      // at one address

    void withdraw(const net::Endpoint& address, const StreamOwner& owner);
    void forget_oldest();

    std::size_t most_;
    std::unordered_map<net::Endpoint, MediaPlace> places_;
    std::unordered_map<std::string, StreamOwner> owners_;
    std::size_t announced_ = 0;  // places that somebody announced
    std::uint64_t count_ = 0;
    std::uint64_t forgotten_ = 0;
};

}  // namespace trunkbox::trace
