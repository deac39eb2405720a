#include "pcap/libpcap.h"

#include <type_traits>

#include <pcap/pcap.h>

namespace trunkbox::pcap {

namespace {

template <auto Ours, class Theirs>
constexpr bool agrees = std::is_same_v<std::remove_cvref_t<decltype(std::declval<Libpcap>().*Ours)>, Theirs>;
static_assert(agrees<&Libpcap::lib_version, decltype(&pcap_lib_version)> && agrees<&Libpcap::open_dead, decltype(&pcap_open_dead)> &&
              agrees<&Libpcap::compile, decltype(&pcap_compile)> && agrees<&Libpcap::freecode, decltype(&pcap_freecode)> &&
              agrees<&Libpcap::offline_filter, decltype(&pcap_offline_filter)> && agrees<&Libpcap::geterr, decltype(&pcap_geterr)> &&
              agrees<&Libpcap::close, decltype(&pcap_close)> && agrees<&Libpcap::create, decltype(&pcap_create)> &&
              agrees<&Libpcap::set_snaplen, decltype(&pcap_set_snaplen)> &&
              agrees<&Libpcap::set_buffer_size, decltype(&pcap_set_buffer_size)> &&
              agrees<&Libpcap::set_timeout, decltype(&pcap_set_timeout)> &&
              agrees<&Libpcap::set_tstamp_precision, decltype(&pcap_set_tstamp_precision)> &&
              agrees<&Libpcap::activate, decltype(&pcap_activate)> && agrees<&Libpcap::statustostr, decltype(&pcap_statustostr)> &&
              agrees<&Libpcap::datalink, decltype(&pcap_datalink)> && agrees<&Libpcap::setfilter, decltype(&pcap_setfilter)> &&
              agrees<&Libpcap::setnonblock, decltype(&pcap_setnonblock)> &&
              agrees<&Libpcap::get_selectable_fd, decltype(&pcap_get_selectable_fd)> &&
              agrees<&Libpcap::dispatch, decltype(&pcap_dispatch)> && agrees<&Libpcap::stats, decltype(&pcap_stats)>);

}  // namespace

Result<const Libpcap*> Libpcap::load() {
    static const auto loaded = load_functions<Libpcap>("libpcap.so.0.8");
    if (loaded) return loaded.get();
    return failure(Fault::system, "", "libpcap is not there, which captures and filters", "apt-get install libpcap0.8");
}

}  // namespace trunkbox::pcap
