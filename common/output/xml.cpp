#include "output/xml.h"

#include "output/render.h"

namespace trunkbox::output {

std::string xml_text(std::string_view text) {
    const std::string valid = valid_utf8(text);
    std::string made;
    for (std::size_t at = 0; at < valid.size(); ++at) {
        const char c = valid[at];
        // U+FFFE and U+FFFF are well-formed UTF-8, but no characters of XML.
        const auto three = std::string_view(valid).substr(at, 3);
        if (three == "\xef\xbf\xbe" || three == "\xef\xbf\xbf") {
            made += "\xef\xbf\xbd";
            at += 2;
            continue;
        }
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
