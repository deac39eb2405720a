// Requests that come to the layer: matching, Via, CANCEL, ACK, and what is too broken or too much.
#include "transaction_layer_fixture.h"

using namespace trunkbox;
using namespace trunkbox::sip;
using namespace trunkbox::sip::test;
using Layer = TransactionLayer;

TEST_CASE("a request reaches the user once, its repeats get the last response again") {
    Bench bench;
    auto text = request({.method = "OPTIONS", .cseq = "7 OPTIONS"});
    bench.receive(text);
    auto first = bench.only<Layer::Request>();
    CHECK(first.id != 0);
    CHECK(first.from == peer);
    bench.receive(text);
    CHECK(bench.out.empty());
    CHECK(bench.respond(first.id, text, 200));
    auto response = bench.sent();
    CHECK(status(response) == 200);
    bench.receive(text);
    CHECK(bench.sent() == response);
    CHECK_FALSE(bench.respond(first.id, text, 500));
    CHECK(bench.out.empty());
    bench.run(32s);
    CHECK(bench.layer.size() == 0);
    CHECK_FALSE(bench.respond(first.id, text, 200));
    bench.receive(text);
    CHECK(bench.only<Layer::Request>().id != first.id);
}

TEST_CASE("responses carry received and rport and go where the request came from") {
    struct Row {
        std::string via;
        net::Endpoint from;
        std::string expected;
        net::Endpoint to;
    };
    const net::Ip nat = stranger.ip;
    for (const auto& row : {
             Row{"SIP/2.0/UDP 10.0.0.1:5062;rport;branch=z9hG4bKa",
                 {nat, 61000},
                 "SIP/2.0/UDP 10.0.0.1:5062;rport=61000;branch=z9hG4bKa;received=198.51.100.99",
                 {nat, 61000}},
             Row{"SIP/2.0/UDP 10.0.0.1:5062;branch=z9hG4bKa",
                 {nat, 61000},
                 "SIP/2.0/UDP 10.0.0.1:5062;branch=z9hG4bKa;received=198.51.100.99",
                 {nat, 5062}},
             Row{"SIP/2.0/UDP host.example.com;branch=z9hG4bKa",
                 {nat, 61000},
                 "SIP/2.0/UDP host.example.com;branch=z9hG4bKa;received=198.51.100.99",
                 {nat, 5060}},
             Row{"SIP/2.0/UDP 198.51.100.99;branch=z9hG4bKa",
                 {nat, 61000},
                 "SIP/2.0/UDP 198.51.100.99;branch=z9hG4bKa",
                 {nat, 5060}},
             // Where a stranger wants our answers to go counts for nothing.
             Row{"SIP/2.0/UDP 198.51.100.99;maddr=192.0.2.66;received=192.0.2.66;rport=9;branch=z9hG4bKa",
                 {nat, 61000},
                 "SIP/2.0/UDP "
                 "198.51.100.99;maddr=192.0.2.66;rport=61000;branch=z9hG4bKa;received=198.51.100.99",
                 {nat, 61000}},
         }) {
        CAPTURE(row.via);
        Bench bench;
        auto text = request({.method = "OPTIONS", .via = row.via, .cseq = "7 OPTIONS"});
        bench.receive(text, row.from);
        REQUIRE(bench.respond(bench.only<Layer::Request>().id, text, 200));
        auto send = bench.only<Layer::Send>();
        CHECK(header(send.bytes, HeaderName::via) == row.expected);
        CHECK(send.to == row.to);
    }
}

TEST_CASE("only the topmost Via value is touched, in one line or in several") {
    std::string top = "SIP/2.0/UDP 192.0.2.2:5070;branch=z9hG4bKone;rport";
    std::string below = "SIP/2.0/UDP 203.0.113.5;branch=z9hG4bKbelow;rport";
    for (const auto& glue : {", ", "\r\nVia: ", ",\r\n "}) {
        Bench bench;
        auto text = request({.method = "OPTIONS", .via = top + glue + below, .cseq = "7 OPTIONS"});
        bench.receive(text);
        REQUIRE(bench.respond(bench.only<Layer::Request>().id, text, 200));
        auto response = bench.sent();
        auto vias = list_items(MessageView::read(response), HeaderName::via);
        REQUIRE(vias.size() == 2);
        CHECK(vias[0] == "SIP/2.0/UDP 192.0.2.2:5070;branch=z9hG4bKone;rport=5070;received=192.0.2.2");
        CHECK(vias[1] == below);
    }
}

