#include "sip/authenticator.h"

namespace trunkbox::sip {

namespace {

// A server to which every nonce is stale would keep us going round without end.
constexpr int most_answers = 4;

}  // namespace

Authenticator::Verdict Authenticator::challenged(const MessageView& response) {
    bool proxy = response.status() == 407;
    auto name = proxy ? HeaderName::proxy_authenticate : HeaderName::www_authenticate;
    // Not split at commas: a challenge has commas of its own, and RFC 8760 gives each its own header line.
    std::vector<std::string_view> values;
    for (const auto& header : response.headers())
        if (header.name == name) values.push_back(header.value);
    auto challenge = digest::choose(values, proxy);
    if (!challenge) return Verdict::not_understood;
    if (!login_) return Verdict::no_login;
    if (answered_ > 0 && (!challenge->stale || answered_ >= most_answers)) return Verdict::wrong_login;
    challenge_ = std::move(*challenge);
    count_ = 0;
    ++answered_;
    return Verdict::retry;
}

void Authenticator::sign(Message& request, IdSource& ids) {
    if (!challenge_ || !login_) return;
    auto credentials = digest::answer(*challenge_, login_->user, login_->password, request.method, request.uri,
                                      ids.token(), ++count_);
    request.set(challenge_->proxy ? "Proxy-Authorization" : "Authorization", credentials.text());
}

std::string_view explain(Authenticator::Verdict verdict) {
    switch (verdict) {
        case Authenticator::Verdict::retry: return "";
        case Authenticator::Verdict::no_login: return "the far end asks for a user name and password";
        case Authenticator::Verdict::wrong_login: return "the far end refused the user name or password";
        case Authenticator::Verdict::not_understood:
            return "the far end asks for an authentication scheme or algorithm that is not known here";
    }
    return "";
}

}  // namespace trunkbox::sip
