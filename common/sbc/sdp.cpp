#include "sbc/sdp.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace trunkbox::sbc {
namespace {

constexpr std::size_t most_media = 64;

// Takes the word before the next blank off `rest`.
std::string_view take_word(std::string_view& rest) {
    const char* begin = rest.data();
    const char* const all = begin + rest.size();
    while (begin != all && *begin == ' ') ++begin;
    const char* end = begin;
    while (end != all && *end != ' ') ++end;
    rest = {end, static_cast<std::size_t>(all - end)};
    return {begin, static_cast<std::size_t>(end - begin)};
}

// "IN IP4 224.2.1.1/127/3": the address without TTL and count.
std::string_view connection_address(std::string_view value) {
    take_word(value);
    take_word(value);
    return split_once(take_word(value), '/').first;
}

// The order of the lines (RFC 8866 section 9). Those that may stand in several places have no place: r= and z= follow
// their t=, a= is not judged.
constexpr std::string_view session_order = "vosiuepcbtk";
constexpr std::string_view media_order = "micbk";

using Places = std::array<std::uint8_t, 128>;  // by type, from 1; 0 for none
constexpr Places places(std::string_view order) {
    Places table{};
    for (std::size_t i = 0; i < order.size(); ++i)
        table[static_cast<unsigned char>(order[i])] = static_cast<std::uint8_t>(i + 1);
    return table;
}
constexpr Places session_places = places(session_order), media_places = places(media_order);

std::uint8_t place_of(char type, const Places& table) {
    auto index = static_cast<unsigned char>(type);
    return index < table.size() ? table[index] : std::uint8_t{0};
}

class SdpReader {
  public:
    explicit SdpReader(SdpReading& into) : sdp_(into) {}

    void read(std::string_view body) {
        for (std::string_view rest = body; !rest.empty();) {
            std::size_t end = rest.find('\n');
            std::string_view line = rest.substr(0, end);
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
            if (line.ends_with('\r')) line.remove_suffix(1);
            if (line.empty()) continue;
            if (line.size() < 2 || line[1] != '=') breach("a line that is no type and value");
            else read_line(line[0], line.substr(2), rest);
        }
        end_media(body.substr(body.size()));
        check_session();
    }

  private:
    void breach(std::string_view what) {
        if (sdp_.breach.empty()) sdp_.breach = what;
    }

    void read_line(char type, std::string_view value, std::string_view rest) {
        if (type == 'a' && begun_) return;
        check_order(type);
        switch (type) {
            case 'o': read_origin(value); break;
            case 'c': read_connection(value); break;
            case 't': has_time_ = true; break;
            case 's': has_name_ = true; break;
            case 'm': read_media(value, rest); break;
            default: break;
        }
    }

    void check_order(char type) {
        if (!begun_ && type != 'v') breach("no v= line at the start");
        begun_ = true;
        if (type == 'm') {
            place_ = 0;
            return;
        }
        std::uint8_t place = place_of(type, in_media_ ? media_places : session_places);
        if (place == 0) {
            if (in_media_ && place_of(type, session_places) != 0) breach("a session's line below m=");
            return;
        }
        if (place < place_) breach("lines in the wrong order");
        place_ = std::max(place_, place);
    }

    void read_origin(std::string_view value) {
        for (int i = 0; i < 3; ++i) take_word(value);
        sdp_.origin_address = connection_address(value);
        if (sdp_.origin_address.empty()) breach("an o= line without address");
        has_origin_ = true;
    }

    void read_connection(std::string_view value) {
        std::string_view address = connection_address(value);
        if (address.empty()) breach("a c= line without address");
        (in_media_ ? own_address_ : sdp_.session_address) = address;
    }

    void read_media(std::string_view value, std::string_view rest) {
        end_media(rest);
        ++sdp_.media_lines;
        in_media_ = true;
        media_ = {.type = take_word(value)};
        media_.port = parse_integer<std::uint16_t>(split_once(take_word(value), '/').first);
        media_.protocol = take_word(value);
        media_.formats = trim(value);
        media_.section = rest;
        own_address_ = {};
        if (media_.formats.empty()) breach("an m= line without formats");
        else if (!media_.port) breach("a port that is no number up to 65535");
    }

    // `rest` begins behind the m= line that ends this one's section.
    void end_media(std::string_view rest) {
        if (!in_media_) return;
        media_.address = own_address_.empty() ? sdp_.session_address : own_address_;
        media_.section.remove_suffix(std::min(rest.size(), media_.section.size()));
        // A stream that is refused goes nowhere.
        if (media_.address.empty() && media_.port != std::uint16_t{0}) breach("an m= line without c=");
        if (sdp_.media.size() < most_media) sdp_.media.push_back(media_);
    }

    void check_session() {
        if (!has_origin_) breach("no o= line");
        if (!has_name_) breach("no s= line");
        if (!has_time_) breach("no t= line");
    }

    SdpReading& sdp_;
    SdpReading::Media media_{};
    std::string_view own_address_{};
    std::uint8_t place_ = 0;
    bool begun_ = false, in_media_ = false, has_origin_ = false, has_name_ = false, has_time_ = false;
};

}  // namespace

SdpReading read_sdp(std::string_view body) {
    SdpReading sdp;
    SdpReader(sdp).read(body);
    return sdp;
}

}  // namespace trunkbox::sbc
