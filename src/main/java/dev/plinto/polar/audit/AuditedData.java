package dev.plinto.polar.audit;

import dev.plinto.polar.HeldData;
import dev.plinto.polar.HeldTable;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// What is held of who did what. Rows of the log are never changed: of persons they have hashes, whose values go.
@ApplicationScoped
class AuditedData implements HeldData {

    @Override
    public String room() {
        return "audit";
    }

    @Override
    public List<HeldTable> tables() {
        return List.of(
                HeldTable.named("audit_log").orderedBy("at", "id")
                        .rowsWhere("""
                                held.id = ANY (ARRAY(
                                  SELECT id FROM audit_log AS action WHERE action.organization = subject.organization
                                  UNION ALL
                                  SELECT result.id FROM audit_log AS action
                                    JOIN audit_log AS result ON result.begun = action.id
                                  WHERE action.organization = subject.organization))""")
                        .exports("id", "at", "begun", "actor_kind", "actor", "way", "request_id", "action", "target",
                                "changed_from", "changed_to", "result")
                        .leaves("organization", "actor_sha256", "reason_sha256"),
                HeldTable.named("audit_personal").orderedBy("at", "id", "field")
                        .rowsWhere("held.organization = subject.organization").exports("id", "field", "value")
                        .leaves("at", "organization", "salt").deletesRows(),
                HeldTable.impersonal("audit_seals", "hour", "rows", "digests", "sha256"),
                HeldTable.impersonal("audit_chain", "one", "first_hour", "first_sha256", "seals"),
                HeldTable.impersonal("audit_verification", "one", "holder", "expires_at"),
                // Of operators, by releases before the log.
                HeldTable.impersonal("audit", "id", "at", "actor", "way", "action", "target", "result", "reason",
                        "taken_over_as"));
    }
}
