#include "sip/transaction_table.h"

#include <algorithm>

namespace trunkbox::sip {

Transaction& TransactionTable::add(transaction::State machine, net::Endpoint peer, std::string key) {
    Transaction& made = by_id_[++last_];
    made.id = last_;
    made.machine = machine;
    made.peer = peer;
    made.key = std::move(key);
    by_key_.emplace(made.key, &made);
    return made;
}

void TransactionTable::erase(Transaction& transaction) {
    if (transaction.due) deadlines_.erase({*transaction.due, transaction.id});
    for (const auto* key : {&transaction.key, &transaction.ack_key}) {
        auto found = by_key_.find(*key);
        if (found != by_key_.end() && found->second == &transaction) by_key_.erase(found);
    }
    by_id_.erase(transaction.id);
}

Transaction* TransactionTable::find(TransactionId id) {
    auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &found->second;
}

Transaction* TransactionTable::find(std::string_view key) {
    auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : found->second;
}

void TransactionTable::add_ack_key(Transaction& transaction, std::string key) {
    if (by_key_.contains(key)) return;
    transaction.ack_key = std::move(key);
    by_key_.emplace(transaction.ack_key, &transaction);
}

void TransactionTable::schedule(Transaction& transaction) {
    auto next = transaction::deadline(transaction.machine);
    if (transaction.give_up_at)
        next = next ? std::min(*next, *transaction.give_up_at) : *transaction.give_up_at;
    if (next == transaction.due) return;
    if (transaction.due) deadlines_.erase({*transaction.due, transaction.id});
    if (next) deadlines_.emplace(*next, transaction.id);
    transaction.due = next;
}

std::vector<TransactionId> TransactionTable::due(Time now) const {
    std::vector<TransactionId> ids;
    for (const auto& [at, id] : deadlines_) {
        if (at > now) break;
        ids.push_back(id);
    }
    return ids;
}

std::optional<Time> TransactionTable::deadline() const {
    return deadlines_.empty() ? std::nullopt : std::optional(deadlines_.begin()->first);
}

}  // namespace trunkbox::sip
