#include "unit/sbc/messages.h"

using namespace trunkbox;
using namespace trunkbox::sbc;
using namespace trunkbox::sbc::test;

TEST_CASE("the sound messages raise nothing") {
    for (const std::string& bytes : {invite(), registration(), ringing()}) {
        Verdict verdict = judged(bytes);
        CHECK(verdict.action == Action::accept);
        CHECK(verdict.rule.empty());
        CHECK(verdict.findings.empty());
    }
}

TEST_CASE("P-005 keep-alives") {
    CHECK(strict("P-005", "\r\n\r\n") == "non_sip");
    CHECK(strict("P-005", "\r\n") == "non_sip");
    CHECK(strict("P-005", "\r\n" + invite()) == "");
}

TEST_CASE("P-006 empty lines before the start line") {
    CHECK(strict("P-006", "\r\n\r\n" + invite()) == "note");
    CHECK(judged("\r\n" + invite()).action == Action::accept);
    CHECK(strict("P-006", invite()) == "");
}

TEST_CASE("P-007 what is no SIP") {
    for (std::string_view bytes : {std::string_view(""), std::string_view("\0", 1), std::string_view("GET / HTTP/1.1\r\n\r\n"),
                                   std::string_view("\x80\x08\x00\x01\x00\x00\x00\x00", 8), std::string_view("\x16\xfe\xff")}) {
        Verdict verdict = judged(bytes);
        CHECK(verdict.action == Action::non_sip);
        CHECK(verdict.rule == "P-007");
    }
    CHECK(strict("P-007", with(invite(), " SIP/2.0\r\n", " SIP/7.0\r\n")) == "");
}

TEST_CASE("P-008 cut by the capture: unknown, whatever else is wrong") {
    std::string bytes = with(invite(), "CSeq: 1", "CSeq: x");
    const std::vector<std::uint64_t> frames{7};
    Verdict verdict = Judge(Policy::strict())
                          .judge(Packet{.bytes = std::string_view(bytes).substr(0, 300), .cut = true, .frames = frames});
    CHECK(verdict.action == Action::unknown);
    CHECK(verdict.rule == "P-008");
    CHECK(std::ranges::equal(verdict.frames, frames));
    CHECK(strict("P-008", invite()) == "");
}

TEST_CASE("P-009 bytes behind the body") {
    CHECK(strict("P-009", invite() + "rest") == "note");
    CHECK(judged(invite() + invite()).action == Action::accept);
    CHECK(strict("P-009", with_body(invite(), "text/plain", "rest")) == "");
}

TEST_CASE("P-010 the message is not whole") {
    CHECK(strict("P-010", with(invite(), "Content-Length: 0", "Content-Length: 5")) == "reject 400");
    CHECK(strict("P-010", with_body(invite(), "text/plain", "12345")) == "");
    std::string no_end = invite().substr(0, invite().size() - 2);
    CHECK(strict("P-010", no_end) == "reject 400");
    CHECK(lenient("P-010", no_end) == "note");
    CHECK(lenient("P-010", invite().substr(0, invite().size() - 30)) == "reject 400");
    CHECK(strict("P-010", with(ringing(), "Content-Length: 0", "Content-Length: 5")) == "drop");
    CHECK(judged(with(invite(), "Content-Length: 0", "Content-Length: 5"), Policy::strict(), net::Transport::tcp).close);
}

TEST_CASE("P-011 Content-Length on a stream") {
    std::string bytes = with(invite(), "Content-Length: 0\r\n", "");
    Verdict verdict = judged(bytes, Policy::strict(), net::Transport::tcp);
    CHECK(outcome(verdict, "P-011") == "reject 400");
    CHECK(verdict.close);
    CHECK(outcome(judged(bytes, Policy::strict(), net::Transport::ws), "P-011") == "");
    CHECK(strict("P-011", bytes) == "");
    CHECK(outcome(judged(invite(), Policy::strict(), net::Transport::tls), "P-011") == "");
}

TEST_CASE("P-012 Content-Length that is no length") {
    for (std::string_view bad : {"-1", "x", "2147483649", "99999999999999999999", "1 2", "0x10", ""})
        CHECK(strict("P-012", with(invite(), "Content-Length: 0", "Content-Length: " + std::string(bad))) == "reject 400");
    CHECK(strict("P-012", with(invite(), "Content-Length: 0", "Content-Length: 000")) == "");
    CHECK(strict("P-012", with(ringing(), "Content-Length: 0", "Content-Length: -1")) == "drop");
}

TEST_CASE("P-013 two Content-Lengths") {
    CHECK(strict("P-013", plus(invite(), "l: 4")) == "reject 400");
    CHECK(strict("P-013", plus(invite(), "l: 00")) == "note");
    CHECK(strict("P-013", invite()) == "");
    Verdict verdict = judged(plus(invite(), "l: 4"));
    CHECK(verdict.offset == plus(invite(), "l: 4").find("Content-Length"));
}

TEST_CASE("P-001 to P-004 what the layers below did") {
    const std::pair<net::Anomaly, std::string_view> rows[] = {{net::Anomaly::fragment_overlap, "P-001"},
                                                              {net::Anomaly::datagram_too_long, "P-002"},
                                                              {net::Anomaly::fragments_missing, "P-002"},
                                                              {net::Anomaly::segment_overlap, "P-003"},
                                                              {net::Anomaly::bytes_between, "P-004"}};
    std::string bytes = invite();
    Judge judge(Policy::strict());
    for (const auto& row : rows) {
        const std::vector<net::Oddity> oddities{{.what = row.first, .frame = 7}};
        for (std::string_view payload : {std::string_view(bytes), std::string_view("\x80\x08 no SIP")}) {
            Verdict verdict = judge.judge(Packet{.transport = net::Transport::tcp, .bytes = payload, .oddities = oddities});
            CHECK(verdict.action == Action::drop);
            CHECK(verdict.rule == row.second);
            CHECK(verdict.reason.find("frame 7") != std::string::npos);
            CHECK(verdict.close == (row.second > "P-002"));
        }
    }
    CHECK(judge.judge(Packet{.transport = net::Transport::tcp, .bytes = bytes}).action == Action::accept);
}
