package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Fields without which an answer is of no use, and those that are read whatever else is in them.
final class Needed {

    static String text(Payload object, String name) {
        return there(object, name, object.text(name));
    }

    static int number(Payload object, String name) {
        return there(object, name, object.smallInteger(name));
    }

    /// An address to which a browser is sent: another scheme than HTTP's could run a script there.
    static URI url(Payload object, String name) {
        try {
            URI url = new URI(there(object, name, object.anyText(name)));
            if (url.getHost() != null && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
                return url;
            }
        } catch (URISyntaxException noUrl) {
            // answered below, without the value
        }
        throw new Payload.Unreadable(object.path() + "." + name, "an address in HTTP");
    }

    /// The texts of an object, such as of metadata; none if it is not there.
    static Map<String, String> texts(Payload object, String name) {
        return object.object(name).map(found -> found.node().propertyStream()
                .filter(entry -> entry.getValue().isTextual())
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().textValue())))
                .orElse(Map.of());
    }

    private static <T> T there(Payload object, String name, @Nullable T value) {
        if (value == null) {
            throw new Payload.Unreadable(object.path() + "." + name, "there, and it is needed");
        }
        return value;
    }

    private Needed() {}
}
