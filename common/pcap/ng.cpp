// The pcapng format: sections of either byte order, each with interfaces of their own link types and clocks.
#include <algorithm>
#include <limits>
#include <vector>

#include <fmt/format.h>

#include "pcap/format.h"

namespace trunkbox::pcap {

namespace {

enum Block : std::uint32_t {
    section_header = 0x0a0d0d0a,
    interface_description = 1,
    packet_block = 2,  // obsolete
    simple_packet = 3,
    enhanced_packet = 6,
};
constexpr std::uint32_t byte_order_magic = 0x1a2b3c4d;
constexpr std::uint16_t option_end = 0, option_resolution = 9, option_offset = 14;
constexpr std::size_t most_block_bytes = 16U << 20U;
constexpr std::size_t most_interfaces = 4096;

// How an interface counts time.
struct Clock {
    bool binary = false;         // units of 2^-exponent seconds, else of 10^-exponent
    unsigned exponent = 6;
    std::int64_t offset = 0;     // seconds

    [[nodiscard]] bool finer_than_micro() const { return binary ? exponent > 20 : exponent > 6; }
    [[nodiscard]] std::optional<Time> time(std::uint64_t units) const {
        std::uint64_t seconds = 0, nanos = 0;
        if (binary) {
            seconds = exponent < 64 ? units >> exponent : 0;
            auto rest = exponent < 64 ? units - (exponent == 0 ? units : seconds << exponent) : units;
            // No more than 2^-32 s, so that the product fits.
            auto bits = std::min(exponent, 32U);
            auto shift = exponent - bits;
            nanos = shift < 64 ? ((rest >> shift) * 1'000'000'000U) >> bits : 0;
        } else {
            std::uint64_t per_second = 1;
            unsigned e = 0;
            for (; e < exponent && per_second <= std::numeric_limits<std::uint64_t>::max() / 10; ++e) per_second *= 10;
            seconds = e < exponent ? 0 : units / per_second;
            auto rest = e < exponent ? 0 : units % per_second;
            nanos = per_second <= 1'000'000'000U ? rest * (1'000'000'000U / per_second)
                                                 : rest / (per_second / 1'000'000'000U);
        }
        constexpr auto most = std::numeric_limits<std::int64_t>::max();
        if (seconds > static_cast<std::uint64_t>(most)) return std::nullopt;
        std::int64_t sum = 0;
        if (__builtin_add_overflow(static_cast<std::int64_t>(seconds), offset, &sum)) return std::nullopt;
        return make_time(sum, nanos);
    }
};

struct Interface {
    int link_type = 0;
    std::uint32_t snap_length = 0;  // 0: none
    Clock clock;
};

class Ng final : public Format {
  public:
    // Up to the first packet, so that the interfaces are known.
    Step begin(Window& window) {
        auto first = Step::packet;
        for (;;) {
            first = look(window);
            if (first != Step::packet || is_packet(type_)) break;
            if (auto done = read_block(window.view()); done != Step::packet) return done;
            window.skip(length_);
        }
        begun_ = true;
        return first;
    }

    Step next(Window& window, Packet& packet) override {
        for (;;) {
            if (auto step = look(window); step != Step::packet) return step;
            auto block = window.view().substr(0, length_);
            auto step = is_packet(type_) ? read_packet(block, packet) : read_block(block);
            if (step != Step::packet) return step;
            bool found = is_packet(type_);
            window.skip(length_);
            if (found) return Step::packet;
        }
    }
    [[nodiscard]] Precision precision() const override {
        return finer_ ? Precision::nanoseconds : Precision::microseconds;
    }
    [[nodiscard]] std::optional<int> link_type() const override { return same_link_ ? link_type_ : std::nullopt; }

  private:
    static bool is_packet(std::uint32_t type) {
        return type == enhanced_packet || type == simple_packet || type == packet_block;
    }
    [[nodiscard]] std::uint32_t u32(std::string_view block, std::size_t at) const {
        return load<std::uint32_t>(block.data() + at, swapped_);
    }
    [[nodiscard]] std::uint16_t u16(std::string_view block, std::size_t at) const {
        return load<std::uint16_t>(block.data() + at, swapped_);
    }

