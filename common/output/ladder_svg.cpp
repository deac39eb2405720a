#include "output/ladder_svg.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"
#include "output/xml.h"

namespace trunkbox::output {
namespace {

using trace::Arrow;
using trace::Ladder;

// In pixels. A letter of 12 px sans-serif is 6.5 wide on average, bold 7.
constexpr int times_width = 96;  // the column of times
constexpr int top = 60;
constexpr int row_height = 28;
constexpr int pause_row = 16;
constexpr int least_gap = 120;
constexpr int widest_gap = 300;
constexpr int side_width = 90;  // right of the last lifeline, and left of the first
constexpr double letter = 6.5;
constexpr Duration pause_shown = 500ms;

// The printable form, cut after so many characters.
std::string escaped(std::string_view text, std::size_t most = 500) {
    std::string safe = printable(text, 4 * most);
    std::size_t characters = 0;
    for (std::size_t at = 0; at < safe.size(); ++at) {
        if ((static_cast<unsigned char>(safe[at]) & 0xc0U) == 0x80U || ++characters <= most) continue;
        safe.resize(at);
        safe += "…";
        break;
    }
    return xml_text(safe);
}

std::string_view color(const Arrow& arrow) {
    if (arrow.kind == Arrow::Kind::media) return "#0b6e75";
    if (arrow.kind == Arrow::Kind::request) return "#1f2933";
    if (arrow.status < 200) return "#52606d";
    if (arrow.status < 300) return "#1b7f3b";
    return arrow.status < 400 ? "#8a5a00" : "#b3261e";
}

class Picture {
  public:
    explicit Picture(const Ladder& ladder) : ladder_(ladder) {
        std::size_t longest = 0;
        for (const Arrow& arrow : ladder.arrows)
            if (neighbours(arrow)) longest = std::max(longest, words(arrow).size());
        gap_ = std::clamp(static_cast<int>(static_cast<double>(longest) * letter) + 30, least_gap, widest_gap);
    }

    std::string document() {
        std::string rows = draw_rows();
        const int count = static_cast<int>(ladder_.participants.size());
        const int width = times_width + 2 * side_width + gap_ * std::max(0, count - 1);
        const int height = y_ + row_height;
        std::string made = fmt::format(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
            "font-family=\"sans-serif\" font-size=\"12\" fill=\"#1f2933\">\n"
            "<title>SIP ladder</title>\n<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n",
            width, height);
        for (std::size_t i = 0; i < ladder_.participants.size(); ++i) made += lifeline(i, height);
        return made + rows + "</svg>\n";
    }

  private:
    [[nodiscard]] int x(std::size_t participant) const { return times_width + side_width + gap_ * static_cast<int>(participant); }
    [[nodiscard]] static bool neighbours(const Arrow& arrow) {
        return std::max(arrow.from, arrow.to) - std::min(arrow.from, arrow.to) <= 1;
    }
    [[nodiscard]] static std::string words(const Arrow& arrow) {
        std::string made = arrow.head;
        if (!arrow.tail.empty()) made += " " + arrow.tail;
        return made;
    }

    [[nodiscard]] std::string lifeline(std::size_t participant, int height) const {
        const auto& station = ladder_.participants[participant];
        const auto most = static_cast<std::size_t>(gap_ / letter);
        std::string made =
            fmt::format("<text x=\"{}\" y=\"20\" text-anchor=\"middle\" font-weight=\"bold\">{}</text>\n",
                        x(participant), escaped(station.name, most));
        if (!station.addresses.empty() && station.addresses.front().text() != station.name)
            made += fmt::format(
                "<text x=\"{}\" y=\"36\" text-anchor=\"middle\" font-size=\"11\" fill=\"#52606d\">{}</text>\n",
                x(participant), escaped(station.addresses.front().text(), most));
        return made + fmt::format("<line x1=\"{0}\" y1=\"44\" x2=\"{0}\" y2=\"{1}\" stroke=\"#9aa5b1\"/>\n",
                                  x(participant), height - 8);
    }

