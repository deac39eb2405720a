#include "lcr/lines.h"

#include <algorithm>
#include <cstring>

namespace trunkbox::lcr {

namespace {

// Points the lines of a piece to where its spill will be.
void move_spill(LinePiece& piece, std::size_t begin) {
    for (auto [group, at] : piece.spilled) {
        LineCandidate pointer;
        auto* bytes = piece.lines[group].data() + at;
        std::memcpy(&pointer, bytes, sizeof pointer);
        pointer.rate += static_cast<std::uint32_t>(begin);
        std::memcpy(bytes, &pointer, sizeof pointer);
    }
}

template <class T>
void append(std::vector<T>& all, const std::vector<T>& more) {
    all.insert(all.end(), more.begin(), more.end());
}

}  // namespace

Lines::Lines(const LineSource& source, const Parallel& parallel) {
    constexpr std::size_t places_at_once = 4096;
    auto in_force = windows(source);
    auto usual = usual_time(source, in_force);
    auto places = source.prefixes.size() - 1;
    pieces_.resize((places + places_at_once - 1) / places_at_once);
    parallel(pieces_.size(), [&](std::size_t i) {
        auto first = i * places_at_once;
        auto last = std::min(first + places_at_once, places);
        pieces_[i] = build_piece(source, in_force, usual, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last));
    });
    place_pieces();
    place_lines(source.prefixes.first(places));
}

void Lines::place_pieces() {
    begins_.resize(pieces_.size());
    for (std::size_t group : {std::size_t{4}, std::size_t{2}, std::size_t{1}, at_other_times})
        for (std::size_t i = 0; i < pieces_.size(); ++i) {
            begins_[i][group] = static_cast<std::uint32_t>(units_);
            units_ += pieces_[i].lines[group].size() / line_unit;
        }
    for (auto& piece : pieces_) {
        move_spill(piece, spill.size());
        append(spill, piece.spill);
        append(spill_rows, piece.spill_rows);
    }
}

void Lines::place_lines(std::span<const PrefixRecord> prefixes) {
    first_of_prefix.reserve(prefixes.size());
    others.reserve(prefixes.size());
    bool any_others = false;
    for (std::size_t i = 0; i < pieces_.size(); ++i)
        for (auto where : pieces_[i].where) {
            auto other = where.others;
            if (other == LinePiece::as_shorter)
                other |= first_of_prefix[prefixes[first_of_prefix.size()].shorter];
            else if (other != no_leaf)
                other += begins_[i][at_other_times];
            others.push_back(other);
            any_others = any_others || other != no_leaf;
            first_of_prefix.push_back(begins_[i][where.units] + where.offset);
        }
    if (!any_others) others.clear();
}

void Lines::write(std::span<std::byte> lines, std::span<std::uint32_t> beside, const Parallel& parallel) {
    parallel(pieces_.size(), [&](std::size_t i) {
        for (std::size_t group = 0; group < line_groups; ++group) {
            auto begin = std::size_t{begins_[i][group]};
            std::ranges::copy(pieces_[i].lines[group], lines.subspan(begin * line_unit).begin());
            std::ranges::copy(pieces_[i].beside[group], beside.subspan(begin * slots_in_unit).begin());
        }
        pieces_[i] = {};
    });
    std::ranges::fill(lines.subspan(units_ * line_unit), std::byte{});
}

}  // namespace trunkbox::lcr
