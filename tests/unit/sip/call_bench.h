// A call machine with its clock: events in by hand, actions kept by kind.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "sip/call.h"

namespace trunkbox::sip::call::test {

using Headers = std::vector<std::pair<std::string, std::string>>;

inline CallerSetup caller_setup() {
    CallerSetup setup;
    setup.uri = "sip:+442079460123@example.com";
    setup.from = "<sip:+33199000001@example.com>";
    setup.to = "<sip:+442079460123@example.com>";
    setup.contact = "<sip:us@192.0.2.1:5060>";
    setup.call_id = "call-1@192.0.2.1";
    setup.offer = "v=0 offer";
    return setup;
}

struct Bench {
    State state;
    Time now{1'000s};
    Actions out;                 // of the last step
    std::deque<std::string> kept;
    std::deque<MessageView> views;

    void take(Step step) {
        state = std::move(step.state);
        out = std::move(step.actions);
    }
    void event(const Event& event) { take(on(std::move(state), event, now)); }
    // Lets time pass, each deadline on its way served; keeps what all of them did.
    void run(Duration duration) {
        Actions all;
        auto until = now + duration;
        while (deadline(state) && *deadline(state) <= until) {
            now = std::max(now, *deadline(state));
            event(Tick{});
            all.insert(all.end(), out.begin(), out.end());
        }
        now = until;
        out = std::move(all);
    }
    const MessageView& view(std::string text) {
        kept.push_back(std::move(text));
        views.push_back(MessageView::read(kept.back()));
        return views.back();
    }
    // A response of theirs to a request of ours.
    void answer(const Message& request, int status, std::string_view tag = "them", const Headers& headers = {},
                const std::string& body = {}) {
        const auto& ours = view(request.bytes());
        auto response = Message::response_to(ours, status);
        if (!tag.empty() && tag_of(response.get("To")).empty())
            response.set("To", fmt::format("{};tag={}", response.get("To"), tag));
        for (const auto& [name, value] : headers) response.add(name, value);
        response.body = body;
        auto purpose = request.method == "BYE" ? Purpose::bye : Purpose::invite;
        event(Response{purpose, &view(response.bytes())});
    }
    // A request of theirs inside the dialog.
    void request(TransactionId id, std::string_view method, std::string_view cseq, std::string_view body = {},
                 const Headers& headers = {}) {
        Message message;
        message.method = method;
        message.uri = "sip:us@192.0.2.1:5060";
        message.add("Via", "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK1");
        message.add("From", state.dialog.remote + ";tag=" + state.dialog.remote_tag);
        message.add("To", state.dialog.local + ";tag=" + state.dialog.local_tag);
        message.add("Call-ID", state.dialog.call_id);
        if (!cseq.empty()) message.add("CSeq", cseq);
        for (const auto& [name, value] : headers) message.add(name, value);
        message.body = body;
        event(Request{id, &view(message.bytes())});
    }
    template <class T>
    [[nodiscard]] std::vector<T> all() const {
        std::vector<T> found;
        for (const auto& action : out)
            if (const auto* match = std::get_if<T>(&action)) found.push_back(*match);
        return found;
    }
    template <class T>
    [[nodiscard]] T only() const {
        auto found = all<T>();
        REQUIRE(found.size() == 1);
        return found.front();
    }
    [[nodiscard]] Message sent() const { return only<Send>().message; }
    [[nodiscard]] Message ack() const { return only<SendAck>().message; }
    [[nodiscard]] Message response() const { return only<Respond>().message; }
    [[nodiscard]] Outcome outcome() const { return only<Ended>().outcome; }
};

inline const Headers their_contact{{"Contact", "<sip:them@192.0.2.2:5070>"}};

// A caller whose INVITE has just gone out.
struct Caller : Bench {
    Message invite;
    explicit Caller(CallerSetup setup = caller_setup()) {
        take(dial(std::move(setup), {3, 4}, now));
        invite = sent();
    }
};

// A caller whose call is up.
struct Talking : Caller {
    explicit Talking(CallerSetup setup = caller_setup(), const Headers& headers = their_contact)
        : Caller(std::move(setup)) {
        answer(invite, 200, "them", headers, "v=0 answer");
        REQUIRE(state.phase == Phase::confirmed);
    }
};

// A called party that an INVITE has reached, with transaction 7.
struct Called : Bench {
    explicit Called(const Headers& headers = {}, const std::string& body = "v=0 offer",
                    std::string_view cseq = "4 INVITE") {
        Message invite;
        invite.method = "INVITE";
        invite.uri = "sip:100@192.0.2.1:5060";
        invite.add("Via", "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK0");
        invite.add("From", "\"A\" <sip:a@example.com>;tag=them");
        invite.add("To", "<sip:100@example.com>");
        invite.add("Call-ID", "in-1");
        if (!cseq.empty()) invite.add("CSeq", cseq);
        invite.add("Contact", "<sip:them@192.0.2.2:5070>");
        for (const auto& [name, value] : headers) invite.add(name, value);
        invite.body = body;
        CalledSetup setup{.contact = "<sip:us@192.0.2.1:5060>", .headers = {{"X-Ours", "yes"}}};
        take(invited(std::move(setup), 7, view(invite.bytes()), {5, 6}, now));
    }
};

// … and that has answered, and has the ACK.
struct Connected : Called {
    explicit Connected(const Headers& headers = {}) : Called(headers) {
        event(Accept{"v=0 answer"});
        request(0, "ACK", "4 ACK");
        REQUIRE(state.phase == Phase::confirmed);
    }
};

}  // namespace trunkbox::sip::call::test