    // The block at the window's beginning, whole: its type_ and length_.
    Step look(Window& window) {
        if (!window.want(12)) return window.view().empty() ? Step::end : Step::cut;
        auto head = window.view();
        if (load<std::uint32_t>(head.data(), false) == section_header) {
            auto magic = load<std::uint32_t>(head.data() + 8, false);
            if (magic != byte_order_magic && __builtin_bswap32(magic) != byte_order_magic)
                return damaged("a section of no known byte order");
            swapped_ = magic != byte_order_magic;
        }
        type_ = u32(head, 0);
        length_ = u32(head, 4);
        if (length_ < 12 || length_ % 4 != 0 || length_ > most_block_bytes)
            return damaged(fmt::format("a block of {} bytes", length_));
        if (!window.want(length_)) return Step::cut;
        if (u32(window.view(), length_ - 4) != length_) return damaged("a block with two different lengths");
        return Step::packet;
    }

    Step read_block(std::string_view block) {
        if (type_ == section_header) {
            if (length_ < 28) return damaged("a section header that is too short");
            if (u16(block, 12) != 1) return damaged(fmt::format("version {} of the format", u16(block, 12)));
            interfaces_.clear();
        } else if (type_ == interface_description) {
            return read_interface(block.substr(0, length_));
        }
        return Step::packet;
    }

    Step read_interface(std::string_view block) {
        if (length_ < 20) return damaged("an interface description that is too short");
        if (interfaces_.size() == most_interfaces) return damaged("more interfaces than any machine has");
        Interface interface{.link_type = u16(block, 8), .snap_length = u32(block, 12), .clock = {}};
        auto options = block.substr(16, length_ - 20);
        while (options.size() >= 4) {
            auto code = u16(options, 0);
            std::size_t length = u16(options, 2);
            if (code == option_end || length > options.size() - 4) break;
            if (code == option_resolution && length >= 1) {
                auto value = static_cast<unsigned char>(options[4]);
                interface.clock.binary = (value & 0x80U) != 0;
                interface.clock.exponent = value & 0x7fU;
            } else if (code == option_offset && length >= 8) {
                interface.clock.offset = load<std::int64_t>(options.data() + 4, swapped_);
            }
            options.remove_prefix(std::min(options.size(), 4 + (length + 3) / 4 * 4));
        }
        interfaces_.push_back(interface);
        if (begun_) return Step::packet;
        finer_ = finer_ || interface.clock.finer_than_micro();
        if (!link_type_) link_type_ = interface.link_type;
        same_link_ = same_link_ && *link_type_ == interface.link_type;
        return Step::packet;
    }

    Step read_packet(std::string_view block, Packet& packet) {
        bool simple = type_ == simple_packet;
        std::size_t header = simple ? 12 : 28;
        if (block.size() < header + 4) return damaged("a packet block that is too short");
        std::size_t index = simple ? 0 : type_ == packet_block ? u16(block, 8) : u32(block, 8);
        if (index >= interfaces_.size()) return damaged(fmt::format("interface {} is not described", index));
        const auto& interface = interfaces_[index];
        auto room = block.size() - header - 4;
        auto length = u32(block, simple ? 8 : 24);
        auto captured = u32(block, simple ? 8 : 20);
        if (simple && interface.snap_length != 0) captured = std::min(captured, interface.snap_length);
        if (captured > room || captured > most_packet_bytes)
            return damaged(fmt::format("claims {} captured bytes in a block of {}", captured, block.size()));
        if (!simple) {  // a simple packet has no time: it keeps that of the one before
            auto units = std::uint64_t{u32(block, 12)} << 32U | u32(block, 16);
            auto time = interface.clock.time(units);
            if (!time) return damaged("its time is outside 1970 to 2262");
            last_ = *time;
        }
        packet.time = last_;
        packet.link_type = interface.link_type;
        packet.bytes = block.substr(header, captured);
        packet.original_length = std::max(length, captured);
        return Step::packet;
    }

    std::vector<Interface> interfaces_;  // of the present section
    Time last_{};
    std::optional<int> link_type_;
    bool same_link_ = true;
    bool finer_ = false;
    bool begun_ = false;
    bool swapped_ = false;
    std::uint32_t type_ = 0;
    std::size_t length_ = 0;
};

}  // namespace

std::optional<Time> make_time(std::int64_t seconds, std::uint64_t nanoseconds) {
    constexpr auto last = std::numeric_limits<std::int64_t>::max() / 1'000'000'000 - 1;
    if (seconds < 0 || seconds > last || nanoseconds >= 1'000'000'000) return std::nullopt;
    return Time(std::chrono::seconds(seconds) + Duration(static_cast<std::int64_t>(nanoseconds)));
}

tl::expected<std::unique_ptr<Format>, std::string> open_ng(Window& window) {
    if (!window.want(28)) return tl::unexpected(std::string("it is cut in its header"));
    auto ng = std::make_unique<Ng>();
    if (ng->begin(window) == Step::damaged) return tl::unexpected(ng->why());
    return ng;
}

}  // namespace trunkbox::pcap
