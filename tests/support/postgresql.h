// A PostgreSQL server of the test's own, which ends with the test, however that ends.
#pragma once

#include <string>

#include <sys/types.h>

#include "support/session.h"

namespace postgresql {

class Server {
  public:
    // Up when it returns; throws when it does not come up. `script` is tests/support/postgresql.sh.
    explicit Server(std::string script);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // The address of a new, empty database.
    [[nodiscard]] std::string new_database();
    // What psql prints when it is asked there; throws when it is refused.
    [[nodiscard]] std::string ask(const std::string& address, const std::string& sql) const;
    // The server alone is killed, as if for want of memory; then it is started again.
    void kill();
    void start();

  private:
    [[nodiscard]] bool up();
    void end();
    transcript::TemporaryDirectory folder_;
    std::string script_;
    pid_t script_pid_ = -1;
    int held_ = -1;  // as long as this end of the pipe is open, the server runs
    int databases_ = 0;
};

}  // namespace postgresql
