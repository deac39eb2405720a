// libpcap, for live captures and filters, loaded when one is asked for: it brings D-Bus and systemd with it, and files are
// read without it.
#pragma once

#include "base/late_functions.h"
#include "base/result.h"

struct bpf_program;
struct pcap;
struct pcap_pkthdr;
struct pcap_stat;

namespace trunkbox::pcap {

// As pcap(3) describes them, without the prefix; libpcap.cpp holds the types against its header.
class Libpcap : public LateFunctions {
  public:
    using Handle = ::pcap;
    using Handler = void (*)(unsigned char* user, const pcap_pkthdr*, const unsigned char* bytes);
    using LateFunctions::LateFunctions;
    // Fault::system when it is not there. It stays until the end.
    [[nodiscard]] static Result<const Libpcap*> load();

    const char* (*lib_version)() = find("pcap_lib_version");
    Handle* (*open_dead)(int, int) = find("pcap_open_dead");
    int (*compile)(Handle*, bpf_program*, const char*, int, unsigned) = find("pcap_compile");
    void (*freecode)(bpf_program*) = find("pcap_freecode");
    int (*offline_filter)(const bpf_program*, const pcap_pkthdr*, const unsigned char*) = find("pcap_offline_filter");
    char* (*geterr)(Handle*) = find("pcap_geterr");
    void (*close)(Handle*) = find("pcap_close");
    Handle* (*create)(const char*, char*) = find("pcap_create");
    int (*set_snaplen)(Handle*, int) = find("pcap_set_snaplen");
    int (*set_buffer_size)(Handle*, int) = find("pcap_set_buffer_size");
    int (*set_timeout)(Handle*, int) = find("pcap_set_timeout");
    int (*set_tstamp_precision)(Handle*, int) = find("pcap_set_tstamp_precision");
    int (*activate)(Handle*) = find("pcap_activate");
    const char* (*statustostr)(int) = find("pcap_statustostr");
    int (*datalink)(Handle*) = find("pcap_datalink");
    int (*setfilter)(Handle*, bpf_program*) = find("pcap_setfilter");
    int (*setnonblock)(Handle*, int, char*) = find("pcap_setnonblock");
    int (*get_selectable_fd)(Handle*) = find("pcap_get_selectable_fd");
    int (*dispatch)(Handle*, int, Handler, unsigned char*) = find("pcap_dispatch");
    int (*stats)(Handle*, pcap_stat*) = find("pcap_stats");
};

}  // namespace trunkbox::pcap
