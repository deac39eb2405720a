#include "ua/audio.h"

#include "media/wav.h"
#include "sofia/sdp.h"

namespace trunkbox::ua {

namespace {

media::ByteView bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view text_of(media::ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::string_view AudioReport::directions() const {
    if (sent > 0) return received.packets > 0 ? "both" : "sent";
    return received.packets > 0 ? "received" : "none";
}

Result<std::unique_ptr<Audio>> Audio::open(sofia::Loop& loop, Config config) {
    auto port = wire::RtpPort::bind(loop, config.local, config.ports, config.recorder);
    if (!port) return tl::unexpected(port.error());
    return std::unique_ptr<Audio>(new Audio(loop, std::move(config), std::move(*port)));
}

Audio::Audio(sofia::Loop& loop, Config config, wire::RtpPort port)
    : loop_(loop), config_(std::move(config)), port_(std::move(port)), ids_(config_.seed) {
    port_.on_rtp([this](const wire::Datagram& datagram) { heard(datagram); });
}

net::Endpoint Audio::local() const {
    return {config_.advertised.value_or(port_.local().ip), port_.local().port};
}

std::string Audio::offer() {
    if (ours_)
        ours_ = media::make_offer(config_.capabilities, local(), *ours_);
    else
        ours_ = media::make_offer(config_.capabilities, local(), ids_.next() >> 2, 1);
    return sofia::print_sdp(*ours_);
}

Result<std::string> Audio::answer(const std::string& offer) {
    auto session = sofia::parse_sdp(offer);
    if (!session) return tl::unexpected(session.error());
    auto answer = ours_ ? media::answer(*session, config_.capabilities, local(), *ours_)
                        : media::answer(*session, config_.capabilities, local(), ids_.next() >> 2, 1);
    if (!answer) return tl::unexpected(answer.error());
    ours_ = answer->session;
    if (negotiated_)
        start(answer->negotiated);
    else
        waiting_ = answer->negotiated;
    return sofia::print_sdp(*ours_);
}

void Audio::begin() {
    if (waiting_) start(*std::exchange(waiting_, std::nullopt));
}

Result<void> Audio::accept(const std::string& answer) {
    auto session = sofia::parse_sdp(answer);
    if (!session) return tl::unexpected(session.error());
    auto negotiated = media::accept(*ours_, *session);
    if (!negotiated) return tl::unexpected(negotiated.error());
    start(*negotiated);
    return {};
}

void Audio::start(const media::Negotiated& negotiated) {
    negotiated_ = negotiated;
    if (!started_) started_ = loop_.now();
    if (listener_)
        listener_->renegotiate(negotiated);
    else
        listener_.emplace(negotiated, config_.most_samples);
    // RFC 3550 section 5.1: all three by chance.
    auto rtp = [this] {
        auto bits = ids_.next();
        return media::RtpStart{static_cast<std::uint32_t>(bits), static_cast<std::uint16_t>(bits >> 32),
                               static_cast<std::uint32_t>(ids_.next())};
    };
    if (config_.echo) {
        if (echoer_)
            echoer_->renegotiate(negotiated);
        else
            echoer_.emplace(negotiated, rtp());
        return;
    }
    if (talker_)
        talker_->renegotiate(negotiated, loop_.now());
    else
        talker_.emplace(negotiated, rtp(), config_.source, loop_.now());
    say();
}

void Audio::say() {
    timer_ = {};
    if (stopped_ || !talker_) return;
    // A packet that the socket refuses is lost, as on the wire: the far end's statistics show it.
    while (auto packet = talker_->next(loop_.now())) (void)port_.send_rtp(talker_->remote(), text_of(*packet));
    if (auto due = talker_->due()) timer_ = loop_.at(*due, [this] { say(); });
}

void Audio::heard(const wire::Datagram& datagram) {
    if (!listener_) return;  // before any agreement nothing can be told from noise
    auto bytes = bytes_of(datagram.bytes);
    listener_->receive(bytes, datagram.time);
    if (!echoer_ || stopped_) return;
    auto view = media::RtpView::parse(bytes);
    if (!view) return;
    if (auto packet = echoer_->echo(*view)) (void)port_.send_rtp(echoer_->remote(), text_of(*packet));
}

Result<void> Audio::send_digits(std::string_view digits) {
    if (!talker_)
        return failure(Fault::refused, "", "no audio was agreed on, so no digits can be sent",
                       "the far end's answer must accept the audio stream");
    if (!speaking())
        return failure(Fault::refused, "", "the audio stream is not for sending, so no digits can be sent",
                       "call with media, and while the far end does not hold the call");
    auto sent = talker_->send_digits(digits);
    if (sent) say();
    return sent;
}

void Audio::stop() {
    stopped_ = true;
    timer_ = {};
}

AudioReport Audio::report() const {
    AudioReport report;
    report.local = local();
    report.started = started_;
    if (negotiated_) {
        report.codec = negotiated_->codec.name;
        report.remote = negotiated_->remote;
    }
    if (talker_) report.sent = talker_->packets();
    if (echoer_) report.sent = echoer_->packets();
    if (!listener_) return report;
    report.received = listener_->reception();
    report.digits = listener_->digits();
    report.level = listener_->level();
    if (report.received.packets > 0) report.mos = media::mos(report.received, negotiated_->ptime);
    return report;
}

Result<std::string> Audio::wav() const {
    auto file = media::write_wav(listener_ ? listener_->samples() : std::span<const std::int16_t>{});
    if (!file) return tl::unexpected(file.error());
    return std::string(text_of(*file));
}

}  // namespace trunkbox::ua
