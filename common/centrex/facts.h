// What resolve may ask: a small read interface, one snapshot a call.
#pragma once

#include "base/result.h"
#include "centrex/model.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace trunkbox::centrex {

class Facts {
  public:
    Facts() = default;
    Facts(const Facts&) = default;
    Facts(Facts&&) = default;
    Facts& operator=(const Facts&) = default;
    Facts& operator=(Facts&&) = default;
    virtual ~Facts() = default;

    [[nodiscard]] virtual std::optional<Number> number(const numbering::E164& e164) const = 0;
    [[nodiscard]] virtual std::optional<User> user(const Name& user) const = 0;
    [[nodiscard]] virtual std::optional<Phone> phone(const Name& phone) const = 0;
    // By name.
    [[nodiscard]] virtual std::vector<Phone> home_phones(const Name& user) const = 0;
    // The login that began last at or before `at` on this phone, of this user; whether it is still in force
    // is for the asker to see.
    [[nodiscard]] virtual std::optional<Login> last_login(const Name& phone, Time at) const = 0;
    [[nodiscard]] virtual std::optional<Login> last_login_of(const Name& user, Time at) const = 0;
    [[nodiscard]] virtual std::vector<Forward> forwards(const Name& user) const {
        static_cast<void>(user);
        return {};
    }
    [[nodiscard]] virtual std::optional<Group> group(const Name& group) const {
        static_cast<void>(group);
        return std::nullopt;
    }
    [[nodiscard]] virtual std::optional<Schedule> schedule(const Name& schedule) const {
        static_cast<void>(schedule);
        return std::nullopt;
    }
    // Where a phone stands, for those who come to help; "" when nobody said.
    [[nodiscard]] virtual std::string address(const Phone& phone) const {
        static_cast<void>(phone);
        return {};
    }
    // ISO 3166 letters that a tenant's people spell numbers by, "" for none.
    [[nodiscard]] virtual std::string region(const std::string& tenant) const {
        static_cast<void>(tenant);
        return {};
    }
    // What an extension of a tenant rings: "user:alice".
    [[nodiscard]] virtual std::optional<std::string> extension(const Name& extension) const {
        static_cast<void>(extension);
        return std::nullopt;
    }
    [[nodiscard]] virtual std::optional<Barring> barring(const Name& barring) const {
        static_cast<void>(barring);
        return std::nullopt;
    }
    // Whether a user may show a number that is not theirs.
    [[nodiscard]] virtual bool authorised(const Name& user, const numbering::E164& number) const {
        static_cast<void>(user);
        static_cast<void>(number);
        return false;
    }
    // Whether the number lies in a block of ours, so that a call to it never leaves.
    [[nodiscard]] virtual bool ours(const numbering::E164& number) const {
        static_cast<void>(number);
        return false;
    }
};

// The directory in memory, filled row by row; each row is checked against those before it.
class MapFacts final : public Facts {
  public:
    // Errors (of kind input): a name that is taken or empty, a reference to what is not there, a phone
    // without a URI. `fix` names the nearest known name.
    [[nodiscard]] Result<void> add(Tenant tenant);
    [[nodiscard]] Result<void> add(User user);
    [[nodiscard]] Result<void> add(Phone phone);
    [[nodiscard]] Result<void> add(Number number);
    // Only at a hot-desk phone or at one's own; not at the same instant as another login there or of that
    // user.
    [[nodiscard]] Result<void> log_in(Login login);
    // Ends the login in force at `at`; an error when nobody is logged in.
    [[nodiscard]] Result<void> log_out(const Name& phone, Time at);

    [[nodiscard]] std::optional<Number> number(const numbering::E164& e164) const override;
    [[nodiscard]] std::optional<User> user(const Name& user) const override;
    [[nodiscard]] std::optional<Phone> phone(const Name& phone) const override;
    [[nodiscard]] std::vector<Phone> home_phones(const Name& user) const override;
    [[nodiscard]] std::optional<Login> last_login(const Name& phone, Time at) const override;
    [[nodiscard]] std::optional<Login> last_login_of(const Name& user, Time at) const override;

    [[nodiscard]] std::optional<Tenant> tenant(const std::string& name) const;
    [[nodiscard]] std::vector<Tenant> tenants() const;
    [[nodiscard]] std::vector<Phone> phones() const;
    [[nodiscard]] std::vector<Number> numbers() const;
    // The numbers that belong to a user, ascending.
    [[nodiscard]] std::vector<Number> numbers_of(const Name& user) const;

  private:
    [[nodiscard]] Result<void> check_tenant(const std::string& name) const;

    std::map<std::string, Tenant> tenants_;
    std::map<Name, User> users_;
    std::map<Name, Phone> phones_;
    std::map<numbering::E164, Number> numbers_;
    std::map<Name, std::map<Time, Login>> logins_;    // by phone, by since
    std::map<Name, std::map<Time, Name>> logins_of_;  // by user, by since: the phone
};

}  // namespace trunkbox::centrex
