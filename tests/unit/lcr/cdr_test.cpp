#include "lcr/cdr.h"

#include <array>

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::lcr;

namespace {

Time at(std::string_view text) {
    return parse_rfc3339(text).value();
}

// All calls of a file, read two at a time.
Result<std::vector<Cdr>> read(std::string_view csv, const CdrOptions& options = {}) {
    auto reader = CdrReader::open(csv, "calls.csv", options);
    if (!reader) return tl::unexpected(reader.error());
    std::vector<Cdr> all;
    std::array<Cdr, 2> batch;
    for (;;) {
        auto count = reader->next(batch);
        if (!count) return tl::unexpected(count.error());
        if (*count == 0) return all;
        all.insert(all.end(), batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(*count));
    }
}

std::string error_of(std::string_view csv, const CdrOptions& options = {}) {
    auto all = read(csv, options);
    return all ? "none" : all.error().text();
}

Cdr only(std::string_view csv, const CdrOptions& options = {}) {
    auto all = read(csv, options);
    REQUIRE_MESSAGE(all.has_value(), error_of(csv, options));
    REQUIRE(all->size() == 1);
    return all->front();
}

}  // namespace

TEST_CASE("plain call records") {
    auto all = read("number,start,duration\n+442079460123,2026-11-22T10:00:00Z,61\n33199000001,1795341600,0\n"
                    "0033199000002,2026-11-22 10:00:00.250,2.5\n")
                   .value();
    REQUIRE(all.size() == 3);
    CHECK(all[0].number == 442079460123);
    CHECK(all[0].start == at("2026-11-22T10:00:00Z"));
    CHECK(all[0].duration == 61s);
    CHECK(all[0].occupied == 61s);
    CHECK(all[0].answered);
    CHECK(all[0].line == 2);
    CHECK(all[0].carrier == Cdr::no_carrier);
    CHECK_FALSE(all[0].has_cost);
    CHECK(all[1].number == 33199000001);
    CHECK(all[1].start == at("2026-11-22T10:00:00Z"));
    CHECK_FALSE(all[1].answered);
    CHECK(all[2].number == 33199000002);
    CHECK(all[2].start == at("2026-11-22T10:00:00.25Z"));
    CHECK(all[2].duration == 2500ms);
}

TEST_CASE("byte order mark, CRLF, semicolons, quotes and blank lines") {
    auto all = read("\xef\xbb\xbf\"Called\";\"Start Time\";\"Seconds\";Cost\r\n"
                    "\"+44 20 7946 0123\";\"2026-11-22 10:00:00\";\"61\";0,0123\r\n\r\n;\r\n",
                    {.skip_bad = true})
                   .value();
    REQUIRE(all.size() == 1);
    CHECK(all[0].number == 442079460123);
    CHECK(all[0].duration == 61s);
    CHECK(all[0].cost == Money::parse("0.0123").value());
}

TEST_CASE("numbers in the spellings of switches") {
    auto number = [](std::string_view cell, const CdrOptions& options = {}) {
        return only("to,start,duration\n\"" + std::string(cell) + "\",1795341600,1\n", options).number;
    };
    CHECK(number("sip:+442079460123@example.com;user=phone") == 442079460123);
    CHECK(number("sips:442079460123;phone-context=x@example.com") == 442079460123);
    CHECK(number("442079460123@192.0.2.1") == 442079460123);
    CHECK(number("tel:+44-20-7946-0123") == 442079460123);
    CHECK(number("+44 (0)20 7946 0123") == 442079460123);
    CHECK(number("020 7946 0123", {.region = "GB"}) == 442079460123);
    CHECK(number("+33199000001", {.region = "GB"}) == 33199000001);
    for (auto cell : {"", "112", "s", "anonymous", "02079460123", "+0123456", "1234567890123456", "44207946012x", "4420x9460123", "442079x"})
        CHECK(error_of("to,start,duration\n" + std::string(cell) + ",1795341600,1\n").starts_with("calls.csv:2:1: "));
}

