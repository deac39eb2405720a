// Law 7: over a network with loss, delay, repetition and reordering, every transaction ends, both sides agree
// on how, nothing is delivered twice and nothing is left behind. A failure prints the seed of its story.
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "support/simulated_call.h"
#include "support/simulated_network.h"

namespace {

using namespace trunkbox;
using namespace trunkbox::test;
using Layer = sip::TransactionLayer;

const net::Endpoint client_at{net::Ip::v4(0xc0000201), 5060};  // 192.0.2.1
const net::Endpoint server_at{net::Ip::v4(0xc0000202), 5060};

Weather weather_of(std::uint64_t seed) {
    switch (seed % 4) {
        case 0: return {};
        case 1: return {.repeat = 0.3};
        case 2: return {.loss = 0.2, .repeat = 0.1};
        default: return {.loss = 0.5, .repeat = 0.2};
    }
}

// What one side knows of one request, by Call-ID.
struct Story {
    int delivered = 0;  // server: how often the request came up
    int status = 0;     // the final one
    int finals = 0;     // client: 2xx of an INVITE counted once
    int failures = 0;   // client: Failed
    bool cancelled = false;
    bool no_ack = false;
    bool acked = false;  // server: ACK of the 2xx
};
using Stories = std::map<std::string, Story>;

std::string call_id(const sip::MessageView& message) {
    return std::string(message.value(sip::HeaderName::call_id));
}

class Client : public User {
  public:
    Client(Dice& dice, Time start, int requests) {
        for (int i = 0; i < requests; ++i)
            agenda_.at(start + dice.between(0s, 20s), [this, i, &dice](Time now) { send(now, i, dice); });
    }
    void hear(Time now, Station& station, const Layer::Output& output) override {
        station_ = &station;
        if (const auto* response = std::get_if<Layer::Response>(&output)) hear_response(now, *response);
        if (const auto* failed = std::get_if<Layer::Failed>(&output))
            ++stories[sent_.at(failed->id)].failures;
    }
    void tick(Time now, Station& station) override {
        station_ = &station;
        agenda_.run(now);
    }
    [[nodiscard]] std::optional<Time> deadline() const override { return agenda_.next(); }

    Stories stories;

  private:
    void send(Time now, int number, Dice& dice) {
        bool invite = dice.happens(0.6);
        sip::Message request;
        request.method = invite ? "INVITE" : "MESSAGE";
        request.uri = "sip:b@192.0.2.2";
        auto name = fmt::format("{}@192.0.2.1", number);
        for (auto [header, value] : {std::pair{"From", std::string("<sip:a@192.0.2.1>;tag=us")},
                                     {"To", std::string("<sip:b@192.0.2.2>")},
                                     {"Call-ID", name},
                                     {"CSeq", "1 " + request.method}})
            request.add(header, value);
        auto id = station_->layer.request(now, request, server_at, station_->out);
        sent_[id] = name;
        stories[name];
        if (!invite || !dice.happens(0.4)) return;
        agenda_.at(now + dice.between(0s, 60s), [this, id, name](Time then) {
            if (stories[name].finals + stories[name].failures > 0) return;
            stories[name].cancelled = true;
            station_->layer.cancel(then, id, station_->out);
        });
    }
    void hear_response(Time, const Layer::Response& response) {
        int status = response.message->status();
        if (status < 200) return;
        bool answered_invite =
            status < 300 && response.message->value(sip::HeaderName::cseq).ends_with("INVITE");
        auto& story = stories[call_id(*response.message)];
        if (answered_invite) {
            sip::Message ack;
            ack.method = "ACK";
            ack.uri = "sip:b@192.0.2.2";
            for (auto name : {sip::HeaderName::from, sip::HeaderName::to, sip::HeaderName::call_id})
                ack.add(sip::spelling(name), response.message->value(name));
            ack.add("CSeq", "1 ACK");
            station_->layer.send_ack(ack, server_at, station_->out);
        }
        if (response.id == 0 || (answered_invite && story.status == status)) return;  // a repeat
        ++story.finals;
        story.status = status;
    }

