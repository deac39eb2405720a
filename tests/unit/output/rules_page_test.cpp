#include "output/rules_page.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/text.h"
#include "sbc/rule.h"

using namespace trunkbox;

TEST_CASE("the page of the rules has every rule once, with what it does and its parameters") {
    std::string page = output::rules_page();
    auto count = [&](std::string_view text) {
        std::size_t times = 0;
        for (std::size_t at = page.find(text); at != std::string::npos; at = page.find(text, at + 1)) ++times;
        return times;
    };
    for (const sbc::Rule& rule : sbc::rules()) {
        std::string id(rule.id);
        CAPTURE(id);
        CHECK(count(fmt::format(".B {}\\-{}\n", id.substr(0, 1), id.substr(2))) == 1);
        for (const sbc::Parameter& parameter : rule.parameters)
            CHECK(count(fmt::format("Parameter \\fI{}\\fR", parameter.name)) >= 1);
    }
    CHECK(count(".TP\n") == sbc::rules().size());
}

TEST_CASE("no text of a rule can be taken for a request of roff") {
    const std::string page = output::rules_page();
    for (std::string_view line : split(page, '\n')) {
        INFO(line);
        CHECK_FALSE(line.starts_with('\''));
        bool request = line.starts_with('.');
        if (request) CHECK((is_alpha(line[1]) || line[1] == '\\'));
    }
}
