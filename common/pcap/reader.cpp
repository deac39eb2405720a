#include "pcap/reader.h"

#include <cerrno>
#include <cstdio>
#include <limits>
#include <system_error>

#include <fmt/format.h>
#include <pcap/pcap.h>

#include "base/text.h"

namespace trunkbox::pcap {

namespace {

struct PcapCloser {
    void operator()(pcap_t* pcap) const { pcap_close(pcap); }
};

// libpcap names raw IP after the machine it runs on; files have one number for it.
int file_link_type(int data_link) { return data_link == DLT_RAW ? 101 : data_link; }

}  // namespace

struct Reader::State {
    std::string path;
    std::unique_ptr<pcap_t, PcapCloser> pcap;
    int link_type = 0;
    std::uint64_t number = 0;

    [[nodiscard]] tl::unexpected<Error> damaged(std::string_view what) const {
        return failure(Fault::input, path, fmt::format("packet {}: {}", number, what));
    }
};

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

Result<Reader> Reader::open(const std::string& path) {
    // Not by the name: libpcap takes "-" for stdin.
    std::FILE* file = std::fopen(path.c_str(), "rbe");
    if (!file)
        return failure(Fault::system, path,
                       fmt::format("cannot read: {}", lower(std::generic_category().message(errno))));
    int first = std::fgetc(file);
    if (first == EOF) {
        bool broken = std::ferror(file) != 0;
        auto reason = lower(std::generic_category().message(errno));
        std::fclose(file);
        if (broken) return failure(Fault::system, path, fmt::format("cannot read: {}", reason));
        return failure(Fault::input, path, "the file is empty", "a capture has at least a header");
    }
    std::ungetc(first, file);
    char why[PCAP_ERRBUF_SIZE] = "";
    auto state = std::make_unique<State>();
    state->path = path;
    state->pcap.reset(pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, why));
    if (!state->pcap) {
        std::fclose(file);
        return failure(Fault::input, path, fmt::format("not a readable pcap or pcapng file: {}", printable(why, 120)));
    }
    state->link_type = file_link_type(pcap_datalink(state->pcap.get()));
    return Reader(std::move(state));
}

Result<std::optional<Packet>> Reader::next() {
    pcap_pkthdr* header = nullptr;
    const u_char* bytes = nullptr;
    int read = pcap_next_ex(state_->pcap.get(), &header, &bytes);
    if (read == PCAP_ERROR_BREAK) return std::nullopt;
    ++state_->number;
    if (read != 1) return state_->damaged(printable(pcap_geterr(state_->pcap.get()), 120));
    // A pcapng file may claim any time and any resolution.
    constexpr auto last = std::numeric_limits<std::int64_t>::max() / 1'000'000'000 - 1;
    auto whole = static_cast<std::int64_t>(header->ts.tv_sec);
    auto fraction = static_cast<std::int64_t>(header->ts.tv_usec);
    if (whole < 0 || whole > last || fraction < 0 || fraction >= 1'000'000'000)
        return state_->damaged("its time is outside 1970 to 2262");
    return Packet{.time = Time(std::chrono::seconds(whole) + Duration(fraction)),
                  .link_type = state_->link_type,
                  .bytes = {reinterpret_cast<const char*>(bytes), header->caplen},
                  .original_length = header->len};
}

}  // namespace trunkbox::pcap
