#include "centrex/resolve.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "base/zone.h"
#include "centrex/hours.h"
#include "numbering/emergency.h"
#include "numbering/spelling.h"

namespace trunkbox::centrex {

namespace {

std::string since(const Login& login) { return rfc3339(login.since, 0); }

// The login that a user has in force anywhere.
std::optional<Login> login_of(const Facts& facts, const Name& user, Time at) {
    auto login = facts.last_login_of(user, at);
    if (!login) return std::nullopt;
    auto there = login_at(facts, login->phone, at);
    return there && there->user == user.name ? there : std::nullopt;
}

// One call on its way from the number to what rings. Each step says why.
class Resolver {
  public:
    Resolver(const Facts& facts, const Call& call)
        : facts_(facts), call_(call), answer_{.number = called(call), .at = call.at, .from = call.from} {}

    Resolution run() {
        if (call_.from && call_.from->inside()) {
            answer_.tenant = call_.from->user.tenant;
            payer_ = call_.from->user;
        }
        if (!call_.emergency.empty()) {
            call_for_help();
        } else if (may_call()) {
            if (call_.number)
                visit_number(*call_.number);
            else
                visit_extension();
            if (!answer_.legs.empty()) add_emergency({answer_.tenant, answer_.legs.front().phone});
        }
        return std::move(answer_);
    }

  private:
    // Which way of a user's forwards is taken when they cannot take the call.
    struct Wishes {
        std::optional<Forward> always{}, busy{}, no_answer{}, unreachable{};
    };

    void why(std::string step, std::string text) { answer_.why.push_back({std::move(step), std::move(text)}); }
    [[nodiscard]] static std::string called(const Call& call) {
        return call.number ? call.number->text() : call.emergency + call.extension;
    }
    void call_for_help();
    [[nodiscard]] bool may_call();
    void visit_extension();
    [[nodiscard]] bool is_barred(const numbering::E164& number);
    void leave(const numbering::E164& number);
    void visit_number(const numbering::E164& number);
    void visit(const std::string& target);
    void visit_user(const std::string& name);
    void visit_group(const std::string& name);
    [[nodiscard]] std::string_view absence(const User& user) const;
    [[nodiscard]] Outcome nobody_of(const Group& group) const;
    void visit_schedule(const std::string& name);
    [[nodiscard]] bool is_open(const Schedule& schedule);
    void follow(const Forward& forward, std::string_view because);
    void unavailable(const User& user, Outcome outcome, const std::optional<Forward>& forward, std::string_view because);
    [[nodiscard]] Wishes wishes_of(const Name& user) const;
    // The phones of a user that ring; none: why says so.
    [[nodiscard]] std::vector<Phone> phones_of(const User& user);
    void ring(const User& user, const Phone& phone, Duration after, Duration length);
    void add_emergency(const Name& phone);

