#include "media/offer_answer.h"

#include "support.h"
#include <doctest/doctest.h>

using namespace trunkbox;
using namespace trunkbox::media;
using testing::endpoint;

namespace {

const Format g729{.payload_type = 18, .codec = {.name = "G729"}};
const Format opus{.payload_type = 101, .codec = {.name = "opus", .clock_rate = 48000, .channels = 2}};
// As it stands in m= with neither a=rtpmap nor a=fmtp.
constexpr Format bare(std::uint8_t payload_type) {
    return {.payload_type = payload_type, .codec = {}};
}
Format events(std::uint8_t payload_type, std::string fmtp = "0-15", std::uint32_t clock_rate = 8000) {
    return {.payload_type = payload_type,
            .codec = {.name = "telephone-event", .clock_rate = clock_rate, .fmtp = std::move(fmtp)}};
}

const auto theirs = endpoint(2, 40000);
const auto ours = endpoint(1, 30000);

Session offer_with(std::vector<Format> formats, Direction direction = Direction::sendrecv) {
    Session session{.origin = {.session_id = 77, .version = 3, .address = Address::of(theirs.ip)},
                    .connection = Address::of(theirs.ip)};
    session.streams.push_back({.port = theirs.port, .formats = std::move(formats), .direction = direction});
    return session;
}

Result<Answer> answer_to(const Session& offer, const Capabilities& capabilities = {}) {
    return answer(offer, capabilities, ours, 5, 1);
}

}  // namespace

TEST_CASE("our offer has the capabilities in order") {
    const Session offer = make_offer({}, ours, 5, 1);
    CHECK(offer.origin.session_id == 5);
    CHECK(offer.origin.version == 1);
    CHECK(offer.origin.address.text == "192.0.2.1");
    REQUIRE(offer.streams.size() == 1);
    const Stream& stream = offer.streams[0];
    CHECK(stream.port == 30000);
    CHECK(stream.protocol == "RTP/AVP");
    REQUIRE(stream.formats.size() == 3);
    CHECK(stream.formats[0].payload_type == 8);
    CHECK(stream.formats[1].payload_type == 0);
    CHECK(stream.formats[2].codec.fmtp == "0-15");
    CHECK(stream.ptime == 20ms);
    CHECK(rtp_endpoint(offer, stream)->text() == "192.0.2.1:30000");
}

TEST_CASE("both sides of one negotiation agree") {
    const Session offer = make_offer({}, theirs, 5, 1);
    const auto answered = answer(offer, {}, ours, 9, 1);
    REQUIRE(answered);
    const auto accepted = accept(offer, answered->session);
    REQUIRE(accepted);
    CHECK(answered->negotiated.remote == theirs);
    CHECK(accepted->remote == ours);
    CHECK(accepted->codec == answered->negotiated.codec);
    CHECK(accepted->payload_type_send == answered->negotiated.payload_type_receive);
    CHECK(accepted->event_send == std::optional<std::uint8_t>(101));
    CHECK(answered->negotiated.event_send == std::optional<std::uint8_t>(101));
    CHECK(accepted->events == EventSet(0xffff));
    CHECK(accepted->direction == Direction::sendrecv);
}

TEST_CASE("the answer takes the offerer's order, or ours where we say so") {
    const Session offer = offer_with({g729, bare(0), bare(8)});
    const auto followed = answer_to(offer);
    REQUIRE(followed);
    CHECK(followed->negotiated.codec.name == "PCMU");
    REQUIRE(followed->session.streams[0].formats.size() == 2);
    CHECK(followed->session.streams[0].formats[0].payload_type == 0);
    CHECK(followed->session.streams[0].formats[1].payload_type == 8);
    CHECK(followed->negotiated.receivable == followed->session.streams[0].formats);
    CHECK(!followed->negotiated.event_send);

    const auto insisted = answer_to(offer, {.preference = Preference::ours});
    REQUIRE(insisted);
    CHECK(insisted->negotiated.codec.name == "PCMA");
    CHECK(insisted->negotiated.payload_type_send == 8);
    CHECK(insisted->session.streams[0].formats[0].payload_type == 8);
}

TEST_CASE("telephone-event keeps the payload type that was offered") {
    // 101 is taken by another codec here, as it may be.
    const auto answered = answer_to(offer_with({opus, bare(8), events(96, "0-11")}));
    REQUIRE(answered);
    CHECK(answered->negotiated.event_send == std::optional<std::uint8_t>(96));
    CHECK(answered->negotiated.event_receive == std::optional<std::uint8_t>(96));
    CHECK(answered->negotiated.events == EventSet(0xfff));
    const auto& formats = answered->session.streams[0].formats;
    REQUIRE(formats.size() == 2);
    CHECK(formats[1].payload_type == 96);
    CHECK(formats[1].codec.fmtp == "0-15");  // what we can take, whatever they can
}

