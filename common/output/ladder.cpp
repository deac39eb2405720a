#include "output/ladder.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace trunkbox::output {
namespace {

using trace::Arrow;
using trace::Ladder;

// Every character of the drawing, so that the ASCII form differs in these alone.
struct Strokes {
    std::string_view life, pause, line, band, left, right, tail_left, tail_right, ellipsis, dot, again, loop;
};
constexpr Strokes box = {"│", "┊", "─", "═", "◀", "▶", "┤", "├", "…", "·", "↻", "↺"};
constexpr Strokes plain = {"|", ":", "-", "=", "<", ">", "|", "|", "~", "-", "again", "self"};

enum class Tint { none, request, success, redirect, refusal, media, faint };

std::string_view escape(Tint tint) {
    switch (tint) {
        case Tint::none: return "\x1b[0m";
        case Tint::request: return "\x1b[1m";
        case Tint::success: return "\x1b[32m";
        case Tint::redirect: return "\x1b[33m";
        case Tint::refusal: return "\x1b[31m";
        case Tint::media: return "\x1b[36m";
        case Tint::faint: return "\x1b[2m";
    }
    return "";
}

// The text's characters, one a column of the terminal.
std::vector<std::string_view> characters(std::string_view text) {
    std::vector<std::string_view> all;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t length = 1;
        while (at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xc0U) == 0x80U) ++length;
        all.push_back(text.substr(at, length));
        at += length;
    }
    return all;
}

std::size_t columns_of(std::string_view text) { return characters(text).size(); }

std::string cut(std::string_view text, std::size_t most, std::string_view ellipsis) {
    auto all = characters(text);
    if (all.size() <= most) return std::string(text);
    std::string made;
    for (std::size_t i = 0; i + 1 < most; ++i) made += all[i];
    return most == 0 ? std::string() : made + std::string(ellipsis);
}

// One line of the terminal, a cell a column.
class Row {
  public:
    explicit Row(std::size_t width) : cells_(width, {" ", Tint::none}) {}

    void put(std::size_t at, std::string_view character, Tint tint) {
        if (at < cells_.size()) cells_[at] = {character, tint};
    }
    // `text` must outlive the row: the cells borrow it.
    void write(std::size_t at, std::string_view text, Tint tint) {
        for (std::string_view character : characters(text)) put(at++, character, tint);
    }

    [[nodiscard]] std::string text(bool color) const {
        std::size_t end = cells_.size();
        while (end > 0 && cells_[end - 1].character == " ") --end;
        std::string made;
        Tint current = Tint::none;
        for (std::size_t i = 0; i < end; ++i) {
            if (color && cells_[i].tint != current) {
                if (current != Tint::none) made += escape(Tint::none);
                current = cells_[i].tint;
                if (current != Tint::none) made += escape(current);
            }
            made += cells_[i].character;
        }
        if (current != Tint::none) made += escape(Tint::none);
        return made + "\n";
    }

  private:
    struct Cell {
        std::string_view character;
        Tint tint;
    };
    std::vector<Cell> cells_;
};

Tint tint_of(const Arrow& arrow) {
    if (arrow.kind == Arrow::Kind::media) return Tint::media;
    if (arrow.kind == Arrow::Kind::request) return Tint::request;
    if (arrow.status < 200) return Tint::none;
    if (arrow.status < 300) return Tint::success;
    return arrow.status < 400 ? Tint::redirect : Tint::refusal;
}

class Drawing {
  public:
    Drawing(const Ladder& ladder, const LadderStyle& style)
        : ladder_(ladder), style_(style), strokes_(style.ascii ? plain : box) {
        layout();
    }

    std::string text() {
        std::string made = heading();
        Time last = ladder_.start;
        for (const Arrow& arrow : ladder_.arrows) {
            if (arrow.time - last >= pause_shown) made += lifelines(strokes_.pause).text(style_.color);
            last = arrow.kind == Arrow::Kind::media ? std::max(arrow.end, arrow.time) : arrow.time;
            made += line(arrow);
        }
        return made;
    }

