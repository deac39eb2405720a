#include "output/xml.h"

#include "output/render.h"

namespace trunkbox::output {

std::string xml_text(std::string_view text) {
    std::string made;
    for (char c : valid_utf8(text)) {
        switch (c) {
            case '&': made += "&amp;"; break;
            case '<': made += "&lt;"; break;
            case '>': made += "&gt;"; break;
            case '"': made += "&quot;"; break;
            case '\n':
            case '\t': made += c; break;
            default: made += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
        }
    }
    return made;
}

}  // namespace trunkbox::output
