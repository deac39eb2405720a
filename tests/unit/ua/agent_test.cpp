#include "ua/agent.h"

#include "bench.h"

using namespace trunkbox;
using namespace trunkbox::ua;
using namespace trunkbox::ua::test;

namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST_CASE("an agent that takes no requests still answers OPTIONS") {
    Bench bench;
    auto here = bench.agent();
    auto there = bench.agent();
    int status = 0;
    std::string text;
    here->request(options_request(there->uri()), there->local(), [&](const Reply& reply) {
        REQUIRE(reply.message != nullptr);
        status = reply.message->status();
        text = reply.message->bytes();
    });
    bench.until([&] { return status != 0; });
    CHECK(status == 200);
    CHECK(contains(text, "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE\r\n"));
    CHECK(contains(text, ";tag="));
    CHECK(contains(text, "Server: trunkbox\r\n"));
}

TEST_CASE("what an agent without a handler says to the rest") {
    Bench bench;
    auto agent = bench.agent();
    Peer peer(bench.loop);
    auto to = agent->local();
    auto from = peer.socket.local();
    struct Row {
        std::string text, status;
    };
    for (const auto& row : {Row{request_text("BYE", to, from, "nobody"), "SIP/2.0 481 "},
                                       Row{request_text("OPTIONS", to, from, "nobody", "z9hG4bK2"), "SIP/2.0 481 "},
                                       Row{request_text("MESSAGE", to, from), "SIP/2.0 405 "},
                                       Row{request_text("INVITE", to, from), "SIP/2.0 405 "},
                                       Row{request_text("CANCEL", to, from, {}, "z9hG4bK9"), "SIP/2.0 481 "}}) {
        const auto& text = row.text;
        const auto& status = row.status;
        CAPTURE(text);
        peer.heard.clear();
        peer.send(to, text);
        bench.until([&] { return !peer.heard.empty(); });
        CHECK(peer.heard.back().starts_with(status));
    }
}

TEST_CASE("datagrams that are no SIP, cut or hostile are outlived") {
    Bench bench;
    auto agent = bench.agent();
    Peer peer(bench.loop);
    auto whole = request_text("OPTIONS", agent->local(), peer.socket.local());
    for (std::size_t size = 0; size < whole.size() - 4; size += 11) peer.send(agent->local(), whole.substr(0, size));
    for (std::string text : {std::string("\r\n\r\n"), std::string("\0\0\0", 3), std::string(60'000, 'A'),
                             std::string("SIP/2.0 200 OK\r\n\r\n"), std::string("ACK sip:x SIP/2.0\r\n\r\n"),
                             "INVITE sip:x SIP/2.0\r\n" + std::string(50'000, ':') + "\r\n\r\n"})
        peer.send(agent->local(), text);
    bench.idle(50ms);
    peer.heard.clear();
    peer.send(agent->local(), request_text("OPTIONS", agent->local(), peer.socket.local(), {}, "z9hG4bKlast"));
    bench.until([&] { return !peer.heard.empty() && peer.heard.back().starts_with("SIP/2.0 200 "); });
    CHECK(contains(peer.heard.back(), "branch=z9hG4bKlastOPTIONS"));
}

TEST_CASE("a port at which nobody listens refuses at once") {
    Bench bench;
    auto agent = bench.agent();
    auto nobody = bench.dead_port();
    std::optional<Reply> failed;
    agent->request(options_request("sip:" + nobody.text()), nobody, [&](const Reply& reply) { failed = reply; });
    bench.until([&] { return failed.has_value(); });
    CHECK(failed->message == nullptr);
    CHECK(failed->why == sip::TransactionLayer::Failed::Why::transport);
    CHECK(contains(failed->detail, nobody.text()));
    CHECK(contains(failed->detail, "connection refused"));
}

TEST_CASE("a silent peer is a time-out, 64*T1 after") {
    Bench bench;
    auto agent = bench.agent({.t1 = 5ms, .t2 = 20ms, .t4 = 20ms});
    Peer peer(bench.loop);
    std::optional<Reply> failed;
    auto start = bench.loop.now();
    agent->request(options_request("sip:x"), peer.socket.local(), [&](const Reply& reply) { failed = reply; });
    bench.until([&] { return failed.has_value(); });
    CHECK(failed->message == nullptr);
    CHECK(failed->why == sip::TransactionLayer::Failed::Why::timeout);
    CHECK(bench.loop.now() - start >= 320ms);
    CHECK(peer.heard.size() > 5);
}

TEST_CASE("admit sees each datagram first and may drop it") {
    Bench bench;
    std::vector<std::string> seen;
    auto opened = Agent::open(bench.loop, {.listen = {loopback, 0}, .admit = [&](const wire::Datagram& datagram) {
                                               seen.emplace_back(datagram.bytes);
                                               return datagram.bytes.find("Max-Forwards") != std::string_view::npos;
                                           }});
    REQUIRE(opened.has_value());
    Peer peer(bench.loop);
    peer.send((*opened)->local(), "no SIP");
    peer.send((*opened)->local(), request_text("OPTIONS", (*opened)->local(), peer.socket.local()));
    bench.until([&] { return !peer.heard.empty(); });
    CHECK(seen.size() == 2);
    CHECK(peer.heard.size() == 1);
}

TEST_CASE("an address that is taken is an error of the system") {
    Bench bench;
    auto agent = bench.agent();
    auto second = Agent::open(bench.loop, {.listen = agent->local()});
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().fault == Fault::system);
    CHECK(contains(second.error().text(), agent->local().text()));
}

TEST_CASE("the agent's own URIs") {
    Bench bench;
    auto opened = Agent::open(bench.loop, {.listen = {loopback, 0}, .advertised = *net::Ip::parse("192.0.2.1")});
    REQUIRE(opened.has_value());
    auto port = (*opened)->local().port;
    CHECK((*opened)->uri() == fmt::format("sip:192.0.2.1:{}", port));
    CHECK((*opened)->uri("acme") == fmt::format("sip:acme@192.0.2.1:{}", port));
    CHECK((*opened)->call_id().ends_with("@192.0.2.1"));
    CHECK((*opened)->call_id() != (*opened)->call_id());
}

TEST_CASE("where a URI is sent to") {
    CHECK(call_address("sip:100@192.0.2.1")->port == 5060);
    CHECK(call_address("sip:100@192.0.2.1:5090")->port == 5090);
    CHECK(call_address("sip:example.com;transport=UDP")->host == "example.com");
    for (const char* uri : {"", "100", "tel:+33199000001", "sips:100@192.0.2.1", "sip:", "sip:100@",
                            "sip:100@192.0.2.1:99999", "sip:100@192.0.2.1;transport=tcp", "sip:a\r\nb@c"}) {
        CAPTURE(uri);
        auto address = call_address(uri);
        REQUIRE_FALSE(address.has_value());
        CHECK(address.error().fault == Fault::input);
        CHECK_FALSE(contains(address.error().text(), "\n"));
    }
    Bench bench;
    auto agent = bench.agent();
    std::optional<Result<net::Endpoint>> found;
    agent->locate("sip:x@localhost:5070", [&](auto result) { found = result; });
    bench.until([&] { return found.has_value(); });
    REQUIRE(found->has_value());
    CHECK((*found)->text() == "127.0.0.1:5070");
    found.reset();
    agent->locate("sips:x@localhost", [&](auto result) { found = result; });
    REQUIRE(found.has_value());
    CHECK_FALSE(found->has_value());
}
