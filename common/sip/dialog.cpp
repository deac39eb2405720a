#include "sip/dialog.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "sip/cseq.h"
#include "sip/name_addr.h"

namespace trunkbox::sip {

std::string tag_of(std::string_view value) {
    auto address = NameAddr::parse(value);
    return address ? std::string(address->tag()) : std::string{};
}

std::string without_tag(std::string_view value) {
    auto address = NameAddr::parse(value);
    if (!address) return std::string(value);
    std::string out;
    if (!address->display.empty()) out = fmt::format("{} ", address->display);
    out += fmt::format("<{}>", address->uri);
    for (const auto& item : parameters(address->parameters)) {
        if (iequals(item.name, "tag") || item.name.empty()) continue;
        out += item.has_value ? fmt::format(";{}={}", item.name, item.value) : fmt::format(";{}", item.name);
    }
    return out;
}

namespace {

std::string contact_uri(const MessageView& message) {
    auto items = list_items(message, HeaderName::contact);
    if (items.empty()) return {};
    auto contact = NameAddr::parse(items.front());
    return contact && !contact->star ? std::string(contact->uri) : std::string{};
}

std::vector<std::string> record_routes(const MessageView& message) {
    std::vector<std::string> routes;
    for (auto item : list_items(message, HeaderName::record_route)) routes.emplace_back(item);
    return routes;
}

bool is_loose(std::string_view route) {
    auto address = NameAddr::parse(route);
    if (!address) return true;
    auto uri = UriView::parse(address->uri);
    return uri && uri->parameter("lr").has_value();
}

std::string route_uri(std::string_view route) {
    auto address = NameAddr::parse(route);
    return std::string(address ? address->uri : route);
}

std::string with_tag(const std::string& value, const std::string& tag) {
    return tag.empty() ? value : value + ";tag=" + tag;
}

}  // namespace

void Dialog::established_by(const MessageView& response) {
    remote_tag = tag_of(response.value(HeaderName::to));
    remote = without_tag(response.value(HeaderName::to));
    routes = record_routes(response);
    std::reverse(routes.begin(), routes.end());
    refresh_target(response);
}

Dialog Dialog::invited_by(const MessageView& request, std::string_view local_tag) {
    Dialog dialog;
    dialog.call_id = request.value(HeaderName::call_id);
    dialog.local = without_tag(request.value(HeaderName::to));
    dialog.local_tag = local_tag;
    dialog.remote = without_tag(request.value(HeaderName::from));
    dialog.remote_tag = tag_of(request.value(HeaderName::from));
    dialog.routes = record_routes(request);
    if (auto cseq = CSeq::parse(request.value(HeaderName::cseq))) dialog.remote_cseq = cseq->number;
    dialog.refresh_target(request);
    return dialog;
}

void Dialog::refresh_target(const MessageView& message) {
    auto target = contact_uri(message);
    if (!target.empty()) remote_target = target;
}

bool Dialog::owns(const MessageView& message) const {
    bool request = message.is_request();
    auto ours = message.value(request ? HeaderName::to : HeaderName::from);
    auto theirs = message.value(request ? HeaderName::from : HeaderName::to);
    return message.value(HeaderName::call_id) == call_id && tag_of(ours) == local_tag && tag_of(theirs) == remote_tag;
}

Message Dialog::request(std::string_view method, std::optional<std::uint32_t> cseq) {
    Message message;
    message.method = method;
    message.uri = remote_target;
    auto hops = routes;
    if (!hops.empty() && !is_loose(hops.front())) {
        message.uri = route_uri(hops.front());
        hops.erase(hops.begin());
        hops.push_back("<" + remote_target + ">");
    }
    for (const auto& hop : hops) message.add("Route", hop);
    message.add("Max-Forwards", "70");
    message.add("From", with_tag(local, local_tag));
    message.add("To", with_tag(remote, remote_tag));
    message.add("Call-ID", call_id);
    message.add("CSeq", fmt::format("{} {}", cseq ? *cseq : ++local_cseq, method));
    return message;
}

std::string Dialog::next_hop() const { return routes.empty() ? remote_target : route_uri(routes.front()); }

std::string next_hop(const Message& request) {
    auto route = request.get("Route");
    if (route.empty()) return request.uri;
    auto items = list_items(route);
    return !items.empty() && is_loose(items.front()) ? route_uri(items.front()) : request.uri;
}

}  // namespace trunkbox::sip
