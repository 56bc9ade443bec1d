package dev.plinto.polar;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// How bodies are read: only as UTF-8, to their end, and numbers as they were written. A duplicate key is an error.
public final class BodyJson {

    public interface Reader<I, T> {
        T read(I json) throws IOException;
    }

    /// Empty if the bytes are not JSON; a missing node if there are none.
    public static Optional<JsonNode> read(byte[] body) {
        return read(body, ExactJson::read, ExactJson::read);
    }

    /// Reads the bytes, else their text: Jackson's parser of bytes is faster, but refuses half of a surrogate pair in a
    /// key.
    public static <T> Optional<T> read(byte[] body, Reader<byte[], T> ofBytes, Reader<String, T> ofText) {
        if (!isUtf8(body)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ofBytes.read(body));
        } catch (IOException perhapsInAKey) {
            try {
                return Optional.of(ofText.read(new String(body, StandardCharsets.UTF_8)));
            } catch (IOException notJson) {
                return Optional.empty();
            }
        }
    }

    /// Checked here, since Jackson accepts overlong forms and halves of surrogate pairs.
    public static boolean isUtf8(byte[] body) {
        return isAscii(body) || isDecodable(body);
    }

    /// Nearly every body is ASCII, and this check costs a tenth of decoding.
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

    private BodyJson() {}
}
