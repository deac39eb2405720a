#include "trace/calls.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "unit/trace/media.h"

using namespace trunkbox;
using namespace trunkbox::trace;
using namespace trunkbox::trace::test;

namespace {

std::vector<Message> answered_call() {
    return {message({.start = "INVITE"}),
            message({.at = 2ms, .from = proxy, .to = phone, .start = "100 Trying"}),
            message({.at = 300ms, .from = proxy, .to = phone, .start = "180 Ringing", .to_tag = "b"}),
            message({.at = 900ms, .from = proxy, .to = phone, .start = "200 OK", .to_tag = "b"}),
            message({.at = 910ms, .start = "ACK", .cseq = "1 ACK", .to_tag = "b"}),
            message({.at = 2900ms,
                     .from = proxy,
                     .to = phone,
                     .start = "BYE",
                     .cseq = "7 BYE",
                     .to_tag = "a",
                     .from_tag = "b"}),
            message({.at = 2910ms, .start = "200 OK", .cseq = "7 BYE", .to_tag = "a", .from_tag = "b"})};
}

Call only(std::span<const Message> messages) {
    auto all = calls(messages);
    REQUIRE(all.size() == 1);
    return all.front();
}

}  // namespace

TEST_CASE("calls: rang, answered, ended by the called party") {
    Call call = only(answered_call());
    CHECK(call.call_id == "c1");
    CHECK(call.from.uri == "sip:+33199000001@example.com");
    CHECK(call.to.uri == "sip:+442079460123@example.com");
    CHECK(call.status == 200);
    CHECK(call.hung_up_by == Side::callee);
    CHECK(call.post_dial_delay() == Duration(300ms));
    CHECK(call.duration() == Duration(2s));
    CHECK(call.branches == 1);
}

TEST_CASE("calls: the order in which messages were captured does not matter, nor do retransmissions") {
    auto messages = answered_call();
    messages.push_back(message({.at = 500ms, .start = "INVITE"}));
    messages.push_back(message({.at = 1400ms, .from = proxy, .to = phone, .start = "200 OK", .to_tag = "b"}));
    std::ranges::reverse(messages);
    Call call = only(messages);
    CHECK(call.answered == Time{} + 900ms);
    CHECK(call.ringing == Time{} + 300ms);
    CHECK(call.hung_up_by == Side::callee);
    CHECK(call.duration() == Duration(2s));
}

TEST_CASE("calls: a 180 behind the 200 is no ringing") {
    std::vector<Message> messages = {
        message({.start = "INVITE"}),
        message({.at = 10ms, .from = proxy, .to = phone, .start = "200 OK", .to_tag = "b"}),
        message({.at = 12ms, .from = proxy, .to = phone, .start = "180 Ringing", .to_tag = "b"})};
    Call call = only(messages);
    CHECK_FALSE(call.ringing);
    CHECK(call.post_dial_delay() == Duration(10ms));
    CHECK_FALSE(call.ended);
    CHECK_FALSE(call.duration());
}

TEST_CASE("calls: forked, one branch refuses and another answers") {
    std::vector<Message> messages = {
        message({.start = "INVITE"}),
        message({.at = 10ms, .from = proxy, .to = phone, .start = "180 Ringing", .to_tag = "b"}),
        message({.at = 20ms, .from = proxy, .to = phone, .start = "183 Session Progress", .to_tag = "c"}),
        message({.at = 30ms, .from = proxy, .to = phone, .start = "486 Busy Here", .to_tag = "b"}),
        message({.at = 40ms, .from = proxy, .to = phone, .start = "200 OK", .to_tag = "c"})};
    Call call = only(messages);
    CHECK(call.branches == 2);
    CHECK(call.status == 200);
    CHECK_FALSE(call.ended);
}

TEST_CASE("calls: the 200 was not captured: the BYE still ends the call, nothing is invented") {
    auto messages = answered_call();
    messages.erase(messages.begin() + 3);
    Call call = only(messages);
    CHECK(call.status == 0);
    CHECK_FALSE(call.answered);
    CHECK(call.ended == Time{} + 2900ms);
    CHECK_FALSE(call.duration());
    CHECK(call.hung_up_by == Side::callee);
}