TEST_CASE("start times") {
    auto start = [](std::string_view cell, const CdrOptions& options = {}) {
        return only("to,start,duration\n442079460123," + std::string(cell) + ",1\n", options).start;
    };
    auto ten = at("2026-11-22T10:00:00Z");
    for (auto cell : {"2026-11-22T10:00:00Z", "2026-11-22t10:00:00z", "2026-11-22T11:00:00+01:00",
                      "2026-11-22 09:30:00-0030", "2026-11-22 10:00:00 UTC", "2026/11/22 10:00:00", "20261122100000",
                      "1795341600", "1795341600000", "1795341600000000", "1795341600000000000", "1795341600.000"})
        CHECK_MESSAGE(start(cell) == ten, cell);
    CHECK(start("1795341600.5") == ten + 500ms);
    for (auto cell : {"", "10:00", "2026-13-22T10:00:00Z", "2026-02-30 10:00:00", "2026-11-22", "22/13/2026 10:00:00", "22/11/26 10:00:00", "22/11/2026 10:00:60",
                      "2026-11-22 25:00:00", "2026-11-22 10:00:00+1", "17953416", "99999999999999999999",
                      "1969-12-31 23:59:59", "2200-01-01 00:00:00", "9223372036854775807", "1970-01-01T00:00:00+01:00", "2026-11-22 10:00:00.", "9999999999"})
        CHECK_MESSAGE(error_of("to,start,duration\n442079460123," + std::string(cell) + ",1\n")
                          .starts_with("calls.csv:2:14: time '"),
                      cell);
}

TEST_CASE("a start time is what it is, whatever stands above it") {
    CdrOptions paris{.zone = "Europe/Paris", .skip_bad = true};
    constexpr std::array cells{"2026-10-25 02:59:59", "2026-10-25 03:00:00", "2026-10-25 02:59:58", "2026-10-25T02:59:59Z",
                               "2026-10-25T02:59:59+01:00", "2026-10-25T02:59:59.5Z", "2026-10-25T02:59:60Z", "2026-10-25T02:59:5",
                               "2026-10-25T02:59:", "2026-10-25T02:59:5xZ", "2026/10/25 02:59:59", "20261025025959", "1792897199"};
    auto start = [&](std::string rows) {
        auto all = read("start,to,duration\n" + rows, paris).value();
        return all.empty() ? Time{} : all.back().start;
    };
    auto row = [](std::string_view cell) { return std::string(cell) + ",442079460123,1\n"; };
    std::size_t good = 0;
    for (auto cell : cells) {
        auto alone = start(row(cell));
        good += alone == Time{} ? 0U : 1U;
        for (auto above : cells) {
            auto pair = read("start,to,duration\n" + row(above) + row(cell), paris).value();
            CHECK_MESSAGE((alone == Time{} ? pair.size() < 2 : pair.back().start == alone), above, " ", cell);
        }
    }
    CHECK(good == 11);
}

TEST_CASE("start times of spreadsheets") {
    auto start = [](std::string_view cell, const CdrOptions& options = {}) {
        return only("to,start,duration\n442079460123," + std::string(cell) + ",1\n", options).start;
    };
    for (auto cell : {"22/11/2026 10:00:00", "11/22/2026 10:00", "22.11.2026 10:00:00", "22-Nov-2026 10:00"})
        CHECK_MESSAGE(start(cell) == at("2026-11-22T10:00:00Z"), cell);
    CdrOptions day_first{.map = {{"date order", "day first"}}, .zone = "Europe/Paris"};
    CHECK(start("03/07/2026 10:00:00", day_first) == at("2026-07-03T08:00:00Z"));
    CHECK(start("03/07/2026 10:00:00", {.map = {{"Date order", "Month first"}}}) == at("2026-03-07T10:00:00Z"));
    CHECK(error_of("to,start,duration\n442079460123,03/07/2026 10:00:00,1\n") ==
          "calls.csv:2:14: '03/07/2026 10:00:00' has its day first or its month first, and no date in the file shows which; "
          "write e.g. '2026-11-22', or map 'date order' to 'day first' or 'month first'");
    CHECK(error_of("to,start,duration\n", {.map = {{"date order", "ymd"}}}) ==
          "map 'date order=ymd' is not understood; write 'day first' or 'month first'");
    // A file without a header has its dates in an order, too.
    CHECK(read("03/07/2026 10:00:00,442079460123,1\n", {.map = {{"number", "2"}, {"start", "1"}, {"duration", "3"}, {"date order", "day first"}}})
              .value().front().start == at("2026-07-03T10:00:00Z"));
}

