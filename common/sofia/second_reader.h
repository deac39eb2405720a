// What sofia-sip's parser says of a message: a second opinion beside sip::MessageView. Two readers that disagree
// about one message mean that it can be smuggled past one of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::sofia {

struct SecondAddress {
    std::string display;  // with its quotes
    std::string uri;      // needless escapes taken back: "%61lice" comes as "alice"
    std::string tag;      // From and To
    bool operator==(const SecondAddress&) const = default;
};

struct SecondVia {
    std::string transport, host;
    std::string port;  // as written, "" when absent
    std::string branch;
    bool operator==(const SecondVia&) const = default;
};

// Values alone: nothing in it points into the message or into sofia. Absent headers are empty.
struct SecondReading {
    bool understood = false;          // a start line, and no error that stopped the parser
    std::vector<std::string> errors;  // names of the headers that it could not read

    std::string method, uri;  // request
    int status = 0;           // response
    std::string version, reason;
    std::string call_id;
    std::optional<std::uint32_t> cseq;
    std::string cseq_method;
    std::optional<SecondAddress> from, to;
    std::vector<SecondVia> via;
    std::vector<SecondAddress> contacts, routes, record_routes;
    std::optional<std::uint64_t> max_forwards, content_length, expires;
    std::string content_type;  // "type/subtype" without parameters
    std::string body;

    bool operator==(const SecondReading&) const = default;
};

// Never fails: what sofia does not read is `understood == false`, and the fields hold what it got.
[[nodiscard]] SecondReading read_again(std::string_view bytes);

}  // namespace trunkbox::sofia
