#include "config/lcr_settings.h"

#include <array>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "config/json.h"

using namespace trunkbox;
using namespace trunkbox::config;

namespace {

std::string with(std::string_view member) { return fmt::format(R"({{"version": 1, {}}})", member); }
std::string carrier(std::string_view member) { return with(fmt::format(R"("carriers": {{"alpha": {{{}}}}})", member)); }

std::string problem(std::string_view text) {
    auto settings = read_lcr_settings(text, "c.json");
    return settings ? std::string("(no error)") : settings.error().text();
}

lcr::Settings good(const std::string& text) {
    auto settings = read_lcr_settings(text, "c.json");
    REQUIRE_MESSAGE(settings.has_value(), problem(text));
    return std::move(*settings);
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

lcr::Deck deck_of(std::string_view prefix) {
    lcr::Deck deck("d.csv");
    deck.add(lcr::DeckRow{.prefix = *numbering::Prefix::parse(prefix), .line = 2});
    return deck;
}

}  // namespace

TEST_CASE("the sample says what every key means") {
    auto settings = good(sample_lcr_settings());
    CHECK(settings.currency.text() == "EUR");
    REQUIRE(settings.exchanges.size() == 2);
    CHECK(settings.exchanges[0].currency.text() == "USD");
    CHECK(rfc3339(settings.exchanges[0].since, 0) == "2026-01-01T00:00:00Z");
    CHECK(settings.exchanges[1].rate.text() == "0.915");
    CHECK(settings.time_classes.at("peak") ==
          std::vector<lcr::WeekSpan>{{.days = 0x1F, .from_minute = 480, .to_minute = 1200}});
    CHECK(settings.time_classes.at("offpeak") ==
          std::vector<lcr::WeekSpan>{{.days = 0x1F, .from_minute = 1200, .to_minute = 480},
                                     {.days = 0x60, .from_minute = 0, .to_minute = 1440}});
    CHECK(settings.origins.at("eea") == std::vector<std::string>{"33", "49", "353"});
    CHECK(settings.states.at("NJ") == std::vector<std::string>{"201", "212555"});
    CHECK(settings.latas.at("224") == std::vector<std::string>{"201"});
    CHECK(settings.guards.emergency == std::vector<std::string>{"112", "999"});
    CHECK(settings.guards.emergency_carriers == std::vector<std::string>{"alpha", "beta"});
    CHECK(settings.guards.deny == std::vector<std::string>{"1900", "88"});
    CHECK(settings.guards.allow.empty());
    CHECK(settings.least_samples == 30);
    CHECK(settings.least_asr == 0.3);
    CHECK(settings.least_ner == 0.9);
    using Kind = lcr::RerouteRule::Kind;
    CHECK(settings.reroute == std::vector<lcr::RerouteRule>{{Kind::status, 404, lcr::Next::stop},
                                                            {Kind::cause, 1, lcr::Next::reroute}});
    REQUIRE(settings.carriers.size() == 2);
    const lcr::Carrier alpha{.name = "alpha",
                             .priority = 1,
                             .weight = 70,
                             .zone = "Europe/Paris",
                             .quality = {.asr = 0.52, .ner = 0.97, .acd = 182.5, .pdd = 1.8, .samples = 12000},
                             .channels = 240,
                             .cps = 10};
    CHECK(settings.carriers[0] == alpha);
    const lcr::Carrier beta{
        .name = "beta", .priority = 2, .weight = 30, .rounding = lcr::Rounding::up, .digits = 4};
    CHECK(settings.carriers[1] == beta);
    CHECK(lcr::Table::compile(*with_settings({{"alpha", {}}, {"beta", {deck_of("44")}}}, settings, "c.json"), settings)
              .has_value());
}

TEST_CASE("only the version is needed") {
    CHECK(good(R"({"version": 1})") == lcr::Settings{});
    CHECK(good(with(R"("exchange": [], "time_classes": {}, "origins": {}, "states": {}, "latas": {}, "guards": {},
                       "quality": {}, "reroute": {}, "carriers": {})")) == lcr::Settings{});
    CHECK(good(carrier("")).carriers == std::vector{lcr::Carrier{.name = "alpha"}});
}

TEST_CASE("a document that is none") {
    CHECK(contains(problem(""), "c.json"));
    CHECK(contains(problem("[]"), "expected an object"));
    CHECK(contains(problem("{}"), "key 'version' is missing"));
    CHECK(contains(problem(R"({"version": 2})"), "version 2 is not known"));
    CHECK(contains(problem(R"({"version": 1)"), "c.json:1:"));
    CHECK(contains(problem(with(R"("carriers": [])")), "expected an object, got array"));
    CHECK(contains(problem(std::string(std::size_t{9} << 20, ' ')), "c.json"));
}

TEST_CASE("a misspelt key names the nearest") {
    CHECK(contains(problem(with(R"("time_clases": {})")), "c.json:1:16: key 'time_clases' is not known; did you mean 'time_classes'?"));
    CHECK(contains(problem(carrier(R"("priorty": 1)")), "did you mean 'priority'?"));
    CHECK(contains(problem(with(R"("quality": {"least_sample": 1})")), "did you mean 'least_samples'?"));
    CHECK(contains(problem(with(R"("guards": {"dney": []})")), "did you mean 'deny'?"));
    CHECK(contains(problem(with(R"("exchange": [{"curency": "USD"}])")), "did you mean 'currency'?"));
    CHECK(contains(problem(with(R"("time_classes": {"p": [{"form": "08:00"}]})")), "did you mean 'from'?"));
}

TEST_CASE("every range has its limits") {
    struct Case {
        std::string_view member;
        std::string_view fits;
    };
    // The value that just fits stands for what does not, with more behind it.
    constexpr std::array<Case, 10> bad{{{R"("priority": -1)", R"("priority": 0)"},
                                        {R"("priority": 1000001)", R"("priority": 1000000)"},
                                        {R"("weight": 1000000001)", R"("weight": 1000000000)"},
                                        {R"("digits": 13)", R"("digits": 12)"},
                                        {R"("asr": 1.01)", R"("asr": 1)"},
                                        {R"("ner": -0.1)", R"("ner": 0)"},
                                        {R"("pdd": -1)", R"("pdd": 0)"},
                                        {R"("samples": -1)", R"("samples": 0)"},
                                        {R"("channels": 0)", R"("channels": 1)"},
                                        {R"("cps": 0)", R"("cps": 0.1)"}}};
    for (const auto& pair : bad) {
        CHECK_MESSAGE(contains(problem(carrier(pair.member)), "c.json:1:"), pair.member);
        CHECK_MESSAGE(problem(carrier(pair.fits)) == "(no error)", pair.fits);
    }
    CHECK(contains(problem(carrier(R"("asr": 52)")), "write 45 % as 0.45"));
    CHECK(contains(problem(with(R"("quality": {"least_asr": 45})")), "45 is not from 0 to 1"));
    CHECK(good(carrier(R"("acd": "3m")")).carriers[0].quality.acd == 180);
}

TEST_CASE("carriers have known words, zones and names") {
    CHECK(contains(problem(carrier(R"("rounding": "half-up")")), "did you mean 'half_up'?"));
    CHECK(contains(problem(carrier(R"("rate_by": "lrn")")), "one of dialled, routing_number"));
    CHECK(good(carrier(R"("rate_by": "routing_number")")).carriers[0].rate_by == lcr::RateBy::routing_number);
    CHECK(good(carrier(R"("basis": "lata")")).carriers[0].basis == lcr::JurisdictionBasis::lata);
    CHECK(good(carrier(R"("indeterminate": "interstate")")).carriers[0].indeterminate == lcr::Indeterminate::interstate);
    CHECK(contains(problem(carrier(R"("zone": "Europe/Pari")")), "c.json:1:47: 'Europe/Pari' is not a time zone"));
    CHECK(contains(problem(with(R"("carriers": {"": {}})")), "cannot name a carrier"));
    CHECK(contains(problem(with(R"("carriers": {"a=b": {}})")), "cannot name a carrier"));
    CHECK(contains(problem(with(R"("carriers": {"a": {}, "a": {}})")), "c.json:1:"));
    CHECK(contains(problem(with(R"("carriers": {"a": 1})")), "expected an object"));
}

TEST_CASE("time classes") {
    auto spans = [](std::string_view member) {
        return good(with(fmt::format(R"("time_classes": {{"p": [{{{}}}]}})", member))).time_classes.at("p").front();
    };
    auto wrong = [](std::string_view member) {
        return problem(with(fmt::format(R"("time_classes": {{"p": [{{{}}}]}})", member)));
    };
    CHECK(spans("") == lcr::WeekSpan{.days = 0x7F});
    CHECK(spans(R"("days": "Sat-Mon")").days == 0x61);
    CHECK(spans(R"("days": "mon, WED , Fri")").days == 0x15);
    CHECK(spans(R"("days": "Sun")").days == 0x40);
    CHECK(spans(R"("from": "20:00", "to": "00:00")") == lcr::WeekSpan{.days = 0x7F, .from_minute = 1200, .to_minute = 0});
    CHECK(contains(wrong(R"("days": "Mo-Fr")"), "'Mo-Fr' is not days of the week; write e.g. 'Mon-Fri'"));
    CHECK(contains(wrong(R"("days": "")"), "is not days of the week"));
    CHECK(contains(wrong(R"("days": "Mon-")"), "is not days of the week"));
    CHECK(contains(wrong(R"("days": "Mon-Tue-Wed")"), "is not days of the week"));
    for (auto time : {"8", "24:01", "08:60", "8:0", "-1:00", "", "008:00", "08:00:00", "99999999999:00"})
        CHECK_MESSAGE(contains(wrong(fmt::format(R"("to": "{}")", time)), "is no time of day"), time);
    CHECK(contains(wrong(R"("from": "08:00", "to": "08:00")"), "no time passes"));
    CHECK(contains(wrong(R"("from": "24:00", "to": "08:00")"), "no time passes"));
    CHECK(contains(problem(with(R"("time_classes": {"p": []})")), "the list of hours is empty"));
    CHECK(contains(problem(with(R"("time_classes": {" ": [{}]})")), "needs a name"));
}

TEST_CASE("exchange") {
    auto wrong = [](std::string_view text) { return problem(with(fmt::format(R"("exchange": [{}])", text))); };
    CHECK(contains(wrong(R"({"currency": "USD", "rate": 1})"), "key 'since' is missing"));
    CHECK(contains(wrong(R"({"currency": "dollar", "since": "2026-01-01", "rate": 1})"), "c.json:1:42"));
    CHECK(contains(wrong(R"({"currency": "USD", "since": "01.01.2026", "rate": 1})"), "'01.01.2026' is no time"));
    CHECK(contains(wrong(R"({"currency": "USD", "since": "2026-02-30", "rate": 1})"), "is no time"));
    CHECK(contains(wrong(R"({"currency": "USD", "since": "2026-01-01", "rate": 0})"), "above 0"));
    CHECK(contains(wrong(R"({"currency": "USD", "since": "2026-01-01", "rate": -1})"), "c.json:1:"));
    CHECK(contains(wrong(R"({"currency": "USD", "since": "2026-01-01", "rate": "0.1234567891"})"), "more than 9 decimals"));
    CHECK(contains(wrong(R"({"currency": "USD", "since": "2026-01-01", "rate": 1},
                            {"currency": "USD", "since": "2026-01-01T01:00:00+01:00", "rate": 2})"),
                   "'USD' has a rate from then on already"));
    CHECK(contains(wrong(R"({"currency": "EUR", "since": "2026-01-01", "rate": 1})"), "'EUR' is exchanged for itself"));
    CHECK(contains(problem(with(R"("currency": "EURO")")), "c.json:1:28"));
}

TEST_CASE("origins and areas") {
    CHECK(contains(problem(with(R"("origins": {"33": ["33"]})")), "'33' cannot name a group of callers"));
    CHECK(contains(problem(with(R"("origins": {"invalid": ["33"]})")), "'invalid' cannot name a group"));
    CHECK(contains(problem(with(R"("origins": {"eea": []})")), "the list of prefixes is empty"));
    CHECK(contains(problem(with(R"("origins": {"eea": ["3x"]})")), "'3x' is not 1 to 15 digits"));
    CHECK(contains(problem(with(R"("states": {"NY": ["21"]})")), "write e.g. '212' or '212555'"));
    CHECK(contains(problem(with(R"("states": {"NY": ["2125551"]})")), "a code is an NPA or NPA-NXX"));
    CHECK(contains(problem(with(R"("states": {"NY": ["212"], "NJ": ["212"]})")), "'212' is in 'NY' already"));
    // States and LATAs are two ways to part the same codes.
    CHECK(problem(with(R"("states": {"NY": ["212"]}, "latas": {"132": ["212"]})")) == "(no error)");
}

TEST_CASE("guards") {
    CHECK(good(with(R"("guards": {"allow": ["+44", "1"]})")).guards.allow == std::vector<std::string>{"44", "1"});
    for (auto entry : {"", "+", "++44", "44 20", "1234567890123456", "44x"})
        CHECK_MESSAGE(contains(problem(with(fmt::format(R"("guards": {{"deny": ["{}"]}})", entry))), "digits"), entry);
    CHECK(contains(problem(with(R"("guards": {"deny": [900]})")), "expected"));
    CHECK(contains(problem(with(R"("guards": {"emergency_carriers": ["alpha"]})")), "without 'emergency'"));
}

TEST_CASE("re-routing") {
    auto wrong = [](std::string_view key, std::string_view next) {
        return problem(with(fmt::format(R"("reroute": {{"{}": "{}"}})", key, next)));
    };
    for (auto key : {"200", "299", "700", "", "4xx", "Q.850", "Q.850 0", "Q.850 128", "Q850 17", "-404"})
        CHECK_MESSAGE(contains(wrong(key, "stop"), "is no failure of a call"), key);
    CHECK(contains(wrong("404", "retry"), "'retry' is not known; write 'reroute' or 'stop'"));
    CHECK(good(with(R"("reroute": {"q.850 127": "stop"})")).reroute.front().code == 127);
}

TEST_CASE("decks and settings meet by the carriers' names") {
    auto settings = good(with(R"("carriers": {"beta": {"priority": 3}})"));
    std::vector<NamedDecks> decks{{"alpha", {deck_of("44")}}, {"beta", {deck_of("33"), deck_of("331")}}};
    auto carriers = with_settings(decks, settings, "c.json");
    REQUIRE(carriers.has_value());
    REQUIRE(carriers->size() == 2);
    CHECK((*carriers)[0].carrier == lcr::Carrier{.name = "alpha"});
    CHECK((*carriers)[1].carrier == settings.carriers.front());
    CHECK((*carriers)[1].decks.size() == 2);

    decks.pop_back();
    auto missing = with_settings(decks, settings, "c.json");
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().fault == Fault::input);
    CHECK(contains(missing.error().text(), "c.json: carrier 'beta' has no deck; give it one, e.g. 'beta=beta.csv'"));
    decks.push_back({"beat", {}});
    CHECK(contains(with_settings(decks, settings, "c.json").error().text(), "did you mean 'beat'?"));
    CHECK(with_settings({}, {}, "c.json")->empty());
}
