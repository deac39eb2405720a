#include "sbc/ahead.h"

#include <algorithm>
#include <utility>

#include "sbc/state_media.h"

namespace trunkbox::sbc {
namespace {

// What stays in a processor's cache from one thread to the other.
constexpr std::size_t most_messages = 256, most_frames = 2048, room_size = 512U << 10U;

}  // namespace

bool Batch::full() const { return messages_ >= most_messages || frames_.size() >= most_frames || bytes_ >= room_size; }

void Batch::clear() {
    steps_.clear();
    frames_.clear();
    frames_.reserve(most_frames);  // what is within them is pointed at
    settled_.clear();
    datagrams_.clear();
    numbers_.clear();
    oddities_.clear();
    if (rooms_.size() > 1) rooms_.resize(1);
    room_ = used_ = bytes_ = messages_ = 0;
}

std::string_view Batch::keep(std::string_view bytes) {
    while (room_ < rooms_.size() && rooms_[room_].size() - used_ < bytes.size()) {
        ++room_;
        used_ = 0;
    }
    if (room_ == rooms_.size()) {
        rooms_.emplace_back(std::max(room_size, bytes.size()));
        used_ = 0;
    }
    char* to = rooms_[room_].data() + used_;
    std::copy(bytes.begin(), bytes.end(), to);
    used_ += bytes.size();
    bytes_ += bytes.size();
    return {to, bytes.size()};
}

void Ahead::take(const net::Frame& frame, Batch& into) {
    into_ = &into;
    net::Frame kept = frame;
    kept.bytes = kept_ = into.keep(frame.bytes);
    into.add(Batch::What::begins, into.frames_, kept);
    dissector_.feed(kept);
    into.steps_.push_back({Batch::What::ends, 0});
}

void Ahead::finish(Batch& into) {
    into_ = &into;
    kept_ = {};
    dissector_.finish();
}

void Ahead::datagram(const net::Datagram& datagram) {
    Batch& batch = *into_;
    Batch::Kept kept{.datagram = datagram};
    bool within = datagram.bytes.data() >= kept_.data() && datagram.bytes.data() + datagram.bytes.size() <= kept_.data() + kept_.size();
    if (!within) kept.datagram.bytes = batch.keep(datagram.bytes);
    // Nearly all are of the frame at hand alone.
    bool alone = datagram.frames.size() == 1 && !batch.frames_.empty() && datagram.frames[0] == batch.frames_.back().number;
    if (alone) kept.datagram.frames = {&batch.frames_.back().number, 1};
    else kept.datagram.frames = batch.numbers_.emplace_back(datagram.frames.begin(), datagram.frames.end());
    if (!datagram.oddities.empty())
        kept.datagram.oddities = batch.oddities_.emplace_back(datagram.oddities.begin(), datagram.oddities.end());
    if (!is_media(kept.datagram.bytes)) {
        if (batch.messages_ == batch.read_.size()) batch.read_.emplace_back();
        ReadMessage& read = batch.read_[batch.messages_].emplace(kept.datagram.bytes);
        if (read.view.kind() != sip::MessageView::Kind::not_sip) {
            read.opinion = judge_.look(kept.datagram, read.view, read.reading);
            kept.message = &read;
            ++batch.messages_;
        }
    }
    batch.add(Batch::What::datagram, batch.datagrams_, kept);
}

void Ahead::settled(const net::Settled& settled) { into_->add(Batch::What::settled, into_->settled_, settled); }

}  // namespace trunkbox::sbc
