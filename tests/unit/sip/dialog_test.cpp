#include "sip/dialog.h"

#include <doctest/doctest.h>

using namespace trunkbox::sip;

namespace {

Dialog dialog_with(std::vector<std::string> routes) {
    Dialog dialog;
    dialog.call_id = "c1";
    dialog.local = "<sip:us@example.com>";
    dialog.remote = "\"Them\" <sip:them@example.com>";
    dialog.local_tag = "a";
    dialog.remote_tag = "b";
    dialog.remote_target = "sip:them@192.0.2.2:5070;transport=udp";
    dialog.routes = std::move(routes);
    return dialog;
}

}  // namespace

TEST_CASE("requests inside a dialog, byte by byte (RFC 3261 section 12.2.1.1)") {
    SUBCASE("no route set") {
        auto dialog = dialog_with({});
        CHECK(dialog.next_hop() == "sip:them@192.0.2.2:5070;transport=udp");
        CHECK(dialog.request("BYE").bytes() ==
              "BYE sip:them@192.0.2.2:5070;transport=udp SIP/2.0\r\nMax-Forwards: 70\r\n"
              "From: <sip:us@example.com>;tag=a\r\nTo: \"Them\" <sip:them@example.com>;tag=b\r\n"
              "Call-ID: c1\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n");
    }
    SUBCASE("loose routers") {
        auto dialog = dialog_with({"<sip:p1.example.com;lr>", "<sip:p2.example.com;lr;x=1>"});
        auto bye = dialog.request("BYE");
        CHECK(bye.bytes() ==
              "BYE sip:them@192.0.2.2:5070;transport=udp SIP/2.0\r\nRoute: <sip:p1.example.com;lr>\r\n"
              "Route: <sip:p2.example.com;lr;x=1>\r\nMax-Forwards: 70\r\n"
              "From: <sip:us@example.com>;tag=a\r\nTo: \"Them\" <sip:them@example.com>;tag=b\r\n"
              "Call-ID: c1\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n");
        CHECK(next_hop(bye) == "sip:p1.example.com;lr");
        CHECK(dialog.next_hop() == "sip:p1.example.com;lr");
    }
    SUBCASE("a strict router first") {
        auto dialog = dialog_with({"<sip:p1.example.com>", "<sip:p2.example.com;lr>"});
        auto bye = dialog.request("BYE");
        CHECK(bye.bytes() ==
              "BYE sip:p1.example.com SIP/2.0\r\nRoute: <sip:p2.example.com;lr>\r\n"
              "Route: <sip:them@192.0.2.2:5070;transport=udp>\r\nMax-Forwards: 70\r\n"
              "From: <sip:us@example.com>;tag=a\r\nTo: \"Them\" <sip:them@example.com>;tag=b\r\n"
              "Call-ID: c1\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n");
        CHECK(dialog.next_hop() == "sip:p1.example.com");
    }
    SUBCASE("a strict router alone") {
        auto dialog = dialog_with({"<sip:p1.example.com;ttl=1>"});
        auto bye = dialog.request("BYE");
        CHECK(bye.uri == "sip:p1.example.com;ttl=1");
        CHECK(bye.get("Route") == "<sip:them@192.0.2.2:5070;transport=udp>");
        CHECK(dialog.next_hop() == "sip:p1.example.com;ttl=1");
    }
}

TEST_CASE("sequence numbers count up, but for ACK") {
    auto dialog = dialog_with({});
    dialog.local_cseq = 7;
    CHECK(dialog.request("ACK", 7).get("CSeq") == "7 ACK");
    CHECK(dialog.request("BYE").get("CSeq") == "8 BYE");
    CHECK(dialog.request("OPTIONS").get("CSeq") == "9 OPTIONS");
}

TEST_CASE("tags and addresses") {
    CHECK(tag_of("<sip:a@b>;tag=x1") == "x1");
    CHECK(tag_of("sip:a@b;tag=x1") == "x1");
    CHECK(tag_of("<sip:a@b;tag=inside>") == "");
    CHECK(tag_of("\"a;tag=q\" <sip:a@b>;TAG=x") == "x");
    CHECK(tag_of("") == "");
    CHECK(tag_of("<sip:a@b") == "");
    CHECK(without_tag("\"A\" <sip:a@b;x=y>;tag=t;q=1;z") == "\"A\" <sip:a@b;x=y>;q=1;z");
    CHECK(without_tag("sip:a@b;tag=t") == "<sip:a@b>");
    CHECK(without_tag("<sip:a@b>") == "<sip:a@b>");
    CHECK(without_tag("") == "");
}

TEST_CASE("a dialog with a far end that knows no tags (RFC 2543)") {
    auto invite = MessageView::read(
        "INVITE sip:us@192.0.2.1 SIP/2.0\r\nFrom: sip:old@example.com\r\nTo: sip:us@example.com\r\n"
        "Call-ID: c2\r\nCSeq: 3 INVITE\r\nContact: sip:old@192.0.2.7\r\n\r\n");
    auto dialog = Dialog::invited_by(invite, "ours");
    CHECK(dialog.remote_tag.empty());
    CHECK(dialog.remote_cseq == 3);
    CHECK(dialog.remote_target == "sip:old@192.0.2.7");
    CHECK(dialog.request("BYE").get("To") == "<sip:old@example.com>");
}

TEST_CASE("a message without a Contact leaves the target as it was") {
    auto dialog = dialog_with({});
    for (const char* text : {"SIP/2.0 200 OK\r\n\r\n", "SIP/2.0 200 OK\r\nContact: *\r\n\r\n",
                             "SIP/2.0 200 OK\r\nContact: <sip:a@b\r\n\r\n", "SIP/2.0 200 OK\r\nContact:\r\n\r\n"}) {
        CAPTURE(text);
        dialog.refresh_target(MessageView::read(text));
        CHECK(dialog.remote_target == "sip:them@192.0.2.2:5070;transport=udp");
    }
}
