// The torture messages of RFC 4475 as an edge judges them, strict and lenient, where the corpus is at hand
// (TRUNKBOX_CORPORA/rfc4475/*.dat); without it, messages of the same kinds made here.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "sbc/judge.h"

using namespace trunkbox;
using sbc::Judge;
using sbc::Policy;
using sbc::Verdict;

namespace {

struct Expected {
    std::string_view file, strict, lenient;  // "accept", "accept (M-101)", "400 M-101", "drop M-103"
};

constexpr Expected table[] = {
    {"wsinv", "accept", "accept"},
    {"intmeth", "accept", "accept"},
    {"esc01", "accept", "accept"},
    {"escnull", "accept", "accept"},
    {"esc02", "accept", "accept"},
    {"lwsdisp", "accept", "accept"},
    {"longreq", "accept", "accept"},
    {"dblreq", "accept", "accept"},
    {"semiuri", "accept", "accept"},
    {"transports", "accept", "accept"},
    {"mpart01", "accept", "accept"},
    {"unreason", "accept", "accept"},
    {"noreason", "accept", "accept"},
    {"badinv01", "400 M-117", "400 M-117"},
    {"clerr", "400 P-010", "400 P-010"},
    {"ncl", "400 P-012", "400 P-012"},
    {"scalar02", "400 M-108", "400 M-108"},
    {"scalarlg", "drop M-108", "drop M-108"},
    {"quotbal", "400 M-111", "accept (M-111)"},
    {"ltgtruri", "400 M-104", "accept (M-104)"},
    {"lwsruri", "400 M-101", "accept (M-101)"},
    {"lwsstart", "400 M-101", "accept (M-101)"},
    {"trws", "400 M-101", "accept (M-101)"},
    {"escruri", "400 M-104", "accept (M-104)"},
    {"baddate", "accept", "accept"},
    {"regbadct", "400 M-111", "accept (M-111)"},
    {"badaspec", "400 M-111", "accept (M-111)"},
    {"baddn", "400 M-111", "accept (M-111)"},
    {"badvers", "505 M-102", "505 M-102"},
    {"mismatch01", "400 M-109", "400 M-109"},
    {"mismatch02", "501 M-109", "501 M-109"},
    {"bigcode", "drop M-103", "drop M-103"},
    {"badbranch", "400 M-117", "accept (M-117)"},
    {"insuf", "400 M-106", "400 M-106"},
    {"unkscm", "416 M-105", "416 M-105"},
    {"novelsc", "416 M-105", "416 M-105"},
    {"unksm2", "400 A-414", "accept (A-414)"},
    {"bext01", "420 M-122", "420 M-122"},
    {"invut", "accept", "accept"},
    {"regaut01", "accept", "accept"},
    {"multi01", "400 M-107", "400 M-107"},
    {"mcl01", "400 P-013", "400 P-013"},
    {"bcast", "drop H-305", "drop H-305"},
    {"zeromf", "483 H-301", "accept (H-301)"},
    {"cparam01", "accept", "accept"},
    {"cparam02", "accept", "accept"},
    {"regescrt", "accept", "accept"},
    {"sdp01", "accept", "accept"},
    {"inv2543", "accept", "accept"},
};

std::string told(const Verdict& verdict) {
    if (verdict.action == sbc::Action::accept) return "accept";
    if (verdict.action == sbc::Action::reject) return fmt::format("{} {}", verdict.status, verdict.rule);
    return fmt::format("{} {}", sbc::name(verdict.action), verdict.rule);
}

// "accept (M-101)" asks for the action and for the rule among the findings.
void check(std::string_view name, const Verdict& verdict, std::string_view expected) {
    INFO(name, ": ", verdict.rule, " at ", verdict.offset, ": ", verdict.reason);
    std::size_t note = expected.find(" (");
    CHECK_EQ(told(verdict), std::string(expected.substr(0, note)));
    if (note == std::string_view::npos) return;
    std::string_view rule = expected.substr(note + 2, 5);
    bool noted = std::ranges::any_of(verdict.findings, [&](const sbc::Finding& f) { return f.rule == rule; });
    CHECK_MESSAGE(noted, name, " lacks a note of ", rule);
}

Verdict judged(const Policy& policy, std::string_view bytes) {
    return Judge(policy).judge_message(bytes);
}

void corpus(const std::string& folder) {
    for (const Expected& row : table) {
        std::ifstream file(fmt::format("{}/rfc4475/{}.dat", folder, row.file), std::ios::binary);
        REQUIRE_MESSAGE(file.good(), "cannot open ", row.file, ".dat below ", folder);
        std::string bytes{std::istreambuf_iterator<char>(file), {}};
        check(row.file, judged(Policy::strict(), bytes), row.strict);
        check(row.file, judged(Policy::lenient(), bytes), row.lenient);
        Verdict seen = judged(Policy::observe(), bytes);
        CHECK_MESSAGE(seen.action == sbc::Action::accept, row.file, " is not only observed");
    }
}

// The same kinds of fault, a message each.
void own_messages() {
    auto options = [](std::string_view line, std::string_view headers) {
        return fmt::format(
            "{}\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa1\r\nMax-Forwards: 70\r\nTo: <sip:b@example.com>\r\n"
            "From: <sip:a@example.com>;tag=1\r\nCall-ID: c1\r\nCSeq: 1 OPTIONS\r\n{}Content-Length: 0\r\n\r\n",
            line, headers);
    };
    const std::pair<std::string, Expected> own[] = {
        {options("OPTIONS sip:b@example.com SIP/2.0", ""), {"sound", "accept", "accept"}},
        {options("OPTIONS  sip:b@example.com  SIP/2.0", ""), {"two SP", "400 M-101", "accept (M-101)"}},
        {options("OPTIONS <sip:b@example.com> SIP/2.0", ""), {"brackets", "400 M-104", "accept (M-104)"}},
        {options("OPTIONS sip:b@example.com SIP/7.0", ""), {"version", "505 M-102", "505 M-102"}},
        {options("OPTIONS foo:b SIP/2.0", ""), {"scheme", "416 M-105", "416 M-105"}},
        {options("OPTIONS sip:b@example.com SIP/2.0", "Proxy-Require: magic\r\n"), {"option", "420 M-122", "420 M-122"}},
        {options("OPTIONS sip:b@example.com SIP/2.0", "Call-ID: c2\r\n"), {"twice", "400 M-107", "400 M-107"}},
    };
    for (const auto& [bytes, row] : own) {
        check(row.file, judged(Policy::strict(), bytes), row.strict);
        check(row.file, judged(Policy::lenient(), bytes), row.lenient);
    }
}

}  // namespace

TEST_CASE("torture messages get the action, status and rule that the RFC's text asks for") {
    static_assert(std::size(table) == 49);
    const char* folder = std::getenv("TRUNKBOX_CORPORA");
    if (folder == nullptr) {
        MESSAGE("TRUNKBOX_CORPORA is not set: messages of our own instead of the 49 files");
        own_messages();
        return;
    }
    corpus(folder);
}
