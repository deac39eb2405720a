#include "centrex/kept_facts.h"

namespace trunkbox::centrex {

namespace {

std::size_t weight_of(const std::string&) { return 1; }
template <class Fact>
std::size_t weight_of(const std::optional<Fact>&) { return 1; }
template <class Fact>
std::size_t weight_of(const std::vector<Fact>& facts) { return 1 + facts.size(); }
std::size_t weight_of(const std::optional<Group>& group) { return 1 + (group ? group->members.size() : 0); }
std::size_t weight_of(const std::optional<Schedule>& schedule) {
    return 1 + (schedule ? schedule->hours.size() + schedule->holidays.size() : 0);
}
std::size_t weight_of(const std::optional<Barring>& barring) {
    return 1 + (barring ? barring->deny.size() + barring->allow.size() : 0);
}

}  // namespace

std::size_t KeptFacts::KeyHash::operator()(const Key& key) const {
    constexpr std::size_t odd = 1099511628211U;
    const std::hash<std::string_view> hash;
    auto mixed = hash(key.name.name) * odd + hash(key.name.tenant);
    if (!key.more.empty()) mixed = mixed * odd + hash(key.more);
    return mixed * odd + std::hash<std::int64_t>{}(key.at.time_since_epoch().count());
}

// Valid until the next question of that kind. When too many are kept, all are asked anew.
template <class Answer, class Ask>
const Answer& KeptFacts::keep(Kept<Answer>& kept, Key key, Ask ask) const {
    if (auto known = kept.answers.find(key); known != kept.answers.end()) return known->second;
    Answer answer = ask();
    const auto weight = weight_of(answer);
    if (kept.weight + weight > most_) kept = {};
    kept.weight += weight;
    return kept.answers.emplace(std::move(key), std::move(answer)).first->second;
}

std::optional<User> KeptFacts::user(const Name& user) const {
    return keep(users_, {.name = user}, [&] { return facts_.user(user); });
}

std::optional<Phone> KeptFacts::phone(const Name& phone) const {
    return keep(phones_, {.name = phone}, [&] { return facts_.phone(phone); });
}

std::vector<Phone> KeptFacts::home_phones(const Name& user) const {
    return keep(home_phones_, {.name = user}, [&] { return facts_.home_phones(user); });
}

std::optional<Login> KeptFacts::last_login(const Name& phone, Time at) const {
    return keep(logins_, {.name = phone, .at = at}, [&] { return facts_.last_login(phone, at); });
}

std::optional<Login> KeptFacts::last_login_of(const Name& user, Time at) const {
    return keep(logins_of_, {.name = user, .at = at}, [&] { return facts_.last_login_of(user, at); });
}

std::vector<Forward> KeptFacts::forwards(const Name& user) const {
    return keep(forwards_, {.name = user}, [&] { return facts_.forwards(user); });
}

std::optional<Group> KeptFacts::group(const Name& group) const {
    return keep(groups_, {.name = group}, [&] { return facts_.group(group); });
}

std::optional<Schedule> KeptFacts::schedule(const Name& schedule) const {
    return keep(schedules_, {.name = schedule}, [&] { return facts_.schedule(schedule); });
}

// Where a phone stands follows from its site and its own location.
std::string KeptFacts::address(const Phone& phone) const {
    return keep(addresses_, {.name = {phone.id.tenant, phone.site}, .more = phone.location}, [&] { return facts_.address(phone); });
}

std::string KeptFacts::region(const std::string& tenant) const {
    return keep(regions_, {.name = {tenant, {}}}, [&] { return facts_.region(tenant); });
}

std::optional<std::string> KeptFacts::extension(const Name& extension) const {
    return keep(extensions_, {.name = extension}, [&] { return facts_.extension(extension); });
}

std::optional<Barring> KeptFacts::barring(const Name& barring) const {
    return keep(barrings_, {.name = barring}, [&] { return facts_.barring(barring); });
}

}  // namespace trunkbox::centrex
