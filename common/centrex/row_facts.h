// Facts for resolve out of the rows of a directory, as they count at one time.
#pragma once

#include "centrex/edits.h"
#include "centrex/facts.h"

#include <optional>
#include <string>

namespace trunkbox::centrex {

class RowFacts final : public Facts {
  public:
    // `rows` is borrowed, one snapshot.
    RowFacts(Rows& rows, Time at) : rows_(rows), at_(at) {}

    [[nodiscard]] std::optional<Number> number(const numbering::E164& e164) const override;
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
    [[nodiscard]] bool authorised(const Name& user, const numbering::E164& number) const override;
    [[nodiscard]] bool ours(const numbering::E164& number) const override;

    // The first thing that could not be read, after which answers mean nothing.
    [[nodiscard]] Result<void> state() const;

  private:
    [[nodiscard]] std::optional<Row> get(const Table& table, const Key& key) const;
    [[nodiscard]] std::vector<std::string> list(std::string_view table, std::string_view owner, const Name& name) const;
    [[nodiscard]] std::vector<Row> find(const Query& query) const;

    Rows& rows_;
    Time at_;
    mutable std::optional<Error> error_{};
};

}  // namespace trunkbox::centrex
