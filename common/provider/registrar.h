// The registrar and its bindings (RFC 3261 section 10.3, RFC 3327).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "provider/accounts.h"
#include "sip/message.h"

namespace trunkbox::provider {

struct Binding {
    std::string contact;             // URI
    std::vector<std::string> path;   // route towards it, nearest first
    std::string call_id;
    std::uint32_t cseq = 0;
    Time until{};
};

class Registrar {
  public:
    struct Limits {
        Duration least = 60s;
        Duration most = 3600s;
        std::size_t contacts = 10;  // of one user
    };
    Registrar(Accounts& accounts, Limits limits) : accounts_(accounts), limits_(limits) {}

    struct Answer {
        sip::Message response;    // To tag and the like are the sender's affair
        std::string user;         // whose bindings
        bool changed = false;
        std::size_t bindings = 0;
    };
    // Decides on one REGISTER.
    [[nodiscard]] Answer take(const sip::MessageView& request, Time now);
    // Live bindings, the latest first.
    [[nodiscard]] std::vector<Binding> bindings(const std::string& user, Time now) const;

  private:
    struct Wish;
    [[nodiscard]] std::optional<sip::Message> apply(const sip::MessageView& request, const std::string& user,
                                                    Time now);
    [[nodiscard]] std::optional<sip::Message> remove_all(const sip::MessageView& request, const std::string& user);

    Accounts& accounts_;
    Limits limits_;
    std::map<std::string, std::vector<Binding>> bindings_;
};

}  // namespace trunkbox::provider
