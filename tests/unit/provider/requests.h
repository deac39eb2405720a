// Requests as a customer sends them, with credentials where asked for.
#pragma once

#include <deque>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/time.h"
#include "provider/accounts.h"
#include "sip/authenticator.h"

namespace trunkbox::provider::test {

inline sip::Message register_request(std::string_view user = "acme", std::string_view contact = {},
                                     std::uint32_t cseq = 1) {
    sip::Message request;
    request.method = "REGISTER";
    request.uri = "sip:provider.example.com";
    request.add("Via", "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1");
    request.add("From", fmt::format("<sip:{}@provider.example.com>;tag=t", user));
    request.add("To", fmt::format("<sip:{}@provider.example.com>", user));
    request.add("Call-ID", "reg-1");
    request.add("CSeq", fmt::format("{} REGISTER", cseq));
    if (!contact.empty()) request.add("Contact", contact);
    return request;
}

// What a request is as a view; keeps the bytes.
struct Views {
    std::deque<std::string> kept;
    std::deque<sip::MessageView> views;
    const sip::MessageView& operator()(std::string text) {
        kept.push_back(std::move(text));
        views.push_back(sip::MessageView::read(kept.back()));
        return views.back();
    }
    const sip::MessageView& operator()(const sip::Message& message) { return (*this)(message.bytes()); }
};

}  // namespace trunkbox::provider::test
