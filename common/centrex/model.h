// The nouns of a Centrex as values: whose number it is, which phones there are, who is logged in where.
#pragma once

#include "base/time.h"
#include "numbering/e164.h"

#include <compare>
#include <optional>
#include <string>
#include <vector>

namespace trunkbox::centrex {

// Names are unique within their tenant.
struct Name {
    std::string tenant{};
    std::string name{};
    auto operator<=>(const Name&) const = default;
};

struct Tenant {
    std::string name{};
    std::string domain{};
    std::string region{};  // ISO 3166 letters that national spellings are read by, "" for none
};

struct User {
    Name id{};
    std::string display_name{};
    Duration ring_for = 30s;
    bool dnd = false;  // do not disturb
    std::optional<numbering::E164> default_cli{};  // what their calls show
    std::string barring{};                         // what they cannot call, "" for nothing
};

// Which numbers somebody cannot call, by how they begin.
struct Barring {
    std::string name{};
    std::vector<std::string> deny{};   // "+33899", "+" for every number
    std::vector<std::string> allow{};  // even so

    // What denies the number: the longest beginning that is named counts, and of two equal ones that which allows.
    [[nodiscard]] std::optional<std::string> denied_by(const numbering::E164& number) const;
};

struct Phone {
    Name id{};
    std::string uri{};                               // SIP URI that it is reached at
    std::string site{};                              // where it stands
    std::string home_user{};                         // who sits there when nobody is logged in, "" for nobody
    bool hot_desk = false;                           // others than the home user may log in
    std::optional<numbering::E164> emergency_cli{};  // what an emergency call shows; belongs to the place
    std::string location{};                          // address of its own, "" for the site's
};

struct Number {
    numbering::E164 e164;
    Name user{};                     // a number belongs to a person
    std::string target{};            // "group:sales": what it rings instead, of the same tenant; "" is the user
    std::string state = "assigned";  // others ring nothing: "quarantine", "ported_out"
};

// What a call does under a condition that its user set.
struct Forward {
    std::string condition{};  // "cfu", "cfb", "cfnr", "cfnrc"
    std::string to{};         // "user:bob", "voicemail:alice", "+442079460123"
    Duration after{};         // cfnr: rings so long before
};

struct Group {
    Name id{};
    bool sequential = false;  // one after another, else at once
    Duration ring_for = 20s;  // each
    std::string overflow{};   // when nobody answers
    std::vector<std::string> members{};
};

struct Schedule {
    enum class Override { none, open, closed };
    Name id{};
    std::string zone{};
    std::string open{};    // what rings while it is open
    std::string closed{};  // and else; "" for nothing
    Override over = Override::none;
    std::optional<Time> over_until{};
    std::vector<std::string> hours{};     // as Hours::parse reads them
    std::vector<std::string> holidays{};  // "2026-12-25"
};

// In force from `since` (included) to `until` (excluded) or a later login on the same phone or of the same
// user.
struct Login {
    Name phone{};
    std::string user{};
    Time since{};
    std::optional<Time> until{};
};

}  // namespace trunkbox::centrex
