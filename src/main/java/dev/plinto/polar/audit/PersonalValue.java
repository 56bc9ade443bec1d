package dev.plinto.polar.audit;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A personal value of an [AuditRow], which itself has only the salted hash: the value and its salt can be deleted, and
/// nobody can tell it any more, while the row stays as it was sealed.
@Entity
@Table(name = "audit_personal")
@IdClass(PersonalValue.Key.class)
class PersonalValue extends PanacheEntityBase {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SALT_BYTES = 16;

    enum Field {
        ACTOR, REASON
    }

    record Key(long id, String field) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    @Id
    long id;

    @Id
    String field = "";

    @Nullable
    String organization;

    byte[] salt = {};

    String value = "";

    PersonalValue() {}

    static PersonalValue of(Field field, String value, @Nullable String organization) {
        PersonalValue personal = new PersonalValue();
        personal.field = field.name().toLowerCase(Locale.ROOT);
        personal.value = value;
        personal.organization = organization;
        personal.salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(personal.salt);
        return personal;
    }

    byte[] sha256() {
        MessageDigest digest = Sha256.digest();
        digest.update(salt);
        return digest.digest(value.getBytes(StandardCharsets.UTF_8));
    }
}
