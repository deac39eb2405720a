#include "output/calls.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "output/render.h"
#include "output/streams.h"

using namespace trunkbox;
using namespace trunkbox::output;

namespace {

trace::Call call() {
    trace::Call made;
    made.call_id = "c1@example.com";
    made.from = {.uri = "sip:+33199000001@example.com", .display = "Alice", .number = "+33199000001"};
    made.to = {.uri = "sip:example.com"};
    made.caller = {net::Ip::v4(0xc0000201), 5060};
    made.callee = {net::Ip::v4(0xc0000202), 5060};
    made.invited = Time(1'700'000'000s);
    made.ringing = made.invited + 300ms;
    made.answered = made.invited + 900ms;
    made.ended = made.invited + 2900ms;
    made.status = 200;
    made.reason = "OK";
    made.ending = trace::Ending::completed;
    made.hung_up_by = trace::Side::callee;
    made.codec = "PCMA";
    made.branches = 1;
    made.from_caller = {.packets = 100, .lost = 1, .mean_jitter = 1500us, .mos = 4.4061, .digits = "12#"};
    return made;
}

}  // namespace

TEST_CASE("calls: the record of a call") {
    std::string json = to_json(record(call()), Layout::lines);
    for (std::string_view part :
         {R"("call_id":"c1@example.com")", R"("from_number":"+33199000001")", R"("to_number":null)",
          R"("caller":"192.0.2.1:5060")", R"("invited_at":"2023-11-14T22:13:20.000000Z")", R"("answered":true)",
          R"("hung_up_by":"callee")", R"("post_dial_delay":0.3)", R"("duration":2)", R"("audio":"caller")",
          R"("from_caller":{"packets":100,"lost":1,"jitter":0.0015,"mos":4.41,"digits":"12#"})",
          R"("from_callee":{"packets":0,"lost":0,"jitter":0,"mos":null,"digits":""})", R"("ending":"completed")"})
        CHECK_MESSAGE(json.find(part) != std::string::npos, "lacks ", part, " in ", json);
}

TEST_CASE("calls: what was not seen is null, and every record has the same columns") {
    auto columns = [](const Record& record) {
        std::string made;
        for (const auto& cell : flatten(record)) made += cell.column + "\n";
        return made;
    };
    CHECK(columns(record(trace::Call{})) == columns(record(call())));
    trace::Stream bare, full;
    full.reported = trace::Reported{.reports = 1, .round_trip = 20ms};
    full.mos = 4.4;
    full.rating = 93.2;
    full.digits = {{.key = '1'}};
    full.formats = {{.payload_type = 8, .codec = media::Codec{.name = "PCMA"}, .packets = 3}, {.payload_type = 96}};
    CHECK(columns(record(bare)) == columns(record(full)));
    CHECK(to_json(record(trace::Call{}), Layout::lines).find(R"("status":null,"reason":null)") != std::string::npos);
}

TEST_CASE("calls: the table shows hostile text and keeps a line a call") {
    CHECK(text(std::span<const trace::Call>{}).empty());
    auto hostile = call();
    hostile.call_id = "\x1b[2J\n" + std::string(5000, 'x');
    hostile.from.number = "\r\n\x07";
    hostile.reason = "\x1b]0;x\n";
    hostile.codec = "\n";
    std::vector<trace::Call> calls = {call(), hostile};
    auto table = text(calls);
    CHECK(std::ranges::count(table, '\n') == 3);
    for (char c : table) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
    CHECK(table.size() < 2000);
    CHECK(table.find("200 OK") != std::string::npos);
    CHECK(table.find("4.41/-") != std::string::npos);
}

TEST_CASE("streams: the table and the record") {
    CHECK(text(std::span<const trace::Stream>{}).empty());
    trace::Stream stream{
        .id = 1, .from = {net::Ip::v4(0xc0000201), 40000}, .to = {net::Ip::v4(0xc0000202), 50000}, .ssrc = 0xabc};
    stream.formats = {{.payload_type = 8, .codec = media::Codec{.name = "PCMA"}, .packets = 90},
                      {.payload_type = 101, .codec = media::Codec{.name = "telephone-event"}, .packets = 9},
                      {.payload_type = 96, .packets = 1}};
    stream.packets = 100;
    stream.octets = 17200;
    stream.first = Time(1'700'000'000s);
    stream.last = stream.first + 2s;
    stream.sequence = {.received = 100, .expected = 103, .reordered = 2, .gaps = 1, .longest_gap = 3};
    stream.mean_jitter = 1234us;
    stream.rating = 80.04;
    stream.mos = 4.0236;
    stream.digits = {{.key = '7'}};
    auto table = text({&stream, 1});
    for (std::string_view part : {"PCMA, telephone-event, PT 96", "0x00000ABC", "2.91 %", "1.234", "4.02", "80.0"})
        CHECK_MESSAGE(table.find(part) != std::string::npos, "lacks ", part, " in ", table);
    auto json = to_json(record(stream), Layout::lines);
    for (std::string_view part :
         {R"("lost":3)", R"("loss":0.029126)", R"("r":80,"mos":4.02)", R"("bits_per_second":80000)", R"("digits":"7")",
          R"("mean_jitter":0.001234)", R"({"payload_type":96,"codec":null)"})
        CHECK_MESSAGE(json.find(part) != std::string::npos, "lacks ", part, " in ", json);
}
