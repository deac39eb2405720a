// NameAddr, Via, CSeq and parameters.
#include <doctest/doctest.h>

#include "sip/cseq.h"
#include "sip/name_addr.h"
#include "sip/via.h"

namespace trunkbox::sip {
namespace {

TEST_CASE("parameters: values, flags, quotes, empty ones") {
    auto all = parameters("a=1; b ;c = \"x;y\\\";z\";;D=");
    REQUIRE(all.size() == 5);
    CHECK(all[0].value == "1");
    CHECK_FALSE(all[1].has_value);
    CHECK(all[1].name == "b");
    CHECK(all[2].name == "c");
    CHECK(all[2].value == "\"x;y\\\";z\"");
    CHECK(all[3].name.empty());
    CHECK(all[4].has_value);
    CHECK(all[4].value.empty());
    CHECK(parameters("").empty());
    CHECK(parameters("a;").size() == 2);
    CHECK(parameter("lr;Tag=x", "tag") == "x");
    CHECK(parameter("lr;Tag=x", "LR") == "");
    CHECK_FALSE(parameter("lr;Tag=x", "ta"));
    CHECK_FALSE(parameter("", "tag"));
    CHECK(parameter("a=\"open;tag=x", "a") == "\"open;tag=x");
    CHECK(parameters(std::string(100'000, ';')).size() == 100'001);
}

TEST_CASE("quotes: off and on") {
    CHECK(unquote("\"a \\\"b\\\" \\\\\"") == "a \"b\" \\");
    CHECK(unquote("token") == "token");
    CHECK(unquote("\"") == "\"");
    CHECK(unquote("\"\"").empty());
    CHECK(unquote("\"a\\\"") == "a\\");
    for (std::string_view text : {"", "a", "\"", "\\", "a\"b\\c", "\xc3\xa9"}) CHECK(unquote(quote(text)) == text);
    CHECK(is_token("-.!%*_+`'~09azAZ"));
    CHECK_FALSE(is_token(""));
    for (char c : std::string_view("()<>@,;:\\\"/[]?={} \t\x7f")) CHECK_FALSE(is_token(std::string(1, c)));
}

TEST_CASE("address: name and brackets, tokens, quotes, none") {
    auto quoted = NameAddr::parse(R"("J Rosenberg \\\""       <sip:jdrosen@example.com>)" "\r\n  ;\r\n  tag = 98asjd8");
    REQUIRE(quoted);
    CHECK(quoted->display == R"("J Rosenberg \\\"")");
    CHECK(unquote(quoted->display) == "J Rosenberg \\\"");
    CHECK(quoted->uri == "sip:jdrosen@example.com");
    CHECK(quoted->tag() == "98asjd8");
    CHECK(quoted->brackets);
    // lwsdisp, intmeth and esc02 of RFC 4475.
    CHECK(NameAddr::parse("caller<sip:caller@example.com>;tag=323")->display == "caller");
    CHECK(NameAddr::parse("token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%=\"\xd1\x80\";"
                          "tag=_token~1'+`*%!-.")->tag() == "_token~1'+`*%!-.");
    CHECK(NameAddr::parse("\"%Z%45\" <sip:resource@example.com>;tag=f232jadfj23")->display == "\"%Z%45\"");
    auto semicolon = NameAddr::parse("<sip:user;par=u%40example.net@example.com>");
    CHECK(semicolon->uri == "sip:user;par=u%40example.net@example.com");
    CHECK(semicolon->parameters.empty());
    auto quoted_bracket = NameAddr::parse("\"a < b > ; c\" <sip:x@example.com>;q=0.1");
    CHECK(quoted_bracket->uri == "sip:x@example.com");
    CHECK(quoted_bracket->parameter("q") == "0.1");
    CHECK(NameAddr::parse("<urn:service:sos>")->uri == "urn:service:sos");
    CHECK(NameAddr::parse(" * ")->star);
    CHECK(NameAddr::parse("<sip:x@[2001:db8::1]:5060;lr>")->parameters.empty());
}

TEST_CASE("address: without brackets every semicolon starts a header parameter") {
    auto bare = NameAddr::parse("sip:vivekg@example.com;user=phone ;   tag    = 1918181833n");
    REQUIRE(bare);
    CHECK(bare->uri == "sip:vivekg@example.com");
    CHECK_FALSE(bare->brackets);
    CHECK(bare->tag() == "1918181833n");
    CHECK(bare->parameter("user") == "phone");
    CHECK(NameAddr::parse("tel:+442079460000;tag=1")->uri == "tel:+442079460000");
}

TEST_CASE("address: each fault of RFC 4475 has its word, and a likely reading") {
    struct Row {
        std::string_view text, word, uri, tag;
    };
    for (const auto& row : std::vector<Row>{
             {"\"Mr. J. User <sip:j.user@example.com>", "not closed", "sip:j.user@example.com", ""},
             {"Bell, Alexander <sip:a.g.bell@example.com>;tag=43", "tokens", "sip:a.g.bell@example.com", "43"},
             {"\"Watson, Thomas\" < sip:t.watson@example.org >", "blank", "sip:t.watson@example.org", ""},
             {"sip:user@example.com?Route=%3Csip:sip.example.com%3E", "'?'", "sip:user@example.com?Route=%3Csip:sip.example.com%3E", ""},
             {"\"Joe\" <sip:joe@example.org>;;;;", "empty parameter", "sip:joe@example.org", ""},
             {"<sip:joe@example.org>;", "no parameter", "sip:joe@example.org", ""},
             {"<sip:joe@example.org", "no '>'", "sip:joe@example.org", ""},
             {"<sip:joe@example.org> x;tag=1", "after '>'", "sip:joe@example.org", "1"},
             {"\"a\" b <sip:joe@example.org>", "closing quote", "sip:joe@example.org", ""},
             {"Joe sip:joe@example.org;tag=2", "neither", "Joe sip:joe@example.org", "2"},
             {"<sip:j@example.org>;ta g=1", "no token", "sip:j@example.org", ""},
             {"<sip:j@example.org>;tag=1 2", "value", "sip:j@example.org", "1 2"},
             {"<sip:j@example.org>;a=\"1\"2", "quotes", "sip:j@example.org", ""},
             {"<joe>", "no scheme", "joe", ""},
             {"joe;tag=1", "no scheme", "joe", "1"},
             {"<>", "no scheme", "", ""},
             {"", "empty", "", ""}}) {
        CAPTURE(row.text);
        auto address = NameAddr::parse(row.text);
        REQUIRE_FALSE(address);
        CHECK(address.error().text().find(row.word) != std::string::npos);
        auto likely = NameAddr::lenient(row.text);
        CHECK(likely.uri == row.uri);
        CHECK(likely.tag() == row.tag);
    }
    CHECK(NameAddr::lenient("<sip:x>;tag=1").tag() == "1");
}

TEST_CASE("address: hostile lengths") {
    CHECK_FALSE(NameAddr::parse(std::string(100'000, '"')));
    CHECK_FALSE(NameAddr::parse(std::string(100'000, '<')));
    CHECK_FALSE(NameAddr::parse("<sip:x>" + std::string(100'000, ';')));
    CHECK(NameAddr::parse("<sip:x>" + std::string(50'000, 'a')).error().text().size() < 200);
}

TEST_CASE("Via: blanks and folds anywhere between its parts (RFC 4475 section 3.1.1.1)") {
    auto via = Via::parse("SIP  /   2.0\r\n /UDP\r\n    192.0.2.2;branch=390skdjuw");
    REQUIRE(via);
    CHECK(via->protocol == "SIP  /   2.0");
    CHECK(via->transport == "UDP");
    CHECK(via->host == "192.0.2.2");
    CHECK_FALSE(via->port);
    CHECK(via->branch() == "390skdjuw");
    auto second = Via::parse("SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8  ");
    CHECK(second->host == "spindle.example.com");
    CHECK(second->branch() == "z9hG4bK9ikj8");
    auto port = Via::parse("SIP/2.0/TLS host.example.com : 5061;rport;received=192.0.2.9");
    CHECK(port->port == 5061);
    CHECK(port->parameter("RPORT") == "");
    auto six = Via::parse("SIP/2.0/UDP [2001:db8::9:1]:6050;received=[2001:db8::9:255];branch=z9hG4bKas3");
    CHECK(six->host == "[2001:db8::9:1]");
    CHECK(six->port == 6050);
    CHECK(Via::parse("SIP/2.0/UNKNOWN t4.example.com")->transport == "UNKNOWN");
    CHECK(Via::parse("SIP/2.0/UDP [2001:db8::1]")->host == "[2001:db8::1]");
}

TEST_CASE("Via: what cannot be read") {
    for (std::string_view text :
         {"", "SIP/2.0", "SIP/2.0/UDP", "SIP/2.0/UDP ;branch=1", "SIP/2.0 192.0.2.1", "SIP/2.0/UDP 192.0.2.15;;", "SIP/2.0/UDP h;",
          "SIP/2.0/UDP h:", "SIP/2.0/UDP h:0", "SIP/2.0/UDP h:65536", "SIP/2.0/UDP h:5060x", "SIP/2.0/UDP [::1", "SIP/2.0/UDP [g::1]",
          "SIP/2.0/UDP [::1]x", "SIP/2.0/UDP a b", "//UDP h", "SIP//UDP h", "SIP/2.0/U@P h", "SIP/2.0/UDP h;b@d=1", ";;,;,,", "/", "[:"}) {
        CAPTURE(text);
        auto via = Via::parse(text);
        REQUIRE_FALSE(via);
        CHECK(via.error().where == "Via");
    }
}

TEST_CASE("CSeq: a number below 2^32 and a method") {
    auto cseq = CSeq::parse(" 0009\r\n  INVITE ");
    REQUIRE(cseq);
    CHECK(cseq->number == 9);
    CHECK(cseq->method == "INVITE");
    CHECK(CSeq::parse("4294967295 ACK")->number == 4294967295u);
    CHECK(CSeq::parse("1\tX-y!")->method == "X-y!");
    for (std::string_view text : {"", "1", "INVITE", "1INVITE", "-1 INVITE", "1 INV ITE", "36893488147419103232 REGISTER",
                                  "4294967296 BYE", "1 INV@TE", "1.0 BYE", "0x1 BYE", "1,BYE"}) {
        CAPTURE(text);
        CHECK_FALSE(CSeq::parse(text));
    }
}

}  // namespace
}  // namespace trunkbox::sip