TEST_CASE("times without an offset are of the zone, across its changes of clock") {
    CdrOptions paris{.zone = "Europe/Paris"};
    auto all = read("to,start,duration\n442079460123,2026-07-01 12:00:00,1\n442079460123,2026-01-01 12:00:00,1\n"
                    "442079460123,2026-10-25 01:59:59,1\n442079460123,2026-10-25 02:30:00,1\n"
                    "442079460123,2026-10-25 03:00:00,1\n442079460123,2026-07-01T12:00:00Z,1\n",
                    paris)
                   .value();
    REQUIRE(all.size() == 6);
    CHECK(all[0].start == at("2026-07-01T10:00:00Z"));
    CHECK(all[1].start == at("2026-01-01T11:00:00Z"));
    CHECK(all[2].start == at("2026-10-24T23:59:59Z"));
    CHECK(all[3].start == at("2026-10-25T00:30:00Z"));  // shown twice: the first
    CHECK(all[4].start == at("2026-10-25T02:00:00Z"));
    CHECK(all[5].start == at("2026-07-01T12:00:00Z"));
    CHECK(error_of("to,start,duration\n", {.zone = "Europe/Nowhere"}).find("'Europe/Nowhere' is not a time zone") !=
          std::string::npos);
}

TEST_CASE("durations") {
    auto duration = [](std::string_view title, std::string_view cell) {
        return only("to,start," + std::string(title) + "\n442079460123,1795341600," + std::string(cell) + "\n").duration;
    };
    CHECK(duration("duration", "61.25") == 61250ms);
    CHECK(duration("duration", "1:01") == 61s);
    CHECK(duration("duration", "01:00:05") == 3605s);
    CHECK(duration("duration", "10000000") == 10'000'000s);
    CHECK(duration("duration_ms", "61250") == 61250ms);
    CHECK(duration("billusec", "61000001") == 61s + 1us);
    for (auto cell : {"", "-5", "x", "1:99", "1:2:3:4", "10000001", "99999999999999999999999", "1e3", "1:-2", "5s"})
        CHECK_MESSAGE(error_of("to,start,duration\n442079460123,1795341600," + std::string(cell) + "\n")
                          .starts_with("calls.csv:2:25: duration '"),
                      cell);
    CHECK(error_of("to,start,duration\n442079460123,1795341600,-5\n") ==
          "calls.csv:2:25: duration '-5' is negative; write e.g. '61', '61.5' or '0:01:01'");
}

TEST_CASE("a status decides whether the call was answered") {
    auto call = [](std::string_view status) {
        return only("to,start,duration,status\n442079460123,1795341600,20," + std::string(status) + "\n");
    };
    for (auto status : {"ANSWERED", "200", "200 OK", "SIP/2.0 200 OK", "yes", ""}) CHECK_MESSAGE(call(status).answered, status);
    for (auto status : {"NO ANSWER", "486", "486 Busy Here", "busy", "no"}) {
        CHECK_FALSE(call(status).answered);
        CHECK(call(status).duration == 0s);
        CHECK(call(status).occupied == 20s);  // it rang
    }
    CHECK(error_of("to,start,duration,status\n442079460123,1795341600,20,maybe\n").starts_with("calls.csv:2:28: status 'maybe'"));
}

