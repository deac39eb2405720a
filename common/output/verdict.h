// What an SBC says of messages: a record or a line each, and the sum of a capture.
#pragma once

#include <string>
#include <string_view>

#include "net/datagram.h"
#include "output/value.h"
#include "sbc/filter.h"
#include "sbc/rule.h"
#include "sbc/verdict.h"
#include "sip/message_view.h"

namespace trunkbox::output {

// The line of a verdict file at the end of `into`, without its newline. What does not apply is null.
void append_json_line(std::string& into, const net::Datagram& datagram, const sip::MessageView& message,
                      const sbc::Verdict& verdict);
// The same keys, and the file, of a message that stands alone in `file`.
[[nodiscard]] Record record(std::string_view file, const sip::MessageView& message, const sbc::Verdict& verdict);

// "3  10.250 s 192.0.2.1:5060 > 198.51.100.1:5060 INVITE reject 400 by M-117: …"; findings below, a line each.
[[nodiscard]] std::string text(const net::Datagram& datagram, const sip::MessageView& message,
                               const sbc::Verdict& verdict);
// "FILE: reject 400 by M-117 at byte 46: …", and the line at fault with its place marked.
[[nodiscard]] std::string text(std::string_view file, const sip::MessageView& message, const sbc::Verdict& verdict);

// "reject 400 by M-117: …", "accept".
[[nodiscard]] std::string in_words(const sbc::Verdict& verdict);

[[nodiscard]] Record record(const sbc::FilterSummary& summary);
[[nodiscard]] std::string text(const sbc::FilterSummary& summary);

// One row of the catalogue.
[[nodiscard]] Record record(const sbc::Rule& rule);
[[nodiscard]] std::string text(const sbc::Rule& rule);

}  // namespace trunkbox::output
