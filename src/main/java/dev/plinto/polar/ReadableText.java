package dev.plinto.polar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.stream.Collectors;

/// Texts that people read. JSON can carry characters that no database and no UTF-8 has, a NUL and half of a surrogate
/// pair: in such a text they are replaced, since a name is no reason to withhold what was bought.
public final class ReadableText {

    private static final int REPLACEMENT = 0xfffd;

    /// Whether every character can be stored and sent.
    public static boolean isReadable(String text) {
        for (int i = 0; i < text.length(); i++) { // nearly every text ends here: no stream for each
            if (text.charAt(i) == 0 || Character.isSurrogate(text.charAt(i))) {
                return text.codePoints().allMatch(ReadableText::isReadable);
            }
        }
        return true;
    }

    /// With U+FFFD for each character that is not readable.
    public static String of(String text) {
        return isReadable(text)
                ? text
                : text.codePoints().map(c -> isReadable(c) ? c : REPLACEMENT)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }

    /// The value with readable texts and keys. Of keys that become equal the last one counts.
    public static JsonNode of(JsonNode value) {
        return switch (value) {
            case TextNode text -> TextNode.valueOf(of(text.textValue()));
            case ObjectNode object -> {
                ObjectNode readable = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(field -> readable.set(of(field.getKey()), of(field.getValue())));
                yield readable;
            }
            case ArrayNode array -> {
                ArrayNode readable = JsonNodeFactory.instance.arrayNode();
                array.forEach(item -> readable.add(of(item)));
                yield readable;
            }
            default -> value; // numbers and literals: Jackson's nodes are no closed set
        };
    }

    /// JSON text with each half of a surrogate pair escaped, so that it has a form in UTF-8 and stays what it is.
    public static String escaped(String json) {
        return json.codePoints().noneMatch(ReadableText::isHalf)
                ? json
                : json.codePoints()
                        .mapToObj(c -> isHalf(c) ? "\\u%04x".formatted(c) : Character.toString(c))
                        .collect(Collectors.joining());
    }

    private static boolean isReadable(int codePoint) {
        return codePoint != 0 && !isHalf(codePoint);
    }

    private static boolean isHalf(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private ReadableText() {}
}
