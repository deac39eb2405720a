#include "provider/registrar.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "sip/cseq.h"
#include "sip/name_addr.h"

namespace trunkbox::provider {

using sip::HeaderName;
using sip::Message;

struct Registrar::Wish {
    std::string contact;
    Duration expires{};
};

namespace {

// Section 10.2.1.1: a contact's own parameter, else the header, else what we like; a malformed one counts as 3600.
Duration wished(const sip::NameAddr& contact, const sip::MessageView& request, Duration most) {
    auto text = contact.parameter("expires");
    if (!text && request.find(HeaderName::expires) != nullptr) text = request.value(HeaderName::expires);
    if (!text) return most;
    return std::chrono::seconds(parse_integer<std::uint32_t>(*text).value_or(3600));
}

bool same_uri(const std::string& a, const std::string& b) {
    auto left = sip::UriView::parse(a);
    auto right = sip::UriView::parse(b);
    return left && right && equivalent(*left, *right);
}

std::string user_of_to(const sip::MessageView& request) {
    auto to = sip::NameAddr::parse(request.value(HeaderName::to));
    if (!to) return {};
    auto uri = sip::UriView::parse(to->uri);
    return uri ? sip::unescape(uri->user) : std::string{};
}

}  // namespace

std::vector<Binding> Registrar::bindings(const std::string& user, Time now) const {
    std::vector<Binding> live;
    auto found = bindings_.find(user);
    if (found == bindings_.end()) return live;
    for (auto binding = found->second.rbegin(); binding != found->second.rend(); ++binding)
        if (binding->until > now) live.push_back(*binding);
    return live;
}

Registrar::Answer Registrar::take(const sip::MessageView& request, Time now) {
    Answer answer;
    answer.user = user_of_to(request);
    auto check = accounts_.check(request, false, answer.user, now);
    if (check.verdict != Accounts::Verdict::good) {
        bool stale = check.verdict == Accounts::Verdict::stale;
        answer.response = accounts_.challenge(request, false, answer.user, stale, now);
        return answer;
    }
    bool asks = request.find(HeaderName::contact) != nullptr;
    if (auto refusal = asks ? apply(request, answer.user, now) : std::nullopt) {
        answer.response = std::move(*refusal);
        return answer;
    }
    auto live = bindings(answer.user, now);
    answer.changed = asks;
    answer.bindings = live.size();
    answer.response = Message::response_to(request, 200);
    for (const auto& binding : live) {
        auto left = std::chrono::ceil<std::chrono::seconds>(binding.until - now).count();
        answer.response.add("Contact", fmt::format("<{}>;expires={}", binding.contact, left));
    }
    return answer;
}

std::optional<Message> Registrar::remove_all(const sip::MessageView& request, const std::string& user) {
    // Section 10.2.2: "*" stands alone and only with Expires: 0.
    if (list_items(request, HeaderName::contact).size() != 1 || request.value(HeaderName::expires) != "0")
        return Message::response_to(request, 400);
    bindings_.erase(user);
    return std::nullopt;
}

std::optional<Message> Registrar::apply(const sip::MessageView& request, const std::string& user, Time now) {
    auto cseq = sip::CSeq::parse(request.value(HeaderName::cseq));
    if (!cseq) return Message::response_to(request, 400);
    std::vector<Wish> wishes;
    for (auto item : list_items(request, HeaderName::contact)) {
        auto contact = sip::NameAddr::parse(item);
        if (!contact) return Message::response_to(request, 400);
        if (contact->star) return remove_all(request, user);
        auto expires = wished(*contact, request, limits_.most);
        // Section 10.2.8: too brief.
        if (expires > Duration{0} && expires < limits_.least) {
            auto refusal = Message::response_to(request, 423);
            refusal.add("Min-Expires", fmt::format("{}", seconds(limits_.least)));
            return refusal;
        }
        wishes.push_back({std::string(contact->uri), std::min(expires, limits_.most)});
    }
    // All or nothing: a copy takes the changes.
    auto list = bindings_[user];
    std::erase_if(list, [&](const Binding& b) { return b.until <= now; });
    std::vector<std::string> path;
    for (auto item : list_items(request, HeaderName::path)) path.emplace_back(item);
    auto call_id = std::string(request.value(HeaderName::call_id));
    for (const auto& wish : wishes) {
        auto known = std::ranges::find_if(list, [&](const Binding& b) { return same_uri(b.contact, wish.contact); });
        if (known != list.end()) {
            // Section 10.3, step 7: what is older than the binding changes nothing.
            if (known->call_id == call_id && cseq->number <= known->cseq) return Message::response_to(request, 500);
            list.erase(known);
        }
        if (wish.expires > Duration{0})
            list.push_back({wish.contact, path, call_id, cseq->number, now + wish.expires});
    }
    if (list.size() > limits_.contacts) return Message::response_to(request, 403, "Too Many Contacts");
    bindings_[user] = std::move(list);
    return std::nullopt;
}

}  // namespace trunkbox::provider