  private:
    static constexpr std::size_t margin = 11;     // "123456.7 ms"
    static constexpr std::size_t least_gap = 8;   // between two lifelines
    static constexpr std::size_t widest_gap = 32;
    static constexpr Duration pause_shown = 500ms;

    void layout() {
        std::size_t count = ladder_.participants.size();
        if (count == 0) return;
        for (const auto& participant : ladder_.participants) names_.push_back(safe(participant.name));
        std::size_t half_first = std::min<std::size_t>((columns_of(names_.front()) + 1) / 2, 8);
        std::size_t half_last = std::min<std::size_t>((columns_of(names_.back()) + 1) / 2, 8);
        first_ = margin + 1 + half_first;
        std::size_t room = style_.width > first_ + half_last ? style_.width - first_ - half_last - 1 : 0;
        gap_ = count > 1 ? std::clamp(room / (count - 1), least_gap, widest_gap) : widest_gap;
        width_ = std::max(style_.width, first_ + gap_ * (count - 1) + half_last + 1);
    }

    [[nodiscard]] std::size_t column(std::size_t participant) const { return first_ + gap_ * participant; }

    // printable() shows what cannot be shown as \xNN; ASCII takes the rest of UTF-8, too.
    [[nodiscard]] std::string safe(std::string_view text) const {
        std::string made = printable(text, 200);
        if (style_.ascii)
            std::ranges::replace_if(made, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
        return made;
    }

    [[nodiscard]] Row lifelines(std::string_view stroke) const {
        Row row(width_);
        for (std::size_t i = 0; i < ladder_.participants.size(); ++i) row.put(column(i), stroke, Tint::faint);
        return row;
    }

    void centre(Row& row, std::size_t at, const std::string& text) const {
        row.write(at - std::min(at, columns_of(text) / 2), text, Tint::none);
    }

    [[nodiscard]] std::string heading() const {
        if (ladder_.participants.empty()) return {};
        std::vector<std::string> names, addresses;
        for (std::size_t i = 0; i < names_.size(); ++i) {
            names.push_back(cut(names_[i], gap_ - 1, strokes_.ellipsis));
            addresses.push_back(address(i));
        }
        Row first(width_), second(width_);
        for (std::size_t i = 0; i < names.size(); ++i) {
            centre(first, column(i), names[i]);
            centre(second, column(i), addresses[i]);
        }
        bool any = std::ranges::any_of(addresses, [](const std::string& text) { return !text.empty(); });
        return first.text(style_.color) + (any ? second.text(style_.color) : "") +
               lifelines(strokes_.life).text(style_.color);
    }

    // The address under a name; only the port where the address has no room. "" where the name says it.
    [[nodiscard]] std::string address(std::size_t participant) const {
        const auto& addresses = ladder_.participants[participant].addresses;
        if (addresses.empty() || addresses.front().text() == ladder_.participants[participant].name) return {};
        std::string whole = addresses.front().text();
        return whole.size() < gap_ ? whole : fmt::format(":{}", addresses.front().port);
    }

    // "INVITE +442079460123" in the arrow where it fits; else "INVITE" there and the rest beside it.
    struct Label {
        std::string inside, beside;
    };
    [[nodiscard]] Label label(const Arrow& arrow, std::size_t inner) const {
        std::string head = safe(arrow.head), tail = safe(arrow.tail), note = safe(arrow.note);
        if (arrow.retransmission) head += fmt::format(" {}", strokes_.again);
        Label made{.inside = tail.empty() ? head : fmt::format("{} {}", head, tail), .beside = note};
        if (columns_of(made.inside) <= inner) return made;
        std::string rest = tail;
        if (!note.empty()) rest += fmt::format("{}{} {}", rest.empty() ? "" : " ", strokes_.dot, note);
        bool head_fits = columns_of(head) <= inner;
        if (head_fits && room_beside(arrow).second > 8) return {head, rest};
        if (head_fits && columns_of(head) + 4 > inner) return {head, note};  // a cut tail would say nothing
        return {cut(made.inside, inner, strokes_.ellipsis), note};
    }

    // Where text beside the arrow may begin, and how many columns it may have: on the roomier side.
    [[nodiscard]] std::pair<std::size_t, std::size_t> room_beside(const Arrow& arrow) const {
        std::size_t low = column(std::min(arrow.from, arrow.to)), high = column(std::max(arrow.from, arrow.to));
        std::size_t right = style_.width > high + 2 ? style_.width - high - 2 : 0;
        std::size_t left = low > margin + 3 ? low - margin - 3 : 0;
        return right >= left ? std::pair(high + 2, right) : std::pair(margin + 2, left);
    }

    std::string line(const Arrow& arrow) const {
        Row row = lifelines(strokes_.life);
        std::string time = fmt::format("{:>8.1f} ms", seconds(arrow.time - ladder_.start) * 1000);
        row.write(0, time, Tint::faint);
        if (arrow.from == arrow.to) return self(arrow, row);

        bool rightward = arrow.from < arrow.to;
        std::size_t low = column(std::min(arrow.from, arrow.to)), high = column(std::max(arrow.from, arrow.to));
        Tint tint = tint_of(arrow);
        std::string_view stroke = arrow.kind == Arrow::Kind::media ? strokes_.band : strokes_.line;
        row.put(low, rightward ? strokes_.tail_right : strokes_.life, Tint::faint);
        row.put(high, rightward ? strokes_.life : strokes_.tail_left, Tint::faint);
        for (std::size_t at = low + 1; at < high; ++at) row.put(at, stroke, tint);
        row.put(rightward ? high - 1 : low + 1, rightward ? strokes_.right : strokes_.left, tint);

        // The arrow's head takes one of the columns between.
        std::size_t inner = high - low - 2;
        Label words = label(arrow, inner);
        std::string inside = padded(words.inside, inner, rightward);
        std::size_t free = inner - columns_of(inside);
        row.write(low + (rightward ? 1 : 2) + (rightward ? (free + 1) / 2 : free / 2), inside, tint);
        std::string beside = cut(words.beside, room_beside(arrow).second, strokes_.ellipsis);
        row.write(beside_at(arrow, columns_of(beside)), beside, Tint::faint);
        return row.text(style_.color);
    }

    // With a blank at both sides; where only one fits, at the arrow's head. One stroke shows where it can.
    [[nodiscard]] static std::string padded(const std::string& text, std::size_t inner, bool rightward) {
        std::size_t free = inner - columns_of(text);
        if (free >= 3) return fmt::format(" {} ", text);
        if (free <= 1) return text;
        return rightward ? text + " " : " " + text;
    }

    // Text left of an arrow ends where the arrow begins.
    [[nodiscard]] std::size_t beside_at(const Arrow& arrow, std::size_t length) const {
        auto [at, room] = room_beside(arrow);
        bool right = at > column(std::max(arrow.from, arrow.to));
        return right ? at : at + room - length;
    }

    std::string self(const Arrow& arrow, Row& row) const {
        std::size_t at = column(arrow.from);
        std::string words = fmt::format("{} {} {}", strokes_.loop, safe(arrow.head), safe(arrow.tail));
        std::size_t room = style_.width > at + 2 ? style_.width - at - 2 : 0;
        std::string shown = cut(words, room, strokes_.ellipsis);
        row.write(at + 2, shown, tint_of(arrow));
        return row.text(style_.color);
    }

    const Ladder& ladder_;
    const LadderStyle& style_;
    const Strokes& strokes_;
    std::vector<std::string> names_;
    std::size_t first_ = 0, gap_ = widest_gap, width_ = 0;
};

}  // namespace

std::string text(const trace::Ladder& ladder, const LadderStyle& style) { return Drawing(ladder, style).text(); }

}  // namespace trunkbox::output
