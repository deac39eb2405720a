#include "sip/message.h"

#include <doctest/doctest.h>

namespace trunkbox::sip {
namespace {

const std::string request =
    "INVITE sip:bob@example.com SIP/2.0\r\n"
    "v: SIP/2.0/UDP a.example.com;branch=z9hG4bK1, SIP/2.0/TCP b.example.com\r\n"
    "Record-Route: <sip:p.example.com;lr>\r\n"
    "Via: SIP/2.0/UDP\r\n\t c.example.com;branch=z9hG4bK2\r\n"
    "t: <sip:bob@example.com>\r\n"
    "f: \"A\" <sip:alice@example.com>;tag=1\r\n"
    "i: id@example.com\r\n"
    "CSeq: 1 INVITE\r\n"
    "Timestamp: 54\r\n"
    "Subject: first\r\n second \r\n\tthird\r\n"
    "X-Trunk: 7\r\n"
    "l: 4\r\n"
    "\r\nbodyTRAILING";

TEST_CASE("message: a copy writes the long forms, unfolded, with a length of its own") {
    auto copy = Message::copy(MessageView::read(request));
    CHECK(copy.get("v") == "SIP/2.0/UDP a.example.com;branch=z9hG4bK1, SIP/2.0/TCP b.example.com");
    CHECK(copy.get("subject") == "first second third");
    CHECK(copy.body == "body");
    auto bytes = copy.bytes();
    CHECK(bytes.starts_with("INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP a."));
    CHECK(bytes.ends_with("X-Trunk: 7\r\nContent-Length: 4\r\n\r\nbody"));
    CHECK(MessageView::read(bytes).findings().empty());
    CHECK(Message::copy(MessageView::read(bytes)).bytes() == bytes);
}

TEST_CASE("message: a line without a colon goes through as it came") {
    auto copy = Message::copy(MessageView::read("OPTIONS sip:x SIP/2.0\r\nno colon\r\nTo: a\r\n\r\n"));
    CHECK(copy.bytes() == "OPTIONS sip:x SIP/2.0\r\nno colon\r\nTo: a\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("message: a response copies what section 8.2.6.2 names, all Via in order") {
    auto view = MessageView::read(request);
    CHECK(Message::response_to(view, 404).bytes() ==
          "SIP/2.0 404 Not Found\r\n"
          "Via: SIP/2.0/UDP a.example.com;branch=z9hG4bK1, SIP/2.0/TCP b.example.com\r\n"
          "Via: SIP/2.0/UDP c.example.com;branch=z9hG4bK2\r\n"
          "To: <sip:bob@example.com>\r\n"
          "From: \"A\" <sip:alice@example.com>;tag=1\r\n"
          "Call-ID: id@example.com\r\n"
          "CSeq: 1 INVITE\r\n"
          "Content-Length: 0\r\n\r\n");
    CHECK(Message::response_to(view, 180).get("Record-Route") == "<sip:p.example.com;lr>");
    CHECK(Message::response_to(view, 200, "Fine").bytes().starts_with("SIP/2.0 200 Fine\r\n"));
    CHECK(Message::response_to(view, 300).get("Record-Route").empty());
    CHECK(Message::response_to(view, 100).get("Record-Route").empty());
    CHECK(Message::response_to(view, 100).get("Timestamp") == "54");
    CHECK(Message::response_to(view, 180).get("Timestamp").empty());
}

TEST_CASE("message: rows are set, added and removed under any spelling") {
    Message message{.method = "OPTIONS", .uri = "sip:example.com", .status = 0, .reason = {}, .headers = {}, .body = {}};
    message.add("Via", "one");
    message.add("v", "two");
    message.add("X-A", "3");
    message.add_first("VIA", "zero");
    CHECK(message.get("via") == "zero");
    message.remove_first("Via");
    CHECK(message.get("Via") == "one");
    message.set("v", message.get("via"));
    CHECK(message.headers.size() == 2);
    CHECK(message.get("Via") == "one");
    message.set("x-a", "4");
    message.set("Route", "new");
    CHECK(message.get("X-a") == "4");
    message.remove("route");
    message.remove("absent");
    message.remove_first("absent");
    CHECK(message.headers.size() == 2);
    CHECK(message.get("absent").empty());
    message.add("Content-Length", "99");
    CHECK(message.bytes() == "OPTIONS sip:example.com SIP/2.0\r\nVia: one\r\nX-A: 4\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("message: reason phrases") {
    CHECK(reason_phrase(100) == "Trying");
    CHECK(reason_phrase(180) == "Ringing");
    CHECK(reason_phrase(481) == "Call/Transaction Does Not Exist");
    CHECK(reason_phrase(608) == "Rejected");
    CHECK(reason_phrase(199) == "Early Dialog Terminated");
    CHECK(reason_phrase(299) == "OK");
    CHECK(reason_phrase(499) == "Client Error");
    CHECK(reason_phrase(699) == "Global Failure");
    CHECK(reason_phrase(0) == "Unknown");
    CHECK(reason_phrase(1000) == "Unknown");
}

}  // namespace
}  // namespace trunkbox::sip
