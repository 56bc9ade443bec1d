package dev.plinto.polar.billing.idempotency;

import dev.plinto.polar.Problem;
import dev.plinto.polar.caller.Caller;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a repetition has in common with the request that it repeats: who sends it, for whom, which call, and the key.
/// The same key of another caller, for another organization or at another call is another request.
///
/// @param caller       the subject, with its kind: a service and a person may have the same
/// @param organization for which it acts
/// @param call         method and path, with the ids in it
/// @param key          the header `Idempotency-Key`, if there is one
public record RequestIdentity(String caller, String organization, String call, Optional<String> key) {

    public static final String HEADER = "Idempotency-Key";

    private static final Pattern KEY = Pattern.compile("[ -~]{1,255}");

    public RequestIdentity {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(organization, "organization");
        Objects.requireNonNull(call, "call");
    }

    /// Throws 400 `idempotency-key-invalid` unless there is at most one key, of 1 to 255 printable ASCII characters.
    ///
    /// @param method of HTTP
    /// @param path   decoded, without the query
    /// @param keys   the values of the header, as sent
    public static RequestIdentity of(Caller caller, String organization, String method, String path,
            List<String> keys) {
        if (keys.size() > 1 || !keys.stream().allMatch(key -> KEY.matcher(key).matches())) {
            throw new Problem("idempotency-key-invalid", 400, "The header " + HEADER + " is not a key",
                    "Nothing was done. Send one key of 1 to 255 printable ASCII characters, such as a UUID, or none.")
                    .exception();
        }
        String kind = switch (caller) {
            case Caller.Person person -> "person";
            case Caller.Service service -> "service";
            case Caller.Unreadable unreadable -> throw new IllegalArgumentException("a caller who may nothing");
        };
        return new RequestIdentity(kind + " " + caller.subject(), organization, method + " " + path,
                keys.stream().findFirst());
    }

    /// The identity of an equal request that is another one, since what it changes is in another state.
    public RequestIdentity after(String state) {
        return new RequestIdentity(caller, organization, call + " after " + state, key);
    }

    /// A hash of all of it, in which nobody can read the key or the caller. Without a key, the body stands for it.
    String id(byte[] bodySha256) {
        MessageDigest digest = Sha256.digest();
        add(digest, caller.getBytes(StandardCharsets.UTF_8));
        add(digest, organization.getBytes(StandardCharsets.UTF_8));
        add(digest, call.getBytes(StandardCharsets.UTF_8));
        add(digest, (key.isPresent() ? "key" : "body").getBytes(StandardCharsets.UTF_8));
        add(digest, key.map(sent -> sent.getBytes(StandardCharsets.UTF_8)).orElse(bodySha256));
        return HexFormat.of().formatHex(digest.digest());
    }

    /// With its length: a part that ends later and a part that begins earlier make another hash.
    private static void add(MessageDigest digest, byte[] part) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
        digest.update(part);
    }

    /// Without the caller and the key, which may be personal.
    @Override
    public String toString() {
        return "RequestIdentity[" + call + "]";
    }
}
