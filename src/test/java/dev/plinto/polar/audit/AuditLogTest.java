package dev.plinto.polar.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.audit.AuditRows.Change;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Each test has a target of its own.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class AuditLogTest {

    private static final Actor OPERATOR = Actor.operator("usr_ops", Actor.Way.API);

    private final Database database = Database.ofSandbox();
    private final String target = UUID.randomUUID().toString();

    @Inject
    AuditLog log;

    @Inject
    AuditRows rows;

    @Inject
    RecordedActions actions;

    @Test
    void action_isCommittedBeforeItRuns_andItsResultAfterwards() {
        List<String> during = log.record(operatorsAction(), this::results, done -> "done");

        assertThat(during).containsExactly((String) null);
        assertThat(results()).containsExactly("done");
    }

    @Test
    void actionThatIsRefused_isRecordedAsNotDone() {
        assertThatThrownBy(() -> log.record(operatorsAction(), () -> {
            throw new Problem("not-parked", 404, "The event is not parked", "Nothing was done.").exception();
        }, done -> "done")).isInstanceOf(WebApplicationException.class);

        assertThat(results()).containsExactly("not done: The event is not parked");
    }

    @Test
    void actionThatFails_isRecordedAsFailed_withoutTheExceptionsText() {
        assertThatThrownBy(() -> log.record(operatorsAction(), () -> {
            throw new IllegalStateException("secret");
        }, done -> "done")).isInstanceOf(IllegalStateException.class);

        assertThat(results()).containsExactly("failed: internal error");
    }

    @Test
    void actionThatCannotBeRecorded_isNotDone() {
        database.execute("ALTER TABLE audit_log RENAME TO hidden");
        try {
            assertThatThrownBy(() -> log.record(operatorsAction(), () -> {
                throw new AssertionError("the action ran");
            }, done -> "done")).isNotInstanceOf(AssertionError.class);
        } finally {
            database.execute("ALTER TABLE hidden RENAME TO audit_log");
        }
    }

    @Test
    void actionWhoseResultCannotBeRecorded_isStillAnsweredAsDone() {
        assertThat(log.record(operatorsAction(), () -> "the answer", done -> "no text\0"))
                .isEqualTo("the answer");

        assertThat(results()).containsExactly((String) null);
    }

    @Test
    void resultThatIsAddedLater_isNotTakenForTheFirst() {
        log.record(operatorsAction(), () -> "", done -> "done");
        database.execute("""
                DO $$ BEGIN
                  SET LOCAL session_replication_role = replica;
                  INSERT INTO audit_log (id, begun, result) VALUES (1, %d, 'forged');
                END $$
                """.formatted(recorded().id()));

        assertThat(recorded().result()).isEqualTo("done");
    }

    @Test
    void change_isCommittedWithTheRowOfItsAction_orNeitherIs() {
        assertThat(add(target)).as("there is nothing to change").isEmpty();
        assertThat(results()).isEmpty();

        database.execute("INSERT INTO subscription_starts VALUES (?, 'group', 'before', now())", target);
        assertThatThrownBy(() -> add("no text\0"));
        assertThat(changed()).containsExactly("before");

        assertThat(add(target)).contains(recorded().id());
        assertThat(changed()).containsExactly("after");
    }

    private Optional<Long> add(String of) {
        Change change = new Change(
                "UPDATE subscription_starts SET request = 'after' WHERE organization = $1 RETURNING 1",
                Tuple.of(target));
        return rows.add(change, new ActionRow(Entry.of(OPERATOR, Action.RECONCILE, of, null))).await().indefinitely();
    }

    private List<String> changed() {
        return database.column("SELECT request FROM subscription_starts WHERE organization = ?", target);
    }

    @Test
    void user_isKnownUntilTheyAreErased() {
        String user = "usr_" + UUID.randomUUID();
        log.record(new Entry(new Actor(Actor.Kind.PERSON, user, Actor.Way.API, "req-1"), Action.RECONCILE, "org-1",
                target, "a", "b", "private"), () -> "", done -> "done");
        assertThat(database.rows("SELECT * FROM audit_log WHERE target = ?", target).toString())
                .doesNotContain(user, "private");
        assertThat(recorded().actor()).isEqualTo(user);
        assertThat(recorded().reason()).isEqualTo("private");

        database.execute("DELETE FROM audit_personal WHERE organization = 'org-1'");

        assertThat(recorded().actor()).isNull();
        assertThat(recorded().reason()).isNull();
        assertThat(recorded()).extracting(RecordedActions.Entry::organization, RecordedActions.Entry::requestId,
                RecordedActions.Entry::from, RecordedActions.Entry::to, RecordedActions.Entry::result)
                .containsExactly("org-1", "req-1", "a", "b", "done");
    }

    /// Replicas of the release before write into the table that it had.
    @Test
    void entryOfTheReleaseBefore_isTakenOver() {
        database.execute("INSERT INTO audit (actor, way, action, target, reason) "
                + "VALUES ('usr_old', 'console', 'reconcile', ?, 'why')", target);
        assertThat(recorded()).extracting(RecordedActions.Entry::actor, RecordedActions.Entry::way,
                RecordedActions.Entry::reason, RecordedActions.Entry::result)
                .containsExactly("usr_old", "console", "why", null);

        database.execute("UPDATE audit SET result = 'run requested' WHERE target = ?", target);

        assertThat(recorded().result()).isEqualTo("run requested");
    }

    private Entry operatorsAction() {
        return Entry.of(OPERATOR, Action.RECONCILE, target, null);
    }

    /// Of the actions on the target, null where it is not known.
    private List<String> results() {
        return database.column("SELECT ended.result FROM audit_log AS begun LEFT JOIN audit_log AS ended "
                + "ON ended.begun = begun.id WHERE begun.target = ?", target);
    }

    private RecordedActions.Entry recorded() {
        return actions.list(new AuditSearch(null, null, null, target), null, 1).await().indefinitely()
                .items().getFirst();
    }
}
