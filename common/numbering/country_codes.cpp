#include "numbering/country_codes.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace trunkbox::numbering {

namespace {

// ITU-T E.164 assigned country codes (annex to the ITU Operational Bulletin) without those of no country, and the
// members of the plans that several countries share. By digits, as text.
constexpr std::array all_countries = std::to_array<Country>({
    {"1", "USA", "United States|US|NANP|North America"},
    {"1204", "Canada", ""},
    {"1242", "Bahamas", ""},
    {"1246", "Barbados", ""},
    {"1264", "Anguilla", ""},
    {"1268", "Antigua", "Antigua and Barbuda"},
    {"1284", "British Virgin Islands", "Virgin Islands British|BVI"},
    {"1340", "US Virgin Islands", "Virgin Islands US|USVI"},
    {"1345", "Cayman Islands", "Cayman"},
    {"1441", "Bermuda", ""},
    {"1473", "Grenada", ""},
    {"1649", "Turks and Caicos", "Turks & Caicos"},
    {"1664", "Montserrat", ""},
    {"1670", "Northern Mariana Islands", "Saipan|Northern Marianas"},
    {"1671", "Guam", ""},
    {"1684", "American Samoa", "Samoa American"},
    {"1721", "Sint Maarten", "St Maarten|St. Maarten"},
    {"1758", "Saint Lucia", "St Lucia|St. Lucia"},
    {"1767", "Dominica", ""},
    {"1784", "Saint Vincent", "St Vincent|St. Vincent"},
    {"1787", "Puerto Rico", ""},
    {"1809", "Dominican Republic", "Dominican Rep"},
    {"1868", "Trinidad and Tobago", "Trinidad & Tobago|Trinidad"},
    {"1869", "Saint Kitts and Nevis", "St Kitts|St. Kitts|Saint Kitts"},
    {"1876", "Jamaica", ""},
    {"20", "Egypt", ""},
    {"211", "South Sudan", "Sudan South"},
    {"212", "Morocco", "Western Sahara"},
    {"213", "Algeria", ""},
    {"216", "Tunisia", ""},
    {"218", "Libya", ""},
    {"220", "Gambia", "The Gambia"},
    {"221", "Senegal", ""},
    {"222", "Mauritania", ""},
    {"223", "Mali", ""},
    {"224", "Guinea", "Guinea Republic|Guinea Conakry"},
    {"225", "Ivory Coast", "Cote d'Ivoire|Cote dIvoire"},
    {"226", "Burkina Faso", ""},
    {"227", "Niger", ""},
    {"228", "Togo", ""},
    {"229", "Benin", ""},
    {"230", "Mauritius", ""},
    {"231", "Liberia", ""},
    {"232", "Sierra Leone", ""},
    {"233", "Ghana", ""},
    {"234", "Nigeria", ""},
    {"235", "Chad", ""},
    {"236", "Central African Republic", "Central African Rep"},
    {"237", "Cameroon", ""},
    {"238", "Cape Verde", "Cabo Verde"},
    {"239", "Sao Tome and Principe", "Sao Tome"},
    {"240", "Equatorial Guinea", "Guinea Equatorial"},
    {"241", "Gabon", ""},
    {"242", "Congo", "Congo Republic|Congo Brazzaville"},
    {"243", "Congo Democratic Republic", "DR Congo|Congo DR|Democratic Republic of Congo|Zaire"},
    {"244", "Angola", ""},
    {"245", "Guinea-Bissau", "Guinea Bissau"},
    {"246", "Diego Garcia", ""},
    {"247", "Ascension", "Ascension Island"},
    {"248", "Seychelles", ""},
    {"249", "Sudan", ""},
    {"250", "Rwanda", ""},
    {"251", "Ethiopia", ""},
    {"252", "Somalia", "Somaliland"},
    {"253", "Djibouti", ""},
    {"254", "Kenya", ""},
    {"255", "Tanzania", "Zanzibar"},
    {"256", "Uganda", ""},
    {"257", "Burundi", ""},
    {"258", "Mozambique", ""},
    {"260", "Zambia", ""},
    {"261", "Madagascar", ""},
    {"262", "Reunion", "Mayotte|French Departments"},
    {"263", "Zimbabwe", ""},
    {"264", "Namibia", ""},
    {"265", "Malawi", ""},
    {"266", "Lesotho", ""},
    {"267", "Botswana", ""},
    {"268", "Eswatini", "Swaziland"},
    {"269", "Comoros", ""},
    {"27", "South Africa", ""},
    {"290", "Saint Helena", "St Helena|St. Helena|Tristan da Cunha"},
    {"291", "Eritrea", ""},
    {"297", "Aruba", ""},
    {"298", "Faroe Islands", "Faeroe Islands|Faroe|Faeroe"},
    {"299", "Greenland", ""},
    {"30", "Greece", ""},
    {"31", "Netherlands", "The Netherlands|Holland"},
    {"32", "Belgium", ""},
    {"33", "France", ""},
    {"34", "Spain", "Canary Islands"},
    {"350", "Gibraltar", ""},
    {"351", "Portugal", "Azores|Madeira"},
    {"352", "Luxembourg", ""},
    {"353", "Ireland", "Ireland Republic"},
    {"354", "Iceland", ""},
    {"355", "Albania", ""},
    {"356", "Malta", ""},
    {"357", "Cyprus", ""},
    {"358", "Finland", "Aland"},
    {"359", "Bulgaria", ""},
    {"36", "Hungary", ""},
    {"370", "Lithuania", ""},
    {"371", "Latvia", ""},
    {"372", "Estonia", ""},
    {"373", "Moldova", ""},
    {"374", "Armenia", ""},
    {"375", "Belarus", ""},
    {"376", "Andorra", ""},
    {"377", "Monaco", ""},
    {"378", "San Marino", ""},
    {"380", "Ukraine", ""},
    {"381", "Serbia", ""},
    {"382", "Montenegro", ""},
    {"383", "Kosovo", ""},
    {"385", "Croatia", ""},
    {"386", "Slovenia", ""},
    {"387", "Bosnia and Herzegovina", "Bosnia"},
    {"389", "North Macedonia", "Macedonia"},
    {"39", "Italy", ""},
    {"3906698", "Vatican", "Vatican City|Holy See"},
    {"40", "Romania", ""},
    {"41", "Switzerland", ""},
    {"420", "Czech Republic", "Czechia"},
    {"421", "Slovakia", "Slovak Republic"},
    {"423", "Liechtenstein", ""},
    {"43", "Austria", ""},
    {"44", "United Kingdom", "UK|Great Britain|England|Scotland|Wales|Northern Ireland|Ireland Northern|Jersey|Guernsey|Isle of Man"},
    {"45", "Denmark", ""},
    {"46", "Sweden", ""},
    {"47", "Norway", "Svalbard"},
    {"48", "Poland", ""},
    {"49", "Germany", ""},
    {"500", "Falkland Islands", "Falklands"},
    {"501", "Belize", ""},
    {"502", "Guatemala", ""},
    {"503", "El Salvador", ""},
    {"504", "Honduras", ""},
    {"505", "Nicaragua", ""},
    {"506", "Costa Rica", ""},
    {"507", "Panama", ""},
    {"508", "Saint Pierre and Miquelon", "St Pierre|St. Pierre|Saint Pierre"},
    {"509", "Haiti", ""},
    {"51", "Peru", ""},
    {"52", "Mexico", ""},
    {"53", "Cuba", ""},
    {"54", "Argentina", ""},
    {"55", "Brazil", ""},
    {"56", "Chile", "Easter Island"},
    {"57", "Colombia", ""},
    {"58", "Venezuela", ""},
    {"590", "Guadeloupe", "Saint Martin|St Martin|Saint Barthelemy|St Barthelemy"},
    {"591", "Bolivia", ""},
    {"592", "Guyana", ""},
    {"593", "Ecuador", ""},
    {"594", "French Guiana", "French Guyana"},
    {"595", "Paraguay", ""},
    {"596", "Martinique", ""},
    {"597", "Suriname", ""},
    {"598", "Uruguay", ""},
    {"599", "Curacao", "Bonaire|Netherlands Antilles|Caribbean Netherlands|Sint Eustatius|Saba"},
    {"60", "Malaysia", ""},
    {"61", "Australia", "Christmas Island|Cocos Islands"},
    {"62", "Indonesia", ""},
    {"63", "Philippines", ""},
    {"64", "New Zealand", ""},
    {"65", "Singapore", ""},
    {"66", "Thailand", ""},
    {"670", "East Timor", "Timor-Leste|Timor Leste"},
    {"672", "Norfolk Island", "Australian External Territories|Antarctica"},
    {"673", "Brunei", ""},
    {"674", "Nauru", ""},
    {"675", "Papua New Guinea", ""},
    {"676", "Tonga", ""},
    {"677", "Solomon Islands", ""},
    {"678", "Vanuatu", ""},
    {"679", "Fiji", ""},
    {"680", "Palau", ""},
    {"681", "Wallis and Futuna", "Wallis & Futuna"},
    {"682", "Cook Islands", ""},
    {"683", "Niue", ""},
    {"685", "Samoa", "Western Samoa"},
    {"686", "Kiribati", ""},
    {"687", "New Caledonia", ""},
    {"688", "Tuvalu", ""},
    {"689", "French Polynesia", "Tahiti"},
    {"690", "Tokelau", ""},
    {"691", "Micronesia", ""},
    {"692", "Marshall Islands", ""},
    {"7", "Russia", "Russian Federation"},
    {"76", "Kazakhstan", ""},
    {"800", "Universal International Freephone", ""},
    {"808", "Universal International Shared Cost", ""},
    {"81", "Japan", ""},
    {"82", "South Korea", "Korea South|Korea Republic"},
    {"84", "Vietnam", "Viet Nam"},
    {"850", "North Korea", "Korea North|Korea DPR"},
    {"852", "Hong Kong", "China Hong Kong"},
    {"853", "Macau", "Macao|China Macau|China Macao"},
    {"855", "Cambodia", ""},
    {"856", "Laos", ""},
    {"86", "China", ""},
    {"870", "Inmarsat", ""},
    {"878", "Universal Personal Telecommunications", ""},
    {"880", "Bangladesh", ""},
    {"881", "Global Mobile Satellite System", ""},
    {"882", "International Networks", ""},
    {"883", "International Networks 883", ""},
    {"886", "Taiwan", ""},
    {"90", "Turkey", "Turkiye|Northern Cyprus|Cyprus North|Cyprus Northern"},
    {"91", "India", ""},
    {"92", "Pakistan", ""},
    {"93", "Afghanistan", ""},
    {"94", "Sri Lanka", ""},
    {"95", "Myanmar", "Burma"},
    {"960", "Maldives", ""},
    {"961", "Lebanon", ""},
    {"962", "Jordan", ""},
    {"963", "Syria", ""},
    {"964", "Iraq", ""},
    {"965", "Kuwait", ""},
    {"966", "Saudi Arabia", ""},
    {"967", "Yemen", ""},
    {"968", "Oman", ""},
    {"970", "Palestine", ""},
    {"971", "United Arab Emirates", "UAE"},
    {"972", "Israel", ""},
    {"973", "Bahrain", ""},
    {"974", "Qatar", ""},
    {"975", "Bhutan", ""},
    {"976", "Mongolia", ""},
    {"977", "Nepal", ""},
    {"979", "International Premium Rate Service", ""},
    {"98", "Iran", ""},
    {"992", "Tajikistan", ""},
    {"993", "Turkmenistan", ""},
    {"994", "Azerbaijan", ""},
    {"995", "Georgia", ""},
    {"996", "Kyrgyzstan", "Kyrgyz Republic"},
    {"998", "Uzbekistan", ""},
});

// A country that has several ranges below a shared code is recognised by the code alone.
constexpr std::array several_areas = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"Canada", "1"},
    {"Puerto Rico", "1"},
    {"Dominican Republic", "1"},
    {"Jamaica", "1"},
    {"Trinidad and Tobago", "1"},
    {"Kazakhstan", "7"},
    {"Palestine", "97"},  // numbers below 972 as well
    {"Kosovo", "3"},      // its former codes 377, 381 and 386 are still in decks
    {"Vatican", "3"},
    {"San Marino", "3"},
    {"Monaco", "3"},
});