    std::string draw_rows() {
        std::string made;
        Time last = ladder_.start;
        for (const Arrow& arrow : ladder_.arrows) {
            if (arrow.time - last >= pause_shown) made += pause();
            last = arrow.kind == Arrow::Kind::media ? std::max(arrow.end, arrow.time) : arrow.time;
            made += draw(arrow);
            y_ += row_height;
        }
        return made;
    }

    // Where nothing happened for long, time is left out.
    std::string pause() {
        std::string made = fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\" fill=\"#9aa5b1\">⋮</text>\n",
                                       times_width - 36, y_ + pause_row / 2 - 8);
        y_ += pause_row;
        return made;
    }

    [[nodiscard]] std::string draw(const Arrow& arrow) const {
        std::string made = fmt::format("<g>\n<title>{}</title>\n", escaped(tooltip(arrow)));
        made += fmt::format(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" font-size=\"11\" fill=\"#52606d\">{:.1f} ms</text>\n",
            times_width - 8, y_ + 4, seconds(arrow.time - ladder_.start) * 1000);
        if (arrow.from == arrow.to)
            made += loop(arrow);
        else
            made += arrow.kind == Arrow::Kind::media ? band(arrow) : line(arrow);
        return made + "</g>\n";
    }

    [[nodiscard]] static std::string tooltip(const Arrow& arrow) {
        std::string made = words(arrow);
        if (!arrow.note.empty()) made += " · " + arrow.note;
        if (arrow.retransmission) made += " · sent again";
        if (!arrow.call_id.empty()) made += " · " + arrow.call_id;
        return made;
    }

    [[nodiscard]] std::string label(const Arrow& arrow, int centre, int room, int above) const {
        const auto most = static_cast<std::size_t>(std::max(40, room) / letter);
        std::string text = words(arrow);
        if (!arrow.note.empty() && text.size() + arrow.note.size() + 3 <= most) text += " · " + arrow.note;
        return fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\" fill=\"{}\">{}</text>\n", centre, y_ - above,
                           color(arrow), escaped(text, most));
    }

    [[nodiscard]] std::string line(const Arrow& arrow) const {
        const int from = x(arrow.from), to = x(arrow.to), ahead = from < to ? 8 : -8;
        return label(arrow, (from + to) / 2, std::abs(to - from) - 16, 5) +
               fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{}\" stroke-width=\"1.5\"{}/>\n",
                           from, y_, to - ahead, y_, color(arrow),
                           arrow.retransmission ? " stroke-dasharray=\"6 4\"" : "") +
               fmt::format("<path d=\"M{} {} l{} -4 v8 z\" fill=\"{}\"/>\n", to, y_, -ahead, color(arrow));
    }

    [[nodiscard]] std::string band(const Arrow& arrow) const {
        const int from = x(arrow.from), to = x(arrow.to), left = std::min(from, to), ahead = from < to ? 10 : -10;
        return fmt::format(
                   "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"18\" rx=\"4\" fill=\"#d8f0f0\" "
                   "stroke=\"#7cc4c4\"/>\n",
                   left + 4, y_ - 9, std::abs(to - from) - 8) +
               fmt::format("<path d=\"M{} {} l{} -5 v10 z\" fill=\"{}\"/>\n", to - ahead / 2, y_, -ahead,
                           color(arrow)) +
               label(arrow, (from + to) / 2, std::abs(to - from) - 40, -4);
    }

    [[nodiscard]] std::string loop(const Arrow& arrow) const {
        const int at = x(arrow.from);
        return fmt::format("<path d=\"M{0} {1} h18 v8 h-12\" fill=\"none\" stroke=\"{2}\" stroke-width=\"1.5\"/>\n", at,
                           y_ - 4, color(arrow)) +
               fmt::format("<text x=\"{}\" y=\"{}\" fill=\"{}\">{}</text>\n", at + 24, y_ + 4, color(arrow),
                           escaped(words(arrow), 40));
    }

    const Ladder& ladder_;
    int gap_ = least_gap;
    int y_ = top + 14;
};

}  // namespace

std::string svg(const trace::Ladder& ladder) { return Picture(ladder).document(); }

}  // namespace trunkbox::output
