#include "wire/udp_socket.h"

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "wire/socket_address.h"

namespace trunkbox::wire {

namespace {

// One busy socket leaves the others their turn.
constexpr int most_per_turn = 32;
// A burst of calls arrives faster than a turn; the system may grant less.
constexpr int receive_buffer = 1 << 20;
constexpr std::size_t most_bytes = 65535;

void enable(int descriptor, int level, int option, int value = 1) {
    setsockopt(descriptor, level, option, &value, sizeof value);
}

void set_options(int descriptor, bool v6) {
    enable(descriptor, SOL_SOCKET, SO_TIMESTAMPNS);
    enable(descriptor, SOL_SOCKET, SO_RCVBUF, receive_buffer);
    if (v6) {
        enable(descriptor, IPPROTO_IPV6, IPV6_V6ONLY);
        enable(descriptor, IPPROTO_IPV6, IPV6_RECVPKTINFO);
        enable(descriptor, IPPROTO_IPV6, IPV6_RECVERR);
    } else {
        enable(descriptor, IPPROTO_IP, IP_PKTINFO);
        enable(descriptor, IPPROTO_IP, IP_RECVERR);
    }
}

// One call of recvmsg with everything that comes beside the bytes.
struct Received {
    std::size_t size = 0;
    sockaddr_storage name{};
    std::optional<timespec> stamp;
    std::optional<net::Ip> to;
    std::optional<sock_extended_err> error;
};

template <class T>
T control(cmsghdr* header) {
    T value;
    std::memcpy(&value, CMSG_DATA(header), sizeof value);
    return value;
}

void read_control(cmsghdr* header, Received& received) {
    auto is = [&](int level, int type) { return header->cmsg_level == level && header->cmsg_type == type; };
    if (is(SOL_SOCKET, SCM_TIMESTAMPNS)) received.stamp = control<timespec>(header);
    else if (is(IPPROTO_IP, IP_PKTINFO)) received.to = from_system(control<in_pktinfo>(header).ipi_addr);
    else if (is(IPPROTO_IPV6, IPV6_PKTINFO)) received.to = from_system(control<in6_pktinfo>(header).ipi6_addr);
    else if (is(IPPROTO_IP, IP_RECVERR) || is(IPPROTO_IPV6, IPV6_RECVERR))
        received.error = control<sock_extended_err>(header);
}

std::optional<Received> receive(int descriptor, std::span<char> buffer, int flags) {
    Received received;
    alignas(cmsghdr) std::array<char, 512> controls;
    iovec vector{buffer.data(), buffer.size()};
    msghdr message{};
    message.msg_name = &received.name;
    message.msg_namelen = sizeof received.name;
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = controls.data();
    message.msg_controllen = controls.size();
    auto size = recvmsg(descriptor, &message, flags | MSG_DONTWAIT);
    if (size < 0) return std::nullopt;
    received.size = static_cast<std::size_t>(size);
    for (auto* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header))
        read_control(header, received);
    return received;
}

Duration since_epoch(const timespec& time) { return std::chrono::seconds(time.tv_sec) + Duration(time.tv_nsec); }

// The kernel stamps by the wall clock, which may have been stepped since the loop began: only the age counts.
Time arrival(Time now, const std::optional<timespec>& stamp) {
    if (!stamp) return now;
    timespec wall{};
    clock_gettime(CLOCK_REALTIME, &wall);
    auto age = since_epoch(wall) - since_epoch(*stamp);
    return age >= 0s && age < 10s ? now - age : now;
}

}  // namespace

struct UdpSocket::State : std::enable_shared_from_this<UdpSocket::State> {
    sofia::Loop& loop;
    Recorder* recorder;
    Traffic traffic;
    Descriptor descriptor;
    net::Endpoint local;
    bool open = true;  // the UdpSocket still is
    // Shared, since a callback may replace itself or destroy the socket.
    std::shared_ptr<const std::function<void(const Datagram&)>> received;
    std::shared_ptr<const std::function<void(const Unreachable&)>> unreachable;
    sofia::Watch watch;  // goes before the descriptor

    State(sofia::Loop& l, Recorder* r, Traffic t, Descriptor d)
        : loop(l), recorder(r), traffic(t), descriptor(std::move(d)) {}

    void shut();
    void read();
    void read_errors();
    void take(const Received& message, std::string_view bytes);
    void record_sent(Time time, const net::Endpoint& to, std::string_view bytes);
};

void UdpSocket::State::shut() {
    if (!std::exchange(open, false)) return;
    watch = sofia::Watch();
    if (recorder) recorder->closed(local);
}

void UdpSocket::State::read() {
    auto self = shared_from_this();  // a callback may destroy the socket
    read_errors();
    std::array<char, most_bytes + 1> buffer;
    for (int i = 0; i < most_per_turn && open; ++i) {
        auto datagram = receive(descriptor.get(), buffer, 0);
        if (datagram) take(*datagram, {buffer.data(), datagram->size});
        else if (errno == EAGAIN || errno == EWOULDBLOCK) return;
        // Any other error is one of ICMP, which read_errors has told or will tell.
    }
}

