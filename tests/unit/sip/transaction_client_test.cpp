// Requests that the layer sends: our Via, matching of responses, ACK and CANCEL made from the INVITE,
// failures.
#include <set>

#include "transaction_layer_fixture.h"

using namespace trunkbox;
using namespace trunkbox::sip;
using namespace trunkbox::sip::test;
using Layer = TransactionLayer;

namespace {

// The bench with a request of ours under way; its bytes.
struct Client : Bench {
    TransactionId id = 0;
    std::string ours;

    explicit Client(std::string_view method, Layer::Config config = {.sent_by = "192.0.2.1:5060"})
        : Bench(std::move(config)) {
        id = layer.request(now, outgoing(method), peer, out);
        ours = sent();
    }
    void cancel() {
        out.clear();
        layer.cancel(now, id, out);
    }
};

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE("a request leaves with our Via on top, a fresh branch and rport, and is repeated as it was") {
    Client client("OPTIONS");
    auto send = client.only<Layer::Send>();
    CHECK(send.to == peer);
    CHECK(send.id == client.id);
    CHECK(MessageView::read(send.bytes).headers()[0].name == HeaderName::via);
    auto via = header(send.bytes, HeaderName::via);
    CHECK(via.starts_with("SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK"));
    client.run(600ms);
    CHECK(client.sent() == send.bytes);

    std::set<std::string> branches;
    for (int i = 0; i < 1000; ++i) {
        client.out.clear();
        client.layer.request(client.now, outgoing("OPTIONS"), peer, client.out);
        branches.insert(header(client.sent(), HeaderName::via));
    }
    CHECK(branches.size() == 1000);
}

TEST_CASE("a response reaches the user once, its repeats do not") {
    Client client("OPTIONS");
    client.receive(answer(client.ours, 200));
    auto response = client.only<Layer::Response>();
    CHECK(response.id == client.id);
    CHECK(response.message->status() == 200);
    client.receive(answer(client.ours, 200));
    CHECK(client.out.empty());
    client.run(5s);
    CHECK(client.out.empty());
    CHECK(client.layer.size() == 0);
}

TEST_CASE("silence and a transport that fails end a request, never dressed as a response") {
    Client silent("OPTIONS");
    silent.run(32s);
    CHECK(silent.only<Layer::Failed>().why == Layer::Failed::Why::timeout);
    CHECK(silent.all<Layer::Response>().empty());
    CHECK(silent.layer.size() == 0);

    Client broken("INVITE");
    broken.out.clear();
    broken.layer.send_failed(broken.now, broken.id, broken.out);
    CHECK(broken.only<Layer::Failed>().why == Layer::Failed::Why::transport);
    CHECK(broken.only<Layer::Failed>().id == broken.id);
    CHECK(broken.layer.size() == 0);
    broken.out.clear();
    broken.layer.send_failed(broken.now, broken.id, broken.out);
    broken.layer.send_failed(broken.now, 0, broken.out);
    CHECK(broken.out.empty());
}

TEST_CASE("responses with another's sent-by are dropped; ours without a transaction are strays") {
    Client client("OPTIONS");
    auto good = answer(client.ours, 200);
    for (const auto& foreign :
         {replaced(good, "192.0.2.1:5060", "192.0.2.9:5060"),
          replaced(good, "192.0.2.1:5060", "192.0.2.1:5061"), replaced(good, "Via", "Viola"),
          replaced(good, "SIP/2.0 200", "SIP/2.0 99"), replaced(good, "SIP/2.0 200", "SIP/2.0 700"),
          replaced(good, "CSeq: 41", "CSeq: x"), replaced(good, "Call-ID", "Call-Me")}) {
        CAPTURE(foreign);
        client.receive(foreign);
        CHECK(client.out.empty());
    }
    for (const auto& stray : {replaced(good, "z9hG4bK", "z9hG4bKx"), answer(client.ours, 200, "41 INVITE"),
                              answer(client.ours, 200, "41 CANCEL")}) {
        client.receive(stray);
        CHECK(client.only<Layer::Response>().id == 0);
    }
    client.receive(good);
    CHECK(client.only<Layer::Response>().id == client.id);
}

TEST_CASE("without a port in sent-by the default port is meant") {
    Client client("OPTIONS", {.sent_by = "edge.example.com"});
    client.receive(replaced(answer(client.ours, 200), "edge.example.com", "EDGE.example.com:5060"));
    CHECK(client.only<Layer::Response>().id == client.id);
}

TEST_CASE("the ACK of a failure is the INVITE's: branch, Route, number; To is the response's") {
    Client client("INVITE");
    client.receive(answer(client.ours, 486));
    CHECK(client.only<Layer::Response>().id == client.id);
    auto send = client.only<Layer::Send>();
    CHECK(send.to == peer);
    auto ack = MessageView::read(send.bytes);
    CHECK(ack.method() == "ACK");
    CHECK(ack.request_uri() == "sip:b@192.0.2.2");
    CHECK(ack.value(HeaderName::via) == header(client.ours, HeaderName::via));
    CHECK(ack.count(HeaderName::via) == 1);
    CHECK(list_items(ack, HeaderName::route).size() == 2);
    CHECK(ack.value(HeaderName::to) == "<sip:b@example.com>;tag=them");
    CHECK(ack.value(HeaderName::from) == "<sip:a@example.com>;tag=us");
    CHECK(ack.value(HeaderName::cseq) == "41 ACK");
    CHECK(ack.value(HeaderName::call_id) == "2@example.com");
    CHECK(ack.count(HeaderName::require) == 0);
    client.receive(answer(client.ours, 486));
    CHECK(client.sent() == send.bytes);
    CHECK(client.all<Layer::Response>().empty());
    client.run(32s);
    CHECK(client.layer.size() == 0);
}

TEST_CASE("every 2xx of an INVITE comes up, as a stray after timer M") {
    Client client("INVITE");
    auto ok = answer(client.ours, 200);
    for (int i = 0; i < 3; ++i) {
        client.receive(ok);
        CHECK(client.only<Layer::Response>().id == client.id);
        CHECK(client.all<Layer::Send>().empty());
    }
    client.run(32s);
    CHECK(client.layer.size() == 0);
    client.receive(ok);
    CHECK(client.only<Layer::Response>().id == 0);
    client.out.clear();
    client.layer.send_ack(outgoing("ACK"), stranger, client.out);
    CHECK(client.only<Layer::Send>().to == stranger);
    CHECK(client.only<Layer::Send>().id == 0);
    CHECK(header(client.sent(), HeaderName::via) != header(client.ours, HeaderName::via));
    CHECK(client.layer.size() == 0);
}

TEST_CASE("CANCEL waits for a provisional response and is made from the INVITE") {
    Client client("INVITE");
    client.cancel();
    CHECK(client.out.empty());
    client.receive(answer(client.ours, 100));
    CHECK(client.only<Layer::Response>().message->status() == 100);
    auto send = client.only<Layer::Send>();
    CHECK(send.to == peer);
    auto cancel = MessageView::read(send.bytes);
    CHECK(cancel.method() == "CANCEL");
    CHECK(cancel.request_uri() == "sip:b@192.0.2.2");
    CHECK(cancel.value(HeaderName::via) == header(client.ours, HeaderName::via));
    CHECK(list_items(cancel, HeaderName::route).size() == 2);
    CHECK(cancel.value(HeaderName::to) == "<sip:b@example.com>");
    CHECK(cancel.value(HeaderName::cseq) == "41 CANCEL");
    CHECK(cancel.count(HeaderName::require) == 0);
    client.cancel();
    CHECK(client.out.empty());
    client.run(600ms);
    CHECK(client.sent() == send.bytes);
    client.receive(answer(send.bytes, 200));
    CHECK(client.out.empty());
    client.receive(answer(client.ours, 487));
    CHECK(client.only<Layer::Response>().message->status() == 487);
    client.run(40s);
    CHECK(client.out.empty());
    CHECK(client.layer.size() == 0);
}

TEST_CASE("a CANCEL that the far end ignores ends the INVITE after 64*T1") {
    Client client("INVITE");
    client.receive(answer(client.ours, 180));
    client.run(10s);
    CHECK(client.out.empty());
    client.cancel();
    client.run(31'999ms);
    CHECK(client.all<Layer::Failed>().empty());
    client.run(1ms);
    CHECK(client.only<Layer::Failed>().id == client.id);
    CHECK(client.only<Layer::Failed>().why == Layer::Failed::Why::timeout);
    client.run(10s);
    CHECK(client.layer.size() == 0);
    client.receive(answer(client.ours, 200));
    CHECK(client.only<Layer::Response>().id == 0);
}

TEST_CASE("a 200 that crosses the CANCEL is delivered, and nothing times out afterwards") {
    Client client("INVITE");
    client.receive(answer(client.ours, 180));
    client.cancel();
    auto cancel = client.sent();
    client.receive(answer(client.ours, 200));
    CHECK(client.only<Layer::Response>().message->status() == 200);
    client.receive(answer(cancel, 481));
    CHECK(client.out.empty());
    client.run(60s);
    CHECK(client.out.empty());
    CHECK(client.layer.size() == 0);
}

TEST_CASE("there is nothing to cancel after the final response, of another method, or of nobody") {
    Client done("INVITE");
    done.receive(answer(done.ours, 200));
    done.cancel();
    CHECK(done.out.empty());
    Client options("OPTIONS");
    options.receive(answer(options.ours, 100));
    options.cancel();
    CHECK(options.out.empty());
    Bench bench;
    bench.layer.cancel(bench.now, 77, bench.out);
    CHECK(bench.out.empty());
}

TEST_CASE("a response of 60 kB and one with folds in To are ordinary responses") {
    Client client("INVITE");
    auto big = replaced(answer(client.ours, 404), "\r\nContent-Length",
                        "\r\nX: " + std::string(60'000, 'x') + "\r\nContent-Length");
    client.receive(replaced(big, "<sip:b@example.com>;tag", "<sip:b@example.com>\r\n ;tag"));
    CHECK(client.only<Layer::Response>().message->status() == 404);
    CHECK(client.sent().find("\r\n ;tag") == std::string::npos);
    CHECK(MessageView::read(client.sent()).value(HeaderName::to).ends_with(";tag=them"));
}

TEST_CASE("ACK and CANCEL cannot be sent as requests of the user, and a layer needs a sent-by") {
    Bench bench;
    CHECK_THROWS(bench.layer.request(bench.now, outgoing("ACK"), peer, bench.out));
    CHECK_THROWS(bench.layer.request(bench.now, outgoing("CANCEL"), peer, bench.out));
    CHECK_THROWS(Layer({.sent_by = ""}, {1, 2}));
}

TEST_CASE("twenty thousand live transactions tick in order and leave nothing behind") {
    Bench bench;
    constexpr std::size_t count = 20'000;
    for (std::size_t i = 0; i < count; ++i) {
        bench.out.clear();
        bench.layer.request(bench.now + std::chrono::microseconds(i), outgoing("OPTIONS"), peer, bench.out);
    }
    CHECK(bench.layer.size() == count);
    std::size_t failed = 0;
    while (auto next = bench.layer.deadline()) {
        REQUIRE(*next >= bench.now);
        bench.now = std::max(bench.now, *next) + 100ms;
        bench.out.clear();
        bench.layer.tick(bench.now, bench.out);
        failed += bench.all<Layer::Failed>().size();
    }
    CHECK(failed == count);
    CHECK(bench.layer.size() == 0);
}
