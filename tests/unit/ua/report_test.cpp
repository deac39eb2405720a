#include "ua/report.h"

#include <doctest/doctest.h>

#include "output/render.h"
#include "ua/line.h"
#include "ua/pinger.h"
#include "ua/sound.h"

using namespace trunkbox;
using namespace trunkbox::ua;
using sip::call::End;
using sip::call::Party;

namespace {

std::vector<std::string> keys(const output::Record& record) {
    std::vector<std::string> names;
    for (const auto& [name, value] : record.members()) names.push_back(name);
    return names;
}
const output::Record& inner(const output::Record& record, std::string_view name) {
    const auto* value = record.find(name);
    REQUIRE(value != nullptr);
    const auto* found = std::get_if<output::Record>(&value->data());
    REQUIRE(found != nullptr);
    return *found;
}
template <class T>
T at(const output::Record& record, std::string_view name) {
    const auto* value = record.find(name);
    REQUIRE(value != nullptr);
    const auto* found = std::get_if<T>(&value->data());
    REQUIRE(found != nullptr);
    return *found;
}
bool is_null(const output::Record& record, std::string_view name) {
    const auto* value = record.find(name);
    REQUIRE(value != nullptr);
    return std::holds_alternative<std::nullptr_t>(value->data());
}

CallReport answered() {
    CallReport report;
    report.call_id = "c1";
    report.from = "sip:a@192.0.2.1";
    report.to = "sip:b@192.0.2.2";
    report.outcome.answered = true;
    report.outcome.status = 200;
    report.outcome.reason = "OK";
    report.outcome.hung_up_by = Party::them;
    report.outcome.invited_at = Time{10s};
    report.outcome.progress_at = Time{10'250ms};
    report.outcome.answered_at = Time{12s};
    report.outcome.ended_at = Time{15s};
    report.audio.codec = "PCMA";
    report.audio.sent = 150;
    report.audio.received.packets = 149;
    report.audio.received.lost = 1;
    report.audio.digits = "12#";
    return report;
}

}  // namespace

TEST_CASE("the record of a call") {
    auto out = record(answered());
    CHECK(keys(out) == std::vector<std::string>{"answered", "status", "reason", "call_id", "from", "to",
                                                "post_dial_delay", "duration", "hung_up_by", "media"});
    CHECK(at<bool>(out, "answered"));
    CHECK(at<std::int64_t>(out, "status") == 200);
    CHECK(at<double>(out, "post_dial_delay") == 0.25);
    CHECK(at<double>(out, "duration") == 3.0);
    CHECK(at<std::string>(out, "hung_up_by") == "them");
    const auto& media = inner(out, "media");
    CHECK(at<std::string>(media, "codec") == "PCMA");
    CHECK(at<std::string>(media, "audio") == "both");
    CHECK(at<std::int64_t>(inner(media, "sent"), "packets") == 150);
    CHECK(at<std::int64_t>(inner(media, "received"), "packets") == 149);
    CHECK(at<std::int64_t>(inner(media, "received"), "lost") == 1);
    CHECK(inner(media, "received").find("jitter") != nullptr);
    CHECK(at<std::string>(media, "digits_received") == "12#");
}

TEST_CASE("the record of a call that came to nothing") {
    CallReport report;
    report.outcome.end = End::unreachable;
    report.outcome.detail = "127.0.0.1:5090: connection refused";
    report.outcome.invited_at = Time{10s};
    auto out = record(report);
    CHECK_FALSE(at<bool>(out, "answered"));
    CHECK(is_null(out, "status"));
    CHECK(is_null(out, "reason"));
    CHECK(is_null(out, "post_dial_delay"));
    CHECK(is_null(out, "hung_up_by"));
    CHECK(at<double>(out, "duration") == 0.0);
    CHECK(at<std::string>(out, "error") == "unreachable (127.0.0.1:5090: connection refused)");
    CHECK(is_null(inner(out, "media"), "codec"));
    CHECK(at<std::string>(inner(out, "media"), "audio") == "none");
}

TEST_CASE("the directions of audio") {
    AudioReport audio;
    CHECK(audio.directions() == "none");
    audio.sent = 1;
    CHECK(audio.directions() == "sent");
    audio.received.packets = 1;
    CHECK(audio.directions() == "both");
    audio.sent = 0;
    CHECK(audio.directions() == "received");
}

TEST_CASE("an answered call that heard nothing is deaf, unless it wanted nothing") {
    auto report = answered();
    CHECK_FALSE(report.deaf());
    report.audio.received.packets = 0;
    CHECK(report.deaf());
    report.wanted_media = false;
    CHECK_FALSE(report.deaf());
}

TEST_CASE("the post-dial delay is that of the answer when nothing rang") {
    auto report = answered();
    report.outcome.progress_at.reset();
    CHECK(report.post_dial_delay() == 2s);
    report.outcome.answered_at.reset();
    CHECK_FALSE(report.post_dial_delay().has_value());
    CHECK(report.duration() == Duration{0});
}

TEST_CASE("each end in words") {
    sip::call::Outcome outcome{.end = End::refused, .status = 486, .reason = "Busy Here"};
    CHECK(describe(outcome) == "486 Busy Here");
    outcome.reason = "Bu\x1b[31msy";
    CHECK(describe(outcome).find('\x1b') == std::string::npos);
    for (auto end : {End::cancelled, End::unanswered, End::timeout, End::unreachable, End::no_ack}) {
        outcome.end = end;
        CHECK_FALSE(describe(outcome).empty());
        CHECK(describe(outcome).find("486") == std::string::npos);
    }
}

TEST_CASE("the record of a registration") {
    sip::registration::Outcome outcome;
    outcome.status = 200;
    outcome.reason = "OK";
    outcome.registered = true;
    outcome.expires = 600;
    outcome.bindings = {{"sip:a@192.0.2.1", 600}, {"sip:b@192.0.2.2", std::nullopt}};
    outcome.started_at = Time{1s};
    outcome.answered_at = Time{1'500ms};
    auto out = record(outcome);
    CHECK(keys(out) == std::vector<std::string>{"registered", "status", "reason", "expires", "contacts", "seconds"});
    CHECK(at<bool>(out, "registered"));
    CHECK(at<std::int64_t>(out, "expires") == 600);
    CHECK(at<double>(out, "seconds") == 0.5);
    CHECK(at<output::Value::Array>(out, "contacts").size() == 2);
    outcome.registered = false;
    outcome.status = 0;
    outcome.end = sip::registration::End::timeout;
    outcome.answered_at.reset();
    out = record(outcome);
    CHECK(is_null(out, "status"));
    CHECK(is_null(out, "expires"));
    CHECK(is_null(out, "seconds"));
    CHECK(at<std::string>(out, "error") == "no response");
}

TEST_CASE("the record of pings") {
    PingReport report;
    report.uri = "sip:192.0.2.1";
    auto out = record(report);
    CHECK(keys(out) == std::vector<std::string>{"uri", "sent", "received", "loss", "rtt", "status", "reason", "server"});
    CHECK(at<double>(out, "loss") == 0.0);
    CHECK(is_null(inner(out, "rtt"), "p95"));
    report.sent = 4;
    report.received = 3;
    report.status = 200;
    report.rtts = {3ms, 1ms, 2ms};
    out = record(report);
    CHECK(at<double>(out, "loss") == 0.25);
    const auto& rtt = inner(out, "rtt");
    CHECK(keys(rtt) == std::vector<std::string>{"min", "avg", "max", "p95"});
    CHECK(at<double>(rtt, "min") == 0.001);
    CHECK(at<double>(rtt, "avg") == 0.002);
    CHECK(at<double>(rtt, "max") == 0.003);
    CHECK(at<double>(rtt, "p95") == 0.003);
    CHECK(text(report).find("4 sent, 3 answered, 25 % lost") != std::string::npos);
}

TEST_CASE("addresses to listen on") {
    CHECK(parse_listen("udp:127.0.0.1:5090")->text() == "127.0.0.1:5090");
    CHECK(parse_listen("UDP:127.0.0.1:0")->text() == "127.0.0.1:0");
    CHECK(parse_listen("127.0.0.1")->text() == "127.0.0.1:5060");
    CHECK(parse_listen("udp:[::1]:5061")->text() == "[::1]:5061");
    for (const char* text : {"", "udp:", "udp", "tcp:127.0.0.1:5060", "tls:127.0.0.1", "localhost:5060",
                             "127.0.0.1:65536", "127.0.0.1:", "127.0.0.1:5060x", "5060", "udp:udp:127.0.0.1"}) {
        CAPTURE(text);
        auto listen = parse_listen(text);
        REQUIRE_FALSE(listen.has_value());
        CHECK(listen.error().fault == Fault::usage);
    }
}

TEST_CASE("headers to add") {
    auto header = parse_header("X-Test : a: b ");
    REQUIRE(header.has_value());
    CHECK(header->first == "X-Test");
    CHECK(header->second == "a: b");
    CHECK(parse_header("Subject:")->second.empty());
    for (const char* text : {"", ":", "X-Test", "X Test: 1", "X-Test: a\r\nVia: b", "X-Test: a\nb", ": x",
                             "Via: SIP/2.0/UDP x", "v: x", "FROM: <sip:a@b>", "l: 5", "CSeq: 1 INVITE"}) {
        CAPTURE(text);
        auto wrong = parse_header(text);
        REQUIRE_FALSE(wrong.has_value());
        CHECK(wrong.error().fault == Fault::usage);
    }
}

TEST_CASE("digits that a telephone sends") {
    CHECK(check_digits("").has_value());
    CHECK(check_digits("0123456789*#ABCDabcd").has_value());
    for (const char* text : {"12 3", "E", "1\n", "+33"}) {
        auto wrong = check_digits(text);
        REQUIRE_FALSE(wrong.has_value());
        CHECK(wrong.error().fault == Fault::usage);
    }
}