TEST_CASE("over a reliable transport the response takes the connection's address and nothing waits") {
    Bench bench({.sent_by = "192.0.2.1:5060", .transport = net::Transport::tcp});
    auto text = request(
        {.method = "OPTIONS", .via = "SIP/2.0/TCP 10.0.0.1:5062;branch=z9hG4bKa", .cseq = "7 OPTIONS"});
    bench.receive(text, stranger);
    REQUIRE(bench.respond(bench.only<Layer::Request>().id, text, 200));
    CHECK(bench.only<Layer::Send>().to == stranger);
    CHECK(bench.layer.size() == 0);
}

TEST_CASE("sent-by, branch and method each make another transaction") {
    Bench bench;
    for (const auto& one : {
             Text{.method = "OPTIONS", .cseq = "7 OPTIONS"},
             Text{.method = "OPTIONS",
             .via = "SIP/2.0/UDP 192.0.2.3:5070;branch=z9hG4bKone",
             .cseq = "7 OPTIONS"},
             Text{.method = "OPTIONS",
             .via = "SIP/2.0/UDP 192.0.2.2:5071;branch=z9hG4bKone",
             .cseq = "7 OPTIONS"},
             Text{.method = "OPTIONS",
             .via = "SIP/2.0/UDP 192.0.2.2:5070;branch=z9hG4bKtwo",
             .cseq = "7 OPTIONS"},
             Text{.method = "MESSAGE", .cseq = "7 MESSAGE"},
             Text{},
         }) {
        bench.receive(request(one));
        CHECK(bench.only<Layer::Request>().id != 0);
    }
    CHECK(bench.layer.size() == 6);
    // The host of sent-by has no case, and the default port is 5060.
    bench.receive(request({.via = "SIP/2.0/UDP a.example.com:5060;branch=z9hG4bKx"}));
    CHECK(bench.all<Layer::Request>().size() == 1);
    bench.receive(request({.via = "SIP/2.0/UDP A.Example.com;branch=z9hG4bKx"}));
    CHECK(bench.out.empty());
}

TEST_CASE("a silent user's INVITE gets a 100 after 200 ms, without a To tag, with the Timestamp") {
    Bench bench;
    auto text = request({.more = "Timestamp: 54.21\r\n"});
    bench.receive(text);
    auto id = bench.only<Layer::Request>().id;
    bench.run(199ms);
    CHECK(bench.out.empty());
    bench.run(1ms);
    auto trying = bench.sent();
    CHECK(status(trying) == 100);
    CHECK(header(trying, HeaderName::to) == "<sip:b@example.com>");
    CHECK(header(trying, HeaderName::timestamp) == "54.21");
    CHECK(header(trying, HeaderName::via).ends_with(";rport=5070;received=192.0.2.2"));
    bench.receive(text);
    CHECK(bench.sent() == trying);
    CHECK(bench.respond(id, text, 180));
    bench.receive(text);
    CHECK(status(bench.sent()) == 180);
}

TEST_CASE("a refused INVITE is repeated until its ACK, which the user never sees") {
    Bench bench;
    auto text = request({});
    bench.receive(text);
    auto id = bench.only<Layer::Request>().id;
    REQUIRE(bench.respond(id, text, 486));
    bench.run(2s);
    CHECK(bench.all<Layer::Send>().size() == 2);
    auto ack = request({.method = "ACK", .cseq = "7 ACK", .to_tag = "them"});
    bench.receive(ack);
    CHECK(bench.out.empty());
    bench.receive(ack);
    CHECK(bench.out.empty());
    bench.receive(text);
    CHECK(bench.out.empty());
    bench.run(5s);
    CHECK(bench.out.empty());
    CHECK(bench.layer.size() == 0);
}

TEST_CASE("a refusal that nobody acknowledges is reported after 64*T1") {
    Bench bench;
    auto text = request({});
    bench.receive(text);
    auto id = bench.only<Layer::Request>().id;
    REQUIRE(bench.respond(id, text, 486));
    bench.run(32s);
    CHECK(bench.only<Layer::NoAck>().invite == id);
    CHECK(bench.layer.size() == 0);
}

TEST_CASE("a 2xx is sent each time that the user gives it, and its ACK comes with id 0") {
    Bench bench;
    auto text = request({});
    bench.receive(text);
    auto id = bench.only<Layer::Request>().id;
    REQUIRE(bench.respond(id, text, 200));
    auto response = bench.sent();
    bench.receive(text);
    CHECK(bench.out.empty());
    REQUIRE(bench.respond(id, text, 200));
    CHECK(bench.sent() == response);
    CHECK_FALSE(bench.respond(id, text, 500));
    for (const char* branch : {"z9hG4bKother", "z9hG4bKone"}) {  // the second is wrong and happens
        bench.receive(request({.method = "ACK",
                               .via = fmt::format("SIP/2.0/UDP 192.0.2.2:5070;branch={}", branch),
                               .cseq = "7 ACK",
                               .to_tag = "them"}));
        CHECK(bench.only<Layer::Request>().id == 0);
    }
    bench.run(32s);
    CHECK(bench.out.empty());
    CHECK(bench.layer.size() == 0);
    CHECK_FALSE(bench.respond(id, text, 200));
}