TEST_CASE("calls: refused, cancelled, challenged") {
    auto response = [](Duration at, std::string_view start, std::string_view cseq = "1 INVITE") {
        return message({.at = at, .from = proxy, .to = phone, .start = start, .cseq = cseq, .to_tag = "b"});
    };
    std::vector<Message> refused = {message({.start = "INVITE"}), response(50ms, "404 Not Found")};
    CHECK(only(refused).status == 404);
    CHECK(only(refused).post_dial_delay() == Duration(50ms));
    CHECK_FALSE(only(refused).hung_up_by);

    std::vector<Message> cancelled = {message({.start = "INVITE"}),
                                      message({.at = 5s, .start = "CANCEL", .cseq = "1 CANCEL"}),
                                      response(5010ms, "487 Request Terminated")};
    CHECK(only(cancelled).status == 487);
    CHECK(only(cancelled).hung_up_by == Side::caller);

    std::vector<Message> challenged = {message({.start = "INVITE"}), response(5ms, "407 Proxy Authentication Required"),
                                       message({.at = 10ms, .start = "INVITE", .cseq = "2 INVITE"})};
    CHECK(only(challenged).status == 0);
    CHECK_FALSE(only(challenged).ended);
    challenged.push_back(response(90ms, "200 OK", "2 INVITE"));
    CHECK(only(challenged).status == 200);
}

TEST_CASE("calls: what is no call") {
    CHECK(calls({}).empty());
    std::vector<Message> others = {message({.start = "OPTIONS", .cseq = "1 OPTIONS"}),
                                   message({.start = "INVITE", .to_tag = "b"}),  // inside a dialog
                                   message({.start = "200 OK", .call_id = "c9"}),
                                   {.time = {}, .from = phone, .to = proxy, .bytes = std::string("\0\x01\xff", 3)},
                                   {.time = {}, .from = phone, .to = proxy, .bytes = ""}};
    CHECK(calls(others).empty());
}

namespace {

constexpr std::string_view offer =
    "v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 40000 RTP/AVP 101 8\r\na=rtpmap:101 telephone-event/8000\r\n";
constexpr std::string_view answer =
    "v=0\r\nc=IN IP4 198.51.100.1\r\nm=audio 50000 RTP/AVP 101 8\r\na=rtpmap:101 telephone-event/8000\r\n";

void receive(Calls& calls, const Message& message) {
    calls.receive({.time = message.time, .from = message.from, .to = message.to, .bytes = message.bytes});
}

void receive(Calls& calls, Sender& sender, Duration at) {
    auto bytes = sender.next();
    calls.receive({.time = Time{} + at, .from = sender.from, .to = sender.to, .bytes = bytes});
}

// INVITE with SDP, 200 with SDP.
void begin(Calls& calls, std::string_view call_id = "c1", Duration at = 0ms) {
    receive(calls, message({.at = at, .start = "INVITE", .call_id = call_id, .body = offer}));
    receive(calls, message({.at = at + 10ms,
                            .from = proxy,
                            .to = phone,
                            .start = "200 OK",
                            .to_tag = "b",
                            .call_id = call_id,
                            .body = answer}));
}

void end(Calls& calls, std::string_view call_id = "c1", Duration at = 10s) {
    receive(calls, message({.at = at, .start = "BYE", .cseq = "2 BYE", .to_tag = "b", .call_id = call_id}));
}

Call finish(Calls& calls) {
    auto all = calls.finish();
    REQUIRE(all.size() == 1);
    return all.front();
}

}  // namespace

TEST_CASE("calls: codec and audio, both ways, one way, none") {
    for (int ways : {0, 1, 2}) {
        Calls calls;
        begin(calls);
        Sender there{.from = ear, .to = mouth, .ssrc = 1}, back{.ssrc = 2};
        for (int i = 0; i < 50; ++i) {
            if (ways > 0) receive(calls, back, 20ms + i * 20ms);
            if (ways > 1) receive(calls, there, 20ms + i * 20ms);
        }
        end(calls);
        Call call = finish(calls);
        CHECK(call.codec == "PCMA");
        CHECK(call.audio() == (ways == 0 ? "none" : ways == 1 ? "callee" : "both"));
        CHECK(call.streams.size() == static_cast<std::size_t>(ways));
        CHECK(call.from_callee.packets == (ways > 0 ? 50 : 0));
        CHECK(call.from_callee.mos.has_value() == (ways > 0));
        CHECK(call.ending == Ending::completed);
    }
}

