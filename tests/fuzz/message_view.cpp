// The view and every reader of its parts, on any bytes.
#include "sip/message_view.h"

#include <cstdlib>

#include "sip/cseq.h"
#include "sip/digest.h"
#include "sip/message.h"
#include "sip/name_addr.h"
#include "sip/uri.h"
#include "sip/via.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trunkbox::sip;
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    auto view = MessageView::read(bytes);
    for (const auto& finding : view.findings())
        if (finding.offset > size) std::abort();
    for (const auto& header : view.headers()) {
        if (std::size_t{header.offset} + header.length > size) std::abort();
        for (auto item : list_items(header.value)) {
            if (auto address = NameAddr::parse(item)) static_cast<void>(UriView::parse(address->uri));
            static_cast<void>(NameAddr::lenient(item));
            static_cast<void>(Via::parse(item));
        }
        static_cast<void>(CSeq::parse(header.value));
        static_cast<void>(digest::Challenge::parse(header.value, false));
        static_cast<void>(digest::Credentials::parse(header.value));
    }
    if (auto uri = UriView::parse(view.request_uri()); uri && !equivalent(*uri, *uri)) std::abort();
    if (view.kind() != MessageView::Kind::not_sip) static_cast<void>(Message::copy(view).bytes());
    static_cast<void>(Message::response_to(view, 400).bytes());
    return 0;
}
