// Facts asked once within a snapshot and kept: a list of a million numbers names the same few users again and again.
#pragma once

#include "centrex/facts.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace trunkbox::centrex {

// Answers what `facts` answers. Numbers and blocks are asked anew each time, for they seldom come twice; so is whether a user
// may show a number. No more than `most` answers of a kind, and rows within them, are kept.
class KeptFacts final : public Facts {
  public:
    // `facts` is borrowed and of one snapshot: what it says never changes as long as this lives.
    explicit KeptFacts(const Facts& facts, std::size_t most = 20'000) : facts_(facts), most_(most) {}

    [[nodiscard]] std::optional<Number> number(const numbering::E164& e164) const override { return facts_.number(e164); }
    [[nodiscard]] std::optional<User> user(const Name& user) const override;
    [[nodiscard]] std::optional<Phone> phone(const Name& phone) const override;
    [[nodiscard]] std::vector<Phone> home_phones(const Name& user) const override;
    [[nodiscard]] std::optional<Login> last_login(const Name& phone, Time at) const override;
    [[nodiscard]] std::optional<Login> last_login_of(const Name& user, Time at) const override;
    [[nodiscard]] std::vector<Forward> forwards(const Name& user) const override;
    [[nodiscard]] std::optional<Group> group(const Name& group) const override;
    [[nodiscard]] std::optional<Schedule> schedule(const Name& schedule) const override;
    [[nodiscard]] std::string address(const Phone& phone) const override;
    [[nodiscard]] std::string region(const std::string& tenant) const override;
    [[nodiscard]] std::optional<std::string> extension(const Name& extension) const override;
    [[nodiscard]] std::optional<Barring> barring(const Name& barring) const override;
    [[nodiscard]] bool authorised(const Name& user, const numbering::E164& number) const override {
        return facts_.authorised(user, number);
    }
    [[nodiscard]] bool ours(const numbering::E164& number) const override { return facts_.ours(number); }

  private:
    struct Key {  // of any kind; what a kind does not need is empty
        Name name{};
        std::string more{};
        Time at{};
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const;
    };
    template <class Answer>
    struct Kept {
        std::unordered_map<Key, Answer, KeyHash> answers{};
        std::size_t weight = 0;
    };
    template <class Answer, class Ask>
    const Answer& keep(Kept<Answer>& kept, Key key, Ask ask) const;

    const Facts& facts_;
    std::size_t most_;
    mutable Kept<std::optional<User>> users_{};
    mutable Kept<std::optional<Phone>> phones_{};
    mutable Kept<std::vector<Phone>> home_phones_{};
    mutable Kept<std::optional<Login>> logins_{}, logins_of_{};
    mutable Kept<std::vector<Forward>> forwards_{};
    mutable Kept<std::optional<Group>> groups_{};
    mutable Kept<std::optional<Schedule>> schedules_{};
    mutable Kept<std::string> addresses_{}, regions_{};
    mutable Kept<std::optional<std::string>> extensions_{};
    mutable Kept<std::optional<Barring>> barrings_{};
};

}  // namespace trunkbox::centrex
