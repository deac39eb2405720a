// The document that tells the loopback provider who its customers are, which carriers it buys from, and what its edge
// lets pass.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "centrex/facts.h"
#include "lcr/deck.h"
#include "lcr/table.h"
#include "net/address.h"
#include "numbering/range.h"
#include "sbc/policy.h"
#include "sip/digest.h"
#include "sip/trunk_profile.h"

namespace trunkbox::config {

// How a carrier's far end treats the calls that it is sent.
struct CarrierBehaviour {
    int status = 200;  // anything else refuses
    std::string reason;
    Duration delay{};
    Duration ring = 200ms;
    bool early_media = false;
    bool echo = false;     // say what is heard, in place of the tone
    double tone = 440;     // Hz
    Duration duration{};   // from the answer to the hang-up; 0: the caller's affair
};

struct CarrierConfig {
    lcr::Carrier carrier;
    std::vector<lcr::Deck> decks;
    CarrierBehaviour behaviour;
};

struct TrunkConfig {
    std::string name;
    std::string tenant;    // of the directory: whose numbers it may show
    std::string username;  // of its address of record and of its digests
    // Where its password is; nothing: one is made up at the start and written with the trunk's profile.
    std::optional<sip::CredentialsReference> credentials;
    sip::digest::Algorithm algorithm = sip::digest::Algorithm::sha256;
    std::vector<net::Ip> addresses;  // sources that need no digest (static mode)
    std::vector<numbering::NumberRange> numbers;  // that it may call from; the first is its main number
    std::string region;
    std::map<std::string, std::string> test_numbers;
};

// Strict, but calls and registrations from this machine may come as often as they like.
[[nodiscard]] sbc::Policy edge_policy();

struct ProviderConfig {
    net::Endpoint listen{net::Ip::v4(0x7f000001), 5080};
    std::string domain = "provider.example.com";
    Duration least_expires = 60s;
    Duration most_expires = 3600s;
    Duration answer_timeout = 60s;  // of one carrier
    sbc::Policy policy = edge_policy();
    std::vector<TrunkConfig> trunks;
    std::vector<CarrierConfig> carriers;
    std::string routes;  // path of a compiled route table, which then says what the carriers ask; else ""
    centrex::MapFacts directory;
    std::string directory_place;  // of a directory that is kept elsewhere: path, or address of a server; else ""
};

// Deck files that it names are read, from its own directory on. Errors have their place.
[[nodiscard]] Result<ProviderConfig> read_provider_config(std::string_view json, std::string_view file);

// A complete document with a comment on every key; what the provider runs on when it is given none.
[[nodiscard]] std::string_view default_provider_config();

}  // namespace trunkbox::config
