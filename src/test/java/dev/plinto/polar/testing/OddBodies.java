package dev.plinto.polar.testing;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/// Signed bodies that need care: all readers must agree on whether each is an event.
public final class OddBodies {

    private static final String EVENT = "{\"type\":\"wallet.topped_up\",\"data\":{\"id\":\"wal\"}}";
    private static final int DEEP = 100_000;

    /// Not exactly one JSON object in UTF-8 with a type and without duplicate keys.
    public static Stream<Arguments> thatAreNoEvent() {
        return Stream.concat(texts(), Stream.of(
                arguments("a lone 0xFF in a text", bytes("{\"type\":\"a\",\"x\":\"", 0xff, "\"}")),
                arguments("a lone 0xFF between tokens", bytes("{\"type\":\"a\",", 0xff, "\"x\":1}")),
                arguments("a lone continuation byte", bytes("{\"type\":\"a\",\"x\":\"", 0x80, "\"}")),
                arguments("an overlong NUL", bytes("{\"type\":\"a\",\"x\":\"", 0xc0, 0x80, "\"}")),
                arguments("an overlong letter", bytes("{\"type\":\"a\",\"x\":\"", 0xc1, 0xa1, "\"}")),
                arguments("an overlong slash in the type", bytes("{\"type\":\"a", 0xe0, 0x80, 0xaf, "\"}")),
                arguments("half a surrogate pair in UTF-8", bytes("{\"type\":\"a\",\"x\":\"", 0xed, 0xa0, 0x80, "\"}")),
                arguments("beyond Unicode", bytes("{\"type\":\"a\",\"x\":\"", 0xf4, 0x90, 0x80, 0x80, "\"}")),
                arguments("not UTF-8 in a key", bytes("{\"type\":\"a\",\"", 0xe9, "\":1}")),
                arguments("not UTF-8 deeper down",
                        bytes("{\"type\":\"a\",\"data\":{\"id\":\"b\",\"x\":\"", 0xe9, "t\"}}")),
                arguments("UTF-8 with a byte order mark", bytes(0xef, 0xbb, 0xbf, EVENT)),
                arguments("UTF-16", in("UTF-16BE")),
                arguments("UTF-16, little endian", in("UTF-16LE")),
                arguments("UTF-16 with its mark", in("UTF-16")),
                arguments("UTF-32", in("UTF-32")),
                arguments("Latin-1", "{\"type\":\"a\",\"x\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1))));
    }

    private static Stream<Arguments> texts() {
        return Stream.of(
                text("nothing", ""),
                text("blank", " \r\n\t"),
                text("no JSON", "type=order.paid&id=1"),
                text("not closed", "{\"type\":\"a\""),
                text("closed twice", "{\"type\":\"a\"}}"),
                text("two objects", "{\"type\":\"a\"}{\"type\":\"a\"}"),
                text("something behind it", EVENT + " x"),
                text("a comma too many", "{\"type\":\"a\",}"),
                text("a comment", "{\"type\":\"a\"} // hello"),
                text("single quotes", "{'type':'a'}"),
                text("no quotes", "{type:\"a\"}"),
                text("not a number", "{\"type\":\"a\",\"x\":NaN}"),
                text("a leading zero", "{\"type\":\"a\",\"x\":01}"),
                text("null", "null"),
                text("a list", "[" + EVENT + "]"),
                text("a text", "\"order.paid\""),
                text("a number", "42"),
                text("no type", "{\"data\":{\"id\":\"a\"}}"),
                text("type null", "{\"type\":null}"),
                text("type a number", "{\"type\":1}"),
                text("type an object", "{\"type\":{\"type\":\"a\"}}"),
                text("type empty", "{\"type\":\"\"}"),
                text("type blank", "{\"type\":\" \"}"),
                text("type with a NUL", "{\"type\":\"a\\u0000b\"}"),
                text("type with half a surrogate pair", "{\"type\":\"a\\ud800\"}"),
                text("type with a line break", "{\"type\":\"a\\r\\nb: c\"}"),
                text("type of 257 characters", "{\"type\":\"" + "t".repeat(257) + "\"}"),
                text("type twice", "{\"type\":\"a\",\"type\":\"a\"}"),
                text("data twice", "{\"type\":\"a\",\"data\":{\"id\":\"1\"},\"data\":{\"id\":\"2\"}}"),
                text("a key twice, once escaped", "{\"type\":\"a\",\"t\\u0079pe\":\"b\"}"),
                text("an unknown key twice", "{\"type\":\"a\",\"x\":1,\"x\":2}"),
                text("a raw NUL in a text", "{\"type\":\"a\",\"x\":\"\u0000\"}"),
                text("a raw NUL behind it", EVENT + "\u0000"),
                text("a raw line break in a text", "{\"type\":\"a\",\"x\":\"\n\"}"),
                text("deep lists", nested("[", "]")),
                text("deep objects", nested("{\"a\":", "}")),
                text("deep lists in data", "{\"type\":\"a\",\"data\":{\"id\":\"b\",\"x\":" + nested("[", "]") + "}}"),
                text("deep objects in an unknown key", "{\"type\":\"a\",\"x\":" + nested("{\"a\":", "}") + "}"),
                text("deep and not closed", "{\"type\":\"a\",\"x\":" + "[".repeat(DEEP)),
                text("a key of 100,000 characters", "{\"type\":\"a\",\"" + "k".repeat(DEEP) + "\":1}"));
    }

    /// Events of the type `wallet.topped_up`, which the service does not know.
    public static Stream<Arguments> thatAreEvents() {
        return Stream.of(
                text("plain", EVENT),
                text("white space around it", " \r\n" + EVENT + "\t\n"),
                text("escaped keys", EVENT.replace("type", "t\\u0079pe")),
                text("an escaped NUL", with("\"x\\u0000\"")),
                text("half a surrogate pair in a key", with("{\"\\udc00\":{\"\\ud83d\":1}}")),
                text("half a surrogate pair, escaped", with("\"\\ud83d\"")),
                text("letters of all lengths", with("\"aé€😀\"")),
                text("an infinite number", with("1e400")),
                text("a number of 100 digits", with("9".repeat(100))),
                text("an enormous exponent", with("1E999999999")),
                text("a tiny exponent", with("1e-999999999")),
                text("an exponent of 20 digits", with("1E+99999999999999999999")),
                text("a number of 200,000 digits", with("9".repeat(200_000))),
                text("a depth of 900", with("[".repeat(900) + "]".repeat(900))),
                text("a text of 200,000 characters", with("\"" + "x".repeat(200_000) + "\"")),
                text("20,000 keys", with("{" + keys(20_000) + "}")));
    }

    private static String with(String value) {
        return "{\"type\":\"wallet.topped_up\",\"data\":{\"id\":\"wal\",\"metadata\":{\"x\":" + value + "}},\"y\":"
                + value + "}";
    }

    private static String keys(int count) {
        StringBuilder keys = new StringBuilder("\"k\":0");
        for (int i = 0; i < count; i++) {
            keys.append(",\"k").append(i).append("\":").append(i);
        }
        return keys.toString();
    }

    private static String nested(String open, String close) {
        return open.repeat(DEEP) + "1" + close.repeat(DEEP);
    }

    private static Arguments text(String name, String body) {
        return arguments(name, body.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] in(String charset) {
        return EVENT.getBytes(Charset.forName(charset));
    }

    private static byte[] bytes(Object... parts) {
        StringBuilder latin1 = new StringBuilder();
        for (Object part : parts) {
            latin1.append(part instanceof Integer octet ? Character.toString(octet) : part);
        }
        return latin1.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private OddBodies() {}
}
