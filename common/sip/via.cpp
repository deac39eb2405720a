#include "sip/via.h"

#include <fmt/format.h>

#include "base/text.h"
#include "sip/grammar.h"
#include "sip/parameters.h"

namespace trunkbox::sip {
namespace {

tl::unexpected<Error> bad_via(std::string what) {
    return failure(Fault::input, "Via", std::move(what), "write e.g. 'SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1'");
}

// Takes the token before `mark` with its blanks off `rest`; "" when there is none.
std::string_view take_token(std::string_view& rest, char mark) {
    auto [token, after] = split_once(rest, mark);
    if (!after) return {};
    rest = *after;
    token = trim(token);
    return is_token(token) ? token : std::string_view{};
}

// Splits "host", "host : port" and "[IPv6]:port".
Result<Via> with_sent_by(Via via, std::string_view sent_by) {
    auto colon = sent_by.starts_with('[') ? sent_by.find(':', std::min(sent_by.find(']'), sent_by.size()))
                                          : sent_by.find(':');
    via.host = trim(sent_by.substr(0, colon));
    if (!grammar::is_host(via.host)) return bad_via(fmt::format("sent-by {} has no host", in_quotes(sent_by)));
    if (colon == std::string_view::npos) return via;
    auto port = trim(sent_by.substr(colon + 1));
    via.port = parse_integer<std::uint16_t>(port);
    if (!via.port || *via.port == 0) return bad_via(fmt::format("port {} is not 1 to 65535", in_quotes(port)));
    return via;
}

}  // namespace

Result<Via> Via::parse(std::string_view item) {
    item = trim(item);
    auto [front, tail] = split_once(item, ';');
    auto rest = front;
    auto name = take_token(rest, '/');
    auto version = name.empty() ? name : take_token(rest, '/');
    if (version.empty()) return bad_via(fmt::format("{} does not begin with protocol, version, transport", in_quotes(item)));
    Via via;
    via.protocol = item.substr(0, static_cast<std::size_t>(version.data() + version.size() - item.data()));
    rest = trim(rest);
    auto blank = rest.find_first_of(" \t\r\n");
    via.transport = rest.substr(0, blank);
    if (blank == std::string_view::npos || !is_token(via.transport))
        return bad_via(fmt::format("{} has no transport and sent-by", in_quotes(item)));
    via.parameters = tail.value_or("");
    if (tail && trim(*tail).empty()) return bad_via(fmt::format("empty parameter at the end of {}", in_quotes(item)));
    for (const auto& one : sip::parameters(via.parameters)) {
        if (one.name.empty()) return bad_via(fmt::format("empty parameter in {}", in_quotes(item)));
        if (!is_token(one.name)) return bad_via(fmt::format("parameter name {} is no token", in_quotes(one.name)));
    }
    return with_sent_by(via, trim(rest.substr(blank)));
}

std::optional<std::string_view> Via::parameter(std::string_view name) const {
    return sip::parameter(parameters, name);
}

}  // namespace trunkbox::sip
