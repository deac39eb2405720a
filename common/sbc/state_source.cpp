// What an address does: how often it asks, for how many, with what success; and whether it is banned.
#include "base/text.h"
#include "sbc/catalogue.h"
#include "sbc/state.h"
#include "sbc/state_dialled.h"

namespace trunkbox::sbc {
namespace {

constexpr std::size_t user_sweep = row_of("A-403"), failures = row_of("A-404"), flood = row_of("A-405"),
                      banned = row_of("A-411"), number_sweep = row_of("F-504");
constexpr std::size_t compared_digits = 9;  // the last of a number, which all its spellings share

bool is_any_of(Method method, std::initializer_list<Method> methods) {
    return std::find(methods.begin(), methods.end(), method) != methods.end();
}

// Of a packet that comes from a source which is limited, whatever it is.
void see_ban(Moment& m) {
    Present& p = m.present;
    if (m.state.bans.size() == 0 || m.s.direction == Direction::outbound || !m.on(banned)) return;
    p.ban = m.state.bans.find(p.source);
    if (p.ban == nullptr) return;
    if (p.ban->until > m.now()) return m.wake(banned);
    m.state.bans.erase(*p.ban);
    p.ban = nullptr;
}

void see_users(Moment& m, Source& source) {
    Present& p = m.present;
    bool looks = is_any_of(p.method, {Method::options, Method::reg, Method::invite});
    if (!looks || p.in_dialog || p.again || p.refused) return;
    std::string_view target = dialled_user(m.s);
    if (p.method == Method::reg) target = m.s.reading.to.uri ? m.s.reading.to.uri->user : std::string_view();
    if (target.empty()) return;
    p.user = static_cast<std::uint32_t>(m.hash(target));
    p.users = source.users.add(p.user, m.now(), m.seconds(user_sweep, 1));
    if (p.users >= m.value(user_sweep, 0)) m.wake(user_sweep);
}

void see_spellings(Moment& m) {
    Present& p = m.present;
    if (p.method != Method::invite || p.in_dialog || p.again || !m.on(number_sweep)) return;
    std::string_view user = dialled_user(m.s);
    DialledDigits number(user);
    if (number.digits().size() <= compared_digits) return;
    std::uint64_t last = m.hash(number.digits().substr(number.digits().size() - compared_digits));
    DialledBy& dialled = m.state.dialled.at(combine(p.source, last), m.now());
    p.spellings = dialled.spellings.add(static_cast<std::uint32_t>(m.hash(user)), m.now(), m.seconds(number_sweep, 1));
    if (p.spellings >= m.value(number_sweep, 0)) m.wake(number_sweep);
}

void see_source_request(Moment& m) {
    Present& p = m.present;
    // Of a peer whose rate does not count nothing is counted.
    if (!m.on(flood) && !m.on(failures) && !m.on(user_sweep) && !m.on(number_sweep)) return;
    Source& source = m.state.sources.at(p.source, m.now());
    p.requests = source.requests.add(m.now(), m.seconds(flood, 1));
    if (p.requests > m.value(flood, 0)) m.wake(flood);
    see_users(m, source);
    see_spellings(m);
    p.failures = source.failures.count(m.now(), m.seconds(failures, 1));
    p.succeeded = source.success != Time::min() && m.now() - source.success < m.seconds(failures, 1);
    if (p.failures >= m.value(failures, 0)) m.wake(failures);
}

// RFC 7616 section 3.3: the credentials were right, but old.
bool is_stale(const sip::MessageView& response) {
    for (auto name : {sip::HeaderName::www_authenticate, sip::HeaderName::proxy_authenticate})
        if (lower(response.value(name)).find("stale=true") != std::string::npos) return true;
    return false;
}

// That the client gave wrong credentials, or has no business here. A challenge alone says nothing of it, but where the
// requests are not seen.
bool tells_failure(Moment& m) {
    const Present& p = m.present;
    int status = m.s.message.status();
    if (p.transaction != nullptr && p.transaction->status >= 200) return false;
    if (status == 403 || status == 404) return true;
    if (status != 401 && status != 407) return false;
    if (p.transaction == nullptr) return p.one_way && status == 401;
    return p.transaction->credentials && !is_stale(m.s.message);
}

void see_source_response(Moment& m) {
    Present& p = m.present;
    if (p.transaction == nullptr) look_at_view(m);
    p.failure = tells_failure(m);
    if (!p.failure) return;
    Source* source = m.state.sources.find(p.destination);
    p.failures = 1 + (source == nullptr ? 0 : source->failures.count(m.now(), m.seconds(failures, 1)));
    if (p.transaction == nullptr && p.one_way && p.failures >= m.value(failures, 0)) m.wake(failures);
}

// Whoever registers, or reaches somebody, is no guesser.
bool tells_success(const Moment& m) {
    int status = m.s.message.status();
    if (m.present.method == Method::reg) return status / 100 == 2;
    return m.present.method == Method::invite && status >= 180 && status < 300;
}

}  // namespace

void see_source(Moment& m) {
    Present& p = m.present;
    see_ban(m);
    if (p.ban != nullptr || !p.limited) return;
    if (p.request) see_source_request(m);
    else if (m.s.message.status() >= 400) see_source_response(m);
}

void learn_source(Moment& m) {
    Present& p = m.present;
    if (!p.limited) return;
    if (p.failure) m.state.sources.at(p.destination, m.now()).failures.add(m.now(), m.seconds(failures, 1));
    if (!tells_success(m)) return;
    Source* source = m.state.sources.find(p.destination);
    if (source == nullptr) return;
    source->success = m.now();
    source->failures.clear();
    if (p.transaction != nullptr && p.transaction->user != 0) source->users.remove(p.transaction->user);
}

void learn_ban(Moment& m, const Verdict& verdict) {
    Present& p = m.present;
    bool blocks = p.ban == nullptr && p.limited && p.request && verdict.action == Action::drop && m.on(banned) &&
                  (verdict.rule == "A-403" || verdict.rule == "A-404" || verdict.rule == "A-405" || verdict.rule == "F-504");
    if (!blocks) return;
    Ban& ban = m.state.bans.at(p.source, m.now(), [&](const Ban& gone) { return gone.until > m.now(); });
    ban.until = m.now() + m.seconds(banned, 0);
    ban.rule = verdict.rule;
    // Afterwards it begins anew.
    if (Source* source = m.state.sources.find(p.source)) {
        source->requests.clear();
        source->failures.clear();
        source->users = {};
    }
}

}  // namespace trunkbox::sbc