    Agenda agenda_;
    Station* station_ = nullptr;
    std::map<sip::TransactionId, std::string> sent_;
};

class Server : public User {
  public:
    explicit Server(Dice& dice) : dice_(dice) {}
    void hear(Time now, Station& station, const Layer::Output& output) override {
        station_ = &station;
        if (const auto* request = std::get_if<Layer::Request>(&output)) hear_request(now, *request);
        if (const auto* cancelled = std::get_if<Layer::Cancelled>(&output)) {
            auto& open = open_.at(cancelled->invite);
            stories[open.name].cancelled = true;
            answer(now, cancelled->invite, 487);
        }
        if (const auto* lost = std::get_if<Layer::NoAck>(&output))
            stories[open_.at(lost->invite).name].no_ack = true;
    }
    void tick(Time now, Station& station) override {
        station_ = &station;
        agenda_.run(now);
    }
    [[nodiscard]] std::optional<Time> deadline() const override { return agenda_.next(); }

    Stories stories;

  private:
    struct Open {
        std::string name;
        std::string request;
    };

    void hear_request(Time now, const Layer::Request& request) {
        auto& story = stories[call_id(*request.message)];
        if (request.message->method() == "ACK") {
            story.acked = true;
            return;
        }
        ++story.delivered;
        auto id = request.id;
        open_[id] = {call_id(*request.message), std::string(request.message->bytes())};
        bool invite = request.message->method() == "INVITE";
        if (invite && dice_.happens(0.5))
            agenda_.at(now + dice_.between(0s, 2s), [this, id](Time then) { respond(then, id, 180); });
        constexpr int statuses[] = {200, 200, 302, 404, 486, 503, 603};
        int status = statuses[dice_.up_to(6)];
        agenda_.at(now + dice_.between(0s, invite ? 90s : 5s),
                   [this, id, status](Time then) { answer(then, id, status); });
    }
    bool respond(Time now, sip::TransactionId id, int status) {
        auto response = sip::Message::response_to(sip::MessageView::read(open_.at(id).request), status);
        response.set("To", "<sip:b@192.0.2.2>;tag=them");
        return station_->layer.respond(now, id, response, station_->out);
    }
    void answer(Time now, sip::TransactionId id, int status) {
        auto& story = stories[open_.at(id).name];
        if (story.status != 0) return;
        story.status = status;
        respond(now, id, status);
        bool invite = open_.at(id).request.starts_with("INVITE");
        if (invite && status == 200) repeat(now, id, 500ms, now + 32s);
    }
    // Section 13.3.1.4: the 2xx is its user's to repeat.
    void repeat(Time now, sip::TransactionId id, Duration interval, Time until) {
        agenda_.at(now + interval, [this, id, interval, until](Time then) {
            if (stories[open_.at(id).name].acked || then >= until) return;
            respond(then, id, 200);
            repeat(then, id, std::min<Duration>(2 * interval, 4s), until);
        });
    }

    Dice& dice_;
    Agenda agenda_;
    Station* station_ = nullptr;
    std::map<sip::TransactionId, Open> open_;
};

}  // namespace

TEST_CASE("law 7: every transaction ends, both sides agree, nothing is delivered twice or left behind") {
    std::size_t answered = 0, failed = 0, cancelled = 0;
    for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
        CAPTURE(seed);
        Dice dice(seed);
        auto weather = weather_of(seed);
        SimulatedNetwork network(weather, dice);
        Client client(dice, network.now(), 6);
        Server server(dice);
        network.add(client_at, client);
        network.add(server_at, server);
        REQUIRE(network.run());
        REQUIRE(network.live() == 0);
        REQUIRE(client.stories.size() == 6);
        for (const auto& story : client.stories) {
            const auto& name = story.first;
            const auto& ours = story.second;
            CAPTURE(name);
            const auto& theirs = server.stories[name];
            REQUIRE(ours.finals + ours.failures == 1);
            REQUIRE(theirs.delivered <= 1);
            if (ours.finals == 1) REQUIRE(ours.status == theirs.status);
            if (theirs.cancelled) REQUIRE(ours.cancelled);
            if (theirs.no_ack) REQUIRE(weather.loss > 0);
            if (weather.loss == 0) {
                REQUIRE(ours.failures == 0);
                REQUIRE(theirs.delivered == 1);
            }
            answered += ours.finals == 1;
            failed += ours.failures == 1;
            cancelled += theirs.cancelled;
        }
    }
    // The weather was neither so fair nor so foul that one of the ways was never gone.
    CHECK(answered > 9'000);
    CHECK(failed > 10);
    CHECK(cancelled > 500);
}

