package dev.plinto.polar.polar;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// How bodies are read: as UTF-8 and nothing else; the whole of them; numbers without loss; and a doubled key is an
/// error rather than a guess.
public final class PolarJson {

    /// For scanning; it sees only what it reads.
    static final JsonFactory FACTORY = factory().build();

    public static final ObjectReader READER = JsonMapper.builder(factory().build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .reader();

    /// Jackson reads overlong forms and halves of surrogate pairs as if they were letters.
    static boolean isUtf8(byte[] body) {
        return isAscii(body) || isDecodable(body);
    }

    /// True of nearly every body of Polar's, and a tenth of the work.
    private static boolean isAscii(byte[] body) {
        int bits = 0;
        for (byte one : body) {
            bits |= one;
        }
        return bits >= 0;
    }

    private static boolean isDecodable(byte[] body) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            return true;
        } catch (CharacterCodingException anythingElse) {
            return false;
        }
    }

    private static JsonFactoryBuilder factory() {
        return new JsonFactoryBuilder()
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES); // keys of metadata come from outside
    }

    private PolarJson() {}
}
