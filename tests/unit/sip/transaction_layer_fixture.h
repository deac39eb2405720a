// A layer with its clock for the tests of matching: hand-written messages in, outputs kept by kind.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "sip/transaction_layer.h"

namespace trunkbox::sip::test {

inline const net::Endpoint peer{net::Ip::v4(0xc0000202), 5070};      // 192.0.2.2
inline const net::Endpoint stranger{net::Ip::v4(0xc6336463), 9999};  // 198.51.100.99

struct Bench {
    TransactionLayer layer;
    Time now{1'000s};
    TransactionLayer::Outputs out;
    std::deque<std::string> kept;  // what the views of `out` borrow
    std::deque<MessageView> views;

    explicit Bench(TransactionLayer::Config config = {.sent_by = "192.0.2.1:5060"})
        : layer(std::move(config), {3, 4}) {}

    void receive(std::string text, net::Endpoint from = peer) {
        out.clear();
        kept.push_back(std::move(text));
        views.push_back(MessageView::read(kept.back()));
        layer.receive(now, views.back(), from, out);
    }
    // Runs all deadlines up to then.
    void run(Duration duration) {
        out.clear();
        auto until = now + duration;
        while (layer.deadline() && *layer.deadline() <= until) {
            now = *layer.deadline();
            layer.tick(now, out);
        }
        now = until;
    }
    bool respond(TransactionId id, std::string_view request, int status, std::string_view tag = "them") {
        out.clear();
        auto response = Message::response_to(MessageView::read(request), status);
        if (response.get("To").find(";tag=") == std::string_view::npos)
            response.set("To", fmt::format("{};tag={}", response.get("To"), tag));
        return layer.respond(now, id, response, out);
    }
    template <class T>
    [[nodiscard]] std::vector<T> all() const {
        std::vector<T> found;
        for (const auto& one : out)
            if (const auto* match = std::get_if<T>(&one)) found.push_back(*match);
        return found;
    }
    template <class T>
    [[nodiscard]] T only() const {
        auto found = all<T>();
        REQUIRE(found.size() == 1);
        return found[0];
    }
    [[nodiscard]] std::string sent() const { return only<TransactionLayer::Send>().bytes; }
};

struct Text {
    std::string method = "INVITE";
    std::string via = "SIP/2.0/UDP 192.0.2.2:5070;branch=z9hG4bKone;rport";
    std::string cseq = "7 INVITE";
    std::string to_tag = "";
    std::string more = "";
    std::string uri = "sip:+442079460123@example.com";
};

inline std::string request(const Text& t) {
    return fmt::format(
        "{} {} SIP/2.0\r\nVia: {}\r\nMax-Forwards: 70\r\nFrom: <sip:a@example.com>;tag=us\r\n"
        "To: <sip:b@example.com>{}\r\nCall-ID: 1@example.com\r\nCSeq: {}\r\n{}Content-Length: 0\r\n\r\n",
        t.method, t.uri, t.via, t.to_tag.empty() ? "" : ";tag=" + t.to_tag, t.cseq, t.more);
}

inline std::string header(std::string_view bytes, HeaderName name) {
    return std::string(MessageView::read(bytes).value(name));
}
inline int status(std::string_view bytes) {
    return MessageView::read(bytes).status();
}

// What a far end answers to a request of ours, all Vias copied.
inline std::string answer(std::string_view ours, int code, std::string_view cseq = "") {
    auto response = Message::response_to(MessageView::read(ours), code);
    response.set("To", std::string(response.get("To")) + ";tag=them");
    if (!cseq.empty()) response.set("CSeq", cseq);
    return response.bytes();
}

inline Message outgoing(std::string_view method) {
    Message made;
    made.method = method;
    made.uri = "sip:b@192.0.2.2";
    made.add("Route", "<sip:192.0.2.2:5070;lr>");
    made.add("Route", "<sip:198.51.100.7;lr>");
    made.add("Max-Forwards", "70");
    made.add("From", "<sip:a@example.com>;tag=us");
    made.add("To", "<sip:b@example.com>");
    made.add("Call-ID", "2@example.com");
    made.add("CSeq", fmt::format("41 {}", method));
    made.add("Require", "100rel");
    return made;
}

}  // namespace trunkbox::sip::test
