package dev.plinto.polar.polar;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// How bodies are read: only as UTF-8, to their end, and numbers without loss. A duplicate key is an error.
public final class PolarJson {

    /// For scanning: it checks only what it reads.
    static final JsonFactory FACTORY = factory().build();

    public static final ObjectReader READER = JsonMapper.builder(factory().build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .reader();

    /// Checked here, since Jackson accepts overlong forms and halves of surrogate pairs.
    static boolean isUtf8(byte[] body) {
        return isAscii(body) || isDecodable(body);
    }

    /// Nearly every body of Polar's is ASCII, and this check costs a tenth of decoding.
    private static boolean isAscii(byte[] body) {
        int bits = 0;
        for (byte next : body) {
            bits |= next;
        }
        return bits >= 0;
    }

    private static boolean isDecodable(byte[] body) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            return true;
        } catch (CharacterCodingException notUtf8) {
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
