// Plans of any bytes, their sum set right so that what is behind it is read too: what is understood is written to the same.
#include "store/plan.h"

#include "sip/digest.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trunkbox;
    std::string text = "{\"trunkbox_plan\":1,";
    text.append(reinterpret_cast<const char*>(data), size);
    if (!store::read_plan(text, "plan") && !store::is_plan(text)) std::abort();
    text += '\n';
    text += "{\"sha256\":\"" + sip::digest::hash(sip::digest::Algorithm::sha256, text) + "\"}\n";
    auto plan = store::read_plan(text, "plan");
    if (!plan) {
        if (plan.error().what.empty()) std::abort();
        return 0;
    }
    auto again = store::read_plan(store::plan_text(plan->base_change, plan->rows), "plan");
    if (!again || again->rows.size() != plan->rows.size()) std::abort();
    return 0;
}
