// The live transactions of a layer: found by id, by matching key, and by deadline. For transaction_layer.cpp.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.h"
#include "net/address.h"
#include "sip/transaction.h"
#include "sip/transaction_layer.h"

namespace trunkbox::sip {

struct Transaction {
    TransactionId id = 0;
    transaction::State machine{};
    net::Endpoint peer{};   // where its messages go
    std::string key;        // section 17.1.3 or 17.2.3 as one text; does not change
    std::string bytes;      // what is sent again: client: the request; server: the last response
    bool internal = false;  // a CANCEL: the layer itself is its user

    // INVITE client
    std::string ack;  // of the failure that came
    bool cancel_wanted = false;
    bool cancel_sent = false;
    std::optional<Time> give_up_at{};  // 64*T1 after our CANCEL (section 9.1)
    // server
    std::string via;  // the topmost Via value of its responses
    // INVITE server
    std::string head;        // the request's header section, as long as a 100 may be made of it
    std::string to_tag;      // of our user's last response
    std::string ack_key;     // RFC 2543: the ACK carries the To tag of the response
    bool cancelled = false;  // CANCEL has been reported

    std::optional<Time> due{};  // as it stands in the table; TransactionTable::schedule sets it
};

class TransactionTable {
  public:
    // The reference stays valid until erase().
    Transaction& add(transaction::State machine, net::Endpoint peer, std::string key);
    void erase(Transaction& transaction);
    [[nodiscard]] Transaction* find(TransactionId id);
    [[nodiscard]] Transaction* find(std::string_view key);
    // The ACK may come under another key than the INVITE.
    void add_ack_key(Transaction& transaction, std::string key);

    // Takes the deadline over from the machine and give_up_at.
    void schedule(Transaction& transaction);
    [[nodiscard]] std::vector<TransactionId> due(Time now) const;
    [[nodiscard]] std::optional<Time> deadline() const;
    [[nodiscard]] std::size_t size() const { return by_id_.size(); }

  private:
    TransactionId last_ = 0;
    std::unordered_map<TransactionId, Transaction> by_id_;
    std::unordered_map<std::string_view, Transaction*> by_key_;  // views of Transaction::key and ack_key
    std::set<std::pair<Time, TransactionId>> deadlines_;
};

}  // namespace trunkbox::sip