TEST_CASE("carriers, costs and currencies") {
    auto reader = CdrReader::open("to,start,billsec,duration,carrier,cost (USD),from\n"
                                  "442079460123,1795341600,60,72,alpha,0.5,+33199000001\n"
                                  "442079460123,1795341600,60,72,beta,,anonymous\n"
                                  "442079460123,1795341600,60,72,alpha,1,1001\n"
                                  "442079460123,1795341600,60,72,,1,\n",
                                  "calls.csv")
                      .value();
    std::array<Cdr, 8> calls;
    REQUIRE(reader.next(calls).value() == 4);
    CHECK(reader.has(CdrColumn::total));
    CHECK(calls[0].duration == 60s);
    CHECK(calls[0].occupied == 72s);
    CHECK(calls[0].from == 33199000001);
    CHECK(calls[1].from == 0);
    CHECK(calls[2].from == 1001);
    CHECK(calls[0].currency.text() == "USD");
    CHECK(calls[0].cost.text() == "0.5");
    CHECK_FALSE(calls[1].has_cost);
    REQUIRE(reader.carriers().size() == 2);
    CHECK(reader.carriers()[calls[1].carrier] == "beta");
    CHECK(calls[0].carrier == calls[2].carrier);
    CHECK(calls[3].carrier == Cdr::no_carrier);
    CHECK(reader.next(calls).value() == 0);
    CHECK(error_of("to,start,duration,cost\n442079460123,1795341600,1,-3\n").starts_with("calls.csv:2:27: amount '-3'"));
    CHECK(only("to,start,duration,cost,currency\n442079460123,1795341600,1,3,gbp\n").currency.text() == "GBP");
}

TEST_CASE("post-dial delay holds the channel too") {
    auto call = only("to,start,duration,pdd_ms\n442079460123,1795341600,10,1500\n");
    CHECK(call.duration == 10s);
    CHECK(call.occupied == 11500ms);
}

TEST_CASE("the headers of known switches") {
    SUBCASE("FreeSWITCH variables") {
        auto call = only("caller_id_number,destination_number,start_stamp,answer_stamp,end_stamp,duration,billsec,hangup_cause\n"
                         "33199000001,442079460123,2026-11-22 10:00:00,2026-11-22 10:00:08,2026-11-22 10:01:09,69,61,NORMAL_CLEARING\n");
        CHECK(call.number == 442079460123);
        CHECK(call.from == 33199000001);
        CHECK(call.start == at("2026-11-22T10:00:00Z"));
        CHECK(call.duration == 61s);
        CHECK(call.occupied == 69s);
    }
    SUBCASE("Kamailio's cdrs table") {
        auto call = only("cdr_id,src_username,src_domain,dst_username,dst_domain,dst_ousername,call_start_time,duration,sip_call_id\n"
                         "1,33199000001,example.com,442079460123,example.com,02079460123,2026-11-22 10:00:00,61,abc\n");
        CHECK(call.number == 442079460123);
        CHECK(call.duration == 61s);
    }
    SUBCASE("Kamailio's acc table has no calls") {
        CHECK(error_of("id,method,from_tag,to_tag,callid,sip_code,sip_reason,time,dst_user\n").find("no duration;") !=
              std::string::npos);
    }
    SUBCASE("Asterisk, without a header") {
        auto call = only("\"\",\"33199000001\",\"442079460123\",\"out\",\"\"\"Reception\"\" <33199000001>\",\"PJSIP/a-1\",\"PJSIP/b-2\","
                         "\"Dial\",\"PJSIP/442079460123@b\",\"2026-11-22 10:00:00\",\"2026-11-22 10:00:08\","
                         "\"2026-11-22 10:01:09\",69,61,\"ANSWERED\",\"DOCUMENTATION\"\n",
                         {.dialect = CdrDialect::asterisk});
        CHECK(call.number == 442079460123);
        CHECK(call.from == 33199000001);
        CHECK(call.duration == 61s);
        CHECK(call.occupied == 69s);
        CHECK(call.answered);
        CHECK(call.line == 1);
    }
    SUBCASE("FreeSWITCH, without a header") {
        auto call = only("\"\",\"33199000001\",\"442079460123\",\"default\",\"2026-11-22 10:00:00\",\"2026-11-22 10:00:08\","
                         "\"2026-11-22 10:01:09\",\"69\",\"61\",\"NORMAL_CLEARING\",\"u\",\"\",\"\",\"PCMA\",\"PCMA\"\n",
                         {.dialect = CdrDialect::freeswitch});
        CHECK(call.number == 442079460123);
        CHECK(call.duration == 61s);
    }
    CHECK(parse_cdr_dialect("Asterisk") == CdrDialect::asterisk);
    CHECK_FALSE(parse_cdr_dialect("nothing").has_value());
}

