#include "pcap/live.h"

#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <pcap/pcap.h>

#include "base/text.h"
#include "net/packet.h"
#include "pcap/filter.h"
#include "pcap/format.h"
#include "pcap/libpcap.h"

namespace trunkbox::pcap {

struct Live::State {
    const Libpcap& libpcap;
    std::string interface;
    pcap_t* handle = nullptr;
    std::uint64_t number = 0;
    int link_type = 0;
    bool nanoseconds = false;

    State(const Libpcap& library, std::string name) : libpcap(library), interface(std::move(name)) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (handle != nullptr) libpcap.close(handle);
    }

    [[nodiscard]] Error failed(std::string_view why) const {
        return {Fault::system, fmt::format("interface '{}'", printable(interface, 60)), printable(why, 200), ""};
    }
    [[nodiscard]] net::Frame frame(const pcap_pkthdr& header, const u_char* bytes) {
        auto fraction = static_cast<std::uint64_t>(header.ts.tv_usec) * (nanoseconds ? 1 : 1000);
        return {.number = ++number,
                .time = make_time(header.ts.tv_sec, fraction).value_or(Time{}),
                .link_type = link_type,
                .bytes = {reinterpret_cast<const char*>(bytes), header.caplen},
                .original_length = header.len};
    }
};

Live::Live(std::unique_ptr<State> state) : state_(std::move(state)) {}
Live::~Live() = default;
Live::Live(Live&&) noexcept = default;
Live& Live::operator=(Live&&) noexcept = default;

Result<Live> Live::open(const std::string& interface, const ReadOptions& options) {
    auto library = Libpcap::load();
    if (!library) return tl::unexpected(library.error());
    const auto& pcap = **library;
    auto state = std::make_unique<State>(pcap, interface);
    std::array<char, PCAP_ERRBUF_SIZE> why{};
    state->handle = pcap.create(interface.c_str(), why.data());
    if (state->handle == nullptr) return tl::unexpected(state->failed(why.data()));
    constexpr int buffer_bytes = 16 << 20, wait_ms = 100;
    pcap.set_snaplen(state->handle, static_cast<int>(most_packet_bytes));
    pcap.set_buffer_size(state->handle, buffer_bytes);
    pcap.set_timeout(state->handle, wait_ms);
    state->nanoseconds = pcap.set_tstamp_precision(state->handle, PCAP_TSTAMP_PRECISION_NANO) == 0;
    if (int status = pcap.activate(state->handle); status < 0) {
        auto error = state->failed(pcap.statustostr(status));
        if (status == PCAP_ERROR_PERM_DENIED) error.fix = "run it as root, or give the program cap_net_raw";
        return tl::unexpected(std::move(error));
    }
    // Files have one number for raw IP; libpcap's own depends on the machine.
    int data_link = pcap.datalink(state->handle);
    state->link_type = data_link == DLT_RAW ? net::link_type_raw_ip : data_link;
    if (!options.filter.empty()) {
        // For its better words about a filter that is none.
        if (auto filter = Filter::compile(options.filter, state->link_type); !filter)
            return tl::unexpected(filter.error());
        bpf_program program{};
        bool set = pcap.compile(state->handle, &program, options.filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) == 0 &&
                   pcap.setfilter(state->handle, &program) == 0;
        pcap.freecode(&program);
        if (!set) return tl::unexpected(state->failed(pcap.geterr(state->handle)));
    }
    if (pcap.setnonblock(state->handle, 1, why.data()) < 0) return tl::unexpected(state->failed(why.data()));
    return Live(std::move(state));
}

int Live::descriptor() const { return state_->libpcap.get_selectable_fd(state_->handle); }

Result<void> Live::each(const std::function<void(const net::Frame&)>& take) {
    struct Context {
        State& state;
        const std::function<void(const net::Frame&)>& take;
    } context{*state_, take};
    auto one = [](u_char* user, const pcap_pkthdr* header, const u_char* bytes) {
        auto& given = *reinterpret_cast<Context*>(user);
        given.take(given.state.frame(*header, bytes));
    };
    int got = state_->libpcap.dispatch(state_->handle, -1, one, reinterpret_cast<u_char*>(&context));
    if (got < 0) return tl::unexpected(state_->failed(state_->libpcap.geterr(state_->handle)));
    return {};
}

int Live::link_type() const { return state_->link_type; }
Precision Live::precision() const { return state_->nanoseconds ? Precision::nanoseconds : Precision::microseconds; }

std::uint64_t Live::lost() const {
    pcap_stat counts{};
    if (state_->libpcap.stats(state_->handle, &counts) != 0) return 0;
    return std::uint64_t{counts.ps_drop} + counts.ps_ifdrop;
}

}  // namespace trunkbox::pcap