namespace {

struct Call {
    Caller caller;
    Called called;
    bool quiet = false;
    std::size_t left = 0;

    Call(std::uint64_t seed, const Weather& weather, Dice dice)
        : caller(dice, "sip:b@192.0.2.2"), called(dice) {
        SimulatedNetwork network(weather, dice);
        auto& here = network.add(client_at, caller);
        network.add(server_at, called);
        caller.dial(here, server_at, network.now(), fmt::format("{}@192.0.2.1", seed));
        quiet = network.run();
        left = network.live();
    }
};

// What both outcomes must say of one call whatever the network did to it.
void check_agreement(const sip::call::Outcome& ours, const sip::call::Outcome& theirs) {
    using sip::call::End;
    if (ours.answered) REQUIRE(theirs.answered);
    if (ours.end == End::refused) {
        REQUIRE_FALSE(theirs.answered);
        REQUIRE(ours.status == theirs.status);
    }
    if (theirs.end == End::cancelled) {
        REQUIRE_FALSE(ours.answered);
        REQUIRE((ours.end == End::cancelled || ours.end == End::unanswered));
    }
}

// And where every message arrives sooner or later.
void check_fair(const sip::call::Outcome& ours, const sip::call::Outcome& theirs) {
    using sip::call::End;
    REQUIRE(ours.end != End::timeout);
    REQUIRE(theirs.end != End::no_ack);
    REQUIRE((ours.bye_answered && theirs.bye_answered));
    // The answer may cross our CANCEL; then the called party was hung up on.
    if (theirs.answered && !ours.answered)
        REQUIRE((ours.end == End::cancelled || ours.end == End::unanswered));
    if (ours.answered) {
        REQUIRE(ours.end == End::completed);
        REQUIRE(theirs.end == End::completed);
        bool one = ours.hung_up_by != theirs.hung_up_by;
        bool both = ours.hung_up_by == sip::call::Party::us;
        REQUIRE((one || both));
    }
}

}  // namespace

TEST_CASE("law 7: caller and called party always end, agree on the outcome and leak no transaction") {
    std::size_t completed = 0, refused = 0, cancelled = 0, crossed = 0, no_ack = 0;
    for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
        CAPTURE(seed);
        auto weather = weather_of(seed);
        Call call(seed, weather, Dice(seed));
        REQUIRE(call.quiet);
        REQUIRE(call.left == 0);
        REQUIRE_FALSE(call.caller.outcomes.empty());
        REQUIRE(call.called.outcomes.size() == call.called.invitations);
        REQUIRE(call.called.invitations <= 1);
        if (call.called.invitations == 0) {
            REQUIRE(weather.loss > 0);
            continue;
        }
        const auto& ours = call.caller.outcomes[0];
        const auto& theirs = call.called.outcomes[0];
        // Only an answer that comes when the caller has given up already is told after the end.
        REQUIRE(call.caller.outcomes.size() == 1);
        check_agreement(ours, theirs);
        if (weather.loss == 0) check_fair(ours, theirs);
        completed += ours.answered;
        refused += ours.end == sip::call::End::refused;
        cancelled += theirs.end == sip::call::End::cancelled;
        crossed += theirs.answered && !ours.answered;
        no_ack += theirs.end == sip::call::End::no_ack;
    }
    CHECK(completed > 1'000);
    CHECK(refused > 300);
    CHECK(cancelled > 200);
    CHECK(crossed > 0);
    CHECK(no_ack > 0);
}
