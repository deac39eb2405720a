// Numbers and their spellings: libphonenumber's own examples, of every region and kind, come back from every form.
#include <array>
#include <set>
#include <string>

#include <doctest/doctest.h>
#include <phonenumbers/phonenumberutil.h>

#include "numbering/dialled.h"
#include "numbering/spelling.h"

using namespace trunkbox;
using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

namespace {

constexpr std::array kinds{PhoneNumberUtil::FIXED_LINE,   PhoneNumberUtil::MOBILE,          PhoneNumberUtil::TOLL_FREE,
                           PhoneNumberUtil::PREMIUM_RATE, PhoneNumberUtil::SHARED_COST,     PhoneNumberUtil::VOIP,
                           PhoneNumberUtil::PAGER,        PhoneNumberUtil::PERSONAL_NUMBER, PhoneNumberUtil::UAN,
                           PhoneNumberUtil::VOICEMAIL};

void check_forms(const numbering::E164& number, const std::string& region) {
    CHECK(numbering::is_valid(number));
    using numbering::Format;
    for (auto form : {Format::e164, Format::international, Format::national}) {
        const auto text = numbering::format(number, form);
        CAPTURE(text);
        auto back = numbering::read_number(text, region);
        CHECK_MESSAGE(back, back.error().text());
        if (back) CHECK(*back == number);
    }
    auto uri = numbering::read_dialled(numbering::format(number, Format::rfc3966));
    REQUIRE_MESSAGE(uri, uri.error().text());
    CHECK(uri->number == number);
    std::string reversed;
    for (char digit : number.digits()) reversed = std::string{digit, '.'} + reversed;
    CHECK(numbering::enum_domain(number) == reversed + "e164.arpa");
}

}  // namespace

TEST_CASE("the example numbers of every region come back from every form") {
    const auto& plans = *PhoneNumberUtil::GetInstance();
    std::set<std::string> regions;
    plans.GetSupportedRegions(&regions);
    std::size_t count = 0;
    for (const auto& region : regions) {
        CAPTURE(region);
        CHECK(numbering::is_region(region));
        for (auto kind : kinds) {
            PhoneNumber example;
            if (!plans.GetExampleNumberForType(region, kind, &example)) continue;
            std::string text;
            plans.Format(example, PhoneNumberUtil::E164, &text);
            CAPTURE(text);
            auto number = numbering::read_number(text);
            REQUIRE_MESSAGE(number, number.error().text());
            check_forms(*number, region);
            ++count;
        }
    }
    CHECK(regions.size() > 200);
    CHECK(count > 4 * regions.size());
}
