#include "sip/message_view.h"

#include <algorithm>
#include <bit>
#include <initializer_list>
#include <limits>
#include <memory>
#include <new>

#include "base/text.h"
#include "sip/grammar.h"
#include "sip/header_table.h"
#include "sip/line_finder.h"

namespace trunkbox::sip {
namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t most_length = 1ull << 31;
constexpr std::size_t flaw_count = static_cast<std::size_t>(Flaw::trailing_bytes) + 1;

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

// As trim().
[[gnu::always_inline]] inline std::string_view without_blanks(const char* begin, const char* end) {
    // One space and a value, as nearly all write it.
    if (end - begin > 1 && begin[0] == ' ' && begin[1] > ' ' && end[-1] > ' ')
        return {begin + 1, static_cast<std::size_t>(end - begin - 1)};
    while (begin != end && grammar::is_space(*begin)) ++begin;
    while (begin != end && grammar::is_space(end[-1])) --end;
    return {begin, static_cast<std::size_t>(end - begin)};
}

// Where the first and the last blank stand; npos when there is none.
std::size_t first_blank(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i)
        if (grammar::is_blank(text[i])) return i;
    return std::string_view::npos;
}

bool has_blank(std::string_view text) {
    return text.find(' ') != std::string_view::npos || text.find('\t') != std::string_view::npos;
}

std::size_t last_blank(std::string_view text) {
    for (std::size_t i = text.size(); i > 0; --i)
        if (grammar::is_blank(text[i - 1])) return i - 1;
    return std::string_view::npos;
}

bool is_version(std::string_view text) {
    return text.size() > 4 && (text.starts_with("SIP/") || istarts_with(text, "SIP/")) && is_digit(text[4]);
}

std::string_view trim_blanks(std::string_view text) {
    while (!text.empty() && grammar::is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && grammar::is_blank(text.back())) text.remove_suffix(1);
    return text;
}

// Tells quoted-pairs, in quoted strings and comments (RFC 3261 section 25.1), from bare characters.
class PairTracker {
  public:
    // True when `c` is the second half of a quoted-pair.
    bool step(char c) {
        if (escaped_) {
            escaped_ = false;
            return true;
        }
        if (c == '\\') escaped_ = quoted_ || depth_ > 0;
        else if (c == '"' && depth_ == 0) quoted_ = !quoted_;
        else if (c == '(' && !quoted_) ++depth_;
        else if (c == ')' && !quoted_ && depth_ > 0) --depth_;
        return false;
    }

  private:
    bool escaped_ = false, quoted_ = false;
    std::size_t depth_ = 0;
};

}  // namespace

// Fills a MessageView in one pass over the header section.
class MessageReader {
  public:
    explicit MessageReader(MessageView& view) : view_(view), bytes_(view.bytes_) {}

    void read() {
        // No token begins so, and most packets of a trunk do: RTP.
        if (!bytes_.empty() && static_cast<unsigned char>(bytes_.front()) >= 0x80) return give_up();
        skip_empty_lines();
        LineFinder lines(bytes_, place_);
        std::uint32_t place = place_;
        const Line first = physical_line(bytes_, lines, place);
        view_.start_line_ = text(first);
        if (!read_start_line()) return give_up();
        bool ended = read_headers(lines, place);
        if (!ended) note(Flaw::no_empty_line, size());
        if (lines.has_stray()) look_for_controls(first);
        view_.body_offset_ = place;
        read_body();
        keep_findings();
    }

