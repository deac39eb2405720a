#include "config/provider.h"

namespace trunkbox::config {

std::string_view default_provider_config() {
    return R"({
    "version": 1,

    // Where phones and PBXs reach the edge. Port 0 picks a free one. --listen overrides it.
    "listen": "127.0.0.1:5080",

    // Names the provider in SIP: registrar, realm of its digests, host of the addresses it shows.
    "domain": "provider.example.com",

    // Registrations are granted for between these times (seconds, or "30s", "2m"); a shorter wish gets 423.
    "least_expires": 60,
    "most_expires": 3600,

    // How long one carrier may take to answer before the next is tried.
    "answer_timeout": 60,

    // What the edge lets pass: "strict", "lenient", "observe" (judge, but let everything pass) or a policy document, and
    // single rules treated in another way: "off", "note", "alert", "drop", "reject", "reject 403". The networks of
    // "rate_exempt" may call and register as often as they like.
    "sbc": {
        "policy": "strict",
        "rate_exempt": ["127.0.0.0/8", "::1"],
        "rules": {"M-120": "note"}
    },

    // The customers.
    "trunks": [
        {
            "name": "acme",
            "username": "acme",
            "tenant": "acme",                           // whose numbers it may show, where a directory keeps them
            // "password_file" or "password_env" says where the password is. Without either one is made up at every
            // start; --write-trunk writes it beside the trunk's profile.
            // "password_file": "acme.secret",
            "digest": "SHA-256",                        // or "MD5"
            "addresses": [],                            // sources that may call without a digest
            "numbers": ["+33199000000-+33199000999"],   // that it may show as caller; the first is its main number
            "region": "FR",                             // how it writes national numbers
            "test_numbers": {"echo": "+442079460999"}
        }
    ],

    // The carriers that calls to the world are sold by, cheapest first for each call. "rates" stand here, or "deck"
    // names a CSV file (or several). The behaviour is that of the carrier's far end.
    "carriers": [
        {
            "name": "north",
            "priority": 1,
            "enabled": true,
            "rates": [
                {"prefix": "33", "destination": "France", "rate": "0.0060", "minimum": 1, "increment": 1},
                {"prefix": "44", "destination": "United Kingdom", "rate": "0.0055", "minimum": 1, "increment": 1}
            ],
            "behaviour": {"ring": 0.2, "tone": 440}
        },
        {
            "name": "south",
            "priority": 2,
            "enabled": true,
            "rates": [
                {"prefix": "1", "destination": "North America", "rate": "0.0070"},
                {"prefix": "33", "destination": "France", "rate": "0.0052", "minimum": 60, "increment": 60},
                {"prefix": "44", "destination": "United Kingdom", "rate": "0.0061", "connect_fee": "0.001"},
                {"prefix": "442079460999", "destination": "Echo test", "rate": "0.0001"}
            ],
            // "status": 486 refuses, "reason" says why, "delay" is silence before the first response,
            // "early_media": true rings with audio, "echo": true says what is heard, "duration" hangs up.
            "behaviour": {"status": 200, "delay": 0, "ring": 0.2, "early_media": false, "echo": true, "duration": 0}
        }
    ],

    // Whose number is it, and where does it ring? In place of this object, the path of a directory that 'trunkbox centrex'
    // edits, or its address on a server: calls then go by what stands there at their time. --db overrides it.
    "directory": {
        "tenants": [{"name": "acme", "domain": "acme.example.com", "region": "FR"}],
        "users": [{"name": "alice", "display_name": "Alice"}, {"name": "bob", "display_name": "Bob"}],
        "phones": [
            {"name": "desk-214", "site": "paris", "home": "alice", "contact": "sip:desk-214@127.0.0.1:5072",
             "emergency_cli": "+33199000999"},
            {"name": "desk-7", "site": "paris", "hot_desk": true, "contact": "sip:desk-7@127.0.0.1:5073",
             "emergency_cli": "+33199000999"}
        ],
        "numbers": [
            {"number": "+33199000001", "user": "alice"},
            {"number": "+33199000002", "user": "bob"}
        ],
        "logins": []
    }
}
)";
}

}  // namespace trunkbox::config
