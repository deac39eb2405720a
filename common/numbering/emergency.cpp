#include "numbering/emergency.h"

#include <algorithm>
#include <string>

#include <phonenumbers/shortnumberinfo.h>

#include "base/text.h"
#include "numbering/spelling.h"

namespace trunkbox::numbering {

namespace {

constexpr std::size_t longest = 6;  // digits of an emergency number

bool begins(const std::string& digits, const std::string& region, int more) {
    static const i18n::phonenumbers::ShortNumberInfo plans;
    if (plans.IsEmergencyNumber(digits, region)) return true;
    if (more == 0 || digits.size() >= longest) return false;
    for (char next = '0'; next <= '9'; ++next)
        if (begins(digits + next, region, more - 1)) return true;
    return false;
}

bool begins(std::string_view digits, std::string_view region, int more) {
    if (digits.empty() || digits.size() > longest || !std::ranges::all_of(digits, is_digit) || !is_region(region)) return false;
    return begins(std::string(digits), std::string(region), more);
}

}  // namespace

bool is_emergency(std::string_view digits, std::string_view region) { return begins(digits, region, 0); }

bool begins_emergency(std::string_view digits, std::string_view region) { return begins(digits, region, 2); }

}  // namespace trunkbox::numbering