TEST_CASE("telephone-event at the clock rate of the audio is the one that counts") {
    const auto answered = answer_to(offer_with({bare(8), events(110, "0-15", 48000), events(101)}));
    REQUIRE(answered);
    CHECK(answered->negotiated.event_send == std::optional<std::uint8_t>(101));
    CHECK(!answer_to(offer_with({bare(8), events(110, "0-15", 48000)}))->negotiated.event_send);
}

TEST_CASE("a dynamic payload type for G.711 is taken over") {
    const auto answered = answer_to(offer_with({{.payload_type = 97, .codec = {.name = "pcma"}}}));
    REQUIRE(answered);
    CHECK(answered->negotiated.payload_type_send == 97);
    CHECK(answered->session.streams[0].formats[0].payload_type == 97);
}

TEST_CASE("streams are answered one for one, all but one refused") {
    Session offer = offer_with({bare(8)});
    offer.streams.insert(offer.streams.begin(),
                         {.type = "video", .port = 5000, .formats = {bare(31), bare(34)}});
    offer.streams.insert(offer.streams.begin(), {.type = "audio", .port = 0, .formats = {bare(8)}});
    offer.streams.push_back({.type = "audio", .port = 5002, .formats = {bare(0)}});
    offer.streams.push_back({.type = "image", .port = 5004, .protocol = "udptl", .raw_formats = {"t38"}});
    offer.streams.push_back({.type = "audio", .port = 5006, .protocol = "RTP/SAVP", .formats = {bare(8)}});
    const auto answered = answer_to(offer);
    REQUIRE(answered);
    const auto& streams = answered->session.streams;
    REQUIRE(streams.size() == 6);
    CHECK(answered->negotiated.stream == 2);
    for (std::size_t i = 0; i < streams.size(); ++i) {
        CHECK(streams[i].port == (i == 2 ? 30000 : 0));
        CHECK(streams[i].type == offer.streams[i].type);
        CHECK(streams[i].protocol == offer.streams[i].protocol);
        CHECK(streams[i].formats.size() + streams[i].raw_formats.size() == 1);
    }
}

TEST_CASE("directions are mirrored, and ours narrows them") {
    using enum Direction;
    const auto direction = [](Direction offered, Direction own) {
        const auto answered = answer_to(offer_with({bare(8)}, offered), {.direction = own});
        REQUIRE(answered);
        CHECK(answered->session.streams[0].direction == answered->negotiated.direction);
        return answered->negotiated.direction;
    };
    CHECK(direction(sendrecv, sendrecv) == sendrecv);
    CHECK(direction(sendonly, sendrecv) == recvonly);
    CHECK(direction(recvonly, sendrecv) == sendonly);
    CHECK(direction(inactive, sendrecv) == inactive);
    CHECK(direction(sendrecv, recvonly) == recvonly);
    CHECK(direction(sendonly, sendonly) == inactive);
    CHECK(direction(recvonly, recvonly) == inactive);
}

TEST_CASE("hold by 0.0.0.0 is sent nothing") {
    Session offer = offer_with({bare(8)});
    offer.connection = Address{.text = "0.0.0.0"};
    const auto answered = answer_to(offer);
    REQUIRE(answered);
    CHECK(answered->negotiated.direction == Direction::recvonly);
    offer.streams[0].connection = Address::of(theirs.ip);
    CHECK(answer_to(offer)->negotiated.direction == Direction::sendrecv);
}

TEST_CASE("nothing in common is an error that says what was offered") {
    const auto none = answer_to(offer_with({g729, bare(99), events(101)}));
    REQUIRE(!none);
    CHECK(none.error().fault == Fault::refused);
    CHECK(none.error().text() == "no codec in common: offered is G729, payload type 99; we take PCMA, PCMU");
    CHECK(!answer_to(offer_with({})));
    CHECK(!answer_to({}));
    Session video = offer_with({bare(8)});
    video.streams[0].type = "video";
    CHECK(answer_to(video).error().text() == "no audio over RTP/AVP is offered");
    Session lost = offer_with({bare(8)});
    lost.connection.reset();
    CHECK(!answer_to(lost));
    Session hostile = offer_with({{.payload_type = 97, .codec = {.name = std::string(60000, '\x01')}}});
    CHECK(answer_to(hostile).error().text().size() < 300);
}

TEST_CASE("a second audio stream is taken where the first cannot be") {
    Session offer = offer_with({g729});
    offer.streams.push_back({.port = 40002, .formats = {bare(8)}});
    const auto answered = answer_to(offer);
    REQUIRE(answered);
    CHECK(answered->negotiated.stream == 1);
    CHECK(answered->negotiated.remote.port == 40002);
    CHECK(answered->session.streams[0].port == 0);
}

