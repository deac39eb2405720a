// A loop with agents on loopback: bounded waits, free ports, nothing left behind.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "sofia/loop.h"
#include "ua/agent.h"
#include "ua/answerer.h"
#include "ua/caller.h"

namespace trunkbox::ua::test {

inline const net::Ip loopback = net::Ip::v4(0x7f000001);

struct Bench {
    sofia::Library library;
    sofia::Loop loop{library};

    std::unique_ptr<Agent> agent(sip::transaction::Timers timers = {}) {
        auto opened = Agent::open(loop, {.listen = {loopback, 0}, .timers = timers});
        REQUIRE(opened.has_value());
        return std::move(*opened);
    }
    // Runs the loop until the condition holds; fails the test after ten seconds.
    template <class Condition>
    void until(Condition condition) {
        REQUIRE(loop.run_until(condition, 10s));
    }
    // Turns the loop for that long, for what must not happen.
    void idle(Duration duration) { (void)loop.run_until([] { return false; }, duration); }
    // A port of loopback at which nobody listens.
    net::Endpoint dead_port() { return agent()->local(); }
};

// A hand-written peer: keeps what it hears.
struct Peer {
    wire::UdpSocket socket;
    std::vector<std::string> heard;
    explicit Peer(sofia::Loop& loop) : socket(std::move(*wire::UdpSocket::bind(loop, {loopback, 0}))) {
        socket.on_datagram([this](const wire::Datagram& datagram) { heard.emplace_back(datagram.bytes); });
    }
    void send(const net::Endpoint& to, std::string_view bytes) { REQUIRE(socket.send(to, bytes).has_value()); }
};

// The request-line and what every request carries, from a peer of ours.
inline std::string request_text(std::string_view method, const net::Endpoint& to, const net::Endpoint& from,
                                std::string_view to_tag = {}, std::string_view branch = "z9hG4bK1") {
    return fmt::format("{0} sip:x@{1} SIP/2.0\r\nVia: SIP/2.0/UDP {2};branch={4}{0}\r\nMax-Forwards: 70\r\n"
                       "From: <sip:peer@{2}>;tag=p\r\nTo: <sip:x@{1}>{3}\r\nCall-ID: peer-1\r\nCSeq: 1 {0}\r\n"
                       "Contact: <sip:peer@{2}>\r\nContent-Length: 0\r\n\r\n",
                       method, to.text(), from.text(), to_tag.empty() ? "" : fmt::format(";tag={}", to_tag), branch);
}

inline sip::Message options_request(const std::string& uri) {
    sip::Message options;
    options.method = "OPTIONS";
    options.uri = uri;
    options.add("Max-Forwards", "70");
    options.add("From", "<sip:test@127.0.0.1>;tag=t");
    options.add("To", "<" + uri + ">");
    options.add("Call-ID", "options-1");
    options.add("CSeq", "1 OPTIONS");
    return options;
}

// A plan for a call to an agent, short.
inline CallPlan plan_to(const Agent& to, std::string digits = {}) {
    CallPlan plan;
    plan.setup.uri = to.uri("100");
    plan.setup.to = "<" + plan.setup.uri + ">";
    plan.setup.from = "<sip:test@127.0.0.1>";
    plan.first_hop = to.local();
    plan.duration = 300ms;
    plan.digits = std::move(digits);
    plan.audio = {.local = loopback, .source = media::Tone{}, .seed = {7, 8}};
    return plan;
}

inline AnswerPlan answer_plan() {
    AnswerPlan plan;
    plan.audio = {.local = loopback, .source = media::Tone{}, .seed = {9, 10}};
    return plan;
}

// One call between two agents of one loop, and both sides' reports of it.
struct Duet : Bench {
    std::unique_ptr<Agent> here = agent();
    std::unique_ptr<Agent> there = agent();
    std::optional<CallReport> ours, theirs;
    std::unique_ptr<Answerer> answerer;
    std::unique_ptr<Caller> caller;

    explicit Duet(AnswerPlan plan) {
        answerer = std::make_unique<Answerer>(*there, std::move(plan), [this](const auto& r) { theirs = r; });
    }
    void call(CallPlan plan) {
        auto placed = Caller::place(*here, std::move(plan), [this](const auto& r) { ours = r; });
        REQUIRE(placed.has_value());
        caller = std::move(*placed);
    }
    void finish() {
        until([&] { return ours && theirs; });
    }
};

}  // namespace trunkbox::ua::test