TEST_CASE("calls: behind a relay the stream nearest to its listener counts") {
    constexpr std::string_view relayed = "v=0\r\nc=IN IP4 192.0.2.2\r\nm=audio 60000 RTP/AVP 8\r\n";
    constexpr std::string_view back = "v=0\r\nc=IN IP4 192.0.2.2\r\nm=audio 60002 RTP/AVP 8\r\n";
    Calls calls;
    receive(calls, message({.start = "INVITE", .body = offer}));
    receive(calls, message({.at = 1ms, .from = proxy, .to = gateway, .start = "INVITE", .body = relayed}));
    receive(calls,
            message({.at = 5ms, .from = gateway, .to = proxy, .start = "200 OK", .to_tag = "b", .body = answer}));
    receive(calls, message({.at = 6ms, .from = proxy, .to = phone, .start = "200 OK", .to_tag = "b", .body = back}));
    Sender in{.from = mouth, .to = {proxy.ip, 60000}, .ssrc = 7}, out{.from = {proxy.ip, 60002}, .to = ear, .ssrc = 7};
    for (int i = 0; i < 50; ++i) {
        receive(calls, in, i * 20ms);
        // The relay loses one in ten.
        if (i % 10 == 5) out.skip();
        else receive(calls, out, i * 20ms);
    }
    Call call = finish(calls);
    CHECK(call.audio() == "callee");
    CHECK(call.from_callee.packets == 45);
    CHECK(call.from_callee.lost == 5);
    CHECK(call.streams.size() == 2);
    CHECK(call.branches == 1);
}

TEST_CASE("calls: digits by INFO, once however often they are sent, are whose who pressed them") {
    auto info = [](Duration at, std::string_view cseq, std::string_view signal, bool callee = false) {
        auto made = message({.at = at,
                             .start = "INFO",
                             .cseq = cseq,
                             .to_tag = callee ? "a" : "b",
                             .from_tag = callee ? "b" : "a",
                             .body = signal});
        auto type = made.bytes.find("application/sdp");
        made.bytes.replace(type, 15, "application/dtmf-relay");
        return made;
    };
    Calls calls;
    begin(calls);
    receive(calls, info(1s, "3 INFO", "Signal=5\r\nDuration=160\r\n"));
    receive(calls, info(1500ms, "3 INFO", "Signal=5\r\nDuration=160\r\n"));
    receive(calls, info(2s, "4 INFO", "Signal= #\nDuration= 160"));
    receive(calls, info(2s, "5 INFO", "Signal=hf\r\n"));
    receive(calls, info(3s, "9 INFO", "Signal=D", true));
    Call call = finish(calls);
    CHECK(call.from_caller.digits == "5#");
    CHECK(call.from_callee.digits == "D");
    CHECK(call.retransmissions == 1);
}

TEST_CASE("calls: parties as From and To say") {
    auto invite = message({.start = "INVITE"});
    auto from = invite.bytes.find("From: ");
    invite.bytes.replace(from, invite.bytes.find("\r\n", from) - from,
                         "From: \"Al \\\"the\\\" Ice\" <sip:%2B33199000001;npdi@example.com;user=phone>;tag=a");
    auto to = invite.bytes.find("To: ");
    invite.bytes.replace(to, invite.bytes.find("\r\n", to) - to, "To: <tel:+442079460123;phone-context=x>");
    Call call = only({&invite, 1});
    CHECK(call.from.display == "Al \"the\" Ice");
    CHECK(call.from.number == "+33199000001");
    CHECK(call.to.number == "+442079460123");
    CHECK(call.to.display.empty());
    CHECK(call.caller == phone);
    CHECK(call.callee == proxy);
}

