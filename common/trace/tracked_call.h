// One call while its messages come. Private to this folder.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "media/sdp.h"
#include "trace/calls.h"
#include "trace/sight.h"

namespace trunkbox::trace {

class TrackedCall {
  public:
    // An INVITE outside a dialog.
    explicit TrackedCall(const Sight& invite);

    enum class News { repeated, fresh };
    // The message is known to be of this call. Repeated: again the same, of which nothing is new.
    News receive(const Sight& sight);
    // Media that the message announced, an address at a time.
    void announced(const Sight& sight, const net::Endpoint& rtp);
    void described(const Sight& sight, const media::Session& session);

    // When nothing of it is expected any more; Time::max() while it talks.
    [[nodiscard]] Time deadline() const;
    [[nodiscard]] Time last() const { return last_; }
    [[nodiscard]] bool over() const { return call_.ended.has_value(); }
    // What it came to, with the streams of its media.
    [[nodiscard]] Call finish(std::vector<Stream> streams, bool timed_out) &&;

  private:
    [[nodiscard]] Side side_of(const Sight& sight) const;
    void on_request(const Sight& sight);
    void on_response(const Sight& sight);
    [[nodiscard]] News look(const Sight& sight);
    void conclude(bool timed_out);
    [[nodiscard]] Audio audio_to(Side listener, const std::vector<Stream>& streams) const;

    // Where a side hears, as one sender of its SDP said: behind a relay there are several.
    struct Ears {
        net::Endpoint sender{};
        std::vector<net::Endpoint> rtp{};
    };

    Call call_;
    std::string caller_tag_;
    std::set<std::string> callee_tags_;
    std::optional<Time> cancelled_;
    Time last_;
    bool offered_ = false;  // the last INVITE or UPDATE had SDP
    std::vector<Ears> ears_[2];
    std::string info_keys_[2];  // by who pressed them
    std::unordered_map<std::size_t, Time> seen_;
};

}  // namespace trunkbox::trace
