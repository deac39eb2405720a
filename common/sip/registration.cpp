#include "sip/registration.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "sip/cseq.h"
#include "sip/name_addr.h"

namespace trunkbox::sip::registration {

namespace {

struct Context {
    State& state;
    Actions& actions;
    Time now;
};

bool removes(const State& s) {
    return s.stopping || s.setup.mode == Mode::remove || s.setup.mode == Mode::remove_all;
}

bool looks_first(const State& s) { return s.setup.mode == Mode::remove && s.setup.any_port && !s.found; }

Message make_register(State& s) {
    Message request;
    request.method = "REGISTER";
    request.uri = s.setup.registrar;
    for (const auto& route : s.setup.routes) request.add("Route", route);
    request.add("Max-Forwards", "70");
    request.add("From", fmt::format("<{}>;tag={}", s.setup.aor, s.tag));
    request.add("To", fmt::format("<{}>", s.setup.aor));
    request.add("Call-ID", s.setup.call_id);
    request.add("CSeq", fmt::format("{} REGISTER", ++s.cseq));
    if (s.setup.mode == Mode::remove_all) {
        request.add("Contact", "*");
        request.add("Expires", "0");
    } else if (s.found) {
        for (const auto& uri : *s.found) request.add("Contact", fmt::format("<{}>;expires=0", uri));
    } else if (s.setup.mode != Mode::query && !looks_first(s)) {
        request.add("Contact", fmt::format("<{}>;expires={}", s.setup.contact, removes(s) ? 0 : s.expires));
    }
    for (const auto& [name, value] : s.setup.headers) request.add(name, value);
    s.authenticator.sign(request, s.ids);
    return request;
}

void send(Context& c) {
    c.state.waiting = true;
    c.state.next_at.reset();
    c.actions.push_back(Send{make_register(c.state)});
}

void finish(Context& c, End end) {
    c.state.ended = true;
    c.state.next_at.reset();
    c.state.outcome.end = end;
    c.actions.push_back(Ended{c.state.outcome});
}

// Refreshed when half of a short expiry is left, or a minute of a long one, so that one lost refresh can be repeated
// before the binding is gone.
Duration refresh_after(std::uint32_t expires) {
    Duration whole = std::chrono::seconds(expires);
    return std::max<Duration>({whole / 2, whole - 60s, 1s});
}

// After the n-th failure in a row: 4 s, 8 s … at most 5 minutes.
Duration retry_after(int failures, const MessageView* response) {
    if (response != nullptr) {
        auto text = response->value(HeaderName::retry_after);
        auto digits = text.substr(0, text.find_first_not_of("0123456789"));
        if (auto given = parse_integer<std::uint32_t>(digits)) return std::chrono::seconds(std::clamp(*given, 1u, 3600u));
    }
    return std::min<Duration>(4s * (1 << std::min(failures - 1, 7)), 300s);
}

std::vector<Binding> read_bindings(const MessageView& response) {
    std::vector<Binding> bindings;
    for (auto item : list_items(response, HeaderName::contact)) {
        auto contact = NameAddr::parse(item);
        if (!contact || contact->star) continue;
        Binding binding{std::string(contact->uri), std::nullopt};
        if (auto expires = contact->parameter("expires")) binding.expires = parse_integer<std::uint32_t>(*expires);
        if (!binding.expires) binding.expires = parse_integer<std::uint32_t>(response.value(HeaderName::expires));
        bindings.push_back(std::move(binding));
    }
    return bindings;
}

bool same_contact(const std::string& a, const std::string& b) {
    auto left = UriView::parse(a);
    auto right = UriView::parse(b);
    return left && right ? equivalent(*left, *right) : a == b;
}

std::vector<std::string> of_this_machine(const State& s) {
    std::vector<std::string> found;
    auto ours = UriView::parse(s.setup.contact);
    for (const auto& binding : s.outcome.bindings) {
        auto uri = UriView::parse(binding.uri);
        if (ours && uri && uri->user == ours->user && iequals(uri->host, ours->host)) found.push_back(binding.uri);
    }
    return found;
}

void succeeded(Context& c, const MessageView& response) {
    State& s = c.state;
    s.authenticator.accepted();
    s.failures = 0;
    if (looks_first(s)) {
        s.outcome.bindings = read_bindings(response);
        s.found = of_this_machine(s);
        if (!s.found->empty()) return send(c);
    }
    auto& outcome = s.outcome;
    outcome.answered_at = c.now;
    outcome.detail.clear();
    outcome.bindings = read_bindings(response);
    auto ours = std::find_if(outcome.bindings.begin(), outcome.bindings.end(),
                             [&](const Binding& b) { return same_contact(b.uri, s.setup.contact); });
    bool listed = ours != outcome.bindings.end();
    bool asks = s.setup.mode == Mode::once || s.setup.mode == Mode::keep;
    // Some registrars list nothing in the 200; then the Expires header or what we asked for counts.
    bool silent = outcome.bindings.empty() && asks && !s.stopping;
    outcome.registered = !removes(s) && (listed || silent);
    auto general = parse_integer<std::uint32_t>(response.value(HeaderName::expires)).value_or(s.expires);
    outcome.expires = !outcome.registered ? 0 : listed ? ours->expires.value_or(general) : general;
    if (asks && !s.stopping && !outcome.registered) {
        outcome.detail = "the registrar said yes, but our contact is not among its bindings";
        return finish(c, End::refused);
    }
    if (s.setup.mode != Mode::keep || s.stopping) return finish(c, End::done);
    s.was_registered = true;
    s.next_at = c.now + refresh_after(outcome.expires);
    c.actions.push_back(Registered{outcome});
}

bool asked_again(Context& c, const MessageView& response) {
    State& s = c.state;
    int status = response.status();
    if (status == 401 || status == 407) {
        auto verdict = s.authenticator.challenged(response);
        if (verdict != Authenticator::Verdict::retry) {
            s.outcome.detail = explain(verdict);
            return false;
        }
    } else if (status == 423) {
        // Section 10.2.8: ask again for at least Min-Expires; a registrar that keeps raising it is not followed.
        auto least = parse_integer<std::uint32_t>(response.value(HeaderName::min_expires));
        if (!least || *least <= s.expires || s.raised >= 3 || removes(s)) return false;
        ++s.raised;
        s.authenticator.accepted();
        s.expires = *least;
    } else {
        return false;
    }
    send(c);
    return true;
}

// A kept registration outlives a failed refresh, but not a first failure: that is a wrong set-up.
void failed(Context& c, End end, const MessageView* response) {
    State& s = c.state;
    s.outcome.registered = false;
    s.outcome.expires = 0;
    if (s.setup.mode != Mode::keep || s.stopping || !s.was_registered) return finish(c, end);
    ++s.failures;
    s.outcome.end = end;
    s.next_at = c.now + retry_after(s.failures, response);
    c.actions.push_back(Lost{s.outcome, *s.next_at});
}

void response(Context& c, const MessageView& message) {
    if (message.status() < 200) return;
    State& s = c.state;
    // It may answer a refresh that was out when we were told to stop.
    auto cseq = CSeq::parse(message.value(HeaderName::cseq));
    if (!cseq || cseq->number != s.cseq) return;
    s.waiting = false;
    s.outcome.status = message.status();
    s.outcome.reason = message.reason();
    if (message.status() < 300) return succeeded(c, message);
    s.outcome.answered_at = c.now;
    if (asked_again(c, message)) return;
    failed(c, End::refused, &message);
}

}  // namespace

Step start(Setup setup, IdSource::Seed seed, Time now) {
    Step step;
    State& s = step.state;
    s.ids = IdSource(seed);
    s.tag = s.ids.token();
    s.authenticator = Authenticator(setup.login);
    s.expires = setup.expires;
    s.setup = std::move(setup);
    s.outcome.started_at = now;
    Context c{step.state, step.actions, now};
    send(c);
    return step;
}

Step on(State state, const Event& event, Time now) {
    Step step{std::move(state), {}};
    if (step.state.ended) return step;
    Context c{step.state, step.actions, now};
    State& s = step.state;
    if (const auto* r = std::get_if<Response>(&event)) {
        response(c, *r->message);
    } else if (const auto* none = std::get_if<NoResponse>(&event)) {
        s.waiting = false;
        s.outcome.status = 0;
        s.outcome.reason.clear();
        bool timeout = none->why == TransactionLayer::Failed::Why::timeout;
        failed(c, timeout ? End::timeout : End::unreachable, nullptr);
    } else if (std::holds_alternative<Stop>(event)) {
        if (s.stopping) return step;
        s.stopping = true;
        if (s.was_registered)
            send(c);
        else
            finish(c, End::done);
    } else if (s.next_at && now >= *s.next_at) {
        s.authenticator.accepted();  // a new attempt, whatever became of the last one
        send(c);
    }
    return step;
}

std::optional<Time> deadline(const State& state) { return state.ended ? std::nullopt : state.next_at; }

}  // namespace trunkbox::sip::registration
