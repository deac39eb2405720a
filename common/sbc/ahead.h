// The part of a filter's work that needs nothing of what a judge remembers: frames are taken apart and messages read. It
// can be done ahead of the judging, by another thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "net/dissector.h"
#include "sbc/judge.h"
#include "sbc/opinion.h"
#include "sbc/reading.h"
#include "sip/message_view.h"

namespace trunkbox::sbc {

// A datagram with its message, which Reading borrows.
struct ReadMessage {
    explicit ReadMessage(std::string_view bytes) : view(sip::MessageView::read(bytes)), reading(view) {}

    sip::MessageView view;
    Reading reading;
    Opinion opinion{};
};

// Some frames, whole, and all that they were taken apart into. What it holds is its own.
class Batch {
  public:
    Batch() { clear(); }
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;

    [[nodiscard]] bool empty() const { return frames_.empty(); }
    // No more should go in.
    [[nodiscard]] bool full() const;
    void clear();

    // Once, in its order: sink.begins(frame); sink.datagram(datagram, message) with nullptr for what is no SIP message;
    // sink.settled(settled); sink.ends() after all that its frame gave at once.
    template <class Sink>
    void replay(Sink& sink) {
        for (const Step& step : steps_) switch (step.what) {
                case What::begins: sink.begins(frames_[step.at]); break;
                case What::datagram: sink.datagram(datagrams_[step.at].datagram, datagrams_[step.at].message); break;
                case What::settled: sink.settled(settled_[step.at]); break;
                case What::ends: sink.ends(); break;
            }
    }

  private:
    friend class Ahead;
    enum class What : std::uint8_t { begins, datagram, settled, ends };
    struct Step {
        What what{};
        std::uint32_t at = 0;
    };
    struct Kept {
        net::Datagram datagram{};
        ReadMessage* message = nullptr;  // of SIP only
    };

    std::string_view keep(std::string_view bytes);
    template <class Item>
    void add(What what, std::vector<Item>& items, const Item& item) {
        steps_.push_back({what, static_cast<std::uint32_t>(items.size())});
        items.push_back(item);
    }

    std::vector<Step> steps_{};
    std::vector<net::Frame> frames_{};
    std::vector<net::Settled> settled_{};
    std::vector<Kept> datagrams_{};
    std::deque<std::optional<ReadMessage>> read_{};  // the first messages_ are of this batch
    std::deque<std::vector<std::uint64_t>> numbers_{};
    std::deque<std::vector<net::Oddity>> oddities_{};
    std::deque<std::vector<char>> rooms_{};  // for bytes; the first is reused
    std::size_t room_ = 0, used_ = 0, bytes_ = 0, messages_ = 0;
};

// Takes frames apart, in their order, into one batch after another.
class Ahead final : private net::DatagramSink {
  public:
    // Whose opinions they are; it outlives this, and may judge meanwhile.
    explicit Ahead(const Judge& judge) : judge_(judge), dissector_(*this) {}
    Ahead(const Ahead&) = delete;
    Ahead& operator=(const Ahead&) = delete;
    ~Ahead() = default;

    void take(const net::Frame& frame, Batch& into);
    // What is incomplete goes into the last batch as what it is.
    void finish(Batch& into);

  private:
    void datagram(const net::Datagram& datagram) override;
    void settled(const net::Settled& settled) override;

    const Judge& judge_;
    net::Dissector dissector_;
    Batch* into_ = nullptr;
    std::string_view kept_{};  // the batch's copy of the frame that is taken apart
};

}  // namespace trunkbox::sbc
