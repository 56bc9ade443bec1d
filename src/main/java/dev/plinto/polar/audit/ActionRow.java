package dev.plinto.polar.audit;

import dev.plinto.polar.audit.AuditLog.Entry;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The row of the audit log before an action, with its personal values: of these the row itself has only the salted
/// hashes. A value and its salt can be deleted, and nobody can tell it any more, while the row stays as it was sealed.
/// [AuditRows] adds it.
public final class ActionRow {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SALT_BYTES = 16;

    private final Entry entry;
    private final Optional<PersonalValue> actor;
    private final Optional<PersonalValue> reason;

    private record PersonalValue(String field, String value, byte[] salt) {

        static PersonalValue of(String field, String value) {
            byte[] salt = new byte[SALT_BYTES];
            RANDOM.nextBytes(salt);
            return new PersonalValue(field, value, salt);
        }

        byte[] sha256() {
            MessageDigest digest = Sha256.digest();
            digest.update(salt);
            return digest.digest(value.getBytes(StandardCharsets.UTF_8));
        }
    }

    ActionRow(Entry entry) {
        this.entry = entry;
        actor = switch (entry.actor().kind()) {
            case PERSON -> Optional.of(PersonalValue.of("actor", entry.actor().subject()));
            case SERVICE, OPERATOR, SYSTEM -> Optional.empty();
        };
        reason = Optional.ofNullable(entry.reason()).map(text -> PersonalValue.of("reason", text));
    }

    /// Adds the parameters of the statement that adds the row, in the order in which [AuditRows] numbers them.
    Tuple addTo(Tuple parameters) {
        List<PersonalValue> personal = Stream.of(actor, reason).flatMap(Optional::stream).toList();
        return parameters
                .addString(entry.actor().kind().wireName())
                .addString(actor.isPresent() ? null : entry.actor().subject())
                .addValue(sha256(actor))
                .addString(entry.actor().way().wireName())
                .addString(entry.actor().requestId())
                .addString(entry.organization())
                .addString(entry.action().wireName())
                .addString(entry.target())
                .addString(entry.from())
                .addString(entry.to())
                .addValue(sha256(reason))
                .addArrayOfString(personal.stream().map(PersonalValue::field).toArray(String[]::new))
                .addValue(personal.stream().map(value -> Buffer.buffer(value.salt))
                        .toArray(Buffer[]::new))
                .addArrayOfString(personal.stream().map(PersonalValue::value).toArray(String[]::new));
    }

    private static @Nullable Buffer sha256(Optional<PersonalValue> personal) {
        return personal.map(value -> Buffer.buffer(value.sha256())).orElse(null);
    }

    /// Without its personal values.
    @Override
    public String toString() {
        return "ActionRow[" + entry.action() + "]";
    }
}