TEST_CASE("an ACK that matches nothing comes with id 0, one before the final response not at all") {
    Bench bench;
    bench.receive(request({.method = "ACK", .cseq = "7 ACK"}));
    CHECK(bench.only<Layer::Request>().id == 0);
    CHECK(bench.layer.size() == 0);
    bench.receive(request({}));
    bench.receive(request({.method = "ACK", .cseq = "7 ACK"}));
    CHECK(bench.out.empty());
}

TEST_CASE("CANCEL is answered 200 with the INVITE's To tag, reported once, and absorbed when repeated") {
    for (auto from : {peer, stranger}) {  // matched by what it says, wherever it comes from
        Bench bench;
        auto text = request({});
        bench.receive(text);
        auto id = bench.only<Layer::Request>().id;
        REQUIRE(bench.respond(id, text, 180, "desk"));
        auto cancel = request({.method = "CANCEL", .cseq = "7 CANCEL"});
        bench.receive(cancel, from);
        auto send = bench.only<Layer::Send>();
        CHECK(status(send.bytes) == 200);
        CHECK(send.to == from);
        CHECK(header(send.bytes, HeaderName::to).ends_with(";tag=desk"));
        CHECK(header(send.bytes, HeaderName::cseq) == "7 CANCEL");
        CHECK(bench.only<Layer::Cancelled>().invite == id);
        CHECK(bench.all<Layer::Request>().empty());
        bench.receive(cancel, from);
        CHECK(bench.sent() == send.bytes);
        CHECK(bench.all<Layer::Cancelled>().empty());
        CHECK(bench.respond(id, text, 487, "desk"));
        bench.receive(request({.method = "ACK", .cseq = "7 ACK", .to_tag = "desk"}));
        bench.run(40s);
        CHECK(bench.layer.size() == 0);
    }
}

TEST_CASE("CANCEL after the final response, of another method, and of nothing") {
    Bench bench;
    auto text = request({});
    bench.receive(text);
    REQUIRE(bench.respond(bench.only<Layer::Request>().id, text, 200));
    bench.receive(request({.method = "CANCEL", .cseq = "7 CANCEL"}));
    CHECK(status(bench.sent()) == 200);
    CHECK(bench.all<Layer::Cancelled>().empty());

    Bench plain;
    plain.receive(request({.method = "OPTIONS", .cseq = "7 OPTIONS"}));
    plain.receive(request({.method = "CANCEL", .cseq = "7 CANCEL"}));
    CHECK(status(plain.sent()) == 200);
    CHECK(plain.all<Layer::Cancelled>().empty());

    Bench empty;
    empty.receive(request({.method = "CANCEL", .cseq = "7 CANCEL"}));
    CHECK(status(empty.sent()) == 481);
    CHECK(header(empty.sent(), HeaderName::to).find(";tag=") != std::string::npos);
    empty.run(32s);
    CHECK(empty.layer.size() == 0);
}

TEST_CASE("RFC 2543: without the cookie the whole request identifies its transaction") {
    for (const char* parameter : {"", ";branch=1", ";branch=z9hG4bK", ";branch=\"z9hG4bKquoted\""}) {
        CAPTURE(parameter);
        auto via = fmt::format("SIP/2.0/UDP 192.0.2.2:5070{}", parameter);
        Bench bench;
        auto text = request({.via = via});
        bench.receive(text);
        auto id = bench.only<Layer::Request>().id;
        bench.receive(text);
        CHECK(bench.out.empty());
        bench.receive(request({.via = via, .cseq = "8 INVITE"}));
        CHECK(bench.only<Layer::Request>().id != id);
        bench.receive(request({.via = via, .uri = "sip:other@example.com"}));
        CHECK(bench.only<Layer::Request>().id != id);
        bench.receive(request({.method = "CANCEL", .via = via, .cseq = "7 CANCEL"}));
        CHECK(bench.only<Layer::Cancelled>().invite == id);
        REQUIRE(bench.respond(id, text, 487));
        bench.receive(request({.method = "ACK", .via = via, .cseq = "7 ACK", .to_tag = "somebody"}));
        CHECK(bench.only<Layer::Request>().id == 0);
        bench.receive(request({.method = "ACK", .via = via, .cseq = "7 ACK", .to_tag = "them"}));
        CHECK(bench.out.empty());
        bench.run(6s);
        CHECK(bench.all<Layer::NoAck>().empty());
        CHECK(bench.all<Layer::Send>().size() == 2);  // the 100s of the two other INVITEs
    }
}