constexpr std::array all_premium = std::to_array<PremiumRange>({
    {"1900", "NANP premium rate"},
    {"3090", "Greece premium rate"},
    {"31900", "Netherlands premium rate"},
    {"31906", "Netherlands premium rate"},
    {"31909", "Netherlands premium rate"},
    {"3290", "Belgium premium rate"},
    {"3389", "France premium rate"},
    {"34803", "Spain premium rate"},
    {"34806", "Spain premium rate"},
    {"34807", "Spain premium rate"},
    {"3690", "Hungary premium rate"},
    {"39899", "Italy premium rate"},
    {"41900", "Switzerland premium rate"},
    {"41901", "Switzerland premium rate"},
    {"41906", "Switzerland premium rate"},
    {"42090", "Czech Republic premium rate"},
    {"43900", "Austria premium rate"},
    {"43930", "Austria premium rate"},
    {"449", "United Kingdom premium rate"},
    {"46900", "Sweden premium rate"},
    {"46939", "Sweden premium rate"},
    {"4870", "Poland premium rate"},
    {"49900", "Germany premium rate"},
    {"61190", "Australia premium rate"},
    {"870", "Inmarsat satellite"},
    {"878", "universal personal telecommunications"},
    {"881", "satellite networks"},
    {"882", "international networks, satellites among them"},
    {"883", "international networks"},
    {"979", "international premium rate"},
});