TEST_CASE("calls: how they end") {
    auto response = [](Duration at, std::string_view start) {
        return message({.at = at, .from = proxy, .to = phone, .start = start, .to_tag = "b"});
    };
    auto ending = [](std::vector<Message> messages) { return only(messages).ending; };
    const auto invite = message({.start = "INVITE"});
    const auto cancel = message({.at = 5s, .start = "CANCEL", .cseq = "1 CANCEL"});
    CHECK(ending({invite}) == Ending::open);
    CHECK(ending(answered_call()) == Ending::completed);
    CHECK(ending({invite, response(1s, "486 Busy Here")}) == Ending::refused);
    CHECK(ending({invite, response(1s, "408 Request Timeout")}) == Ending::timeout);
    CHECK(ending({invite, cancel, response(6s, "487 Request Terminated")}) == Ending::cancelled);
    CHECK(ending({invite, response(6s, "487 Request Terminated")}) == Ending::refused);
    // The 487 was not captured.
    CHECK(ending({invite, cancel}) == Ending::cancelled);
    CHECK(only(std::vector{invite, cancel}).hung_up_by == Side::caller);
    // The answer was quicker.
    CHECK(ending({invite, cancel, response(5001ms, "200 OK")}) == Ending::open);
    // Nobody answered, and the capture went on for long.
    auto later = message({.at = 10min, .start = "INVITE", .call_id = "c2"});
    std::vector<Message> two = {invite, later};
    CHECK(calls(two).front().ending == Ending::timeout);
}

TEST_CASE("calls: a challenge is no branch, and the caller may take a minute to answer it") {
    Calls calls;
    receive(calls, message({.start = "INVITE"}));
    receive(
        calls,
        message({.at = 5ms, .from = proxy, .to = phone, .start = "407 Proxy Authentication Required", .to_tag = "x"}));
    receive(calls, message({.at = 60s, .start = "INVITE", .cseq = "2 INVITE"}));
    receive(calls,
            message({.at = 61s, .from = proxy, .to = phone, .start = "200 OK", .cseq = "2 INVITE", .to_tag = "b"}));
    CHECK(calls.take().empty());
    Call call = finish(calls);
    CHECK(call.branches == 1);
    CHECK(call.status == 200);
}

TEST_CASE("calls: one that is over is given after 32 s, with its streams, and its ports are free") {
    Calls calls;
    Sender back{.ssrc = 2};
    begin(calls, "first");
    for (int i = 0; i < 10; ++i) receive(calls, back, i * 20ms);
    end(calls, "first", 1s);
    CHECK(calls.take().empty());
    begin(calls, "second", 2s);
    for (int i = 0; i < 5; ++i) receive(calls, back, 2s + i * 20ms);
    end(calls, "second", 20s);
    receive(calls, message({.at = 34s, .start = "OPTIONS", .cseq = "1 OPTIONS", .call_id = "o"}));
    auto first = calls.take();
    REQUIRE(first.size() == 1);
    CHECK(first.front().call_id == "first");
    CHECK(first.front().from_callee.packets == 10);
    Call second = finish(calls);
    CHECK(second.from_callee.packets == 5);
    CHECK(calls.take_streams().empty());
}

TEST_CASE("calls: RTP of no call is given, too") {
    Calls calls;
    Sender alone;
    for (int i = 0; i < 10; ++i) receive(calls, alone, i * 20ms);
    CHECK(calls.finish().empty());
    CHECK(calls.take_streams().size() == 1);
}

TEST_CASE("calls: a million Call-IDs are bounded; the most silent go first, the same each time") {
    auto flood = [] {
        Calls calls({.calls = 1000});
        std::string order;
        for (int i = 0; i < 20'000; ++i) {
            receive(calls, message({.at = i * 1ms, .start = "INVITE", .call_id = fmt::format("c{}", i)}));
            for (const Call& call : calls.take()) order += call.call_id + "\n";
        }
        CHECK(order.starts_with("c0\nc1\n"));
        CHECK(calls.counters().evicted >= 19'000);
        CHECK(calls.finish().size() <= 1000);
        return order;
    };
    CHECK(flood() == flood());
}

TEST_CASE("calls: texts and repetitions without measure do not fill the memory") {
    Calls calls;
    std::string long_id(60'000, 'x');
    receive(calls, message({.start = "INVITE", .call_id = long_id, .body = offer}));
    for (int i = 0; i < 5000; ++i) {
        auto tag = fmt::format("t{}", i);
        receive(calls, message({.at = i * 1ms,
                                .from = proxy,
                                .to = phone,
                                .start = "180 Ringing",
                                .to_tag = tag,
                                .call_id = long_id,
                                .body = answer}));
    }
    Call call = finish(calls);
    CHECK(call.call_id.size() <= 1024);
    CHECK(call.branches == 64);
    CHECK(call.messages == 5001);
}
