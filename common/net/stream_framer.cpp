#include "net/stream_framer.h"

#include "net/sip_framing.h"

namespace trunkbox::net {

namespace {

constexpr std::size_t most_http_header = 16384;

// A record of TLS (RFC 8446 section 5.1), of whichever version.
bool is_tls(std::string_view bytes) {
    return bytes.size() >= 3 && be8(bytes, 0) >= 20 && be8(bytes, 0) <= 24 && be8(bytes, 1) == 3 && be8(bytes, 2) <= 4;
}

// Where, behind the first byte, a line begins that is a whole start line of SIP; else the size.
std::size_t find_start_line(std::string_view bytes) {
    for (auto feed = bytes.find('\n'); feed != std::string_view::npos; feed = bytes.find('\n', feed + 1)) {
        auto rest = bytes.substr(feed + 1);
        if (start_line(rest) == StartLine::sip) return feed + 1;
    }
    return bytes.size();
}

}  // namespace

void StreamFramer::append(std::string_view bytes, const Origin& origin) {
    time_ = origin.time;
    frame_ = origin.frame;
    auto begin = place();
    for (auto frame : origin.frames) {
        ledger_->hold(frame);
        sources_.push_back({begin, begin + bytes.size(), frame});
    }
    for (const auto& oddity : origin.oddities) note(begin, oddity);
    // What is whole within these bytes is never copied.
    if (!kept_.empty()) kept_.append(bytes);
    auto in = kept_.empty() ? bytes : std::string_view(kept_);
    auto whole = in.size();
    while (!in.empty()) {
        auto done = step(in);
        if (done == 0) break;
        consume(done);
        in.remove_prefix(done);
    }
    if (kept_.empty()) kept_.assign(in);
    else if (in.empty()) kept_ = {};  // with its memory
    else kept_.erase(0, whole - in.size());
}

void StreamFramer::consume(std::size_t count) {
    base_ += count;
    scanned_ = body_at_ = due_ = 0;
    release_before(in_text_ ? text_begin_ : base_);
}

void StreamFramer::release_before(std::uint64_t place) {
    std::erase_if(sources_, [&](const Source& source) {
        if (source.end > place) return false;
        ledger_->release(source.frame);
        return true;
    });
    std::erase_if(notes_, [&](const Note& note) { return note.place < place; });
}

void StreamFramer::deliver(const Part& part, std::string_view bytes, std::uint64_t begin) {
    auto end = base_ + part.end;
    std::vector<std::uint64_t> frames;
    for (const auto& source : sources_)
        if (source.begin < end && source.end > begin) frames.push_back(source.frame);
    sort_frames(frames);
    std::vector<Oddity> oddities;
    for (const auto& note : notes_) {
        bool told = std::any_of(oddities.begin(), oddities.end(),
                                [&](const Oddity& known) { return known.what == note.oddity.what; });
        if (note.place >= begin && note.place < end && !told) oddities.push_back(note.oddity);
    }
    ledger_->deliver({.time = time_, .from = from_, .to = to_, .transport = part.transport, .bytes = bytes,
                      .cut = part.cut, .opaque = part.opaque, .frames = frames, .oddities = oddities});
}

void StreamFramer::deliver_apart(std::string_view bytes, const Origin& origin, const Oddity& oddity) {
    ledger_->deliver({.time = origin.time, .from = from_, .to = to_, .transport = Transport::tcp, .bytes = bytes,
                      .cut = false, .opaque = true, .frames = origin.frames, .oddities = {&oddity, 1}});
}

std::size_t StreamFramer::step(std::string_view in) {
    if (pass_ > 0) {
        auto count = static_cast<std::size_t>(std::min<std::uint64_t>(pass_, in.size()));
        pass_ -= count;
        return count;
    }
    if (due_ > in.size()) return 0;
    switch (mode_) {
        case Mode::web_socket: return web_socket(in);
        case Mode::http: return http(in);
        case Mode::unknown:
        case Mode::sip:
        case Mode::foreign: break;
    }
    return boundary(in);
}

// Where a message should begin.
std::size_t StreamFramer::boundary(std::string_view in) {
    auto empty = count_line_ends(in);
    if (empty == in.size()) {
        // Keep-alives (RFC 5626 section 3.5.1); a CR alone may be half of one.
        if (in.back() == '\r') return 0;
        deliver(in, {.begin = 0, .end = empty});
        return empty;
    }
    auto rest = in.substr(empty);
    auto line = start_line(rest);
    if (line == StartLine::sip) return message(in, empty);
    if (line == StartLine::http && mode_ != Mode::sip) {
        mode_ = Mode::http;
        return http(in);
    }
    if (line == StartLine::unfinished && mode_ != Mode::foreign) return 0;
    if (empty == 0 && mode_ != Mode::sip && begins_sip_in_web_socket(in)) {
        mode_ = Mode::web_socket;
        lost_ = false;
        return web_socket(in);
    }
    return foreign(in);
}

std::size_t StreamFramer::message(std::string_view in, std::size_t from) {
    mode_ = Mode::sip;
    lost_ = false;
    if (body_at_ == 0) {
        auto end = header_end(in, std::max(from, scanned_ > 2 ? scanned_ - 2 : 0));
        if (!end && in.size() <= message_bytes_) {
            scanned_ = in.size();
            return 0;
        }
        if (!end) {
            note(base_, {Anomaly::message_too_long, frame_});
            deliver(in, {.begin = 0, .end = in.size()});
            lost_ = true;
            return in.size();
        }
        body_at_ = *end;
        due_ = *end + content_length(in.substr(from, *end - from)).value_or(0);
    }
    if (due_ > message_bytes_) {
        note(base_, {Anomaly::message_too_long, frame_});
        auto end = std::min(due_, in.size());
        deliver(in, {.begin = 0, .end = end});
        pass_ = due_ - end;
        return end;
    }
    if (due_ > in.size()) return 0;
    auto end = due_;
    deliver(in, {.begin = 0, .end = end});
    return end;
}

std::size_t StreamFramer::http(std::string_view in) {
    auto end = header_end(in);
    if (!end && in.size() < most_http_header) return 0;
    auto size = end.value_or(in.size());
    bool upgrades = end && upgrades_to_web_socket(in.substr(0, size));
    mode_ = upgrades ? Mode::web_socket : Mode::foreign;
    if (!upgrades) size = in.size();
    deliver(in, {.begin = 0, .end = size, .opaque = true});
    return size;
}

bool StreamFramer::awaits_line(std::string_view in) const {
    return mode_ != Mode::foreign && !in.empty() && start_line(in) == StartLine::unfinished;
}

// Anything else: up to the next start line of SIP, or all of it.
std::size_t StreamFramer::foreign(std::string_view in) {
    if (mode_ == Mode::unknown && is_tls(in)) mode_ = Mode::foreign;
    auto end = in.size();
    if (mode_ != Mode::foreign) {
        end = find_start_line(in);
        auto last = in.rfind('\n');
        if (end == in.size() && last != std::string_view::npos && awaits_line(in.substr(last + 1))) end = last + 1;
    }
    if (mode_ == Mode::sip && !lost_) note(base_, {Anomaly::bytes_between, frame_});
    deliver(in, {.begin = 0, .end = end, .cut = lost_, .opaque = true});
    return end;
}

std::size_t StreamFramer::web_socket(std::string_view in) {
    auto frame = read_web_socket_frame(in);
    if (!frame) return 0;
    if (!frame->is_lawful()) {
        in_text_ = false;
        mode_ = Mode::foreign;
        return foreign(in);
    }
    auto length = static_cast<std::size_t>(frame->length);
    if (length > message_bytes_) {
        note(base_, {Anomaly::message_too_long, frame_});
        text_.clear();
        append_payload(text_, *frame, in.substr(frame->header));
        in_text_ = false;
        deliver({.begin = 0, .end = in.size(), .transport = Transport::ws}, text_, base_);
        text_.clear();
        auto whole = frame->header + frame->length;
        auto end = static_cast<std::size_t>(std::min<std::uint64_t>(whole, in.size()));
        pass_ = whole - end;
        return end;
    }
    due_ = frame->header + length;
    if (due_ > in.size()) return 0;
    return web_socket_data(in.substr(0, due_), *frame);
}

// A whole frame.
std::size_t StreamFramer::web_socket_data(std::string_view in, const WebSocketFrame& frame) {
    bool belongs = frame.begins() || (frame.continues() && in_text_);
    // Control frames, packed messages, what continues nothing: handed up as they are.
    if (!belongs || frame.reserved != 0 || (frame.begins() && frame.final && frame.length == 0)) {
        deliver(in, {.begin = 0, .end = in.size(), .transport = Transport::ws, .opaque = true});
        return in.size();
    }
    if (frame.begins()) {
        text_.clear();
        text_begin_ = base_;
    }
    in_text_ = true;
    append_payload(text_, frame, in.substr(frame.header));
    bool too_long = text_.size() > message_bytes_;
    if (too_long) note(base_, {Anomaly::message_too_long, frame_});
    if (!frame.final && !too_long) return in.size();
    in_text_ = false;
    deliver({.begin = 0, .end = in.size(), .transport = Transport::ws}, text_, text_begin_);
    text_.clear();
    return in.size();
}

bool StreamFramer::agrees(std::uint64_t place, std::string_view bytes) const {
    if (place < base_) {
        auto gone = std::min<std::uint64_t>(base_ - place, bytes.size());
        bytes.remove_prefix(static_cast<std::size_t>(gone));
        place += gone;
    }
    if (bytes.empty() || place >= base_ + kept_.size()) return true;
    auto known = std::string_view(kept_).substr(static_cast<std::size_t>(place - base_), bytes.size());
    return known == bytes.substr(0, known.size());
}

void StreamFramer::skip(std::uint64_t count) {
    auto due = due_;
    auto have = kept_.size();
    bool was_message = body_at_ != 0;
    bool nothing = kept_.empty() && !in_text_;
    if (nothing && pass_ >= count) {
        pass_ -= count;
        base_ += count;
        return;
    }
    end(true);
    base_ += count;
    // The length of a message whose header section is there says where the next one begins.
    bool known = was_message && due - have >= count;
    pass_ = known ? due - have - count : 0;
    lost_ = !known;
}

void StreamFramer::end(bool cut) {
    auto in = std::string_view(kept_);
    if (in_text_ || !in.empty()) {
        bool is_message = mode_ == Mode::sip && start_line(in.substr(count_line_ends(in))) == StartLine::sip;
        bool web = mode_ == Mode::web_socket;
        Part part{.begin = 0, .end = in.size(), .transport = web ? Transport::ws : Transport::tcp, .cut = cut,
                  .opaque = !is_message && !in_text_};
        if (web) {
            auto frame = read_web_socket_frame(in);
            if (frame && frame->is_lawful() && !frame->is_control() && (frame->begins() || in_text_)) {
                append_payload(text_, *frame, in.substr(frame->header));
                part.opaque = false;
            }
        }
        if (part.opaque || !web) deliver(in, part);
        else deliver(part, text_, in_text_ ? text_begin_ : base_);
    }
    base_ += kept_.size();
    kept_.clear();
    text_.clear();
    in_text_ = false;
    scanned_ = body_at_ = due_ = 0;
    pass_ = 0;
    if (mode_ == Mode::web_socket || mode_ == Mode::http) mode_ = Mode::unknown;
    release_before(base_);
}

}  // namespace trunkbox::net
