#include "pcap/writer.h"

#include <cerrno>
#include <cstdio>
#include <optional>
#include <system_error>

#include <fmt/format.h>
#include <pcap/pcap.h>

#include "base/text.h"

namespace trunkbox::pcap {

namespace {

constexpr int most_bytes = 262144;  // what readers accept of one packet

struct PcapCloser {
    void operator()(pcap_t* pcap) const { pcap_close(pcap); }
};
struct DumperCloser {
    void operator()(pcap_dumper_t* dumper) const { pcap_dump_close(dumper); }
};

Error cannot(std::string_view verb, const std::string& path, int code) {
    return {Fault::system, path, fmt::format("cannot {}: {}", verb, lower(std::generic_category().message(code))), ""};
}

}  // namespace

struct Writer::State {
    std::string path;
    std::unique_ptr<pcap_t, PcapCloser> pcap;
    std::unique_ptr<pcap_dumper_t, DumperCloser> dumper;
    std::optional<Error> error;

    Result<void> fail() {
        error = cannot("write", path, errno);
        return tl::unexpected(*error);
    }
};

Writer::Writer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Writer::~Writer() = default;
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;

Result<Writer> Writer::create(const std::string& path) {
    auto state = std::make_unique<State>();
    state->path = path;
    state->pcap.reset(pcap_open_dead_with_tstamp_precision(DLT_RAW, most_bytes, PCAP_TSTAMP_PRECISION_NANO));
    if (!state->pcap) throw std::bad_alloc();
    // Not by the name: libpcap takes "-" for stdout.
    std::FILE* file = std::fopen(path.c_str(), "wbe");
    if (!file) return tl::unexpected(cannot("write", path, errno));
    state->dumper.reset(pcap_dump_fopen(state->pcap.get(), file));
    if (!state->dumper) {
        auto error = cannot("write", path, errno);
        std::fclose(file);
        return tl::unexpected(error);
    }
    // A full disk shows here, and not after the call that was to be captured.
    Writer writer(std::move(state));
    if (auto flushed = writer.flush(); !flushed) return tl::unexpected(flushed.error());
    return writer;
}

Result<void> Writer::write(Time time, std::string_view packet) {
    if (state_->error) return tl::unexpected(*state_->error);
    if (!state_->dumper) return failure(Fault::system, state_->path, "the capture file is closed");
    auto since = time.time_since_epoch();
    auto whole = std::chrono::floor<std::chrono::seconds>(since);
    pcap_pkthdr header{};
    header.ts.tv_sec = whole.count();
    header.ts.tv_usec = (since - whole).count();  // nanoseconds, as the file was opened for them
    header.caplen = header.len = static_cast<bpf_u_int32>(packet.size());
    errno = 0;
    pcap_dump(reinterpret_cast<u_char*>(state_->dumper.get()), &header,
              reinterpret_cast<const u_char*>(packet.data()));
    if (std::ferror(pcap_dump_file(state_->dumper.get()))) return state_->fail();
    return {};
}

Result<void> Writer::flush() {
    if (state_->error) return tl::unexpected(*state_->error);
    if (state_->dumper && pcap_dump_flush(state_->dumper.get()) != 0) return state_->fail();
    return {};
}

Result<void> Writer::close() {
    auto flushed = flush();
    state_->dumper.reset();
    return flushed;
}

}  // namespace trunkbox::pcap
