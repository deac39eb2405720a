#include "wire/recorder.h"

#include "net/packet.h"
#include "wire/udp_socket.h"

namespace trunkbox::wire {

Result<Recorder> Recorder::open(Config config) {
    Recorder recorder(std::move(config));
    if (!recorder.config_.pcap.empty()) {
        auto writer = pcap::Writer::create(recorder.config_.pcap);
        if (!writer) return tl::unexpected(writer.error());
        recorder.writer_ = std::move(*writer);
    }
    return recorder;
}

void Recorder::opened(const net::Endpoint& local) { locals_.insert(local); }

void Recorder::closed(const net::Endpoint& local) {
    if (auto place = locals_.find(local); place != locals_.end()) locals_.erase(place);
}

bool Recorder::is_ours(const net::Endpoint& endpoint) const {
    if (locals_.contains(endpoint)) return true;
    auto any = endpoint.ip.is_v6() ? net::Ip::v6({}) : net::Ip();
    if (!locals_.contains({any, endpoint.port})) return false;
    // A socket on every address of this machine: is that one of them? The way to our own address begins there.
    if (endpoint.ip.is_loopback()) return true;
    auto source = source_address(endpoint.ip);
    return source && *source == endpoint.ip;
}

void Recorder::sent(const Datagram& datagram, Traffic traffic) {
    if (!is_ours(datagram.to)) record(datagram, traffic);
}

void Recorder::received(const Datagram& datagram, Traffic traffic) { record(datagram, traffic); }

void Recorder::record(const Datagram& datagram, Traffic traffic) {
    if (traffic == Traffic::sip && config_.keep > 0) {
        if (messages_.size() < config_.keep)
            messages_.push_back({datagram.time, datagram.from, datagram.to, std::string(datagram.bytes)});
        else
            ++not_kept_;
    }
    if (!writer_ || error_) return;
    if (auto written = writer_->write(datagram.time, net::udp_packet(datagram.from, datagram.to, datagram.bytes));
        !written)
        error_ = written.error();
}

Result<void> Recorder::close() {
    if (writer_) {
        auto closed = writer_->close();
        writer_.reset();
        if (!closed && !error_) error_ = closed.error();
    }
    if (error_) return tl::unexpected(*error_);
    return {};
}

}  // namespace trunkbox::wire
