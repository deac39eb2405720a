#include "numbering/e164.h"
#include "numbering/prefix.h"
#include "numbering/range.h"
#include "numbering/spelling.h"

#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::numbering;

namespace {
E164 number(std::string_view text) {
    return E164::parse(text).value();
}
}  // namespace

TEST_CASE("an E.164 number is '+' and 4 to 15 digits") {
    CHECK(number("+33199000001").value() == 33199000001);
    CHECK(number("+33199000001").text() == "+33199000001");
    CHECK(number("+33199000001").digits() == "33199000001");
    CHECK(number("+33199000001").leading(2) == 33);
    CHECK(number("+33199000001").leading(11) == 33199000001);
    CHECK(number("+123456789012345").length() == 15);
    CHECK(E164::parse_digits("442079460123").value() == number("+442079460123"));
    for (auto text :
         {"", "+", "33199000001", "+0199000001", "+331 99000001", "+33199000001x", "+123", "++331990",
          "+1234567890123456", "+99999999999999999999999999", "+3319900000\xd9\xa1"}) {
        CAPTURE(text);
        CHECK_FALSE(E164::parse(text));
    }
    CHECK(E164::parse("+0199000001").error().text() ==
          "number '0199000001' begins with 0, which no country code does; write e.g. '+442079460123'");
}

TEST_CASE("a prefix covers the numbers that begin with it") {
    auto prefix = Prefix::parse("3319").value();
    CHECK(prefix.covers(number("+33199000001")));
    CHECK_FALSE(prefix.covers(number("+442079460123")));
    CHECK_FALSE(Prefix::parse("33199000001").value().covers(number("+3319900000")));
    CHECK(Prefix::of(number("+33199000001"), 4) == prefix);
    CHECK(Prefix::parse("99").value() < prefix);
    CHECK(prefix.text() == "3319");
    for (auto text : {"", "0", "044", "+44", "1415x", "4.47E+11", " 44", "1234567890123456"}) {
        CAPTURE(text);
        CHECK_FALSE(Prefix::parse(text));
    }
}

TEST_CASE("a range holds numbers of one length between its ends") {
    auto range = NumberRange::parse("+33199000000-+33199000999").value();
    CHECK(range.size() == 1000);
    CHECK(range.contains(number("+33199000000")));
    CHECK(range.contains(number("+33199000999")));
    CHECK_FALSE(range.contains(number("+33199001000")));
    CHECK_FALSE(range.contains(number("+3319900099")));
    CHECK(range.text() == "+33199000000-+33199000999");
    CHECK(NumberRange::parse("+33199000000 - +33199000999").value() == range);
    CHECK(NumberRange::parse("+33199000001").value().size() == 1);
    for (auto text : {"", "-", "+33199000999-+33199000000", "+3319900000-+33199000999", "+33199000000-",
                      "+33199000000-999", "+33199000000-+33199000001-+33199000002"}) {
        CAPTURE(text);
        CHECK_FALSE(NumberRange::parse(text));
    }
}

TEST_CASE("human spellings are read by the region") {
    auto london = number("+442079460123");
    CHECK(read_number("+442079460123").value() == london);
    CHECK(read_number(" +442079460123 ").value() == london);
    CHECK(read_number("+44 (0)20 7946 0123").value() == london);
    CHECK(read_number("020 7946 0123", "GB").value() == london);
    CHECK(read_number("00 44 20 7946 0123", "FR").value() == london);
    CHECK(read_number("011 44 20 7946 0123", "US").value() == london);
    CHECK(read_number("01.99.00.00.02", "FR").value() == number("+33199000002"));
    // A zero that belongs to the number stays.
    CHECK(read_number("06 1234 5678", "IT").value() == number("+390612345678"));
}

TEST_CASE("what is no telephone number is not guessed at") {
    for (auto text : {"", "+", "alice", "0800 FLOWERS", "+44 20 7946 0123 ext. 5", "sip:+442079460123",
                      "+44 20 7946 0123;phone-context=x", "4.47E+11", "020 7", "020 7946 0123 4567 8901",
                      "()", "+999 123 456 78"}) {
        CAPTURE(text);
        CHECK_FALSE(read_number(text, "GB"));
    }
    CHECK_FALSE(read_number(std::string_view("020\0 7946 0123", 14), "GB"));
    CHECK_FALSE(read_number(std::string(100000, '5'), "GB"));
    CHECK(read_number("020 7946 0123").error().what.find("no region") != std::string::npos);
    CHECK(read_number("020 7946 0123", "XX").error().what == "region 'XX' is not known");
    CHECK(read_number("020 79", "GB").error().what.find("length") != std::string::npos);
}

TEST_CASE("a number that begins as none of its country keeps all its digits in every form") {
    const auto number = E164::parse("+4900060").value();
    for (auto form : {Format::e164, Format::international, Format::national}) CHECK(format(number, form) == "+4900060");
    CHECK(format(number, Format::rfc3966) == "tel:+4900060");
    CHECK_FALSE(is_valid(number));
    // The library writes this one without the 1 behind the country code.
    CHECK(format(E164::parse("+5210000000000").value(), Format::rfc3966) == "tel:+5210000000000");
}

TEST_CASE("formats") {
    auto london = number("+442079460123");
    CHECK(format(london, Format::e164) == "+442079460123");
    CHECK(format(london, Format::international) == "+44 20 7946 0123");
    CHECK(format(london, Format::national) == "020 7946 0123");
    CHECK(format(london, Format::rfc3966) == "tel:+44-20-7946-0123");
    CHECK(read_number("tel:+44-20-7946-0123").value() == london);
    CHECK(read_number("TEL:+442079460123").value() == london);
    CHECK_FALSE(read_number("tel:"));
    CHECK(format(number("+999123456789"), Format::international) == "+999123456789");
    for (auto kind : {Format::e164, Format::international, Format::national, Format::rfc3966})
        CHECK(parse_format(name(kind)) == kind);
    CHECK_FALSE(parse_format("E.164"));
    CHECK(region_of(london) == "GB");
    CHECK(region_of(number("+999123456789")).empty());
    CHECK(is_region("FR"));
    CHECK_FALSE(is_region("ZZ"));
    CHECK_FALSE(is_region("F"));
}
