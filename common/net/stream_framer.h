// One direction of a TCP connection, in order: finds the SIP messages (RFC 3261 section 18.3), also in a WebSocket
// (RFC 7118), and hands up what is none as it came.
#pragma once

#include <string>
#include <vector>

#include "net/ledger.h"
#include "net/web_socket.h"

namespace trunkbox::net {

class StreamFramer {
  public:
    // place: what the first byte is counted as.
    StreamFramer(Ledger& ledger, const Endpoint& from, const Endpoint& to, std::size_t message_bytes,
                 std::uint64_t place = 0)
        : ledger_(&ledger), from_(from), to_(to), message_bytes_(message_bytes), base_(place) {}

    // The next bytes of the stream; what is delivered of them has the origin's time. Holds the origin's frames as long
    // as it keeps bytes of them.
    void append(std::string_view bytes, const Origin& origin);
    // So many bytes follow that were not captured.
    void skip(std::uint64_t count);
    // No more of it comes. cut: as far as the capture goes; otherwise the sender stopped there.
    void end(bool cut);

    // Whether these are the bytes that came from `place` on, as far as they are kept.
    [[nodiscard]] bool agrees(std::uint64_t place, std::string_view bytes) const;
    // At that place something was odd: goes with the datagram that holds it.
    void note(std::uint64_t place, const Oddity& oddity) { notes_.push_back({place, oddity}); }
    // What an oddity shows in, though the stream moved on.
    void deliver_apart(std::string_view bytes, const Origin& origin, const Oddity& oddity);

    [[nodiscard]] std::uint64_t place() const { return base_ + kept_.size(); }
    // In bytes of memory; 0 when it keeps nothing.
    [[nodiscard]] std::size_t cost() const {
        if (kept_.empty() && text_.empty() && sources_.empty()) return 0;
        return kept_.capacity() + text_.capacity() + sources_.size() * (sizeof(Source) + 64);
    }
    [[nodiscard]] const Endpoint& from() const { return from_; }
    [[nodiscard]] const Endpoint& to() const { return to_; }

  private:
    enum class Mode : std::uint8_t {
        unknown,     // nothing was recognised yet
        sip,
        http,        // within a header section
        web_socket,
        foreign,     // HTTP or TLS: searched no further
    };
    struct Source {
        std::uint64_t begin = 0, end = 0;
        std::uint64_t frame = 0;
    };
    struct Note {
        std::uint64_t place = 0;
        Oddity oddity{};
    };
    struct Part {  // what is delivered; offsets into the bytes in hand
        std::size_t begin = 0, end = 0;
        Transport transport = Transport::tcp;
        bool cut = false, opaque = false;
    };

    // Each says how many bytes it has done with; none: it waits for more.
    [[nodiscard]] std::size_t step(std::string_view in);
    [[nodiscard]] std::size_t boundary(std::string_view in);
    [[nodiscard]] std::size_t message(std::string_view in, std::size_t from);
    [[nodiscard]] std::size_t http(std::string_view in);
    [[nodiscard]] std::size_t foreign(std::string_view in);
    [[nodiscard]] std::size_t web_socket(std::string_view in);
    [[nodiscard]] std::size_t web_socket_data(std::string_view in, const WebSocketFrame& frame);
    [[nodiscard]] bool awaits_line(std::string_view in) const;
    void consume(std::size_t count);
    void deliver(const Part& part, std::string_view bytes, std::uint64_t begin);
    void deliver(std::string_view in, const Part& part) {
        deliver(part, in.substr(part.begin, part.end - part.begin), base_ + part.begin);
    }
    void release_before(std::uint64_t place);

    Ledger* ledger_;
    Endpoint from_, to_;
    std::size_t message_bytes_;
    std::uint64_t base_ = 0;       // place of the first byte that is kept
    Mode mode_ = Mode::unknown;
    bool lost_ = false;            // bytes are missing, and where the next message begins is not known
    bool in_text_ = false;         // of a WebSocket: a message of several frames has begun
    std::uint64_t text_begin_ = 0;
    std::uint64_t pass_ = 0;       // bytes still to come of a message that was delivered already
    std::size_t scanned_ = 0;      // of kept_, without the end of a header section
    std::size_t body_at_ = 0;      // behind it, once found
    std::size_t due_ = 0;          // what is kept makes a whole with so many bytes
    std::string kept_;
    std::string text_;             // of a WebSocket, unmasked
    std::vector<Source> sources_;  // of what is kept
    std::vector<Note> notes_;
    Time time_{};
    std::uint64_t frame_ = 0;
};

}  // namespace trunkbox::net