TEST_CASE("requests too broken to answer leave no trace") {
    auto good = request({.method = "OPTIONS", .cseq = "7 OPTIONS"});
    auto without = [&](std::string_view name) {
        auto start = good.find(fmt::format("\r\n{}:", name));
        REQUIRE(start != std::string::npos);
        auto cut = good;
        return cut.erase(start, cut.find("\r\n", start + 2) - start);
    };
    std::vector<std::string> broken{"",        "\r\n\r\n",           "hello",
                                    "OPTIONS", std::string(3, '\0'), good.substr(0, 60)};
    for (const char* name : {"Via", "From", "To", "Call-ID", "CSeq"}) broken.push_back(without(name));
    for (const char* via : {"", "SIP/2.0", "SIP/2.0/UDP", "SIP/2.0/UDP ;branch=z9hG4bKa",
                            "SIP/2.0/UDP h:99999;branch=z9hG4bKa", "\"", ","})
        broken.push_back(request({.method = "OPTIONS", .via = via, .cseq = "7 OPTIONS"}));
    for (const char* cseq : {"", "7", "OPTIONS", "-1 OPTIONS", "4294967296 OPTIONS", "7 OPT IONS"})
        broken.push_back(request({.method = "OPTIONS", .cseq = cseq}));
    Bench bench;
    for (const auto& text : broken) {
        CAPTURE(text);
        bench.receive(text);
        CHECK(bench.out.empty());
    }
    CHECK(bench.layer.size() == 0);
}

TEST_CASE("a CSeq of another method is refused with 400 and kept nowhere; an ACK of that kind is dropped") {
    Bench bench;
    for (const auto& [method, cseq] :
         {std::pair{"INVITE", "7 ACK"}, {"OPTIONS", "7 INVITE"}, {"BYE", "7 bye"}}) {
        bench.receive(request({.method = method, .cseq = cseq}));
        CHECK(status(bench.sent()) == 400);
        auto first = bench.sent();
        bench.receive(request({.method = method, .cseq = cseq}));
        CHECK(bench.sent() == first);
    }
    CHECK(bench.layer.size() == 0);
    bench.receive(request({}));
    bench.receive(request({.method = "ACK", .cseq = "7 INVITE"}));
    CHECK(bench.out.empty());
}

TEST_CASE("a request of 60 kB is an ordinary request") {
    Bench bench;
    auto text = request({.more = "Subject: " + std::string(60'000, 'x') + "\r\n"});
    bench.receive(text);
    CHECK(bench.only<Layer::Request>().id != 0);
    bench.run(200ms);
    CHECK(bench.sent().size() < 1000);
    bench.receive(request({.via = "SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK" + std::string(60'000, 'b')}));
    CHECK(bench.only<Layer::Request>().id != 0);
}

TEST_CASE("beyond the bound new requests get 503 with Retry-After, and those held go on") {
    Bench bench({.sent_by = "192.0.2.1:5060", .most = 2});
    auto text = request({});
    bench.receive(text);
    auto id = bench.only<Layer::Request>().id;
    bench.receive(request({.method = "OPTIONS", .cseq = "7 OPTIONS"}));
    auto extra = request({.method = "MESSAGE", .cseq = "7 MESSAGE"});
    bench.receive(extra);
    CHECK(status(bench.sent()) == 503);
    CHECK_FALSE(header(bench.sent(), HeaderName::retry_after).empty());
    CHECK(bench.layer.size() == 2);
    bench.receive(
        request({.method = "ACK", .via = "SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKq", .cseq = "7 ACK"}));
    CHECK(bench.only<Layer::Request>().id == 0);
    bench.receive(request({.method = "CANCEL", .cseq = "7 CANCEL"}));
    CHECK(status(bench.sent()) == 200);
    CHECK(bench.only<Layer::Cancelled>().invite == id);
    CHECK(bench.layer.size() == 2);
    bench.receive(request({.method = "CANCEL", .cseq = "7 CANCEL"}));  // held nowhere, and yet reported once
    CHECK(status(bench.sent()) == 200);
    CHECK(bench.all<Layer::Cancelled>().empty());
    CHECK(bench.respond(id, text, 487));
}
