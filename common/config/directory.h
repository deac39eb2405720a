// The Centrex directory as a JSON object, on its own or inside another document.
#pragma once

#include "base/result.h"
#include "centrex/facts.h"
#include "config/json.h"

namespace trunkbox::config {

//   "tenants": [{"name": "acme", "domain": "acme.example.com", "region": "FR"}],
//   "users":   [{"name": "alice", "tenant": "acme", "display_name": "Alice", "ring_for": 30}],
//   "phones":  [{"name": "desk-214", "tenant": "acme", "site": "paris", "home": "alice", "hot_desk": false,
//                "contact": "sip:desk-214@127.0.0.1:5072", "emergency_cli": "+33199000999"}],
//   "numbers": [{"number": "+33199000001", "user": "alice", "tenant": "acme"}],
//   "logins":  [{"phone": "desk-7", "user": "alice", "tenant": "acme", "since": "2026-11-22T08:58:11Z",
//   "until": …}]
// "tenant" may be left out where there is only one; numbers may be spelt as the tenant's region does. A login
// without "since" has been in force always.
[[nodiscard]] Result<centrex::MapFacts> read_directory(const Node& object);

}  // namespace trunkbox::config
