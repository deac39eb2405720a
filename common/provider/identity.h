// Who is calling whom, as the headers of an INVITE say it and as the next hop shall hear it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/provider.h"
#include "numbering/e164.h"
#include "sip/message_view.h"

namespace trunkbox::provider {

// The user part of the request-URI, escapes taken back.
[[nodiscard]] std::string dialled(const sip::MessageView& request);
// That as a number, national spellings read as `region` does; nothing when it is none.
[[nodiscard]] std::optional<numbering::E164> dialled_number(const sip::MessageView& request, std::string_view region);

// What an INVITE asserts as its caller, the strongest first (P-Asserted-Identity, P-Preferred-Identity, From; RFC 3325
// section 5), national spellings read as `region` does.
[[nodiscard]] std::vector<numbering::E164> asserted_numbers(const sip::MessageView& invite, std::string_view region);
// The first of these that lies in the ranges of the trunk.
[[nodiscard]] std::optional<numbering::E164> own_number(const sip::MessageView& invite,
                                                        const config::TrunkConfig& trunk);
// The number that a trunk may show as its own: that one, else its main number.
[[nodiscard]] numbering::E164 calling_number(const sip::MessageView& invite, const config::TrunkConfig& trunk);

// The number in From; nothing when there is none.
[[nodiscard]] std::optional<numbering::E164> from_number(const sip::MessageView& invite);

// RFC 3323: Privacy asks that the caller be hidden.
[[nodiscard]] bool wants_privacy(const sip::MessageView& invite);

}  // namespace trunkbox::provider
