#include "pcap/writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <stdexcept>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "pcap/format.h"

namespace trunkbox::pcap {

namespace {

constexpr std::size_t buffer_bytes = 128U << 10U;

// In this machine's byte order, which the file's first number tells.
template <class T>
void put(std::string& out, T value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string pcap_header(int link_type, Precision precision) {
    std::string out;
    put<std::uint32_t>(out, precision == Precision::nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);
    put<std::uint16_t>(out, 2);
    put<std::uint16_t>(out, 4);
    put<std::uint64_t>(out, 0);
    put<std::uint32_t>(out, most_packet_bytes);
    put<std::uint32_t>(out, static_cast<std::uint32_t>(link_type));
    return out;
}

std::string pcapng_header() {
    std::string out;
    put<std::uint32_t>(out, 0x0a0d0d0a);
    put<std::uint32_t>(out, 28);
    put<std::uint32_t>(out, 0x1a2b3c4d);
    put<std::uint16_t>(out, 1);
    put<std::uint16_t>(out, 0);
    put<std::uint64_t>(out, ~std::uint64_t{0});  // the length of the section is not known
    put<std::uint32_t>(out, 28);
    return out;
}

}  // namespace

struct Writer::State {
    std::string path;
    WriteOptions options;
    int descriptor = -1;
    std::string buffer;
    std::vector<int> interfaces;  // of a pcapng file: their link types
    std::optional<Error> error;

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        static_cast<void>(flush());
        if (descriptor >= 0) ::close(descriptor);
    }

    [[nodiscard]] Error cannot_write() const {
        return {Fault::system, path,
                fmt::format("cannot write: {}", lower(std::generic_category().message(errno))), ""};
    }

    Result<void> flush() {
        std::string_view left = buffer;
        while (!left.empty() && !error && descriptor >= 0) {
            auto count = ::write(descriptor, left.data(), left.size());
            if (count < 0 && errno != EINTR) error = cannot_write();
            if (count > 0) left.remove_prefix(static_cast<std::size_t>(count));
        }
        buffer.clear();
        if (error) return tl::unexpected(*error);
        return {};
    }

    [[nodiscard]] std::uint32_t interface_of(int link_type) {
        auto place = std::find(interfaces.begin(), interfaces.end(), link_type);
        auto index = static_cast<std::uint32_t>(place - interfaces.begin());
        if (place != interfaces.end()) return index;
        interfaces.push_back(link_type);
        put<std::uint32_t>(buffer, 1);
        put<std::uint32_t>(buffer, 32);
        put<std::uint16_t>(buffer, static_cast<std::uint16_t>(link_type));
        put<std::uint16_t>(buffer, 0);
        put<std::uint32_t>(buffer, most_packet_bytes);
        put<std::uint16_t>(buffer, 9);  // if_tsresol
        put<std::uint16_t>(buffer, 1);
        put<std::uint32_t>(buffer, options.precision == Precision::nanoseconds ? 9 : 6);
        put<std::uint32_t>(buffer, 0);  // end of the options
        put<std::uint32_t>(buffer, 32);
        return index;
    }

    void put_block(const net::Frame& frame) {
        auto interface = interface_of(frame.link_type);
        auto units = static_cast<std::uint64_t>(frame.time.time_since_epoch().count());
        if (options.precision == Precision::microseconds) units /= 1000;
        auto padding = (4 - frame.bytes.size() % 4) % 4;
        auto length = static_cast<std::uint32_t>(32 + frame.bytes.size() + padding);
        put<std::uint32_t>(buffer, 6);
        put(buffer, length);
        put(buffer, interface);
        put(buffer, static_cast<std::uint32_t>(units >> 32U));
        put(buffer, static_cast<std::uint32_t>(units));
        put_lengths(frame);
        buffer.append(frame.bytes).append(padding, '\0');
        put(buffer, length);
    }

    void put_record(const net::Frame& frame) {
        auto since = frame.time.time_since_epoch();
        auto whole = std::chrono::floor<std::chrono::seconds>(since);
        auto fraction = (since - whole).count();
        if (options.precision == Precision::microseconds) fraction /= 1000;
        put(buffer, static_cast<std::uint32_t>(whole.count()));
        put(buffer, static_cast<std::uint32_t>(fraction));
        put_lengths(frame);
        buffer.append(frame.bytes);
    }

    void put_lengths(const net::Frame& frame) {
        auto captured = static_cast<std::uint32_t>(frame.bytes.size());
        put(buffer, captured);
        put(buffer, std::max(captured, frame.original_length));
    }
};

Writer::Writer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Writer::~Writer() = default;
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;

Result<Writer> Writer::create(const std::string& path, const WriteOptions& options) {
    auto state = std::make_unique<State>();
    state->path = path;
    state->options = options;
    state->descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (state->descriptor < 0) return tl::unexpected(state->cannot_write());
    state->buffer.reserve(buffer_bytes + 2 * most_packet_bytes);
    state->buffer = options.link_type ? pcap_header(*options.link_type, options.precision) : pcapng_header();
    // A full disk shows here, and not after the call that was to be captured.
    Writer writer(std::move(state));
    if (auto flushed = writer.flush(); !flushed) return tl::unexpected(flushed.error());
    return writer;
}

Result<void> Writer::write(Time time, std::string_view packet) {
    return write(net::Frame{.number = 0,
                            .time = time,
                            .link_type = state_->options.link_type.value_or(net::link_type_raw_ip),
                            .bytes = packet,
                            .original_length = static_cast<std::uint32_t>(packet.size())});
}

Result<void> Writer::write(const net::Frame& frame) {
    auto& state = *state_;
    if (state.error) return tl::unexpected(*state.error);
    if (state.descriptor < 0) return failure(Fault::system, state.path, "the capture file is closed");
    if (frame.bytes.size() > most_packet_bytes) throw std::invalid_argument("a packet that no capture holds");
    if (state.options.link_type && frame.link_type != *state.options.link_type)
        return failure(Fault::input, state.path,
                       fmt::format("a packet of link type {} does not fit into a pcap file of link type {}",
                                   frame.link_type, *state.options.link_type));
    auto whole = std::chrono::floor<std::chrono::seconds>(frame.time.time_since_epoch()).count();
    auto last = state.options.link_type ? std::int64_t{std::numeric_limits<std::uint32_t>::max()}
                                        : std::numeric_limits<std::int64_t>::max();
    if (whole < 0 || whole > last)
        return failure(Fault::input, state.path, "a packet's time is none that the file can say");
    if (state.options.link_type) state.put_record(frame);
    else state.put_block(frame);
    if (state.buffer.size() >= buffer_bytes) return state.flush();
    return {};
}

Result<void> Writer::flush() { return state_->flush(); }

Result<void> Writer::close() {
    auto& state = *state_;
    auto flushed = state.flush();
    if (state.descriptor >= 0) {
        bool closed = ::close(state.descriptor) == 0;
        state.descriptor = -1;
        if (!closed && !state.error) state.error = state.cannot_write();
    }
    if (state.error) return tl::unexpected(*state.error);
    return flushed;
}

}  // namespace trunkbox::pcap
