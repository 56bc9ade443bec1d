package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Account;
import dev.plinto.polar.entitlement.BenefitChange;
import dev.plinto.polar.entitlement.Cause;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// What each event of a transaction did to each benefit, in the order of events: the table `benefit_changes`.
final class BenefitChangeStore {

    private final List<Row> rows = new ArrayList<>();

    private record Row(BenefitChange change, Cause cause, String benefit) {}

    /// @return how many characters the row takes
    int add(BenefitChange change, Cause cause) {
        Row row = new Row(change, cause, ChangeMessage.json(change));
        rows.add(row);
        return row.benefit.length();
    }

    /// @param version of an account after the transaction
    void save(OpenTransaction transaction, ToLongFunction<Account> version, Instant now) {
        if (rows.isEmpty()) {
            return;
        }
        transaction.send("""
                INSERT INTO benefit_changes (account, benefit_id, effect, version, decided_at, cause_type,
                                             cause_webhook_id, caused_at, benefit)
                SELECT account, benefit_id, effect, version, $1, cause_type, cause_webhook_id, caused_at, benefit::json
                FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[],
                            $8::timestamptz[], $9::text[])
                  WITH ORDINALITY AS change (account, benefit_id, effect, version, cause_type, cause_webhook_id,
                                             caused_at, benefit, place)
                ORDER BY place
                """, Tuple.tuple()
                .addValue(FieldColumn.offset(now))
                .addValue(texts(row -> row.change.account().value()))
                .addValue(texts(row -> row.change.benefitId()))
                .addValue(texts(row -> row.change.effect().name().toLowerCase(Locale.ROOT)))
                .addValue(rows.stream().map(row -> version.applyAsLong(row.change.account())).toArray(Long[]::new))
                .addValue(texts(row -> row.cause.eventType()))
                .addValue(texts(row -> row.cause.webhookId()))
                .addValue(FieldColumn.times(rows.stream().map(row -> row.cause.timestamp())))
                .addValue(texts(Row::benefit)));
    }

    private String[] texts(Function<Row, String> text) {
        return rows.stream().map(text).toArray(String[]::new);
    }
}
