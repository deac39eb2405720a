#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <random>

#include "net/dissector.h"
#include "sbc/state.h"
#include "unit/sbc/script.h"

using namespace trunkbox;
using namespace trunkbox::sbc;
using namespace trunkbox::sbc::test;

namespace {

Time at(double seconds) { return Time(1'700'000'000s) + from_seconds(seconds); }

struct Thing : StateLinks {
    int value = 0;
};

}  // namespace

TEST_CASE("a table forgets what was touched longest ago, list by list, and counts it") {
    StateTable<Thing, 2> table(4);
    for (std::uint64_t key = 1; key <= 4; ++key) table.insert(key, at(static_cast<double>(key))).value = static_cast<int>(key);
    CHECK(table.size() == 4);
    table.touch(*table.find(1), at(20));
    table.move(*table.find(2), 1, at(21));
    table.insert(5, at(30));
    CHECK(table.find(3) == nullptr);
    table.insert(6, at(31), [](const Thing& gone) { return gone.value != 4; });
    CHECK(table.find(4) == nullptr);
    CHECK(table.evicted() == 1);
    table.insert(7, at(32));
    table.insert(8, at(33));
    table.insert(9, at(34));
    // The second list gives way when the first is empty.
    CHECK(table.find(2)->value == 2);
    CHECK(table.size() == 4);
    CHECK(table.find(1) == nullptr);
    // What was there before is not found in what took its place.
    CHECK(table.find(9)->value == 0);
    for (std::uint64_t key : {7U, 8U, 9U}) table.erase(*table.find(key));
    CHECK(table.size() == 1);
    CHECK(table.oldest(0) == nullptr);
    CHECK(table.oldest(1)->key == 2);
    int asked = 0;
    table.expire(1, [&](const Thing&) { return ++asked > 0; });
    CHECK(table.size() == 0);
    CHECK(asked == 1);
    CHECK(table.find(2) == nullptr);
}

TEST_CASE("a table is what a map with a queue would be") {
    constexpr std::size_t capacity = 100;
    StateTable<Thing> table(capacity);
    std::map<std::uint64_t, std::pair<double, int>> expected;  // when touched, value
    std::mt19937_64 random(20231114);
    for (int step = 0; step < 20'000; ++step) {
        // Few places in the table for many keys, so that they meet.
        std::uint64_t key = (random() % 300) << 40U | (random() % 2);
        double now = step * 10.0;
        if (Thing* known = table.find(key)) {
            REQUIRE(expected.contains(key));
            CHECK(known->value == expected[key].second);
            if (random() % 3 == 0) {
                table.erase(*known);
                expected.erase(key);
            } else {
                table.touch(*known, at(now));
                expected[key].first = now;
            }
            continue;
        }
        REQUIRE_FALSE(expected.contains(key));
        if (expected.size() == capacity) {
            auto oldest = expected.begin();
            for (auto entry = expected.begin(); entry != expected.end(); ++entry)
                if (entry->second.first < oldest->second.first) oldest = entry;
            expected.erase(oldest);
        }
        table.insert(key, at(now)).value = step;
        expected[key] = {now, step};
        CHECK(table.size() == expected.size());
    }
    CHECK(table.evicted() > 1000);
}

TEST_CASE("a sliding count holds all of seven eighths of its window and nothing older than it") {
    SlidingCount count;
    CHECK(count.count(at(0), 8s) == 0);
    for (int i = 0; i < 5; ++i) CHECK(count.add(at(i * 0.1), 8s) == static_cast<std::uint32_t>(i + 1));
    CHECK(count.count(at(6.9), 8s) == 5);
    CHECK(count.count(at(8), 8s) == 0);
    CHECK(count.add(at(8), 8s) == 1);
    CHECK(count.add(at(100), 8s) == 1);
    for (int i = 0; i < 70'000; ++i) count.add(at(100), 8s);
    CHECK(count.count(at(100), 8s) == 65'535);
    std::mt19937 random(7);
    SlidingCount any;
    std::vector<double> times;
    double now = 0;
    for (int i = 0; i < 5'000; ++i) {
        now += static_cast<double>(random() % 1000) / 500;
        times.push_back(now);
        auto seen = any.add(at(now), 8s);
        auto within = [&](double window) { return static_cast<std::uint32_t>(std::ranges::count_if(times, [&](double t) { return now - t < window; })); };
        CHECK(seen <= within(8));
        CHECK(seen >= within(7));
    }
}

TEST_CASE("different values are counted once, and no longer than they are new") {
    DifferentLately<4> lately;
    CHECK(lately.add(1, at(0), 10s) == 1);
    CHECK(lately.add(1, at(1), 10s) == 1);
    CHECK(lately.add(2, at(2), 10s) == 2);
    CHECK(lately.add(0, at(3), 10s) == 3);
    CHECK(lately.add(3, at(4), 10s) == 4);
    CHECK(lately.add(4, at(5), 10s) == 4);
    lately.remove(4);
    CHECK(lately.add(2, at(6), 10s) == 3);
    CHECK(lately.add(9, at(30), 10s) == 1);
}

TEST_CASE("a hash depends on its key, on every byte and on the length; folded not on the case of letters") {
    KeyedHash hash{HashKey{}}, other{HashKey{1, 2}};
    std::string text = "2f1c9d0e-77aa@pbx.example.com;0123456789";
    for (std::size_t size = 0; size <= text.size(); ++size) {
        std::string part = text.substr(0, size);
        CHECK(hash(part) == hash(std::string(part)));
        CHECK(hash(part) != other(part));
        CHECK(hash(part) != hash(part + '\0'));
        for (std::size_t i = 0; i < size; ++i) {
            std::string changed = part;
            changed[i] = static_cast<char>(changed[i] ^ 1);
            CHECK(hash(changed) != hash(part));
        }
    }
    CHECK(hash.folded("PBX.Example.com") == hash.folded("pbx.eXAMPLE.COM"));
    CHECK(hash.folded("pbx.example.com") != hash.folded("pbx.example.org"));
    CHECK(hash(*net::Ip::parse("192.0.2.1")) != hash(*net::Ip::parse("192.0.2.2")));
    CHECK(hash(*net::Ip::parse("::1")) != hash(*net::Ip::parse("::2")));
    for (std::string_view literal : {"192.0.2.1", "0.0.0.0", "255.255.255.255", "2001:db8::1", "[2001:db8::1]"})
        CHECK(literal_address(literal) == *net::Ip::parse(literal));
    for (std::string_view none : {"", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.256", "1..2.3", "1.2.3.", "0001.2.3.4", "a.b.c.d", "1.2.3.4a"})
        CHECK_FALSE(literal_address(none).has_value());
}

TEST_CASE("all tables but that of dialogs stay below 64 MB, a dialog with its transactions below 1 kB") {
    CHECK(Memory::most_bytes() - 40'960 * StateTable<Dialog, 3>::bytes_each <= 64U << 20U);
    CHECK(sizeof(Dialog) + 2 * sizeof(Transaction) < 1000);
}

namespace {

// An INVITE of one source whose Call-ID, tag, branch, account and port are new each time.
class Hostile {
  public:
    const std::string& next() {
        for (std::size_t place : {bytes_.find("Call-ID: ") + 9, bytes_.find(";tag=") + 5, bytes_.find("z9hG4bK") + 7, bytes_.find("<sip:+") + 6})
            for (int digit = 0, left = number_; digit < 7; ++digit, left /= 10)
                bytes_[place + static_cast<std::size_t>(digit)] = static_cast<char>('0' + left % 10);
        ++number_;
        return bytes_;
    }
    [[nodiscard]] net::Endpoint source() const { return host(1, static_cast<std::uint16_t>(number_)); }
    [[nodiscard]] double time() const { return 10 + number_ * 0.00001; }

  private:
    int number_ = 0;
    std::string bytes_ = with(with(with(Call().request("INVITE", 1), "call1@", "0000000@"), ";tag=a1", ";tag=0000000"), "z9hG4bKINVITE1",
                              "z9hG4bK0000000");
};

}  // namespace

TEST_CASE("a source that begins more calls than there is room for drives out no call that stands") {
    Policy policy;
    // Without the rules that would stop it at the seventeenth.
    for (std::string_view rule : {"A-405", "A-403", "A-406", "F-502", "F-504"}) REQUIRE(policy.set(rule, "off"));
    Script script(policy);
    Call call;
    CHECK(connect(script, call));
    Hostile hostile;
    for (int n = 0; n < 50'000; ++n) {
        const std::string& bytes = hostile.next();
        script.at(hostile.time(), hostile.source(), edge, bytes);
    }
    CHECK(script.memory().counts().evicted > 10'000);
    CHECK(said(script.at(30, phone, edge, call.request("BYE", 2))) == "accept");
    // An INVITE that may have been forgotten is no crime.
    Call lost;
    lost.id = "lost@192.0.2.1";
    Verdict verdict = script.at(60, phone, edge, lost.request("BYE", 2));
    CHECK(said(verdict) == "accept (note A-421)");
    CHECK(verdict.findings[0].reason.find("want of room") != std::string::npos);
}

TEST_CASE("a million Call-IDs, tags, branches, accounts and ports of one source take no more room than there is") {
    Hostile hostile;
    const std::string& bytes = hostile.next();
    auto view = sip::MessageView::read(bytes);
    Reading reading(view);  // what it points at changes in its place
    Policy policy;
    Settings settings(policy);
    Memory memory;
    std::size_t after_some = 0;
    for (int n = 0; n < 1'000'000; ++n) {
        Packet packet{.time = at(hostile.time()), .from = hostile.source(), .to = edge, .bytes = bytes};
        Subject subject{.message = view, .reading = reading, .packet = packet, .policy = policy, .memory = &memory,
                        .settings = &settings.row(policy, nullptr, Direction::unknown)};
        memory.see(subject);
        memory.learn(subject, {});
        hostile.next();
        if (n == 200'000) after_some = memory.bytes();
    }
    CHECK(memory.counts().evicted > 1'000'000);
    CHECK(memory.bytes() == after_some);
    CHECK(memory.bytes() <= Memory::most_bytes());
}

TEST_CASE("the same script twice gives the same verdicts, and another key no others") {
    auto play = [](std::uint32_t seed, HashKey key = {}) {
        std::mt19937 random(seed);
        Script script(Policy::strict(), key);
        std::vector<Verdict> verdicts;
        double now = 0;
        for (int n = 0; n < 4'000; ++n) {
            Call call;
            auto who = random() % 40;
            call.id = fmt::format("c{}@192.0.2.1", random() % 60);
            call.tag = fmt::format("a{}", random() % 2);
            call.caller = fmt::format("sip:u{}@example.com", random() % 9);
            int cseq = static_cast<int>(random() % 4) + 1;
            std::string_view method = std::array{"INVITE", "ACK", "BYE", "CANCEL", "REGISTER", "UPDATE", "OPTIONS"}[random() % 7];
            now += static_cast<double>(random() % 1000) / 4000 - 0.02;
            const net::Endpoint from = host(static_cast<std::uint32_t>(who));
            switch (random() % 4) {
                case 0: verdicts.push_back(script.at(now, edge, from, call.response(std::array{180, 200, 401, 403, 486}[random() % 5], method, cseq))); break;
                case 1: verdicts.push_back(script.at(now, from, edge, call.request(method, cseq, {.sdp = sdp(cseq)}))); break;
                case 2: verdicts.push_back(script.at(now, edge, from, call.request_back(method, cseq))); break;
                default: verdicts.push_back(script.at(now, from, edge, call.first(method, cseq))); break;
            }
        }
        return verdicts;
    };
    auto first = play(1);
    CHECK(first == play(1));
    CHECK(first == play(1, {0x0123456789abcdefULL, 0xfedcba9876543211ULL}));
    CHECK_FALSE(first == play(2));
    std::map<std::string_view, int> rules;
    for (const Verdict& verdict : first) ++rules[verdict.rule];
    CHECK(rules.size() >= 5);
}

TEST_CASE("cut at every byte, a message of a call that is known gets a verdict") {
    std::string sound = Call().request("INVITE", 2, {.headers = "Replaces: call1@192.0.2.1;to-tag=b1;from-tag=a1\r\n"
                                                                "Authorization: Digest username=\"a\", nonce=\"b\\\"c\", nc=1\r\n",
                                                     .sdp = sdp(2)});
    Script script;
    connect(script, Call());
    for (std::size_t i = 0; i <= sound.size(); ++i) {
        Verdict verdict = script.at(10 + static_cast<double>(i), phone, edge, std::string_view(sound).substr(0, i));
        CHECK(verdict.offset <= i);
    }
    for (std::size_t i = 0; i < sound.size(); ++i)
        for (char c : {'\0', '\n', '"', ';', '9'}) {
            std::string broken = sound;
            broken[i] = c;
            CHECK(script.at(10'000 + static_cast<double>(i), phone, edge, broken).offset <= broken.size());
        }
}

namespace {

// What is judged of a capture in the classic format, and the failures that went before the first that was stopped.
struct Judged final : net::DatagramSink {
    explicit Judged(Policy policy) : judge(std::move(policy)) {}

    void datagram(const net::Datagram& datagram) override {
        auto view = sip::MessageView::read(datagram.bytes);
        Verdict verdict = judge.judge(datagram, view);
        if (verdict.action == Action::accept && view.is_response() && view.status() >= 400 && first.empty()) ++failures;
        if (first.empty() && verdict.action == Action::drop) first = verdict.rule;
        auto count = [&](std::string_view rule, Effect effect) {
            const Rule* row = find_rule(rule);
            if (row != nullptr && row->has_memory() && effect >= Effect::alert) ++stateful[std::string(rule)];
        };
        count(verdict.rule, Effect::drop);
        for (const Finding& finding : verdict.findings) count(finding.rule, finding.outcome.effect);
    }
    void settled(const net::Settled&) override {}

    Judge judge;
    int failures = 0;
    std::string first{};
    std::map<std::string, int> stateful{};
};

void play(const std::string& file, Judged& judged) {
    std::ifstream stream(file, std::ios::binary);
    REQUIRE_MESSAGE(stream.good(), file);
    std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    auto number = [&](std::size_t offset) {
        std::uint32_t value = 0;
        std::memcpy(&value, bytes.data() + offset, sizeof value);
        return value;
    };
    REQUIRE(bytes.size() > 24);
    Duration fraction = number(0) == 0xa1b23c4d ? Duration(1ns) : Duration(1us);
    net::Dissector dissector(judged);
    std::uint64_t frame = 0;
    for (std::size_t offset = 24; offset + 16 <= bytes.size();) {
        std::uint32_t size = number(offset + 8);
        dissector.feed({.number = ++frame,
                        .time = Time(std::chrono::seconds(number(offset)) + fraction * number(offset + 4)),
                        .link_type = static_cast<int>(number(20)),
                        .bytes = std::string_view(bytes).substr(offset + 16, size),
                        .original_length = number(offset + 12)});
        offset += 16 + size;
    }
    dissector.finish();
}

}  // namespace

TEST_CASE("a real brute force is found within ten failures; real calls raise nothing") {
    const char* corpora = std::getenv("TRUNKBOX_CORPORA");
    if (corpora == nullptr) {
        MESSAGE("TRUNKBOX_CORPORA is not set: no real captures");
        return;
    }
    std::string captures = std::string(corpora) + "/captures/";
    Judged attack(Policy::strict());
    play(captures + "initconf_sip-attacks/SIP-Bruteforce-Single-IP.pcap", attack);
    CHECK(attack.first == "A-404");
    CHECK(attack.failures <= 10);
    CHECK(attack.stateful["A-411"] > 500);
    for (std::string_view name : {"SIPp_sipp/pcap_g711a.pcap", "irontec_sngrep/tests_aaa.pcap", "irontec_sngrep/tests_ipip.pcap",
                                  "irontec_sngrep/tests_ipv6frag.pcap"})
        for (const Policy& policy : {Policy::strict(), Policy::lenient(), Policy::observe()}) {
            Judged judged(policy);
            play(captures + std::string(name), judged);
            for (const auto& [rule, times] : judged.stateful) FAIL_CHECK(name, ": ", rule, " ", times);
        }
}