TEST_CASE("what cannot be the answer to our offer is an error") {
    const Session offer = make_offer({}, ours, 5, 1);
    CHECK(!accept(offer, {}));
    Session refused = offer_with({bare(8)});
    refused.streams[0].port = 0;
    CHECK(accept(offer, refused).error().text() == "the answer refuses our audio stream");
    CHECK(accept(offer, refused).error().fault == Fault::refused);
    CHECK(!accept(offer, offer_with({g729})));
    CHECK(!accept(offer, offer_with({events(101)})));
    Session other = offer_with({bare(8)});
    other.streams[0].protocol = "RTP/SAVP";
    CHECK(!accept(offer, other));
    Session twice = offer_with({bare(8)});
    twice.streams.push_back(twice.streams[0]);
    CHECK(!accept(offer, twice));
}

TEST_CASE("an answer with its own numbers is followed when sending, ours count when receiving") {
    const auto accepted = accept(make_offer({}, ours, 5, 1), offer_with({bare(0), bare(8), events(96)}));
    REQUIRE(accepted);
    CHECK(accepted->codec.name == "PCMU");  // the first of the answer
    CHECK(accepted->receivable.size() == 2);
    CHECK(accepted->event_send == std::optional<std::uint8_t>(96));
    CHECK(accepted->event_receive == std::optional<std::uint8_t>(101));
}

TEST_CASE("the packet interval is what the far end asks for, within reason") {
    Session offer = offer_with({bare(8)});
    const auto ptime = [&](Duration asked) {
        offer.streams[0].ptime = asked;
        return answer_to(offer)->negotiated.ptime;
    };
    CHECK(ptime(30ms) == 30ms);
    CHECK(ptime(10ms) == 10ms);
    CHECK(ptime(0ms) == 20ms);
    CHECK(ptime(10h) == 20ms);
    CHECK(ptime(-20ms) == 20ms);
    CHECK(ptime(20500us) == 20ms);
}

TEST_CASE("a further offer raises the version by one, and only on a change") {
    const Session first = make_offer({}, ours, 5, 1);
    CHECK(make_offer({}, ours, first) == first);
    const Session hold = make_offer({.direction = Direction::sendonly}, ours, first);
    CHECK(hold.origin.session_id == 5);
    CHECK(hold.origin.version == 2);
    CHECK(hold.streams[0].direction == Direction::sendonly);
    CHECK(make_offer({}, ours, hold).origin.version == 3);
    CHECK(make_offer({}, endpoint(1, 30002), first).origin.version == 2);
}

TEST_CASE("a further offer keeps the streams and payload types of our last answer") {
    Session offer = offer_with({bare(8), events(96)});
    offer.streams.insert(offer.streams.begin(), {.type = "video", .port = 5000, .formats = {bare(31)}});
    const auto answered = answer_to(offer);
    REQUIRE(answered);
    const Session again = make_offer({.direction = Direction::sendonly}, ours, answered->session);
    REQUIRE(again.streams.size() == 2);
    CHECK(again.streams[0].type == "video");
    CHECK(again.streams[0].port == 0);
    CHECK(again.streams[1].port == 30000);
    CHECK(again.streams[1].formats.back().payload_type == 96);
    CHECK(again.origin.version == 2);
}

TEST_CASE("the answer to a further offer keeps the origin") {
    const auto first = answer_to(offer_with({bare(8)}));
    REQUIRE(first);
    const auto same = answer(offer_with({bare(8)}), {}, ours, first->session);
    REQUIRE(same);
    CHECK(same->session == first->session);
    const auto held = answer(offer_with({bare(8)}, Direction::sendonly), {}, ours, first->session);
    REQUIRE(held);
    CHECK(held->session.origin.session_id == 5);
    CHECK(held->session.origin.version == 2);
    CHECK(held->negotiated.direction == Direction::recvonly);
}

TEST_CASE("lists of events") {
    CHECK(*parse_events("0-15") == EventSet(0xffff));
    CHECK(*parse_events("") == EventSet(0xffff));
    const auto some = parse_events("0-15,66,70");
    REQUIRE(some);
    CHECK(some->count() == 18);
    CHECK(some->test(66));
    CHECK(parse_events("255")->test(255));
    for (auto wrong : {"16-", "-", ",", "0-15,", "256", "15-0", "0- 15", "events=0-15", "1-2-3"}) {
        CHECK(!parse_events(wrong));
    }
    // Such a list from the far end does not cost the digits.
    CHECK(answer_to(offer_with({bare(8), events(101, "0-")}))->negotiated.events == EventSet(0xffff));
}
