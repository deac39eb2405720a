#include "pcap/filter.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include <fmt/format.h>
#include <pcap/pcap.h>

#include "base/text.h"
#include "net/packet.h"
#include "pcap/format.h"
#include "pcap/libpcap.h"

namespace trunkbox::pcap {

namespace {

class Program {
  public:
    explicit Program(const Libpcap& libpcap) : libpcap_(libpcap) {}
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    ~Program() {
        if (compiled_) libpcap_.freecode(&code_);
    }

    // libpcap's reason, or "".
    std::string compile(const std::string& expression, int link_type) {
        // Files have one number for raw IP; libpcap's own depends on the machine.
        int data_link = link_type == net::link_type_raw_ip ? DLT_RAW : link_type;
        std::unique_ptr<pcap_t, decltype(libpcap_.close)> pcap(libpcap_.open_dead(data_link, most_packet_bytes), libpcap_.close);
        if (!pcap) throw std::bad_alloc();
        if (libpcap_.compile(pcap.get(), &code_, expression.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0)
            return printable(libpcap_.geterr(pcap.get()), 200);
        compiled_ = true;
        return "";
    }
    [[nodiscard]] bool passes(const net::Frame& frame) const {
        pcap_pkthdr header{};
        header.caplen = static_cast<bpf_u_int32>(frame.bytes.size());
        header.len = frame.original_length;
        return libpcap_.offline_filter(&code_, &header, reinterpret_cast<const u_char*>(frame.bytes.data())) != 0;
    }

  private:
    const Libpcap& libpcap_;
    bpf_program code_{};
    bool compiled_ = false;
};

bool is_syntax_error(std::string_view reason) { return reason.find("syntax error") != std::string_view::npos; }

// Whether a filter may begin so: with some continuation it is understood.
bool may_begin(const Libpcap& libpcap, std::string beginning, int link_type) {
    auto open =
        std::count(beginning.begin(), beginning.end(), '(') - std::count(beginning.begin(), beginning.end(), ')');
    std::string closing(static_cast<std::size_t>(std::max<std::ptrdiff_t>(open, 0)), ')');
    constexpr std::array continuations{"", " 1", " ip", " 1-2", " 192.0.2.1", " 0:0:0:0:0:1", " port 1", " 1 = 1",
                                       " = 1", " ] = 1", " 1] = 1"};
    return std::any_of(continuations.begin(), continuations.end(), [&](const char* more) {
        return !is_syntax_error(Program(libpcap).compile(beginning + more + closing, link_type));
    });
}

// libpcap says no more than "syntax error": the word up to which no filter can begin.
std::string place_of_syntax_error(const Libpcap& libpcap, const std::string& expression, int link_type) {
    constexpr std::string_view blanks = " \t\r\n";
    for (auto begin = expression.find_first_not_of(blanks); begin != std::string::npos;) {
        auto end = std::min(expression.find_first_of(blanks, begin), expression.size());
        if (!may_begin(libpcap, expression.substr(0, end), link_type))
            return fmt::format("'{}' at column {} is not understood there",
                               printable(std::string_view(expression).substr(begin, end - begin)), begin + 1);
        begin = expression.find_first_not_of(blanks, end);
    }
    return "it ends too early";
}

}  // namespace

struct Filter::State {
    const Libpcap& libpcap;
    std::string expression;
    std::map<int, Program> programs{};  // by link type

    Result<const Program*> program(int link_type) {
        auto [place, added] = programs.try_emplace(link_type, libpcap);
        if (!added) return &place->second;
        auto reason = place->second.compile(expression, link_type);
        if (reason.empty()) return &place->second;
        programs.erase(place);
        if (is_syntax_error(reason)) reason = place_of_syntax_error(libpcap, expression, link_type);
        return failure(Fault::usage, fmt::format("filter '{}'", printable(expression, 120)), reason,
                       "write e.g. 'udp port 5060'");
    }
};

Filter::Filter(std::unique_ptr<State> state) : state_(std::move(state)) {}
Filter::~Filter() = default;
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(Filter&&) noexcept = default;

Result<Filter> Filter::compile(const std::string& expression, int link_type) {
    auto libpcap = Libpcap::load();
    if (!libpcap) return tl::unexpected(libpcap.error());
    auto state = std::make_unique<State>(State{.libpcap = **libpcap, .expression = expression});
    if (auto program = state->program(link_type); !program) return tl::unexpected(program.error());
    return Filter(std::move(state));
}

Result<bool> Filter::passes(const net::Frame& frame) {
    auto program = state_->program(frame.link_type);
    if (!program) return tl::unexpected(program.error());
    return (*program)->passes(frame);
}

}  // namespace trunkbox::pcap
