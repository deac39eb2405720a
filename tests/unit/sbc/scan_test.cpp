// What is read by the short way is what the long way reads.
#include "sbc/scan.h"

#include <memory>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "sbc/reading.h"

using namespace trunkbox;
using namespace trunkbox::sbc;

namespace {

// A copy that ends exactly where it ends, so that a sanitizer sees who reads on.
struct Exact {
    explicit Exact(std::string_view text) : size(text.size()), bytes(new char[text.size()]) {
        text.copy(bytes.get(), size);
    }
    [[nodiscard]] std::string_view all() const { return {bytes.get(), size}; }
    [[nodiscard]] std::string_view without_end() const { return all().substr(0, size - 1); }
    std::size_t size;
    std::unique_ptr<char[]> bytes;
};

void check_uri(const sip::UriView& scanned, std::string_view text) {
    auto parsed = sip::UriView::parse(text);
    REQUIRE_MESSAGE(parsed.has_value(), text);
    CHECK(scanned.scheme == parsed->scheme);
    CHECK(scanned.user == parsed->user);
    CHECK(scanned.has_user == parsed->has_user);
    CHECK(scanned.host == parsed->host);
    bool same_port = scanned.port == parsed->port;
    CHECK(same_port);
    CHECK(scanned.parameters == parsed->parameters);
    CHECK(scanned.headers == parsed->headers);
    CHECK(scanned.opaque == parsed->opaque);
}

// True when the text was of the usual form.
bool check_address(std::string_view text) {
    Exact value(std::string(text) + "\r");
    sip::NameAddr field;
    sip::UriView uri;
    std::string_view tag;
    bool plain = false;
    if (!scan_address(value.all(), value.without_end(), field, uri, tag, plain)) return false;
    INFO(text);
    CHECK_FALSE(check_field(value.without_end()));
    auto parsed = sip::NameAddr::parse(value.without_end());
    REQUIRE(parsed.has_value());
    CHECK(field.display == parsed->display);
    CHECK(field.uri == parsed->uri);
    CHECK(field.brackets == parsed->brackets);
    CHECK(field.parameters == parsed->parameters);
    CHECK(tag == parsed->tag());
    CHECK(sip::unescape(uri.user) == uri.user);
    check_uri(uri, parsed->uri);
    return true;
}

bool check_via(std::string_view text) {
    Exact value(std::string(text) + " ");
    sip::Via via;
    std::string_view branch;
    if (!scan_via(value.all(), value.without_end(), via, branch)) return false;
    INFO(text);
    auto parsed = sip::Via::parse(value.without_end());
    REQUIRE(parsed.has_value());
    CHECK(via.protocol == parsed->protocol);
    CHECK(via.transport == parsed->transport);
    CHECK(via.host == parsed->host);
    bool same_port = via.port == parsed->port;
    CHECK(same_port);
    CHECK(via.parameters == parsed->parameters);
    CHECK(branch == parsed->branch());
    return true;
}

bool check_target(std::string_view text) {
    Exact value(std::string(text) + " ");
    sip::UriView uri;
    bool plain = false;
    if (!scan_uri(value.all(), value.without_end(), uri, plain)) return false;
    INFO(text);
    check_uri(uri, value.without_end());
    return true;
}

// The text cut at every byte, and with every byte replaced, doubled or taken out.
std::vector<std::string> variants(std::string_view text) {
    std::vector<std::string> all{std::string(text)};
    constexpr std::string_view odd_but_nul{"\x01\t\r\n \"\\<>@:;=,?/%+-_.*!~'()[]{}a9\x7f\x80\xff"};
    const std::string odd = std::string(odd_but_nul) + '\0';
    for (std::size_t i = 0; i < text.size(); ++i) {
        all.emplace_back(text.substr(0, i));
        all.push_back(std::string(text).erase(i, 1));
        for (char c : odd) {
            std::string changed(text);
            changed[i] = c;
            all.push_back(changed);
            changed[i] = text[i];
            all.push_back(changed.insert(i, 1, c));
        }
    }
    return all;
}

}  // namespace

TEST_CASE("an address of the usual form is read as the grammar's reader reads it") {
    for (std::string_view text :
         {"\"Desk 1\" <sip:+33199000001@example.com>;tag=9fxced76sl", "Desk 1 <sip:desk-1@192.0.2.1:5060;transport=udp>",
          "<sip:192.0.2.1>;TAG=a;q=0.7;x", "<sip:a@b;lr;user=phone>", "\"\" <sip:a_b.c@d>"}) {
        CHECK(check_address(text));
        for (const std::string& variant : variants(text)) static_cast<void>(check_address(variant));
    }
    for (std::string_view text : {"", "*", "sip:a@b", "<sips:a@b>", "<tel:+33199000001>", "<sip:a@[2001:db8::1]>", "<sip:a:b@c>",
                                  "<sip:a@b>;expires=3", "<sip:a@b>;tag=1;tag=2", "<sip:a@b?c=d>", "<sip:a%41@b>", "\"<\" <sip:a@b>",
                                  "<sip:a@b>, <sip:c@d>", "<sip:a@b>;x=\"y\"", "<sip:a@b:0>", "<sip:a@b:65536>", "<sip:@b>", "<sip:+>"})
        CHECK_MESSAGE(!check_address(text), text);
}

TEST_CASE("a Via of the usual form is read as the grammar's reader reads it") {
    for (std::string_view text : {"SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport", "SIP/2.0/TLS a.example.com;received=192.0.2.9;BRANCH=x"}) {
        CHECK(check_via(text));
        for (const std::string& variant : variants(text)) static_cast<void>(check_via(variant));
    }
    for (std::string_view text : {"", "SIP/2.0/UDP 192.0.2.1", "SIP / 2.0 / UDP a;branch=x", "SIP/2.0/UDP [::1];branch=x",
                                  "SIP/2.0/UDP a;branch=x,SIP/2.0/UDP b", "SIP/2.0/UDP a;branch=", "SIP/2.0/UDP a;;branch=x"})
        CHECK_MESSAGE(!check_via(text), text);
}

TEST_CASE("a Request-URI of the usual form is read as the grammar's reader reads it") {
    for (std::string_view text : {"sip:+442079460123@example.com", "sip:example.com:5062;transport=tcp;lr"}) {
        CHECK(check_target(text));
        for (const std::string& variant : variants(text)) static_cast<void>(check_target(variant));
    }
}

TEST_CASE("only numbers and names are plain") {
    auto is_plain = [](std::string_view user) {
        std::string text = "sip:" + std::string(user) + "@example.com ";
        sip::UriView uri;
        bool plain = false;
        return scan_uri(text, std::string_view(text).substr(0, text.size() - 1), uri, plain) && plain;
    };
    for (std::string_view user : {"+442079460123", "alice", "desk-1", "a.b_c", "1-2-3"}) CHECK_MESSAGE(is_plain(user), user);
    for (std::string_view user : {"a--b", "a+union", "+1+2", "a'b", "a%27", "--"}) CHECK_MESSAGE(!is_plain(user), user);
}

TEST_CASE("nothing is scanned at the very end of a buffer") {
    std::string_view uri = "sip:a@b", via = "SIP/2.0/UDP a;branch=x", address = "<sip:a@b>";
    sip::UriView u;
    sip::Via v;
    sip::NameAddr f;
    std::string_view text;
    bool plain = false;
    CHECK_FALSE(scan_uri(uri, uri, u, plain));
    CHECK_FALSE(scan_via(via, via, v, text));
    CHECK_FALSE(scan_address(address, address, f, u, text, plain));
}