void UdpSocket::State::take(const Received& message, std::string_view bytes) {
    auto now = loop.now();
    Datagram datagram{arrival(now, message.stamp), from_system(message.name), local, bytes};
    if (message.to) datagram.to.ip = *message.to;
    if (recorder) recorder->received(datagram, traffic);
    if (auto callback = received; callback && *callback) (*callback)(datagram);
}

void UdpSocket::State::read_errors() {
    std::array<char, 256> cause;  // the beginning of our own datagram
    for (int i = 0; i < most_per_turn && open; ++i) {
        auto message = receive(descriptor.get(), cause, MSG_ERRQUEUE);
        if (!message) return;
        // Too big for the path is no refusal: the kernel fragments from now on, and the repeat gets through.
        if (!message->error || message->error->ee_errno == EMSGSIZE) continue;
        Unreachable told{loop.now(), from_system(message->name), reason(static_cast<int>(message->error->ee_errno))};
        if (auto callback = unreachable; callback && *callback) (*callback)(told);
    }
}

void UdpSocket::State::record_sent(Time time, const net::Endpoint& to, std::string_view bytes) {
    if (!recorder) return;
    auto from = local;
    if (from.ip.is_any()) from.ip = source_address(to.ip).value_or(from.ip);
    recorder->sent({time, from, to, bytes}, traffic);
}

UdpSocket::UdpSocket(std::shared_ptr<State> state) : state_(std::move(state)) {}

UdpSocket::~UdpSocket() {
    if (state_) state_->shut();
}

UdpSocket::UdpSocket(UdpSocket&&) noexcept = default;

UdpSocket& UdpSocket::operator=(UdpSocket&& other) noexcept {
    if (this == &other) return *this;
    if (state_) state_->shut();
    state_ = std::move(other.state_);
    return *this;
}

Result<UdpSocket> UdpSocket::bind(sofia::Loop& loop, const net::Endpoint& local, Recorder* recorder,
                                  Traffic traffic) {
    auto cannot = [&](int code) {
        return failure(Fault::system, "", fmt::format("cannot listen on '{}': {}", local.text(), reason(code)),
                       code == EADDRINUSE ? "stop what uses the port, or take port 0 for a free one" : "");
    };
    int family = local.ip.is_v6() ? AF_INET6 : AF_INET;
    Descriptor descriptor(socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (descriptor.get() < 0) return cannot(errno);
    set_options(descriptor.get(), local.ip.is_v6());
    auto address = to_system(local);
    if (::bind(descriptor.get(), address.get(), address.length) != 0) return cannot(errno);
    SocketAddress bound;
    if (getsockname(descriptor.get(), bound.get(), &bound.length) != 0) return cannot(errno);

    auto state = std::make_shared<State>(loop, recorder, traffic, std::move(descriptor));
    state->local = from_system(bound.storage);
    state->watch = loop.watch(state->descriptor.get(), [raw = state.get()] { raw->read(); });
    if (recorder) recorder->opened(state->local);
    return UdpSocket(std::move(state));
}

const net::Endpoint& UdpSocket::local() const { return state_->local; }

void UdpSocket::on_datagram(std::function<void(const Datagram&)> received) {
    state_->received = std::make_shared<std::function<void(const Datagram&)>>(std::move(received));
}

void UdpSocket::on_unreachable(std::function<void(const Unreachable&)> unreachable) {
    state_->unreachable = std::make_shared<std::function<void(const Unreachable&)>>(std::move(unreachable));
}

Result<void> UdpSocket::send(const net::Endpoint& to, std::string_view bytes) {
    auto time = state_->loop.now();
    auto address = to_system(to);
    int descriptor = state_->descriptor.get();
    // The error of an earlier datagram comes out of the next call, whoever that was meant for. It stays in the error
    // queue as well, from where the loop reads it.
    constexpr int attempts = 4;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        if (sendto(descriptor, bytes.data(), bytes.size(), 0, address.get(), address.length) >= 0) {
            state_->record_sent(time, to, bytes);
            return {};
        }
        bool stale = errno == ECONNREFUSED || errno == EHOSTUNREACH || errno == ENETUNREACH || errno == EPROTO ||
                     errno == EHOSTDOWN || errno == ENOPROTOOPT;
        if (!stale) break;
    }
    int code = errno;
    bool no_way = code == ENETUNREACH || code == EHOSTUNREACH || code == EHOSTDOWN || code == EADDRNOTAVAIL;
    return failure(no_way ? Fault::timeout : Fault::system, "",
                   fmt::format("cannot send {} bytes to '{}': {}", bytes.size(), to.text(), reason(code)));
}

Result<net::Ip> source_address(const net::Ip& to) {
    auto no_way = [&](int code) {
        return failure(Fault::timeout, "", fmt::format("no way to '{}': {}", to.text(), reason(code)));
    };
    Descriptor probe(socket(to.is_v6() ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (probe.get() < 0) return no_way(errno);
    // Connecting a UDP socket sends nothing; any port does.
    auto address = to_system({to, 5060});
    if (connect(probe.get(), address.get(), address.length) != 0) return no_way(errno);
    SocketAddress source;
    if (getsockname(probe.get(), source.get(), &source.length) != 0) return no_way(errno);
    return from_system(source.storage).ip;
}

}  // namespace trunkbox::wire
