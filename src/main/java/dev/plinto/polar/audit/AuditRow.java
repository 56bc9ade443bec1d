package dev.plinto.polar.audit;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A row of the table `audit_log`: one is added before an action, one with its result after it. The database sets its
/// time, since an hour must not be sealed while a row of it is being added.
@Entity
@Table(name = "audit_log")
class AuditRow extends PanacheEntityBase {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY) // from the column's default, with no statement of its own
    @Nullable
    Long id;

    /// The row before the action; null in that one.
    @Nullable
    Long begun;

    @Column(name = "actor_kind")
    @Nullable
    String actorKind;

    @Nullable
    String actor;

    @Column(name = "actor_sha256")
    byte @Nullable [] actorSha256;

    @Nullable
    String way;

    @Column(name = "request_id")
    @Nullable
    String requestId;

    @Nullable
    String organization;

    @Nullable
    String action;

    @Nullable
    String target;

    @Column(name = "changed_from")
    @Nullable
    String changedFrom;

    @Column(name = "changed_to")
    @Nullable
    String changedTo;

    @Column(name = "reason_sha256")
    byte @Nullable [] reasonSha256;

    @Nullable
    String result;

    AuditRow() {}

    static AuditRow result(long begun, String result) {
        AuditRow row = new AuditRow();
        row.begun = begun;
        row.result = result;
        return row;
    }

    long idOrThrow() {
        return Objects.requireNonNull(id, "a row that is not persisted has no id");
    }
}