TEST_CASE("columns by map") {
    CdrOptions by_title{.map = {{"number", "Ziel"}, {"start", "Beginn"}, {"duration", "3"}}};
    CHECK(only("Ziel,Beginn,Dauer\n442079460123,1795341600,61\n", by_title).duration == 61s);
    CdrOptions by_number{.map = {{"number", "3"}, {"start", "1"}, {"duration", "2"}}};
    auto call = only("1795341600,61,442079460123\n", by_number);
    CHECK(call.number == 442079460123);
    CHECK(call.line == 1);
    // Numbered, but beneath a header.
    CHECK(only("when,how long,who\n1795341600,61,442079460123\n", by_number).line == 2);
    // A map decides over a title that is known.
    CHECK(only("to,number,start,duration\n442079460123,x,1795341600,1\n", {.map = {{"number", "to"}}}).number == 442079460123);
    CHECK(error_of("a,b\n", {.map = {{"number", "c"}}}) ==
          "calls.csv:1:1: file of calls has no column 'c'; name one of its titles, or a number from 1 to 2");
    CHECK(error_of("a,b\n", {.map = {{"number", "3"}}}).find("no column '3'") != std::string::npos);
    CHECK(error_of("a,b\n", {.map = {{"numer", "a"}}}).find("did you mean 'number'?") != std::string::npos);
}

TEST_CASE("headers that are none") {
    CHECK(error_of("") == "calls.csv: file of calls is empty; begin it with a header, e.g. 'number,start,duration'");
    CHECK(read("number,start,duration\n").value().empty());
    CHECK(error_of("number,start\n").find("calls.csv:1:1: no column 'duration'") == 0);
    CHECK(error_of("442079460123,1795341600,61\n").find("no column 'number'") != std::string::npos);
    CHECK(error_of("to,to,start,duration\n").find("calls.csv:1:4: column 'to' stands twice") == 0);
    CHECK(error_of(std::string("\0\0", 2)).find("NUL byte") != std::string::npos);
    CHECK(error_of("to,start,duration\n\"442079460123,1,1\n").find("never closed") != std::string::npos);
}

TEST_CASE("bad records are skipped, counted and the first of them kept when told") {
    std::string csv = "number,start,duration\n442079460123,1795341600,1\ngarbage\n112,1795341600,1\n442079460123,x,1\n"
                      "442079460123,1795341600,2\n";
    CHECK(error_of(csv) ==
          "calls.csv:3:1: record has 1 fields, 'start' is field 2; complete the record or remove it");
    auto reader = CdrReader::open(csv, "calls.csv", {.skip_bad = true, .most_bad = 2}).value();
    std::array<Cdr, 8> calls;
    REQUIRE(reader.next(calls).value() == 2);
    CHECK(calls[1].duration == 2s);
    CHECK(reader.skipped() == 3);
    REQUIRE(reader.skipped_because().size() == 2);
    CHECK(reader.skipped_because()[1].where == "calls.csv:4:1");
}

TEST_CASE("after an error the reader is at its end") {
    auto reader = CdrReader::open("number,start,duration\nx,1,1\n442079460123,1795341600,1\n", "calls.csv").value();
    std::array<Cdr, 2> calls;
    CHECK_FALSE(reader.next(calls).has_value());
    CHECK(reader.next(calls).value() == 0);
}
