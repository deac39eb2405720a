#include "trace/calls.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "unit/trace/messages.h"

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
            message({.at = 2900ms, .from = proxy, .to = phone, .start = "BYE", .cseq = "7 BYE", .to_tag = "a", .from_tag = "b"}),
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

    std::vector<Message> cancelled = {message({.start = "INVITE"}), message({.at = 5s, .start = "CANCEL", .cseq = "1 CANCEL"}),
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
