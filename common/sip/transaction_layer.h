// All transactions of one local address (RFC 3261 sections 8, 17 and 18 without the sockets): messages,
// commands and time in; what to send and what to tell the user out. No clock, no socket, no random source but
// the seed.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "net/address.h"
#include "sip/message.h"
#include "sip/transaction.h"

namespace trunkbox::sip {

using TransactionId = std::uint64_t;  // never 0

class TransactionLayer {
  public:
    struct Config {
        std::string sent_by;  // host:port of our Via
        net::Transport transport = net::Transport::udp;
        transaction::Timers timers{};
        std::size_t most = 200'000;  // transactions held at once; beyond it new requests get 503
    };

    // What comes out, in order. Views are valid until the call that returned them has been handled.
    struct Send {
        net::Endpoint to;
        std::string bytes;
        TransactionId id = 0;  // whose it is, for send_failed; 0: nobody's
    };
    struct Request {
        TransactionId id;  // 0 for an ACK: of a 2xx, or one that matches nothing
        const MessageView* message;
        net::Endpoint from;
    };
    struct Response {
        TransactionId id;  // 0: stray, matches no transaction of ours
        const MessageView* message;
        net::Endpoint from;
    };
    struct Failed {  // a client transaction ended without a final response; never dressed as one
        enum class Why { timeout, transport } why;
        TransactionId id;
    };
    struct Cancelled {  // CANCEL came for this INVITE; it was answered 200, the INVITE is the user's to end
                        // (487)
        TransactionId invite;
        const MessageView* message;
    };
    struct NoAck {  // an INVITE's non-2xx was never acknowledged
        TransactionId invite;
    };
    using Output = std::variant<Send, Request, Response, Failed, Cancelled, NoAck>;
    using Outputs = std::vector<Output>;

    TransactionLayer(Config config, IdSource::Seed seed);
    ~TransactionLayer();
    TransactionLayer(TransactionLayer&&) noexcept;
    TransactionLayer& operator=(TransactionLayer&&) noexcept;

    // A new client transaction; puts our Via with a fresh branch and rport (RFC 3581) on top. Not for ACK or
    // CANCEL.
    TransactionId request(Time now, Message request, net::Endpoint to, Outputs& out);
    // CANCEL for a client INVITE, sent once a provisional response has come (section 9.1). When the far end
    // never ends the INVITE, Failed{timeout} comes 64*T1 after the CANCEL. Nothing for finished transactions.
    void cancel(Time now, TransactionId invite, Outputs& out);
    // Outside every transaction: the ACK of a 2xx. Puts our Via on top.
    void send_ack(Message ack, net::Endpoint to, Outputs& out);
    // Answers a request. The topmost Via becomes the request's own with received and rport (RFC 3581) filled
    // in. A 2xx to an INVITE may be given again: it is sent again. False when the transaction is gone or has
    // had another final response. A request that its user never answers is held for ever.
    bool respond(Time now, TransactionId server, const Message& response, Outputs& out);

    // One message as it came. Responses whose Via is not ours and requests that cannot be answered are
    // dropped.
    void receive(Time now, const MessageView& message, net::Endpoint from, Outputs& out);
    // A Send with this id could not be carried out. Ends a client transaction; a server transaction stays, so
    // that repeats of its request are known (RFC 6026 section 8.8).
    void send_failed(Time now, TransactionId id, Outputs& out);

    void tick(Time now, Outputs& out);
    [[nodiscard]] std::optional<Time> deadline() const;
    [[nodiscard]] std::size_t size() const;  // live transactions, those waiting out repeats included

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace trunkbox::sip
