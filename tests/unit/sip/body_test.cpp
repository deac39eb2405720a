#include <doctest/doctest.h>

#include <string>

#include <fmt/format.h>

#include "sip/body.h"

using namespace trunkbox;

namespace {

std::string sdp_in(std::string_view content_type, std::string_view body) {
    std::string bytes = fmt::format("INVITE sip:a@example.com SIP/2.0\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n{}", content_type,
                                    body.size(), body);
    auto view = sip::MessageView::read(bytes);
    auto found = sip::body_of_type(view, "application/sdp");
    return found ? std::string(*found) : "nothing";
}

}  // namespace

TEST_CASE("a body alone, in every spelling of its type") {
    CHECK(sdp_in("application/sdp", "v=0\r\n") == "v=0\r\n");
    CHECK(sdp_in("Application/SDP ; charset=x", "v=0\r\n") == "v=0\r\n");
    CHECK(sdp_in("application/sdpx", "v=0\r\n") == "nothing");
    CHECK(sdp_in("application/sdp", "") == "nothing");
}

TEST_CASE("a part of a multipart body") {
    CHECK(sdp_in("multipart/mixed;boundary=\"b 1\"", "--b 1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\ns=-\r\n--b 1--\r\n") == "v=0\r\ns=-");
    CHECK(sdp_in("multipart/mixed;boundary=b", "preamble\r\n--b\r\n\r\nplain\r\n--b\r\nc: application/sdp\r\nX: y\r\n\r\nv=0\r\n\r\n--b--") ==
          "v=0\r\n");
    CHECK(sdp_in("multipart/mixed;boundary=b",
                 "--b\nContent-Type: multipart/alternative;boundary=i\n\n--i\nContent-Type: application/sdp\n\nv=0\n--i--\n--b--\n") ==
          "v=0");
    // Not closed, as where the message was cut.
    CHECK(sdp_in("multipart/mixed;boundary=b", "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n") == "v=0\r\n");
}

TEST_CASE("what is no such part") {
    for (const char* body : {"", "--b", "--b--", "--b\r\n", "--bc\r\n\r\nv=0", "x--b\r\nContent-Type: application/sdp\r\n\r\nv=0",
                             "--b--\r\n--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b--"})
        CHECK(sdp_in("multipart/mixed;boundary=b", body) == "nothing");
    CHECK(sdp_in("multipart/mixed", "--\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n----") == "nothing");
    // Deeper than anyone sends, and more parts than anyone does.
    std::string deep = "v=0";
    for (int i = 0; i < 10; ++i)
        deep = fmt::format("--{0}\r\nContent-Type: {1}\r\n\r\n{2}\r\n--{0}--\r\n", char('a' + i),
                           i == 0 ? std::string("application/sdp") : fmt::format("multipart/mixed;boundary={}", char('a' + i - 1)), deep);
    CHECK(sdp_in("multipart/mixed;boundary=j", deep) == "nothing");
    std::string many;
    for (int i = 0; i < 100'000; ++i) many += "--b\r\n\r\n\r\n";
    CHECK(sdp_in("multipart/mixed;boundary=b", many) == "nothing");
}
