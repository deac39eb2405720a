// Well-formed SIP messages of every shape that RFC 3261 section 25.1 allows and two readers might read differently:
// letter case, compact forms, blanks, folds, lists, quoted strings, escapes, parameters. The same seed gives the
// same message.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::test {

class MessageGenerator {
  public:
    explicit MessageGenerator(std::uint64_t seed) : random_(seed) {}

    std::string message() {
        std::string body = chance(2) ? text_body() : std::string{};
        bool request = chance(2);
        auto method = request ? this->method() : std::string(pick({"INVITE", "BYE", "REGISTER"}));
        std::vector<std::string> lines = headers(method);
        if (!body.empty()) lines.push_back(name("Content-Type", 'c') + content_type());
        if (!body.empty() || chance(2)) lines.push_back(name("Content-Length", 'l') + zeros() + std::to_string(body.size()));
        std::shuffle(lines.begin(), lines.end(), random_);
        std::string out = request ? method + " " + uri(true) + " SIP/2.0\r\n" : status_line();
        for (const auto& line : lines) out += line + blanks() + "\r\n";
        return out + "\r\n" + body;
    }

  private:
    std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }
    bool chance(std::size_t of) { return below(of) == 0; }
    std::string_view pick(std::initializer_list<std::string_view> words) { return words.begin()[below(words.size())]; }
    std::string some(std::string_view alphabet, std::size_t least, std::size_t most) {
        std::string out;
        for (auto count = least + below(most - least + 1); count > 0; --count) out += alphabet[below(alphabet.size())];
        return out;
    }
    std::string token() { return some("abcXYZ019-.!%*_+`'~", 1, 12); }
    std::string word() { return some("abcdefgXYZ0189", 1, 8); }
    std::string zeros() { return chance(4) ? "00" : ""; }

    std::string blanks() { return std::string(pick({"", "", "", " ", "\t", "  "})); }
    std::string optional_blank() { return std::string(pick({"", "", "", "", " ", "\t ", "\r\n ", "\r\n\t  "})); }
    std::string blank() { return std::string(pick({" ", " ", " ", "\t", "   ", "\r\n ", " \r\n\t"})); }
    std::string around(std::string_view mark) { return optional_blank() + std::string(mark) + optional_blank(); }

    std::string name(std::string_view spelled, char compact = 0) {
        std::string out = compact != 0 && chance(3) ? std::string(1, compact) : std::string(spelled);
        if (chance(3))
            for (char& c : out)
                if (chance(2) && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) c = static_cast<char>(c ^ 0x20);
        return out + blanks() + ":" + optional_blank();
    }

    std::string method() {
        return chance(5) ? "X" + some("ABCXYZabc019-.!*_", 3, 12)
                         : std::string(pick({"INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "UPDATE", "INFO",
                                             "PRACK", "MESSAGE", "SUBSCRIBE", "NOTIFY", "REFER", "PUBLISH"}));
    }
    std::string status_line() {
        return "SIP/2.0 " + std::to_string(100 + below(600)) + " " +
               std::string(pick({"OK", "Not Found", "", "Two  blanks", "\xd0\x9d\xd0\xb5\xd1\x82", "100%25 (sure)"})) + "\r\n";
    }

    std::string host() {
        switch (below(4)) {
            case 0: return "192.0.2." + std::to_string(below(256));
            case 1: return "[2001:db8::" + some("0123456789abcdefABCDEF", 1, 4) + "]";
            default: return word() + std::string(pick({".example.com", ".example.net", "-1.example.org"}));
        }
    }
    std::string port() { return std::to_string(1 + below(65'535)); }
    std::string user() {
        if (chance(3)) return "+4420794600" + some("0123456789", 2, 2);
        std::string out;
        for (auto parts = 1 + below(3); parts > 0; --parts)
            out += chance(3) ? std::string(pick({"%40", "%3A", "%20", "%61", "%7e", "%C3%A9", "%00", ";x=1", "/", "?"}))
                             : some("abcXYZ019-_.!~*'()&=+$,", 1, 6);
        return out;
    }
    // `brackets`: where ';', '?' and ',' are the URI's own.
    std::string uri(bool brackets) {
        if (brackets && chance(8)) return "tel:+4420794600" + some("0123456789", 2, 2);
        std::string out(pick({"sip:", "sip:", "sips:"}));
        auto name = user();
        if (!brackets) std::erase_if(name, [](char c) { return c == ',' || c == '?' || c == ';'; });
        if (!name.empty() && !chance(4)) out += name + (chance(6) ? ":" + some("abc019&=+$", 1, 6) : "") + "@";
        out += host();
        if (chance(3)) out += ":" + port();
        if (!brackets) return out;
        for (auto count = below(3); count > 0; --count)
            out += ";" + std::string(pick({"transport=tcp", "lr", "user=phone", "x-y=%41b", "maddr=192.0.2.9", "ttl=3"}));
        return out;
    }

    std::string quoted() {
        std::string out = "\"";
        for (auto count = below(8); count > 0; --count)
            out += chance(3) ? std::string(pick({"\\\"", "\\\\", "<", ">", ",", ";", "\xc3\xa9", "@", ":", "%41", "(", "\\a"}))
                             : some("abc XYZ", 1, 4);
        return out + "\"";
    }
    std::string parameters(bool tag) {
        std::string out;
        for (auto count = below(3); count > 0; --count)
            out += around(";") + "x" + token() +
                   (chance(3) ? "" : around("=") + (chance(3) ? quoted() : token()));
        if (tag) out += around(";") + std::string(pick({"tag", "tag", "Tag", "TAG"})) + around("=") + token();
        return out;
    }
    std::string address(bool tag) {
        if (chance(5)) return uri(false) + (tag ? blanks() + ";tag=" + token() : "");
        auto display = chance(3) ? std::string{} : chance(2) ? quoted() + optional_blank()
                                                             : some("abcXYZ-.!%*_+`'~", 1, 8) + blank();
        return display + "<" + uri(true) + ">" + parameters(tag);
    }
    std::string via() {
        auto out = "SIP" + around("/") + "2.0" + around("/") + std::string(pick({"UDP", "TCP", "TLS", "SCTP", "WS"}));
        out += blank() + host();
        if (chance(2)) out += around(":") + port();
        if (!chance(8)) out += around(";") + "branch" + around("=") + "z9hG4bK" + token();
        if (chance(3)) out += around(";") + "rport";
        if (chance(3)) out += around(";") + "received" + around("=") + "192.0.2.7";
        return out;
    }
    std::string content_type() {
        return std::string(pick({"application", "text", "message"})) + "/" + word() +
               (chance(2) ? blanks() + ";" + optional_blank() + "charset" + around("=") + word() : "");
    }
    std::string text_body() {
        std::string body;
        for (auto count = 1 + below(40); count > 0; --count) body += static_cast<char>(below(256));
        return body;
    }

    template <class Item>
    void add_list(std::vector<std::string>& lines, std::string_view spelled, char compact, std::size_t most, Item item) {
        for (auto rows = below(most) + 1; rows > 0; --rows) {
            auto line = name(spelled, compact) + item();
            for (auto more = below(3); more > 0; --more) line += blanks() + "," + optional_blank() + item();
            lines.push_back(line);
        }
    }
    std::vector<std::string> headers(std::string_view method) {
        std::vector<std::string> lines;
        add_list(lines, "Via", 'v', 3, [&] { return via(); });
        lines.push_back(name("From", 'f') + address(true));
        lines.push_back(name("To", 't') + address(chance(2)));
        lines.push_back(name("Call-ID", 'i') + some("abcXYZ019-.!%*_+`'~()<>:\\/[]?{}", 1, 16) +
                        (chance(2) ? "@" + word() : ""));
        lines.push_back(name("CSeq") + zeros() + std::to_string(random_() & 0xffffffffu) + blank() + std::string(method));
        if (chance(2)) lines.push_back(name("Max-Forwards") + zeros() + std::to_string(below(256)));
        if (chance(2)) add_list(lines, "Contact", 'm', 2, [&] { return address(false); });
        if (chance(3)) add_list(lines, "Route", 0, 2, [&] { return "<" + uri(true) + ">" + parameters(false); });
        if (chance(3)) add_list(lines, "Record-Route", 0, 2, [&] { return "<" + uri(true) + ">"; });
        if (chance(3)) lines.push_back(name("Expires") + std::to_string(below(100'000)));
        if (chance(2)) lines.push_back(name("X-" + word()) + some("abc ;,:=\"<>()", 0, 20));
        if (chance(3)) lines.push_back(name("Subject", 's') + "a" + blank() + "b");
        return lines;
    }

    std::mt19937_64 random_;
};

}  // namespace trunkbox::test
