#include "ua/pinger.h"

#include <cmath>

#include <fmt/format.h>

#include "base/text.h"

namespace trunkbox::ua {

using output::Record;
using output::Value;

struct Pinger::Flight {
    Time sent_at;
    sofia::Timer timeout;
};

namespace {

constexpr std::size_t most_rtts = 1'000'000;

Duration percentile(const std::vector<Duration>& sorted, double part) {
    // Nearest rank.
    auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(sorted.size())));
    return sorted[std::max<std::size_t>(rank, 1) - 1];
}

struct Spread {
    Duration min{}, avg{}, max{}, p95{};
};

Spread spread(std::vector<Duration> rtts) {
    std::sort(rtts.begin(), rtts.end());
    Duration sum{};
    for (auto rtt : rtts) sum += rtt;
    return {rtts.front(), sum / static_cast<std::int64_t>(rtts.size()), rtts.back(), percentile(rtts, 0.95)};
}

double ms(Duration duration) { return seconds(duration) * 1000; }

}  // namespace

double PingReport::loss() const {
    return sent == 0 ? 0 : static_cast<double>(sent - received) / static_cast<double>(sent);
}

Record record(const PingReport& report) {
    Record out{{"uri", report.uri}, {"sent", report.sent}, {"received", report.received}, {"loss", report.loss()}};
    Record rtt{{"min", Value{}}, {"avg", Value{}}, {"max", Value{}}, {"p95", Value{}}};
    if (!report.rtts.empty()) {
        auto s = spread(report.rtts);
        rtt = {{"min", Value::seconds(s.min)},
               {"avg", Value::seconds(s.avg)},
               {"max", Value::seconds(s.max)},
               {"p95", Value::seconds(s.p95)}};
    }
    out.set("rtt", std::move(rtt));
    out.set("status", report.status == 0 ? Value{} : Value{report.status});
    out.set("reason", report.status == 0 ? Value{} : Value{report.reason});
    out.set("server", report.server.empty() ? Value{} : Value{report.server});
    if (!report.error.empty()) out.set("error", report.error);
    return out;
}

std::string text(const PingReport& report) {
    auto out = fmt::format("{}: {} sent, {} answered, {:.0f} % lost", report.uri, report.sent, report.received,
                           report.loss() * 100);
    if (!report.rtts.empty()) {
        auto s = spread(report.rtts);
        out += fmt::format(", rtt min/avg/max/p95 {:.3f}/{:.3f}/{:.3f}/{:.3f} ms", ms(s.min), ms(s.avg), ms(s.max),
                           ms(s.p95));
    }
    return out + "\n";
}

std::string text(const Probe& probe, const net::Endpoint& from) {
    if (probe.status == 0) return fmt::format("{}: probe {}: {}\n", from.text(), probe.number, probe.error);
    return fmt::format("{}: probe {}: {} {} in {:.3f} ms{}\n", from.text(), probe.number, probe.status,
                       printable(probe.reason), ms(probe.rtt),
                       probe.server.empty() ? "" : fmt::format(" ({})", printable(probe.server)));
}

Pinger::Pinger(Agent& agent, PingPlan plan, std::function<void(const Probe&)> each,
               std::function<void(const PingReport&)> done)
    : agent_(agent), plan_(std::move(plan)), each_(std::move(each)), done_(std::move(done)) {
    report_.uri = plan_.uri;
    call_id_ = agent_.call_id();
    tag_ = agent_.ids().token();
    if (plan_.from.empty()) plan_.from = "<" + agent_.uri("trunkbox") + ">";
    next_at_ = agent_.loop().now();
    timer_ = agent_.loop().at(next_at_, [this] { send(); });
}

void Pinger::send() {
    auto number = ++report_.sent;
    sip::Message options;
    options.method = "OPTIONS";
    options.uri = plan_.uri;
    options.add("Max-Forwards", "70");
    options.add("From", plan_.from + ";tag=" + tag_);
    options.add("To", "<" + plan_.uri + ">");
    options.add("Call-ID", call_id_);
    options.add("CSeq", fmt::format("{} OPTIONS", number));
    options.add("Contact", "<" + agent_.uri("trunkbox") + ">");
    options.add("Accept", "application/sdp");

    auto flight = std::make_shared<Flight>();
    flight->sent_at = agent_.loop().now();
    flight->timeout = agent_.loop().after(plan_.wait, [this, number] {
        settle(number, {.number = number, .error = fmt::format("no answer within {} s", seconds(plan_.wait))});
    });
    flights_[number] = flight;
    next_at_ += plan_.interval;
    timer_ = {};
    if (plan_.count == 0 || report_.sent < plan_.count)
        timer_ = agent_.loop().at(next_at_, [this] { send(); });
    agent_.request(std::move(options), plan_.first_hop,
                   [this, number, weak = std::weak_ptr(flight)](const Reply& reply) {
                       auto alive = weak.lock();
                       if (!alive) return;
                       Probe probe{.number = number, .rtt = agent_.loop().now() - alive->sent_at};
                       if (reply.message == nullptr) {
                           probe.error = reply.detail.empty() ? "no answer" : reply.detail;
                       } else if (reply.message->status() < 200) {
                           return;
                       } else {
                           probe.status = reply.message->status();
                           probe.reason = reply.message->reason();
                           probe.server = reply.message->value(sip::HeaderName::server);
                           if (probe.server.empty())
                               probe.server = reply.message->value(sip::HeaderName::user_agent);
                       }
                       settle(number, std::move(probe));
                   });
}

void Pinger::settle(std::uint64_t number, Probe probe) {
    auto flight = flights_.extract(number);
    if (flight.empty() || finished_) return;
    if (probe.status != 0) {
        ++report_.received;
        if (report_.rtts.size() < most_rtts) report_.rtts.push_back(probe.rtt);
        report_.status = probe.status;
        report_.reason = probe.reason;
        report_.server = probe.server;
    } else {
        report_.error = probe.error;
    }
    if (each_) each_(probe);
    if (plan_.count != 0 && report_.sent >= plan_.count && flights_.empty()) finish();
}

void Pinger::stop() {
    if (finished_) return;
    // What is still on the way was neither answered nor lost.
    report_.sent -= flights_.size();
    finish();
}

void Pinger::finish() {
    finished_ = true;
    timer_ = {};
    flights_.clear();
    done_(report_);
}

}  // namespace trunkbox::ua
