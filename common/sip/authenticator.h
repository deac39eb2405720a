// Answers a server's challenges for one identity (RFC 3261 section 22, RFC 8760): remembers the challenge, so that later
// requests carry credentials at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.h"
#include "sip/digest.h"
#include "sip/message.h"

namespace trunkbox::sip {

struct Login {
    std::string user;
    std::string password;  // never printed
    bool operator==(const Login&) const = default;
};

class Authenticator {
  public:
    explicit Authenticator(std::optional<Login> login = std::nullopt) : login_(std::move(login)) {}

    enum class Verdict {
        retry,           // send the request again: sign() will add credentials
        no_login,        // challenged, and we have no user and password
        wrong_login,     // the server refused these credentials
        not_understood,  // no challenge of a scheme and algorithm that we know
    };
    // Takes in a 401 or 407. A fresh nonce in answer to credentials counts as a refusal unless it says stale, and that
    // is believed a few times in a row only.
    [[nodiscard]] Verdict challenged(const MessageView& response);
    // Puts credentials for the remembered challenge on a request; does nothing before the first challenge.
    void sign(Message& request, IdSource& ids);
    // The request got through: the next challenge may be answered again.
    void accepted() { answered_ = 0; }

  private:
    std::optional<Login> login_;
    std::optional<digest::Challenge> challenge_;
    std::uint32_t count_ = 0;  // of requests signed with this nonce
    int answered_ = 0;         // challenges in a row
};

// For a person: what to do about it.
[[nodiscard]] std::string_view explain(Authenticator::Verdict verdict);

}  // namespace trunkbox::sip
