#include "sip/uri.h"

#include <doctest/doctest.h>

namespace trunkbox::sip {
namespace {

UriView uri(std::string_view text) {
    CAPTURE(text);
    auto parsed = UriView::parse(text);
    REQUIRE(parsed);
    return *parsed;
}

bool same(std::string_view a, std::string_view b) {
    bool forth = equivalent(uri(a), uri(b));
    CHECK(forth == equivalent(uri(b), uri(a)));
    return forth;
}

TEST_CASE("uri: all parts") {
    auto all = uri("sips:alice:s%3Acret@example.com:5061;transport=tcp;lr?subject=project%20x&priority=urgent");
    CHECK(all.scheme == "sips");
    CHECK(all.is_sip());
    CHECK(all.user == "alice");
    CHECK(all.password == "s%3Acret");
    CHECK(all.host == "example.com");
    CHECK(all.port == 5061);
    CHECK(all.parameters == "transport=tcp;lr");
    CHECK(all.headers == "subject=project%20x&priority=urgent");
    CHECK(all.parameter("LR") == "");
    CHECK(all.parameter("Transport") == "tcp");
    CHECK_FALSE(all.parameter("maddr"));
    auto host = uri("SIP:192.0.2.1");
    CHECK_FALSE(host.has_user);
    CHECK(host.host == "192.0.2.1");
    CHECK_FALSE(host.port);
    CHECK(uri("sip:[2001:db8::10]:5070").port == 5070);
    CHECK(uri("sip:user@[2001:db8::10]").host == "[2001:db8::10]");
    CHECK(uri("sip:*21#@example.com").user == "*21#");
}

TEST_CASE("uri: user parts of RFC 4475") {
    CHECK(uri("sip:user;par=u%40example.net@example.com").user == "user;par=u%40example.net");
    auto odd = uri("sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com");
    CHECK(odd.user == "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
    CHECK(odd.password == "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)");
    CHECK(odd.host == "example.com");
    CHECK(unescape(uri("sip:sips%3Auser%40example.com@example.net").user) == "sips:user@example.com");
    CHECK(unescape(uri("sip:null-%00-null@example.com").user) == std::string("null-\0-null", 11));
    CHECK(uri("sip:user@example.com?Route=%3Csip:example.com%3E").headers == "Route=%3Csip:example.com%3E");
    CHECK(uri("sip:vivekg@chair-dnrc.example.com;unknownparam").parameter("unknownparam") == "");
}

TEST_CASE("uri: tel and other schemes") {
    auto number = uri("tel:+44-20-7946-0000;phone-context=example.com");
    CHECK(number.user == "+44-20-7946-0000");
    CHECK(number.host.empty());
    CHECK(number.parameter("phone-context") == "example.com");
    CHECK(uri("TEL:*21#").user == "*21#");
    CHECK(uri("nobodyKnowsThisScheme:totallyopaquecontent").opaque == "totallyopaquecontent");
    CHECK(uri("soap.beep://192.0.2.103:3002").scheme == "soap.beep");
    CHECK(uri("urn:service:sos.fire").opaque == "service:sos.fire");
    CHECK(uri("isbn:2983792873").host.empty());
    for (std::string_view text : {"tel:", "tel:+", "tel:--", "tel:+44x", "tel:12 34", "tel:+1;;", "tel:+abc"})
        CHECK_FALSE(UriView::parse(text));
}

TEST_CASE("uri: what is wrong is said") {
    struct Row {
        std::string_view text, word;
    };
    for (const auto& row : std::vector<Row>{
             {"", "empty"}, {"example.com", "no scheme"}, {":x", "no scheme"}, {"1sip:x", "no scheme"}, {"<sip:x@y>", "brackets"},
             {"sip:", "no host"}, {"sip:@host", "no user"}, {"sip:user@", "no host"}, {"sip::pw@host", "no user"},
             {"sip:user@host:", "port"}, {"sip:user@host:0", "port"}, {"sip:user@host:65536", "port"}, {"sip:user@host:+1", "port"},
             {"sip:user@ho st", "no host name"}, {"sip:user@host; lr", "parameter"}, {"sip:user@host;;lr", "without a name"},
             {"sip:user@host;", "without a name"}, {"sip:user@host;=x", "without a name"}, {"sip:user@host?", "without a name"},
             {"sip:a@b@c", "more than one '@'"}, {"sip:us er@host", "user"}, {"sip:us%zzer@host", "hex"}, {"sip:user%4@host", "hex"},
             {"sip:us\"er@host", "user"}, {"sip:user@[2001:db8::g]", "no host name"}, {"sip:user@[::1", "no host name"},
             {"sip:user@[::1]x", "no host name"}, {"sip:user@host\xff", "no host name"}, {"sip:us\xff@host", "user"}, {"foo:", "nothing"},
             {"foo:a b", "' '"}, {"sip:user@[]", "no host name"}, {"sip:a:b:c@host", "password"}}) {
        CAPTURE(row.text);
        auto parsed = UriView::parse(row.text);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().text().find(row.word) != std::string::npos);
    }
    CHECK_FALSE(UriView::parse("sip:" + std::string(100'000, '@')));
    CHECK_FALSE(UriView::parse("sip:h" + std::string(100'000, ';')));
    CHECK_FALSE(UriView::parse("sip:h" + std::string(100'000, '%')));
}

TEST_CASE("uri: escapes") {
    CHECK(unescape("a%2fb%41%") == "a/bA%");
    CHECK(unescape("%25%34%31") == "%41");
    CHECK(unescape("%zz%4") == "%zz%4");
    CHECK(escape_user("a b@c#%") == "a%20b%40c%23%25");
    CHECK(escape_user("+44;x=1&?/") == "+44;x=1&?/");
    std::string all;
    for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
    CHECK(unescape(escape_user(all)) == all);
    CHECK(UriView::parse("sip:" + escape_user(all) + "@example.com"));
}

TEST_CASE("uri: the equal pairs of RFC 3261 section 19.1.4") {
    CHECK(same("sip:%61lice@example.com;transport=TCP", "sip:alice@ExAmPle.CoM;Transport=tcp"));
    CHECK(same("sip:carol@example.com", "sip:carol@example.com;newparam=5"));
    CHECK(same("sip:carol@example.com;newparam=5", "sip:carol@example.com;security=on"));
    CHECK(same("sip:example.com;transport=tcp;method=REGISTER?to=sip:bob%40example.com",
               "sip:example.com;method=REGISTER;transport=tcp?to=sip:bob%40example.com"));
    CHECK(same("sip:alice@example.com?subject=project%20x&priority=urgent",
               "sip:alice@example.com?priority=urgent&subject=project%20x"));
    CHECK(same("sip:a@[2001:DB8::1]", "sip:a@[2001:db8::1]"));
}

TEST_CASE("uri: the unequal pairs of RFC 3261 section 19.1.4") {
    CHECK_FALSE(same("SIP:ALICE@AtLanTa.example;Transport=udp", "sip:alice@AtLanTa.example;Transport=UDP"));
    CHECK_FALSE(same("sip:bob@example.com", "sip:bob@example.com:5060"));
    CHECK_FALSE(same("sip:bob@example.com", "sip:bob@example.com;transport=udp"));
    CHECK_FALSE(same("sip:bob@example.com", "sip:bob@example.com:6000;transport=tcp"));
    CHECK_FALSE(same("sip:carol@example.com", "sip:carol@example.com?Subject=next%20meeting"));
    CHECK_FALSE(same("sip:bob@phone21.example.com", "sip:bob@192.0.2.4"));
    CHECK_FALSE(same("sip:carol@example.com;security=on", "sip:carol@example.com;security=off"));
    CHECK_FALSE(same("sip:bob@example.com", "sips:bob@example.com"));
    CHECK_FALSE(same("sip:example.com", "sip:bob@example.com"));
    CHECK_FALSE(same("sip:bob@example.com", "sip:bob:pw@example.com"));
    CHECK_FALSE(same("sip:b@example.com;maddr=192.0.2.1", "sip:b@example.com"));
    // Reserved characters are not equal to their escapes.
    CHECK_FALSE(same("sip:a;b@example.com", "sip:a%3bb@example.com"));
    CHECK(same("sip:a%3Bb@example.com", "sip:a%3bb@example.com"));
    CHECK_FALSE(same("sip:a%252Fb@example.com", "sip:a%2Fb@example.com"));
}

TEST_CASE("uri: tel numbers compare without separators, other schemes as they are") {
    CHECK(same("tel:+44-20-7946-0000", "tel:+44(20)7946.0000"));
    CHECK_FALSE(same("tel:+442079460000", "tel:442079460000"));
    CHECK_FALSE(same("tel:2079;phone-context=+44", "tel:2079;phone-context=+1"));
    CHECK(same("urn:service:sos", "URN:service:sos"));
    CHECK_FALSE(same("urn:service:sos", "urn:service:SOS"));
    CHECK_FALSE(same("tel:+442079460000", "sip:+442079460000@example.com"));
}

}  // namespace
}  // namespace trunkbox::sip
