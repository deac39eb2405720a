#include "output/directory.h"

#include <doctest/doctest.h>

#include "output/render.h"

using namespace trunkbox;
using namespace trunkbox::centrex;
using numbering::E164;

namespace {

Resolution rings() {
    return {.number = "+33199000001",
            .at = parse_rfc3339("2026-11-22T10:00:00Z").value(),
            .tenant = "acme",
            .outcome = Outcome::ring,
            .legs = {{.user = "alice", .phone = "desk-214", .site = "paris", .uri = "sip:desk-214@192.0.2.14",
                      .after = 1500ms, .ring_for = 20s},
                     {.user = "bob", .phone = "desk-7", .site = "lyon", .uri = "sip:desk-7@192.0.2.7"}},
            .then = {{"no_answer", "voicemail:alice"}, {"busy", "group:sales"}},
            .why = {{"number", "+33199000001 belongs to user 'alice'"}, {"odd", "\"quoted\"\t\\ caf\xc3\xa9 \xff"}},
            .emergency = Emergency{"desk-214", "paris", E164::parse("+33199000999").value(), "1 rue Exemple, \"2e\""}};
}

void check_same(const Resolution& resolution, std::int64_t change) {
    CHECK(output::json_line(resolution, change) == output::to_json(output::record(resolution, change), output::Layout::lines));
}

}  // namespace

TEST_CASE("a resolution's line of JSON is its record's") {
    check_same({}, 0);
    check_same(rings(), 17);
    auto asked = rings();
    asked.from = Caller{.user = {"acme", "alice"}, .phone = Phone{.id = {"acme", "desk-214"}},
                        .shows = E164::parse("+33199000001").value()};
    check_same(asked, -1);
    asked.from = Caller{};
    asked.legs.clear();
    asked.emergency.reset();
    check_same(asked, std::int64_t{1} << 40);
}

TEST_CASE("a resolution's line of JSON is what is documented") {
    auto one = rings();
    one.legs.resize(1);
    one.then.clear();
    one.why.resize(1);
    CHECK(output::json_line(one, 3) ==
          R"({"number":"+33199000001","at":"2026-11-22T10:00:00Z","tenant":"acme","outcome":"ring",)"
          R"("legs":[{"user":"alice","phone":"desk-214","site":"paris","uri":"sip:desk-214@192.0.2.14","after_s":1.5,"for_s":20}],)"
          R"("then":[],"why":[{"step":"number","text":"+33199000001 belongs to user 'alice'"}],)"
          R"("emergency":{"cli":"+33199000999","address":"1 rue Exemple, \"2e\"","site":"paris","phone":"desk-214"},"change":3})");
}
