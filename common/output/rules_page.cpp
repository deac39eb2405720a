#include "output/rules_page.h"

#include "base/text.h"
#include "sbc/rule.h"

#include <array>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

namespace trunkbox::output {

namespace {

struct Family {
    char letter;
    std::string_view heading, about;
};

constexpr std::array families{
    Family{'P', "Packets", "Whether there is a message at all, and where it ends."},
    Family{'M', "Messages", "Against the grammar and the duties of RFC 3261 and those that extend it."},
    Family{'L', "Limits", "Sizes and counts; a policy sets its own."},
    Family{'H', "Hops", "Where a message may go on to."},
    Family{'A', "Attacks", "Scanners, floods, hijacked registrations and calls."},
    Family{'F', "Fraud", "Calls that somebody else is to pay for."},
    Family{'I', "Identity", "Who may say who is calling."},
    Family{'T', "Topology", "What a message shows of the inside."},
    Family{'S', "Session descriptions", "Media that are offered and answered."},
    Family{'R', "Media", "RTP and RTCP beside what was agreed."},
};

// Minus signs that can be searched for and copied, and no line that begins like a request.
std::string roff(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == '\\') out += "\\e";
        else if (c == '-') out += "\\-";
        else if (c == '\'') out += "\\(aq";
        else if (c == '^') out += "\\(ha";
        else if (c == '.' && out.empty()) out += "\\&.";
        else out += c;
    }
    return out;
}

std::string sentence(std::string_view phrase) {
    std::string text(phrase);
    if (!text.empty() && is_alpha(text[0]) && text[0] >= 'a') text[0] = static_cast<char>(text[0] - 32);
    return roff(text) + '.';
}

std::string defaults(const sbc::Defaults& usual) {
    if (usual.strict == usual.lenient) return fmt::format("\\fB{}\\fR", roff(sbc::text(usual.strict)));
    return fmt::format("strict \\fB{}\\fR, lenient \\fB{}\\fR", roff(sbc::text(usual.strict)),
                       roff(sbc::text(usual.lenient)));
}

std::string values(const sbc::Parameter& parameter) {
    if (parameter.strict == parameter.lenient) return fmt::format("{}", parameter.strict);
    return fmt::format("strict {}, lenient {}", parameter.strict, parameter.lenient);
}

void print_rule(const sbc::Rule& rule, std::string& out) {
    auto back = std::back_inserter(out);
    fmt::format_to(back, ".TP\n.B {}\n{}\n.br\n", roff(rule.id), sentence(rule.what));
    fmt::format_to(back, "Action: {}{}{}.\n", defaults(rule.usual), rule.cases.empty() ? "" : "; ", roff(rule.cases));
    for (const sbc::Parameter& parameter : rule.parameters)
        fmt::format_to(back, ".br\nParameter \\fI{}\\fR: {} ({}; {} to {}).\n", roff(parameter.name),
                       roff(parameter.what), values(parameter), parameter.least, parameter.most);
    fmt::format_to(back, ".br\nSource: {}.\n.br\nLooks at: {}.  False alarms: {}.\n", roff(rule.source),
                   sbc::name(rule.scope), sbc::name(rule.risk));
}

constexpr std::string_view introduction =
    ".SH DESCRIPTION\n"
    "A rule is one reason not to let a packet pass as it is.\n"
    "Each has an id; a policy, see\n"
    ".BR trunkbox\\-policy (5),\n"
    "says by that id what is to be done where it hits.\n"
    "Its action is one of\n"
    ".BR off ,\n"
    ".B note\n"
    "(said, and nothing follows),\n"
    ".B alert\n"
    "(said, and worth attention),\n"
    ".BR strip \" and \" rewrite\n"
    "(said: what it points at does not go on, or in another form),\n"
    ".B reject\n"
    "with the status of the answer, and\n"
    ".BR drop ,\n"
    "which is no answer.\n"
    "A packet that is no SIP message is\n"
    ".BR non_sip ,\n"
    "one that the capture cut\n"
    ".BR unknown .\n"
    "Responses, ACKs and requests without Via cannot be answered: they are dropped where others are rejected.\n"
    ".SS Which rule decides\n"
    "First those that say whether there is a message; then those that drop; then what is wrong with the start line; then\n"
    "what stands first in the message; at one place the first below.\n"
    "The others are told as findings.\n"
    ".SS What a rule looks at\n"
    "A\n"
    ".BR packet \" or a \" message\n"
    "alone; its\n"
    ".B transport\n"
    "or\n"
    ".BR time ;\n"
    "the\n"
    ".B peer\n"
    "at the far end and the direction, which takes the policy's own addresses; a\n"
    ".B list\n"
    "of the policy; what came before of the same\n"
    ".BR transaction ,\n"
    ".B dialog\n"
    "or source\n"
    ".RB ( rate );\n"
    "or\n"
    ".BR media .\n"
    "One message in a file is judged by the first two kinds.\n";

constexpr std::string_view examples =
    ".SH EXAMPLES\n"
    "One rule on the command line.\n"
    ".PP\n.RS 4\n.nf\n"
    "$ \\fBtrunkbox sbc rules M\\-102 | head \\-3\\fR\n"
    "M\\-102  a version that is not SIP/2.0\n"
    "  strict   reject 505\n"
    "  lenient  reject 505\n"
    ".fi\n.RE\n";

}  // namespace

std::string rules_page() {
    std::string out =
        ".\\\" Generated by 'trunkbox --generate man rules'; do not edit.\n"
        ".TH TRUNKBOX\\-RULES 7 \"\" \"trunkbox\" \"trunkbox manual\"\n.ad l\n"
        ".SH NAME\ntrunkbox\\-rules \\- what an SBC judges packets by\n";
    out += introduction;
    out += ".SH RULES\n";
    for (const Family& family : families) {
        bool begun = false;
        for (const sbc::Rule& rule : sbc::rules()) {
            if (rule.id[0] != family.letter) continue;
            if (!begun) fmt::format_to(std::back_inserter(out), ".SS {} ({})\n{}\n", family.heading, family.letter, family.about);
            begun = true;
            print_rule(rule, out);
        }
    }
    return out + std::string(examples) + ".SH SEE ALSO\n.BR trunkbox\\-sbc (1),\n.BR trunkbox\\-policy (5)\n";
}

}  // namespace trunkbox::output
