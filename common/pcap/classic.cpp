// The pcap format: a file header, then a record header before each packet.
#include <algorithm>

#include <fmt/format.h>

#include "pcap/format.h"

namespace trunkbox::pcap {

namespace {

constexpr std::size_t file_header = 24;
constexpr std::uint32_t magic_micro = 0xa1b2c3d4, magic_nano = 0xa1b23c4d;
constexpr std::uint32_t magic_modified = 0xa1b2cd34;  // of old Linux kernels: eight more bytes in each record header

class Classic final : public Format {
  public:
    struct Header {
        bool swapped = false;
        bool nano = false;
        bool modified = false;
        std::uint16_t minor = 4;
        int link_type = 0;
    };
    explicit Classic(const Header& header) : header_(header), record_header_(header.modified ? 24 : 16) {}

    Step next(Window& window, Packet& packet) override {
        if (!window.want(record_header_)) return window.view().empty() ? Step::end : Step::cut;
        const char* at = window.view().data();
        auto captured = u32(at + 8), length = u32(at + 12);
        // What was first meant by the two was settled in versions 2.3 and 2.4 of the format.
        if (header_.minor < 3 || (header_.minor == 3 && captured > length)) std::swap(captured, length);
        if (captured > most_packet_bytes)
            return damaged(fmt::format("claims {} captured bytes, more than any has", captured));
        if (!window.want(record_header_ + captured)) return Step::cut;
        at = window.view().data();
        auto fraction = std::uint64_t{u32(at + 4)} * (header_.nano ? 1U : 1000U);
        packet.time = Time(std::chrono::seconds(u32(at)) + Duration(static_cast<std::int64_t>(fraction)));
        packet.link_type = header_.link_type;
        packet.bytes = {at + record_header_, captured};
        packet.original_length = std::max(length, captured);
        window.skip(record_header_ + captured);
        return Step::packet;
    }
    [[nodiscard]] Precision precision() const override {
        return header_.nano ? Precision::nanoseconds : Precision::microseconds;
    }
    [[nodiscard]] std::optional<int> link_type() const override { return header_.link_type; }

  private:
    [[nodiscard]] std::uint32_t u32(const char* at) const { return load<std::uint32_t>(at, header_.swapped); }

    Header header_;
    std::size_t record_header_;
};

}  // namespace

tl::expected<std::unique_ptr<Format>, std::string> open_classic(Window& window) {
    if (!window.want(4)) return tl::unexpected(std::string("too short for a header"));
    Classic::Header header;
    auto magic = load<std::uint32_t>(window.view().data(), false);
    auto is_known = [](std::uint32_t value) {
        return value == magic_micro || value == magic_nano || value == magic_modified;
    };
    if (!is_known(magic)) {
        header.swapped = true;
        magic = load<std::uint32_t>(window.view().data(), true);
    }
    if (!is_known(magic)) return tl::unexpected(std::string("its first bytes are not those of a capture"));
    if (!window.want(file_header)) return tl::unexpected(std::string("it is cut in its header"));
    const char* at = window.view().data();
    auto major = load<std::uint16_t>(at + 4, header.swapped);
    header.minor = load<std::uint16_t>(at + 6, header.swapped);
    if (major != 2) return tl::unexpected(fmt::format("version {}.{} of the format", major, header.minor));
    header.nano = magic == magic_nano;
    header.modified = magic == magic_modified;
    // The upper bits may say whether frames end in a checksum; the lengths in their own headers leave it out.
    header.link_type = static_cast<int>(load<std::uint32_t>(at + 20, header.swapped) & 0xffffU);
    window.skip(file_header);
    return std::make_unique<Classic>(header);
}

}  // namespace trunkbox::pcap
