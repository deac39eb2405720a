#include "sip/message_view.h"

#include <doctest/doctest.h>

#include "base/text.h"

namespace trunkbox::sip {
namespace {

const std::string head = "OPTIONS sip:user@example.com SIP/2.0\r\n";

std::string after_head(std::string_view rest) { return head + std::string(rest); }

// The flaws in their order, without offsets.
std::vector<Flaw> flaws(std::string_view bytes) {
    std::vector<Flaw> all;
    auto view = MessageView::read(bytes);
    for (const auto& finding : view.findings()) all.push_back(finding.flaw);
    return all;
}

// The text that begins where the flaw was seen.
std::string at_flaw(const std::string& bytes, Flaw flaw) {
    auto view = MessageView::read(bytes);
    auto offset = view.flaw(flaw);
    REQUIRE(offset);
    REQUIRE(*offset <= bytes.size());
    return bytes.substr(*offset, 12);
}

TEST_CASE("view: an ordinary request") {
    std::string bytes =
        "INVITE sip:+442079460000@example.com SIP/2.0\r\n"
        "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
        "v: SIP/2.0/TCP 192.0.2.2;branch=z9hG4bK2\r\n"
        "X-Trunk:  seven \t\r\n"
        "Content-Length: 4\r\n"
        "\r\nbody";
    auto view = MessageView::read(bytes);
    CHECK(view.is_request());
    CHECK(view.method() == "INVITE");
    CHECK(view.request_uri() == "sip:+442079460000@example.com");
    CHECK(view.version() == "SIP/2.0");
    CHECK(view.start_offset() == 0);
    CHECK(view.findings().empty());
    REQUIRE(view.headers().size() == 4);
    CHECK(view.count(HeaderName::via) == 2);
    CHECK(view.headers()[1].compact);
    CHECK(view.headers()[1].offset == bytes.find("v:"));
    CHECK(view.headers()[1].length == 40);
    CHECK(view.headers()[2].name == HeaderName::other);
    CHECK(view.find("x-tRUNK")->value == "seven");
    CHECK(view.find("V") == view.find(HeaderName::via));
    CHECK(view.find("Trunk") == nullptr);
    CHECK(view.value(HeaderName::subject).empty());
    CHECK(view.content_length() == 4);
    CHECK(view.body() == "body");
    CHECK(view.header_end() + 2 == view.body_offset());
}

TEST_CASE("view: a response, its reason phrase any text or none") {
    auto view = MessageView::read("SIP/2.0 486 Busy  Here\r\n\r\n");
    CHECK(view.is_response());
    CHECK(view.status() == 486);
    CHECK(view.reason() == "Busy  Here");
    CHECK(view.findings().empty());
    // RFC 4475 section 3.1.1.12 and 3.1.1.13.
    CHECK(MessageView::read("SIP/2.0 200 = 2**3 * 5**2 \xd0\xbd\xd0\xbe\r\n\r\n").reason() == "= 2**3 * 5**2 \xd0\xbd\xd0\xbe");
    auto empty = MessageView::read("SIP/2.0 100 \r\n\r\n");
    CHECK(empty.status() == 100);
    CHECK(empty.reason().empty());
    CHECK(empty.findings().empty());
    auto bare = MessageView::read("SIP/2.0 100\r\n\r\n");
    CHECK(bare.status() == 100);
    CHECK(bare.flaw(Flaw::status_without_sp) == 11);
    CHECK(MessageView::read("sip/2.0 100 Trying\r\n\r\n").is_response());
}

TEST_CASE("view: status codes that are none") {
    for (std::string_view code : {"4294967301", "20", "2000", "abc", "099", "-10", "+20", "1e2", ""}) {
        CAPTURE(code);
        auto view = MessageView::read("SIP/2.0 " + std::string(code) + " better not\r\n\r\n");
        CHECK(view.is_response());
        CHECK(view.status() == 0);
    }
    CHECK(MessageView::read("SIP/2.0 4294967301 x\r\n\r\n").status() == 0);
    CHECK(MessageView::read("SIP/2.0 999 x\r\n\r\n").status() == 999);
    CHECK(MessageView::read("SIP/2.0\r\n\r\n").is_response());
    CHECK(MessageView::read("SIP/2.0\r\n\r\n").status() == 0);
}

TEST_CASE("view: other versions are SIP all the same") {
    CHECK(MessageView::read("OPTIONS sip:t@example.org SIP/7.0\r\n\r\n").version() == "SIP/7.0");
    CHECK(MessageView::read("OPTIONS sip:t@example.org sip/2.0\r\n\r\n").is_request());
    CHECK(MessageView::read("SIP/3.0 200 OK\r\n\r\n").is_response());
}

TEST_CASE("view: what is no SIP") {
    for (std::string_view bytes : {
             std::string_view(""), std::string_view("\0", 1), std::string_view("x"), std::string_view("\r\n\r\n"), std::string_view("\n"),
             std::string_view("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"), std::string_view("HTTP/1.1 200 OK\r\n\r\n"),
             std::string_view("OPTIONS rtsp://example.com RTSP/1.0\r\nCSeq: 1\r\n\r\n"),
             std::string_view("\x80\x00\x12\x34\x00\x00\x00\xa0\x11\x22\x33\x44\xff\x7f", 14),
             std::string_view("OPTIONS sip:x\r\n\r\n"), std::string_view("OPTIONS  SIP/2.0\r\n\r\n"),
             std::string_view("SIP/2.0"), std::string_view("OPTIONS sip:x SIP/2.0 x\r\n\r\n"),
             std::string_view("OPT(IONS sip:x SIP/2.0\r\n\r\n"), std::string_view("OPTIONS sip:x SIP/x\r\n\r\n"),
             std::string_view("SIP/ 200 OK\r\n\r\n"), std::string_view("SIP 200 OK\r\n\r\n"), std::string_view("   \r\n\r\n")}) {
        CAPTURE(bytes);
        auto view = MessageView::read(bytes);
        bool cut_status = bytes == "SIP/2.0";
        CHECK((view.kind() == MessageView::Kind::not_sip) != cut_status);
        CHECK(view.headers().empty());
        CHECK(view.body().empty());
        CHECK(view.body_offset() == bytes.size());
        CHECK_FALSE(view.flaw(Flaw::bare_lf));
    }
    CHECK(MessageView::read("\r\n\r\n").flaw(Flaw::leading_crlf) == 0);
}

TEST_CASE("view: blanks in the start line are read over and reported at their place") {
    struct Row {
        std::string_view line, method, uri;
        std::size_t offset;
    };
    for (const auto& row : std::vector<Row>{
             {"INVITE  sip:x@example.com  SIP/2.0", "INVITE", "sip:x@example.com", 7},  // lwsstart
             {"OPTIONS sip:x@example.com SIP/2.0  ", "OPTIONS", "sip:x@example.com", 33},  // trws
             {"INVITE sip:x@example.com; lr SIP/2.0", "INVITE", "sip:x@example.com; lr", 25},  // lwsruri
             {" INVITE sip:x SIP/2.0", "INVITE", "sip:x", 0},
             {"INVITE\tsip:x SIP/2.0", "INVITE", "sip:x", 6},
             {"INVITE sip:x\tSIP/2.0", "INVITE", "sip:x", 12}}) {
        CAPTURE(row.line);
        auto bytes = std::string(row.line) + "\r\n\r\n";
        auto view = MessageView::read(bytes);
        CHECK(view.is_request());
        CHECK(view.method() == row.method);
        CHECK(view.request_uri() == row.uri);
        CHECK(view.version() == "SIP/2.0");
        CHECK(view.flaw(Flaw::start_line_blanks) == row.offset);
    }
    auto response = MessageView::read("SIP/2.0  200 OK\r\n\r\n");
    CHECK(response.status() == 200);
    CHECK(response.flaw(Flaw::start_line_blanks) == 8);
}

TEST_CASE("view: blanks, folds and letter case as in RFC 4475 section 3.1.1.1") {
    auto bytes = after_head(
        "TO :\r\n sip:vivekg@example.com ;   tag    = 1918181833n\r\n"
        "MaX-fOrWaRdS: 0068\r\n"
        "Content-Length   : 3\r\n"
        "s :\r\n"
        "NewFangledHeader:   newfangled value\r\n continued newfangled value\r\n"
        "m:\"Quoted\" <sip:j@example.com> ; newparam =\r\n      newvalue ;\r\n  q = 0.33\r\n"
        "\r\nv=0");
    auto view = MessageView::read(bytes);
    CHECK(view.value(HeaderName::to) == "sip:vivekg@example.com ;   tag    = 1918181833n");
    CHECK(view.find(HeaderName::to)->spelled == "TO");
    CHECK(view.value(HeaderName::max_forwards) == "0068");
    REQUIRE(view.find(HeaderName::subject) != nullptr);
    CHECK(view.value(HeaderName::subject).empty());
    CHECK(view.find("newfangledheader")->value == "newfangled value\r\n continued newfangled value");
    CHECK(view.value(HeaderName::contact).ends_with("0.33"));
    CHECK(view.body() == "v=0");
    CHECK(flaws(bytes) == std::vector{Flaw::blank_before_colon});
    CHECK(at_flaw(bytes, Flaw::blank_before_colon) == "TO :\r\n sip:v");
    CHECK(view.find(HeaderName::to)->length == 54);
}

TEST_CASE("view: each line fault stands at its offset") {
    auto lf = after_head("To: a\nFrom: b\r\n\r\n");
    CHECK(flaws(lf) == std::vector{Flaw::bare_lf});
    CHECK(at_flaw(lf, Flaw::bare_lf) == "\nFrom: b\r\n\r\n");
    auto cr = after_head("To: a\rFrom: b\r\n\r\n");
    CHECK(flaws(cr) == std::vector{Flaw::bare_cr});
    CHECK(at_flaw(cr, Flaw::bare_cr) == "\rFrom: b\r\n\r\n");
    CHECK(flaws(after_head("To: a\r\r\n\r\n")) == std::vector{Flaw::bare_cr});
    CHECK(flaws("OPT" + after_head("\r\n").substr(3)) == std::vector<Flaw>{});
    auto colon = after_head("To: a\r\nno colon here\r\n\r\n");
    CHECK(flaws(colon) == std::vector{Flaw::no_colon});
    CHECK(at_flaw(colon, Flaw::no_colon) == "no colon her");
    CHECK(MessageView::read(colon).headers()[1].spelled.empty());
    CHECK(MessageView::read(colon).headers()[1].value == "no colon here");
    auto name = after_head("Foo Bar: a\r\n\r\n");
    CHECK(flaws(name) == std::vector{Flaw::name_not_token});
    CHECK(at_flaw(name, Flaw::name_not_token) == "Foo Bar: a\r\n");
    CHECK(flaws(after_head(": a\r\n\r\n")) == std::vector{Flaw::name_not_token});
    CHECK(flaws(after_head(" folded start\r\n\r\n")) == std::vector{Flaw::no_colon});
    CHECK(flaws(after_head(" To: x\r\n\r\n")) == std::vector{Flaw::name_not_token});
    CHECK(flaws(after_head("C%6Fntact: x\r\n\r\n")).empty());
    CHECK(MessageView::read(after_head("C%6Fntact: x\r\n\r\n")).find(HeaderName::contact) == nullptr);
    auto leading = "\r\n\r\n" + after_head("\r\n");
    CHECK(flaws(leading) == std::vector{Flaw::leading_crlf});
    CHECK(MessageView::read(leading).start_offset() == 4);
    CHECK(MessageView::read(leading).is_request());
}

TEST_CASE("view: a whole message of LF lines is read") {
    auto view = MessageView::read("\nOPTIONS sip:x SIP/2.0\nTo: a\nl: 1\n\nbc");
    CHECK(view.is_request());
    CHECK(view.start_line() == "OPTIONS sip:x SIP/2.0");
    CHECK(view.value(HeaderName::to) == "a");
    CHECK(view.body() == "b");
    CHECK(view.flaw(Flaw::bare_lf) == 0);
    CHECK(view.flaw(Flaw::trailing_bytes) == 36);
}

TEST_CASE("view: controls, and the quoted-pairs that may hold them (RFC 4475 section 3.1.1.2)") {
    using namespace std::string_literals;
    CHECK(flaws(after_head("To: \"BEL:\\\x07 NUL:\\\0 DEL:\\\x7f\" <sip:x>\r\n\r\n"s)).empty());
    CHECK(flaws(after_head("Server: x (a \\\0 b)\r\n\r\n"s)).empty());
    auto nul = after_head("To: \"a\0\" <sip:x>\r\n\r\n"s);
    CHECK(flaws(nul) == std::vector{Flaw::nul});
    CHECK(at_flaw(nul, Flaw::nul) == "\0\" <sip:x>\r\n"s);
    CHECK(flaws(after_head("To: \\\0\r\n\r\n"s)) == std::vector{Flaw::nul});
    // The backslash is itself escaped, so that the NUL is not.
    CHECK(flaws(after_head("To: \"\\\\\0\" <sip:x>\r\n\r\n"s)) == std::vector{Flaw::nul});
    CHECK(flaws("OPTIONS sip:\0x SIP/2.0\r\n\r\n"s) == std::vector{Flaw::nul});
    auto name = after_head("Contact\x01: <sip:x>\r\n\r\n");
    CHECK(flaws(name) == std::vector{Flaw::control_in_name});
    CHECK(at_flaw(name, Flaw::control_in_name)[0] == '\x01');
    CHECK(flaws(after_head("Subject: a\x02z\x03\r\n\r\n")) == std::vector{Flaw::control_in_value});
    CHECK(at_flaw(after_head("Subject: a\x02z\x03\r\n\r\n"), Flaw::control_in_value)[0] == '\x02');
    CHECK(flaws(after_head("Subject: a\tb\r\n\r\n")).empty());
    // Bodies are not searched (mpart01).
    CHECK(flaws(after_head("l: 3\r\n\r\na\0\r"s)).empty());
}

TEST_CASE("view: a buffer that stops early") {
    auto line = after_head("To: a\r\n");
    CHECK(flaws(line) == std::vector{Flaw::no_empty_line});
    CHECK(MessageView::read(line).flaw(Flaw::no_empty_line) == line.size());
    CHECK(MessageView::read(line).header_end() == line.size());
    auto cut = after_head("To: a\r\nFrom: b");
    CHECK(flaws(cut) == std::vector{Flaw::no_empty_line, Flaw::cut_in_line});
    CHECK(at_flaw(cut, Flaw::cut_in_line) == "From: b");
    CHECK(MessageView::read(cut).value(HeaderName::from) == "b");
    CHECK(MessageView::read("OPTIONS sip:x SIP/2.0").is_request());
    auto half = after_head("To: a\r\n\r");
    CHECK(MessageView::read(half).headers().size() == 1);
    CHECK(flaws(half) == std::vector{Flaw::no_empty_line, Flaw::cut_in_line});
}

TEST_CASE("view: Content-Length that is wrong, repeated, too large or too small") {
    auto missing = after_head("To: a\r\n\r\nbody");
    CHECK(MessageView::read(missing).body() == "body");
    CHECK_FALSE(MessageView::read(missing).content_length());
    for (std::string_view value : {"-999", "", "x", "1 2", "2147483649", "99999999999999999999999", "0x4", "+4", "4.0"}) {
        CAPTURE(value);
        auto bytes = after_head("l: " + std::string(value) + "\r\n\r\nbody");
        CHECK(flaws(bytes) == std::vector{Flaw::bad_length});
        CHECK(at_flaw(bytes, Flaw::bad_length).starts_with("l:"));
        CHECK(MessageView::read(bytes).body() == "body");
        CHECK_FALSE(MessageView::read(bytes).content_length());
    }
    CHECK(MessageView::read(after_head("l: 0004\r\n\r\nbody")).findings().empty());
    auto over = after_head("To: a\r\nl: 9999\r\n\r\nbody");
    CHECK(flaws(over) == std::vector{Flaw::body_cut});
    CHECK(at_flaw(over, Flaw::body_cut).starts_with("l: 9999"));
    CHECK(flaws(after_head("l: 2147483648\r\n\r\n")) == std::vector{Flaw::body_cut});
    auto trailing = after_head("l: 0\r\n\r\nINVITE sip:joe@example.com SIP/2.0\r\n");
    CHECK(flaws(trailing) == std::vector{Flaw::trailing_bytes});
    CHECK(at_flaw(trailing, Flaw::trailing_bytes) == "INVITE sip:j");
    CHECK(MessageView::read(trailing).body().empty());
    auto twice = after_head("Content-Length: 4\r\nl: 4\r\n\r\nbodyx");
    CHECK(flaws(twice) == std::vector{Flaw::repeated_length, Flaw::trailing_bytes});
    CHECK(at_flaw(twice, Flaw::repeated_length).starts_with("l: 4"));
    auto unequal = after_head("Content-Length: 4\r\nl: 2\r\n\r\nbody");
    CHECK(flaws(unequal) == std::vector{Flaw::repeated_length});
    CHECK(MessageView::read(unequal).body() == "body");
    CHECK_FALSE(MessageView::read(unequal).content_length());
    CHECK(flaws(after_head("l: 4\r\nl: no\r\n\r\nbody")) == std::vector{Flaw::repeated_length, Flaw::bad_length});
}

TEST_CASE("view: more headers than it holds inline, and far more") {
    for (std::size_t count : {63u, 64u, 65u, 200u, 100'000u}) {
        std::string bytes = head;
        for (std::size_t i = 0; i < count; ++i) bytes += "v: SIP/2.0/UDP h" + std::to_string(i) + "\r\n";
        bytes += "\r\n";
        auto view = MessageView::read(bytes);
        REQUIRE(view.headers().size() == count);
        CHECK(view.headers()[0].value == "SIP/2.0/UDP h0");
        CHECK(view.headers().back().value == "SIP/2.0/UDP h" + std::to_string(count - 1));
        CHECK(view.count(HeaderName::via) == count);
        CHECK(list_items(view, HeaderName::via).size() == count);
        auto copy = view;
        CHECK(copy.headers()[count - 1].offset == view.headers()[count - 1].offset);
    }
}

TEST_CASE("view: long headers, many folds and many controls cost one pass") {
    auto long_value = after_head("Subject: " + std::string(65'536, 'x') + "\r\n\r\n");
    CHECK(MessageView::read(long_value).value(HeaderName::subject).size() == 65'536);
    std::string folds = head + "Subject: ";
    for (int i = 0; i < 200'000; ++i) folds += "\r\n ";
    CHECK(MessageView::read(folds + "x\r\n\r\n").value(HeaderName::subject) == "x");
    std::string pairs = head + "Subject: \"";
    for (int i = 0; i < 200'000; ++i) pairs += "\\\x01";
    CHECK(MessageView::read(pairs + "\"\r\n\r\n").findings().empty());
    CHECK(MessageView::read(std::string(1'000'000, '\n')).kind() == MessageView::Kind::not_sip);
    CHECK(MessageView::read(std::string(1'000'000, 'A')).kind() == MessageView::Kind::not_sip);
}

TEST_CASE("view: every prefix and every flipped byte of a message is read") {
    std::string bytes = after_head("To: \"a\\\"b\" <sip:x>;tag=1\r\n x\r\nl : 4\r\nbad line\r\n\r\nbody");
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        auto part = bytes.substr(0, size);
        auto view = MessageView::read(part);
        CHECK(view.body_offset() <= size);
        for (const auto& finding : view.findings()) CHECK(finding.offset <= size);
    }
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        for (char c : {'\0', '\r', '\n', ' ', ':', '\xff'}) {
            auto changed = bytes;
            changed[i] = c;
            auto view = MessageView::read(changed);
            for (const auto& header : view.headers()) CHECK(header.offset + header.length <= changed.size());
        }
    }
}

TEST_CASE("header names: every spelling, any case, compact forms") {
    for (int i = 1; i <= static_cast<int>(HeaderName::www_authenticate); ++i) {
        auto name = static_cast<HeaderName>(i);
        CHECK(header_name(spelling(name)) == name);
        CHECK(header_name(lower(spelling(name))) == name);
        CHECK(header_name(std::string(spelling(name)) + "x") == HeaderName::other);
    }
    CHECK(spelling(HeaderName::other).empty());
    constexpr std::string_view compact = "bcefiklmorstuvxy";
    constexpr std::string_view longs[] = {"Referred-By", "Content-Type", "Content-Encoding", "From", "Call-ID",
                                          "Supported", "Content-Length", "Contact", "Event", "Refer-To", "Subject",
                                          "To", "Allow-Events", "Via", "Session-Expires", "Identity"};
    for (std::size_t i = 0; i < compact.size(); ++i) {
        CHECK(spelling(header_name(compact.substr(i, 1))) == longs[i]);
        std::string upper(1, static_cast<char>(compact[i] - 32));
        CHECK(spelling(header_name(upper)) == longs[i]);
    }
    for (std::string_view text : {"", "a", "z", "\0", "V ", "vi", "viaa", "Content_Length", "\xff\xff"})
        CHECK(header_name(text) == HeaderName::other);
}

TEST_CASE("list items: commas of quotes, brackets and comments do not part") {
    using Items = std::vector<std::string_view>;
    CHECK(list_items("a, b ,c") == Items{"a", "b", "c"});
    CHECK(list_items("").empty());
    CHECK(list_items(" , ,, ").empty());
    CHECK(list_items("\"a, \\\" b\" <sip:x,y@h>, <sip:z>;p=\"1,2\"") == Items{"\"a, \\\" b\" <sip:x,y@h>", "<sip:z>;p=\"1,2\""});
    CHECK(list_items("a (one, (two, \\) three), four), b") == Items{"a (one, (two, \\) three), four)", "b"});
    CHECK(list_items("<sip:a(b@h>, <sip:c@h>") == Items{"<sip:a(b@h>", "<sip:c@h>"});
    CHECK(list_items("sip:a(b@h, sip:c@h") == Items{"sip:a(b@h", "sip:c@h"});
    CHECK(list_items("\"open, x") == Items{"\"open, x"});
    CHECK(list_items("<open, x") == Items{"<open, x"});
    CHECK(list_items("a,\r\n b") == Items{"a", "b"});
    CHECK(list_items(std::string(100'000, ',')).empty());
    CHECK(list_items(std::string(100'000, '(')).size() == 1);
}

TEST_CASE("a status line that ends with its version is read no further") {
    const std::string_view line = "SIP/2SIP";
    const std::vector<char> exact(line.begin(), line.end());  // nothing stands behind it
    const std::string_view bytes(exact.data(), exact.size());
    auto view = MessageView::read(bytes);
    CHECK(view.is_response());
    CHECK(view.flaw(Flaw::status_without_sp) == exact.size());
    CHECK(view.flaw(Flaw::start_line_blanks) == exact.size());
}

}  // namespace
}  // namespace trunkbox::sip