  private:
    struct Line {
        std::uint32_t begin = 0, end = 0;  // end: without the line end
        std::uint32_t first_end = 0;       // of its first physical line
        bool terminated = false;
    };

    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(bytes_.size()); }
    [[nodiscard]] std::string_view text(const Line& line) const {
        return bytes_.substr(line.begin, line.end - line.begin);
    }

    [[gnu::noinline]] void note(Flaw flaw, std::uint32_t offset) {
        auto at = static_cast<std::size_t>(flaw);
        if ((seen_ >> at & 1U) == 0) first_[at] = offset;
        seen_ |= 1U << at;
    }

    void skip_empty_lines() {
        while (place_ < size()) {
            auto rest = bytes_.substr(place_);
            if (rest.starts_with("\r\n")) place_ += 2;
            else if (rest[0] == '\n') note(Flaw::bare_lf, place_++);
            else break;
        }
        if (place_ > 0) note(Flaw::leading_crlf, 0);
    }

    // One physical line from `place` on, which is moved behind its end. Where the reader is stays in registers: it is
    // handed from one to the next, and not kept in a member.
    [[gnu::always_inline]] Line physical_line(std::string_view bytes, LineFinder& lines, std::uint32_t& place) {
        const std::uint32_t begin = place;
        std::size_t found = lines.next_feed();
        if (found == std::string_view::npos) {
            place = static_cast<std::uint32_t>(bytes.size());
            note(Flaw::cut_in_line, begin);
            return {.begin = begin, .end = place, .first_end = place, .terminated = false};
        }
        auto feed = static_cast<std::uint32_t>(found);
        place = feed + 1;
        bool whole = feed > begin && bytes[feed - 1] == '\r';
        if (!whole) note(Flaw::bare_lf, feed);
        const std::uint32_t end = whole ? feed - 1 : feed;
        return {.begin = begin, .end = end, .first_end = end, .terminated = true};
    }

    // Puts the lines that begin with a blank to the one before them.
    [[gnu::always_inline]] void unfold(std::string_view bytes, LineFinder& lines, std::uint32_t& place, Line& line) {
        while (place < bytes.size() && grammar::is_blank(bytes[place]) && line.terminated && line.end > line.begin) {
            auto fold = physical_line(bytes, lines, place);
            line.end = fold.end;
            line.terminated = fold.terminated;
        }
    }

    // True when an empty line ended them. What follows that is body, whatever it begins with.
    bool read_headers(LineFinder& lines_at, std::uint32_t& place_at) {
        LineFinder lines = lines_at;
        std::uint32_t place = place_at;
        const std::string_view bytes = bytes_;
        Tally tally;
        bool ended = false;
        while (place < bytes.size()) {
            Line line = physical_line(bytes, lines, place);
            ended = line.terminated && line.begin == line.end;
            if (ended) {
                view_.header_end_ = line.begin;
                break;
            }
            if (place < bytes.size() && grammar::is_blank(bytes[place])) unfold(bytes, lines, place, line);
            if (line.terminated || !trim(text(line)).empty()) read_header(bytes, line, tally);
        }
        lines_at = lines;
        place_at = place;
        view_.header_count_ = tally.count;
        view_.names_ = tally.names;
        view_.repeated_ = tally.repeated;
        view_.longest_line_ = tally.longest;
        return ended;
    }

    bool read_start_line() {
        auto line = view_.start_line_;
        auto inner = trim_blanks(line);
        if (inner.size() > 4 && (inner.starts_with("SIP/") || istarts_with(inner, "SIP/"))) return read_status_line(inner);
        auto first = first_blank(inner), last = last_blank(inner);
        if (first == std::string_view::npos || first == last) return false;
        auto uri = trim_blanks(inner.substr(first, last - first));
        auto method = inner.substr(0, first), version = inner.substr(last + 1);
        if (uri.empty() || !is_version(version) || !grammar::token.covers(method)) return false;
        view_.kind_ = MessageView::Kind::request;
        view_.method_ = method;
        view_.request_uri_ = uri;
        view_.version_ = version;
        note_start_blanks(line, inner, {method, uri, version});
        if (has_blank(uri)) note(Flaw::start_line_blanks, offset_of(uri) + static_cast<std::uint32_t>(first_blank(uri)));
        return true;
    }

    bool read_status_line(std::string_view inner) {
        auto blank = first_blank(inner);
        auto version = inner.substr(0, blank);
        if (!is_version(version)) return false;
        auto rest = blank == std::string_view::npos ? inner.substr(inner.size()) : trim_blanks(inner.substr(blank));
        view_.kind_ = MessageView::Kind::response;
        view_.version_ = version;
        view_.status_text_ = rest.substr(0, first_blank(rest));
        auto code = parse_integer<int>(view_.status_text_);
        if (code && view_.status_text_.size() == 3 && *code >= 100) view_.status_ = *code;
        view_.reason_ = trim_blanks(rest.substr(view_.status_text_.size()));
        // The SP that ends the code has been trimmed off an empty reason phrase: look at the line itself.
        auto line_end = start_offset() + view_.start_line_.size();
        auto after = offset_of(view_.status_text_) + view_.status_text_.size();
        if (after >= line_end || bytes_[after] != ' ')
            note(Flaw::status_without_sp, static_cast<std::uint32_t>(after));
        note_start_blanks(view_.start_line_.substr(0, after - start_offset()), inner,
                          {version, view_.status_text_});
        return true;
    }

    [[nodiscard]] std::uint32_t start_offset() const { return offset_of(view_.start_line_); }
    [[nodiscard]] std::uint32_t offset_of(std::string_view part) const {
        return static_cast<std::uint32_t>(part.data() - bytes_.data());
    }

    // The first place where the fields are not one SP apart, or blanks stand outside of them.
    void note_start_blanks(std::string_view line, std::string_view inner,
                           std::initializer_list<std::string_view> fields) {
        if (inner.data() != line.data()) return note(Flaw::start_line_blanks, offset_of(line));
        const std::string_view* before = nullptr;
        for (const auto& field : fields) {
            if (before != nullptr) {
                auto end = offset_of(*before) + static_cast<std::uint32_t>(before->size());
                if (end == bytes_.size() || bytes_[end] != ' ') return note(Flaw::start_line_blanks, end);
                if (offset_of(field) != end + 1) return note(Flaw::start_line_blanks, end + 1);
            }
            before = &field;
        }
        auto end = offset_of(*before) + before->size();
        if (end != offset_of(line) + line.size()) note(Flaw::start_line_blanks, static_cast<std::uint32_t>(end));
    }

    // What is known of all headers so far; in registers while they are read.
    struct Tally {
        std::size_t count = 0;
        HeaderSet names{}, repeated{};
        std::uint32_t longest = 0;
    };

    [[gnu::always_inline]] void read_header(std::string_view bytes, const Line& line, Tally& tally) {
        const char* begin = bytes.data() + line.begin;
        const char* end = bytes.data() + line.end;
        const std::uint32_t length = line.end - line.begin;
        tally.longest = std::max(tally.longest, length);
        Header* place = room_for_header(++tally.count);
        std::size_t colon_at = find_colon(bytes, line.begin, line.first_end);
        if (colon_at == std::string_view::npos) {
            std::construct_at(place, Header{.value = without_blanks(begin, end), .offset = line.begin, .length = length});
            return note(Flaw::no_colon, line.begin);
        }
        const char* colon = bytes.data() + colon_at;
        const char* name_end = colon;
        if (colon != begin && grammar::is_blank(colon[-1])) {
            while (name_end != begin && grammar::is_blank(name_end[-1])) --name_end;
            note(Flaw::blank_before_colon, line.begin);
        }
        std::string_view spelled(begin, static_cast<std::size_t>(name_end - begin));
        const HeaderName name = header_table::find(spelled, bytes.size() - line.begin);
        // Made where it stays: a copy would wait for what was just written.
        auto* header = ::new (static_cast<void*>(place)) Header{.name = name,
                                                                .compact = spelled.size() == 1 && name != HeaderName::other,
                                                                .spelled = spelled,
                                                                .value = without_blanks(colon + 1, end),
                                                                .offset = line.begin,
                                                                .length = length};
        if (name == HeaderName::other) return check_name(*header);
        if (name == HeaderName::content_length) read_length(*header);
        if (tally.names.has(name)) return tally.repeated.add(name);
        tally.names.add(name);
        view_.first_[static_cast<std::size_t>(name)] =
            static_cast<std::uint16_t>(std::min(tally.count, MessageView::far_away));
    }

    // Of the header of that number, from 1.
    [[gnu::always_inline]] Header* room_for_header(std::size_t number) {
        if (number > MessageView::most_inline) return more_room();
        return &view_.inline_headers_.items[number - 1];
    }
    [[gnu::noinline]] Header* more_room() {
        auto& few = view_.inline_headers_.items;
        if (view_.many_headers_.empty()) view_.many_headers_.assign(few.begin(), few.end());
        return &view_.many_headers_.emplace_back();
    }

    // Known names are tokens.
    void check_name(const Header& header) {
        for (char c : header.spelled)
            if (!grammar::token.has(c) && !(is_control(c) && c != 0x7f)) return note(Flaw::name_not_token, header.offset);
        if (header.spelled.empty()) note(Flaw::name_not_token, header.offset);
    }

    void look_for_controls(const Line& start_line) {
        look_for_controls(start_line.begin, start_line.end, none);
        for (const auto& header : view_.headers()) {
            auto line = bytes_.substr(header.offset, header.length);
            auto first = line.substr(0, line.find('\n'));
            auto colon = first.find(':');
            look_for_controls(header.offset, header.offset + header.length,
                              header.offset + static_cast<std::uint32_t>(colon == std::string_view::npos ? 0 : colon));
        }
    }

    // `colon`: where the header's name ends; none for the start line, which has no name and no quoted-pairs.
    void look_for_controls(std::uint32_t begin, std::uint32_t end, std::uint32_t colon) {
        PairTracker pairs;
        for (auto i = begin; i < end; ++i) {
            char c = bytes_[i];
            bool in_name = colon != none && i < colon;
            bool pair = colon != none && i > colon && pairs.step(c);
            if (c == '\r') {
                if (i + 1 == end || bytes_[i + 1] != '\n') note(Flaw::bare_cr, i);
            } else if (c == '\n' || pair || !is_control(c)) {
                continue;
            } else if (c == '\0') {
                note(Flaw::nul, i);
            } else {
                note(in_name && c != 0x7f ? Flaw::control_in_name : Flaw::control_in_value, i);
            }
        }
    }

    void read_length(const Header& header) {
        if (length_line_ != none) note(Flaw::repeated_length, header.offset);
        else length_line_ = header.offset;
        auto number = parse_integer<std::uint64_t>(header.value);
        if (!number || *number > most_length) {
            note(Flaw::bad_length, header.offset);
            length_sound_ = false;
            return;
        }
        auto length = static_cast<std::uint32_t>(*number);
        if (view_.content_length_ && *view_.content_length_ != length) length_sound_ = false;
        view_.content_length_ = length;
    }

    void read_body() {
        view_.body_ = bytes_.substr(view_.body_offset_);
        if (!length_sound_) view_.content_length_.reset();
        if (!view_.content_length_) return;
        if (*view_.content_length_ > view_.body_.size()) return note(Flaw::body_cut, length_line_);
        view_.body_ = view_.body_.substr(0, *view_.content_length_);
        auto end = view_.body_offset_ + *view_.content_length_;
        if (end < size()) note(Flaw::trailing_bytes, end);
    }

    void give_up() {
        view_.kind_ = MessageView::Kind::not_sip;
        seen_ &= 1U << static_cast<std::size_t>(Flaw::leading_crlf);
        view_.body_offset_ = size();
        view_.body_ = bytes_.substr(bytes_.size());
        keep_findings();
    }

    void keep_findings() {
        for (; seen_ != 0; seen_ &= seen_ - 1) {
            auto i = static_cast<std::size_t>(std::countr_zero(seen_));
            std::construct_at(&view_.findings_.items[view_.finding_count_++], Finding{static_cast<Flaw>(i), first_[i]});
        }
    }

    MessageView& view_;
    std::string_view bytes_;
    std::array<std::uint32_t, flaw_count> first_;  // offset of each flaw that was seen
    std::uint32_t seen_ = 0;                       // … one bit a flaw
    std::uint32_t place_ = 0;
    std::uint32_t length_line_ = none;
    bool length_sound_ = true;
};

MessageView MessageView::read(std::string_view bytes) {
    MessageView view;
    view.bytes_ = bytes.substr(0, none - 1);  // offsets have 32 bits
    view.header_end_ = static_cast<std::uint32_t>(view.bytes_.size());
    MessageReader(view).read();
    return view;
}

}  // namespace trunkbox::sip