    const Facts& facts_;
    const Call& call_;
    Resolution answer_;
    std::vector<std::string> way_{};
    Name payer_{};  // on whose behalf the call goes on: the caller, then whoever forwards it
};

// Help has to find the place: nothing is barred, and what is shown is the phone's, whoever sits there.
void Resolver::call_for_help() {
    answer_.outcome = Outcome::emergency;
    answer_.legs.push_back({.uri = "urn:service:sos"});  // RFC 5031
    why("emergency", fmt::format("{} calls for help", call_.emergency));
    if (call_.from->phone) add_emergency(call_.from->phone->id);
    if (!answer_.emergency) why("emergency", "nothing says where the caller is");
}

bool Resolver::may_call() {
    const auto& from = call_.from;
    if (!from || !from->inside()) return true;
    if (!from->shows) {
        why("caller", fmt::format("'{}' calls and shows no number", from->user.name));
        return true;
    }
    const bool allowed = may_show(facts_, from->user, *from->shows);
    why("caller", fmt::format("'{}' calls and {} show {}", from->user.name, allowed ? "may" : "must not", from->shows->text()));
    if (!allowed) answer_.outcome = Outcome::unauthorised;
    return allowed;
}

void Resolver::visit_extension() {
    auto target = facts_.extension({answer_.tenant, call_.extension});
    if (!target) return why("extension", fmt::format("{} is nobody's", call_.extension));
    why("extension", fmt::format("{} is {}", call_.extension, *target));
    visit(*target);
}

// What calls for help is never barred, with a country code before it neither.
bool Resolver::is_barred(const numbering::E164& number) {
    auto user = facts_.user(payer_);
    auto barring = user && !user->barring.empty() ? facts_.barring({payer_.tenant, user->barring}) : std::nullopt;
    auto prefix = barring ? barring->denied_by(number) : std::nullopt;
    if (!prefix) return false;
    const auto national = numbering::format(number, numbering::Format::national);
    if (numbering::is_emergency(national, facts_.region(payer_.tenant))) return false;
    answer_.outcome = Outcome::barred;
    why("barring", fmt::format("'{}' must not call {}: '{}' denies {}", payer_.name, number.text(), barring->name, *prefix));
    return true;
}

void Resolver::leave(const numbering::E164& number) {
    if (is_barred(number)) return;
    answer_.outcome = Outcome::forwarded;
    answer_.legs.push_back({.uri = "tel:" + number.text()});
    why("forward", fmt::format("{} is not ours: the call leaves", number.text()));
}

void Resolver::visit_number(const numbering::E164& e164) {
    auto number = facts_.number(e164);
    if (!number && call_.from && call_.from->inside() && !facts_.ours(e164)) return leave(e164);
    if (!number) return why("number", fmt::format("{} belongs to nobody", e164.text()));
    answer_.tenant = number->user.tenant;
    if (number->state == "quarantine") {
        answer_.outcome = Outcome::resting;
        return why("number", fmt::format("{} rests; it belongs to nobody now", e164.text()));
    }
    if (number->state == "ported_out") {
        if (is_barred(e164)) return;
        answer_.outcome = Outcome::ported_out;
        return why("number", fmt::format("{} is with another provider", e164.text()));
    }
    auto target = number->target.empty() && !number->user.name.empty() ? "user:" + number->user.name : number->target;
    if (target.empty()) return why("number", fmt::format("{} is {} and rings nothing", e164.text(), number->state));
    auto [kind, name] = split_once(target, ':');
    why("number", fmt::format("{} belongs to {} '{}'", e164.text(), kind, name.value_or("")));
    visit(target);
}

void Resolver::visit(const std::string& target) {
    if (target.starts_with('+')) {
        auto number = numbering::E164::parse(target);
        if (number && facts_.number(*number)) {
            if (std::find(way_.begin(), way_.end(), target) == way_.end()) {
                way_.push_back(target);
                return visit_number(*number);
            }
        } else if (number) {
            return leave(*number);
        }
    }
    if (std::find(way_.begin(), way_.end(), target) != way_.end()) {
        answer_.outcome = Outcome::loop;
        return why("loop", fmt::format("{} -> {} goes round and is cut", fmt::join(way_, " -> "), target));
    }
    way_.push_back(target);
    auto [kind, rest] = split_once(target, ':');
    const std::string name(rest.value_or(""));
    if (kind == "user") return visit_user(name);
    if (kind == "group") return visit_group(name);
    if (kind == "schedule") return visit_schedule(name);
    answer_.outcome = Outcome::voicemail;
    answer_.then.push_back({"now", target});
    why("voicemail", fmt::format("the mailbox of '{}' takes the call", name));
}

Resolver::Wishes Resolver::wishes_of(const Name& user) const {
    Wishes wishes;
    for (auto& forward : facts_.forwards(user)) {
        auto& place = forward.condition == "cfu"    ? wishes.always
                      : forward.condition == "cfb"  ? wishes.busy
                      : forward.condition == "cfnr" ? wishes.no_answer
                                                    : wishes.unreachable;
        place = std::move(forward);
    }
    return wishes;
}

void Resolver::follow(const Forward& forward, std::string_view because) {
    why("forward", fmt::format("{}: to {}", because, forward.to));
    visit(forward.to);
}

void Resolver::unavailable(const User& user, Outcome outcome, const std::optional<Forward>& forward,
                           std::string_view because) {
    payer_ = user.id;
    if (forward) return follow(*forward, because);
    answer_.outcome = outcome;
}

void Resolver::visit_user(const std::string& name) {
    auto user = facts_.user({answer_.tenant, name});
    if (!user) return why("user", fmt::format("user '{}' is gone", name));
    auto wishes = wishes_of(user->id);
    if (user->dnd) {
        why("dnd", fmt::format("'{}' does not want to be disturbed", name));
        return unavailable(*user, Outcome::busy, wishes.busy, "busy");
    }
    if (wishes.always) {
        payer_ = user->id;
        return follow(*wishes.always, "always");
    }
    auto phones = phones_of(*user);
    if (call_.unreachable.contains(name)) {
        phones.clear();
        why("assumed", fmt::format("'{}' is not reachable", name));
    }
    if (phones.empty()) return unavailable(*user, Outcome::no_phone, wishes.unreachable, "not reachable");
    if (call_.busy.contains(name)) {
        why("assumed", fmt::format("'{}' is on the phone", name));
        return unavailable(*user, Outcome::busy, wishes.busy, "busy");
    }
    if (call_.unanswered.contains(name)) {
        why("assumed", fmt::format("'{}' does not answer", name));
        return unavailable(*user, Outcome::no_answer, wishes.no_answer, "no answer");
    }
    const auto length = wishes.no_answer && wishes.no_answer->after > Duration::zero() ? wishes.no_answer->after : user->ring_for;
    for (const auto& phone : phones) ring(*user, phone, {}, length);
    if (wishes.no_answer) answer_.then.push_back({"no_answer", wishes.no_answer->to});
    if (wishes.busy) answer_.then.push_back({"busy", wishes.busy->to});
    if (wishes.unreachable) answer_.then.push_back({"unreachable", wishes.unreachable->to});
}

// Why a member of a group is not rung; "" for no reason.
std::string_view Resolver::absence(const User& user) const {
    const auto& name = user.id.name;
    if (user.dnd) return "does not want to be disturbed";
    if (call_.busy.contains(name)) return "is on the phone";
    if (call_.unreachable.contains(name)) return "is not reachable";
    return call_.unanswered.contains(name) ? "does not answer" : "";
}

// One who let it ring was there; one who is on the phone will be.
Outcome Resolver::nobody_of(const Group& group) const {
    auto any = [&](auto&& is) { return std::any_of(group.members.begin(), group.members.end(), is); };
    if (any([&](const std::string& name) { return call_.unanswered.contains(name); })) return Outcome::no_answer;
    auto busy = [&](const std::string& name) {
        auto user = facts_.user({answer_.tenant, name});
        return user && (user->dnd || call_.busy.contains(name));
    };
    return any(busy) ? Outcome::busy : Outcome::no_phone;
}

// A member's own forwards do not count: a group is a line of people, and must not end in one member's mailbox.
void Resolver::visit_group(const std::string& name) {
    auto group = facts_.group({answer_.tenant, name});
    if (!group) return why("group", fmt::format("group '{}' is gone", name));
    why("group", fmt::format("'{}' rings {} members {}", name, group->members.size(),
                             group->sequential ? "one after another" : "at once"));
    Duration after{};
    for (const auto& member : group->members) {
        auto user = facts_.user({answer_.tenant, member});
        if (!user) continue;
        if (auto reason = absence(*user); !reason.empty()) {
            why("member", fmt::format("'{}' is passed over: {}", member, reason));
            continue;
        }
        auto phones = phones_of(*user);
        for (const auto& phone : phones) ring(*user, phone, after, group->ring_for);
        if (group->sequential && !phones.empty()) after += group->ring_for;
    }
    if (answer_.legs.empty()) {
        if (!group->overflow.empty()) return follow({"overflow", group->overflow, {}}, "nobody of the group can ring");
        answer_.outcome = nobody_of(*group);
    } else if (!group->overflow.empty()) {
        answer_.then.push_back({"no_answer", group->overflow});
    }
}

bool Resolver::is_open(const Schedule& schedule) {
    if (schedule.over != Schedule::Override::none && (!schedule.over_until || call_.at < *schedule.over_until)) {
        const bool open = schedule.over == Schedule::Override::open;
        why("schedule", fmt::format("'{}' is {} by an override", schedule.id.name, open ? "open" : "closed"));
        return open;
    }
    const auto there = rfc3339_in(call_.at, schedule.zone);
    const auto day = there.substr(0, 10);
    if (std::find(schedule.holidays.begin(), schedule.holidays.end(), day) != schedule.holidays.end()) {
        why("schedule", fmt::format("'{}' is closed: {} is a holiday", schedule.id.name, day));
        return false;
    }
    auto clock = wall_clock(call_.at, schedule.zone);
    for (const auto& text : schedule.hours) {
        auto hours = Hours::parse(text);
        if (!clock || !hours || !hours->contains(*clock)) continue;
        why("schedule", fmt::format("'{}' is open: {} there is within {}", schedule.id.name, there, text));
        return true;
    }
    why("schedule", fmt::format("'{}' is closed: {} there is outside its hours", schedule.id.name, there));
    return false;
}

void Resolver::visit_schedule(const std::string& name) {
    auto schedule = facts_.schedule({answer_.tenant, name});
    if (!schedule) return why("schedule", fmt::format("schedule '{}' is gone", name));
    const auto& next = is_open(*schedule) ? schedule->open : schedule->closed;
    if (!next.empty()) return visit(next);
    answer_.outcome = Outcome::closed;
}

std::vector<Phone> Resolver::phones_of(const User& user) {
    if (auto login = login_of(facts_, user.id, call_.at)) {
        if (auto phone = facts_.phone(login->phone)) {
            why("login", fmt::format("'{}' is logged in at phone '{}' since {}", user.id.name, phone->id.name, since(*login)));
            return {*phone};
        }
    }
    why("login", fmt::format("'{}' is logged in nowhere", user.id.name));
    auto phones = facts_.home_phones(user.id);
    if (phones.empty()) why("home", "no phone is theirs");
    std::vector<Phone> free;
    for (auto& phone : phones) {
        auto guest = login_at(facts_, phone.id, call_.at);
        if (guest && guest->user != user.id.name) {
            why("home", fmt::format("phone '{}' is theirs, but '{}' is logged in there since {}", phone.id.name, guest->user,
                                    since(*guest)));
            continue;
        }
        why("home", fmt::format("phone '{}' is theirs", phone.id.name));
        free.push_back(std::move(phone));
    }
    return free;
}

void Resolver::ring(const User& user, const Phone& phone, Duration after, Duration length) {
    answer_.outcome = Outcome::ring;
    answer_.legs.push_back({.user = user.id.name,
                            .phone = phone.id.name,
                            .site = phone.site,
                            .uri = phone.uri,
                            .after = after,
                            .ring_for = length});
}

void Resolver::add_emergency(const Name& name) {
    auto phone = name.name.empty() ? std::nullopt : facts_.phone(name);
    if (!phone || !phone->emergency_cli) return;
    answer_.emergency = Emergency{phone->id.name, phone->site, *phone->emergency_cli, facts_.address(*phone)};
    why("emergency", fmt::format("from phone '{}' an emergency call shows {}, whoever sits there", phone->id.name,
                                 phone->emergency_cli->text()));
}

}  // namespace

std::optional<Login> login_at(const Facts& facts, const Name& phone, Time at) {
    auto login = facts.last_login(phone, at);
    if (!login || (login->until && *login->until <= at)) return std::nullopt;
    auto last = facts.last_login_of({phone.tenant, login->user}, at);
    if (last && last->phone != phone) return std::nullopt;
    return login;
}

std::optional<User> user_at(const Facts& facts, const Name& phone, Time at) {
    auto found = facts.phone(phone);
    if (!found) return std::nullopt;
    if (auto login = login_at(facts, phone, at)) return facts.user({phone.tenant, login->user});
    if (found->home_user.empty()) return std::nullopt;
    Name home{phone.tenant, found->home_user};
    if (login_of(facts, home, at)) return std::nullopt;
    return facts.user(home);
}

Resolution resolve(const Facts& facts, const Call& call) { return Resolver(facts, call).run(); }

}  // namespace trunkbox::centrex