bool related(std::string_view a, std::string_view b) {
    return a.starts_with(b) || b.starts_with(a);
}

// Whether `text` begins with the words of `name`.
bool begins_with_words(std::string_view text, std::string_view name) {
    return !name.empty() && istarts_with(text, name) && (text.size() == name.size() || !is_alpha(text[name.size()]));
}

}  // namespace

const Country* named_country(std::string_view destination) {
    destination = trim(destination);
    const Country* best = nullptr;
    std::size_t letters = 0;
    // By the longest name: "Guinea-Bissau" is not "Guinea".
    auto weigh = [&](const Country& country, std::string_view name) {
        if (name.size() <= letters || !begins_with_words(destination, name)) return;
        best = &country;
        letters = name.size();
    };
    for (const auto& country : all_countries) {
        weigh(country, country.name);
        for (auto rest = std::optional(country.others); rest;) {
            auto [other, more] = split_once(*rest, '|');
            weigh(country, other);
            rest = more;
        }
    }
    return best;
}

std::span<const Country> countries() {
    return all_countries;
}

std::optional<std::string_view> country_code(std::string_view digits) {
    // No assigned code begins with another, the members of a shared plan aside; of those the first is the code.
    for (std::size_t length = 1; length <= 3 && length <= digits.size(); ++length) {
        auto found = std::ranges::lower_bound(all_countries, digits.substr(0, length), {}, &Country::digits);
        if (found != all_countries.end() && found->digits == digits.substr(0, length)) return found->digits;
    }
    return std::nullopt;
}

bool is_assigned(Prefix prefix) {
    auto digits = prefix.text();
    auto found = std::ranges::lower_bound(all_countries, std::string_view(digits), {}, &Country::digits);
    return country_code(digits) || (found != all_countries.end() && found->digits.starts_with(digits));
}

std::optional<bool> belongs_to(const Country& country, std::string_view digits) {
    constexpr std::size_t exchange = 7;  // NPA-NXX with its country code
    // Below one NANP exchange stand towns and states, many of them named like a country.
    if (digits.starts_with('1') && digits.size() >= exchange) return std::nullopt;
    if (country.name == "Georgia" && digits.starts_with('1')) return std::nullopt;  // the state
    auto several = std::ranges::find(several_areas, country.name, &std::pair<std::string_view, std::string_view>::first);
    return related(digits, several == several_areas.end() ? country.digits : several->second);
}

std::span<const PremiumRange> premium_ranges() {
    return all_premium;
}

int longest_number(std::string_view country_code) {
    constexpr int ten_digits = 11;  // the code and a national number of ten digits
    return country_code == "1" || country_code == "7" ? ten_digits : max_digits;
}

}  // namespace trunkbox::numbering
