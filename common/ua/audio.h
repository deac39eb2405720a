// The audio of one call: an RTP port, what is said into it and what is heard from it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/ids.h"
#include "media/listener.h"
#include "media/offer_answer.h"
#include "media/talker.h"
#include "sofia/loop.h"
#include "wire/rtp_port.h"

namespace trunkbox::ua {

struct AudioReport {
    std::string codec;  // empty: none was agreed on
    std::uint64_t sent = 0;  // packets
    media::Reception received;
    std::string digits;  // heard as telephone-events
    double level = media::no_level_dbm0;
    std::optional<double> mos;  // an estimate of what was received
    net::Endpoint local, remote;
    std::optional<Time> started;  // when audio was agreed on

    // "both", "sent", "received" or "none": in which directions RTP flowed.
    [[nodiscard]] std::string_view directions() const;
};

class Audio {
  public:
    struct Config {
        net::Ip local;       // bound, and named in our SDP unless `advertised` is set
        std::optional<net::Ip> advertised;
        std::optional<wire::PortRange> ports;
        media::Capabilities capabilities{};
        media::Source source = media::Silence{};
        bool echo = false;             // say what is heard; `source` is not used
        std::size_t most_samples = 0;  // of received audio to keep
        IdSource::Seed seed{};
        wire::Recorder* recorder = nullptr;
    };
    // The loop and the recorder outlive it. Error: Fault::system when no port is free.
    [[nodiscard]] static Result<std::unique_ptr<Audio>> open(sofia::Loop& loop, Config config);
    Audio(const Audio&) = delete;
    Audio& operator=(const Audio&) = delete;

    // SDP. Our first offer; the same again, higher in version, when offered anew.
    [[nodiscard]] std::string offer();
    // Our answer to an offer. To the first one nothing is sent before begin(); to later ones sending changes at once.
    // Error: 488, and why.
    [[nodiscard]] Result<std::string> answer(const std::string& offer);
    // Our answer has gone out: talk.
    void begin();
    // Takes the answer to our offer, early or final; sending starts or changes.
    [[nodiscard]] Result<void> accept(const std::string& answer);

    [[nodiscard]] bool flowing() const { return negotiated_.has_value(); }
    // Telephone-events in place of audio; an error when the far end takes none, or the stream is on hold.
    Result<void> send_digits(std::string_view digits);
    // False on hold, too: what is not sent is not waited for.
    [[nodiscard]] bool sending_digits() const { return speaking() && talker_->sending_digits(); }
    // A recording that does not repeat was said to its end.
    [[nodiscard]] bool finished() const { return talker_ && talker_->finished(); }
    // Says nothing more; still hears.
    void stop();

    [[nodiscard]] AudioReport report() const;
    [[nodiscard]] std::string digits() const { return listener_ ? listener_->digits() : std::string{}; }
    // What was heard, as a WAV file.
    [[nodiscard]] Result<std::string> wav() const;

  private:
    Audio(sofia::Loop& loop, Config config, wire::RtpPort port);
    [[nodiscard]] net::Endpoint local() const;
    [[nodiscard]] bool speaking() const { return talker_ && negotiated_ && media::sends(negotiated_->direction); }
    void start(const media::Negotiated& negotiated);
    void heard(const wire::Datagram& datagram);
    void say();

    sofia::Loop& loop_;
    Config config_;
    wire::RtpPort port_;
    IdSource ids_;
    std::optional<media::Session> ours_;  // our last description
    std::optional<media::Negotiated> negotiated_;
    std::optional<media::Negotiated> waiting_;  // agreed on, not begun
    std::optional<media::Talker> talker_;
    std::optional<media::Echoer> echoer_;
    std::optional<media::Listener> listener_;
    std::optional<Time> started_;
    bool stopped_ = false;
    sofia::Timer timer_;
};

}  // namespace trunkbox::ua
