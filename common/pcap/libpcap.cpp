#include "pcap/libpcap.h"

#include <memory>
#include <type_traits>

#include <dlfcn.h>
#include <pcap/pcap.h>

namespace trunkbox::pcap {

template <auto Ours, class Theirs>
constexpr bool is = std::is_same_v<std::remove_cvref_t<decltype(std::declval<Libpcap>().*Ours)>, Theirs>;
static_assert(is<&Libpcap::lib_version, decltype(&pcap_lib_version)> && is<&Libpcap::open_dead, decltype(&pcap_open_dead)> &&
              is<&Libpcap::compile, decltype(&pcap_compile)> && is<&Libpcap::freecode, decltype(&pcap_freecode)> &&
              is<&Libpcap::offline_filter, decltype(&pcap_offline_filter)> && is<&Libpcap::geterr, decltype(&pcap_geterr)> &&
              is<&Libpcap::close, decltype(&pcap_close)> && is<&Libpcap::create, decltype(&pcap_create)> &&
              is<&Libpcap::set_snaplen, decltype(&pcap_set_snaplen)> &&
              is<&Libpcap::set_buffer_size, decltype(&pcap_set_buffer_size)> &&
              is<&Libpcap::set_timeout, decltype(&pcap_set_timeout)> &&
              is<&Libpcap::set_tstamp_precision, decltype(&pcap_set_tstamp_precision)> &&
              is<&Libpcap::activate, decltype(&pcap_activate)> && is<&Libpcap::statustostr, decltype(&pcap_statustostr)> &&
              is<&Libpcap::datalink, decltype(&pcap_datalink)> && is<&Libpcap::setfilter, decltype(&pcap_setfilter)> &&
              is<&Libpcap::setnonblock, decltype(&pcap_setnonblock)> &&
              is<&Libpcap::get_selectable_fd, decltype(&pcap_get_selectable_fd)> &&
              is<&Libpcap::dispatch, decltype(&pcap_dispatch)> && is<&Libpcap::stats, decltype(&pcap_stats)>);

Result<const Libpcap*> Libpcap::load() {
    static const auto loaded = []() -> std::unique_ptr<const Libpcap> {
        auto* library = ::dlopen("libpcap.so.0.8", RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) return nullptr;
        auto functions = std::make_unique<Libpcap>([library](const char* name) { return ::dlsym(library, name); });
        if (!functions->whole()) return nullptr;
        return functions;
    }();
    if (loaded) return loaded.get();
    return failure(Fault::system, "", "libpcap is not there, which captures and filters", "apt-get install libpcap0.8");
}

}  // namespace trunkbox::pcap
