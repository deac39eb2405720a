// Rules that are not asked would have had nothing to say: over sound messages, damaged at random, and policies of many kinds.
#include "sbc/rule_index.h"

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "messages.h"
#include "sbc/catalogue.h"
#include "sbc/settings.h"

using namespace trunkbox;
using namespace trunkbox::sbc;

namespace {

std::string with_sdp() {
    const std::string sdp =
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 20000 RTP/AVP 8 101\r\n"
        "a=rtpmap:101 telephone-event/8000\r\n";
    auto message = test::with(test::invite(), "Content-Length: 0\r\n",
                              "Content-Type: application/sdp\r\nContent-Length: " + std::to_string(sdp.size()) + "\r\n");
    return message + sdp;
}

constexpr auto pieces = std::to_array<std::string_view>(
    {"\r\n", "\n", ":", " ", ";tag=x", "<", ">", "\"", "%41", "--", "' or ", "+", "0", "70", "256", "SIP/2.0", "SIP/3.0", "sips:", "tel:+44",
     "urn:service:sos", "*", "FOO", "INVITE", "REGISTER", "Via: SIP/2.0/TCP 192.0.2.9;branch=z9hG4bKx\r\n", "Max-Forwards: 0\r\n",
     "Max-Forwards: x\r\n", "CSeq: 4294967296 ACK\r\n", "Contact: *\r\n", "Content-Length: 5\r\n", "Subject: <script>\r\n",
     "User-Agent: friendly-scanner\r\n", "Server: sipcli/1\r\n", "Route: <sip:x;lr>,<sip:y;lr>\r\n", "Record-Route: <sip:x>\r\n",
     "SIP/2.0 699 x\r\n", "nm@", "100@", "m=audio 1 RTP/AVP 0\r\n", "Expires: x\r\n", "Proxy-Require: a\r\n"});

void damage(std::mt19937& random, std::string& message) {
    std::size_t at = random() % message.size();
    if (random() % 2 == 0) at = std::min(message.find_first_of("\r\n:;=<>@ ", at), message.size() - 1);
    std::string_view piece = pieces[random() % pieces.size()];
    std::size_t line = message.rfind('\n', at) + 1, end = message.find('\n', at);
    switch (random() % 5) {
        case 0: message[at] = static_cast<char>(random()); break;
        case 1: message.insert(at, piece); break;
        case 2: message.insert(line, piece); break;
        case 3: message.erase(at, 1 + random() % 8); break;
        case 4:
            if (end != std::string::npos) message.insert(line, message.substr(line, end + 1 - line));
            break;
    }
    if (random() % 50 == 0) message.insert(at % (message.size() + 1), std::string(random() % 700, 'x'));
    if (message.empty()) message = "x";
}

std::vector<Policy> policies() {
    Policy narrow = Policy::strict();
    narrow.limits = {.message = 600, .message_alert = 500, .header_line = 60, .header_lines = 10, .record_routes = 1, .uri_user = 12,
                     .call_id = 10, .tag = 2, .branch = 11, .method = 5, .vias = 1, .routes = 1, .body = 100, .sdp = 90, .media_lines = 1};
    Policy listed = Policy::lenient();
    listed.lists.schemes = {"tel", "sip"};
    listed.lists.methods = {"INVITE"};
    Policy closed = Policy::strict();
    closed.lists.schemes = {};
    closed.lists.methods = {"REGISTER"};
    return {Policy::strict(), Policy::lenient(), narrow, listed, closed};
}

// By the kind of message, its headers and whether it has a body, whatever is in them.
bool is_about(const Rule& rule, const Subject& subject) {
    if (rule.has_memory() || rule.scope == Scope::packet || rule.when.direction != Direction::unknown) return false;
    if (rule.when.body && subject.message.body().empty()) return false;
    if (rule.when.of == Messages::requests && !subject.message.is_request()) return false;
    if (rule.when.of == Messages::responses && !subject.message.is_response()) return false;
    return rule.when.headers.empty() || std::ranges::any_of(rule.when.headers, [&](sip::HeaderName name) {
               return subject.message.names().has(name);
           });
}

}  // namespace

TEST_CASE("a rule that a message does not wake has nothing to say of it") {
    std::mt19937 random(7);
    const std::array sound{test::invite(), test::registration(), test::ringing(), with_sdp()};
    std::size_t asleep = 0, hits = 0;
    for (const Policy& policy : policies()) {
        const Settings settings(policy);
        const SettingsRow& row = settings.row(policy, nullptr, Direction::unknown);
        for (int round = 0; round < 4000; ++round) {
            std::string bytes = sound[random() % sound.size()];
            for (auto times = random() % 4; times > 0; --times) damage(random, bytes);
            auto view = sip::MessageView::read(bytes);
            if (view.kind() == sip::MessageView::Kind::not_sip) continue;
            const Reading reading(view);
            const Packet packet{.transport = random() % 2 == 0 ? net::Transport::udp : net::Transport::tcp, .bytes = bytes};
            Subject subject{.message = view, .reading = reading, .packet = packet, .policy = policy, .words = &settings.words()};
            const RuleSet awake = rules_for(subject);
            for (std::size_t at = 0; at < catalogue.size(); ++at) {
                if (!is_about(catalogue[at], subject)) continue;
                subject.setting = &row.settings[at];
                bool silent = catalogue[at].apply(subject).empty();
                asleep += awake.has(at) ? 0U : 1U;
                hits += silent ? 0U : 1U;
                REQUIRE_MESSAGE((silent || awake.has(at)), catalogue[at].id, " has something to say of:\n", bytes);
            }
        }
    }
    CHECK(asleep > 100'000);
    CHECK(hits > 10'000);
}
