#include "numbering/dialled.h"

#include <doctest/doctest.h>

using namespace trunkbox::numbering;

namespace {

std::string number(std::string_view text) {
    auto dialled = read_dialled(text);
    if (!dialled) return dialled.error().what;
    return dialled->number ? dialled->number->text() : "digits " + dialled->digits;
}

}  // namespace

TEST_CASE("a number however it was dialled") {
    for (auto text : {"+442079460123", "442079460123", "00442079460123", "011442079460123", " +44 (20) 7946-0123 ",
                      "tel:+44-20-7946-0123", "sip:+442079460123@192.0.2.1:5060", "SIPS:+44.20.7946.0123@example.com",
                      "sip:442079460123;npdi@example.com"})
        CHECK(number(text) == "+442079460123");
    CHECK(number("112") == "digits 112");
    CHECK(number("0112") == "digits 0112");
    CHECK(number("02079460123") == "digits 02079460123");
}

TEST_CASE("the parameters of number portability") {
    auto ported = read_dialled("tel:+12125550100;npdi;rn=+12125550199").value();
    CHECK(ported.queried);
    CHECK(ported.routing_number.value().text() == "+12125550199");
    auto sip = read_dialled("sip:+12125550100;RN=12125550199;cic=+10288@example.com;user=phone").value();
    CHECK(sip.routing_number.value().text() == "+12125550199");
    CHECK(number("+12125550100;rn=x") == "number 'x' is not a routing number");
}

TEST_CASE("what is no number is refused") {
    CHECK(number("") == "number '' is not digits");
    CHECK(number("+") == "number '+' is not digits");
    CHECK(number("alice") == "number 'alice' is not digits");
    CHECK(number("4.47E+11") == "number '4.47E+11' is not digits");
    CHECK(number("+1234567890123456") == "number '+1234567890123456' has more than 15 digits");
    CHECK(number("sip:@example.com") == "number 'sip:@example.com' is not digits");
    CHECK(number(std::string(100000, '1')).find("is too long") != std::string::npos);
    CHECK(number("44\xff") == "number '44\\xff' is not digits");
}
