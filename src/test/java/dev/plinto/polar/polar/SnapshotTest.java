package dev.plinto.polar.polar;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.Envelope;
import dev.plinto.polar.ExactJson;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.Event;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Member;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.TrackedObject;
import dev.plinto.polar.polar.PolarObject.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {

    private static final Instant LAST_DATE = Instant.parse("2026-11-03T08:10:00Z");
    private static final Instant AS_OF = Instant.parse("2026-11-03T08:09:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void moment_isAMinuteBeforeTheLastAnswer_orALaterModification() throws Exception {
        assertThat(Snapshot.of(grant("2026-11-03T08:00:00Z"), LAST_DATE).moment()).isEqualTo(AS_OF);
        assertThat(Snapshot.of(grant("2026-11-03T08:09:30.123456Z"), LAST_DATE).moment())
                .isEqualTo(Instant.parse("2026-11-03T08:09:30.123456Z"));
    }

    @Test
    void id_dependsOnTheWholeBody() throws Exception {
        String id = Snapshot.of(grant("2026-11-03T08:00:00Z"), LAST_DATE).id();

        assertThat(UUID.fromString(id).version()).isEqualTo(5);
        assertThat(Snapshot.of(grant("2026-11-03T08:00:00Z"), LAST_DATE).id()).isEqualTo(id);
        assertThat(Snapshot.of(grant("2026-11-03T08:00:01Z"), LAST_DATE).id()).isNotEqualTo(id);
        assertThat(Snapshot.of(grant("2026-11-03T08:00:00Z"), LAST_DATE.plusSeconds(1)).id()).isNotEqualTo(id);
    }

    @Test
    void subject_isTheCustomer() throws Exception {
        assertThat(PolarEnvelope.scan(Snapshot.of(grant("2026-11-03T08:00:00Z"), LAST_DATE).body()))
                .contains(new Envelope(Snapshot.TYPE, "2026-11-03T08:09:00.000000Z", "c"));
        assertThat(PolarEnvelope.scan(Snapshot.gone(new Customer(new Id.Customer("c"), Facts.NONE), LAST_DATE).body())
                .map(Envelope::subject)).contains("c");
    }

    @Test
    void snapshot_isReadLikeAnEventOfPolar() throws Exception {
        Snapshot snapshot = Snapshot.of(grant("2026-11-03T08:00:00Z"), LAST_DATE);

        Event event = read(snapshot);

        assertThat(event.cause().eventType()).isEqualTo(Snapshot.TYPE);
        TrackedObject statement = event.statements().getFirst();
        assertThat(statement.id()).isEqualTo(new Id.Grant("g"));
        assertThat(statement.facts().stamped(Grant.IS_GRANTED).value()).isTrue();
        assertThat(statement.facts().stamped(Grant.IS_GRANTED).stamp()).isEqualTo(new Stamp(AS_OF, snapshot.id()));
    }

    @Test
    void whatIsGone_hasEnded() {
        Facts facts = Facts.statedAt(new Stamp(Instant.EPOCH, "x")).carries(Grant.CUSTOMER_ID, "c")
                .carries(Grant.BENEFIT_ID, "b").carries(Grant.IS_GRANTED, true).build();

        Facts grant = gone(new Grant(new Id.Grant("g"), facts));
        Facts subscription = gone(new Subscription(new Id.Subscription("s"), facts));
        Facts customer = gone(new Customer(new Id.Customer("c"), Facts.NONE));

        assertThat(grant.get(Grant.IS_GRANTED)).isFalse();
        assertThat(grant.stamped(Grant.GRANTED_AT).value()).isNull();
        assertThat(subscription.get(Subscription.STATUS)).isEqualTo("canceled");
        assertThat(subscription.get(Subscription.ENDED_AT)).isEqualTo(AS_OF);
        assertThat(customer.get(Customer.DELETED_AT)).isEqualTo(AS_OF);
        assertThat(customer.get(Customer.LIVE_GRANTS)).isEqualTo(List.of());
    }

    @Test
    void snapshotOfAnotherMerchant_isRefused() throws Exception {
        Snapshot snapshot = Snapshot.of(grant("2026-11-03T08:00:00Z"), LAST_DATE);

        assertThat(new EventReader(Optional.of("another")).readSnapshot(snapshot.id(), snapshot.body()))
                .isInstanceOf(Reading.OtherMerchant.class);
    }

    @Test
    void deliveredSnapshot_isOfAnUnknownType() throws Exception {
        Snapshot snapshot = Snapshot.of(grant("2026-11-03T08:00:00Z"), LAST_DATE);

        assertThat(new EventReader(Optional.empty()).read(snapshot.id(), snapshot.body()))
                .isEqualTo(new Reading.UnknownType(Snapshot.TYPE));
    }

    @Test
    void snapshotOfAKindThatOnlyANewerReleaseKnows_isOfAnUnknownType() {
        assertThat(readKind("\"refund\"")).isEqualTo(new Reading.UnknownType(Snapshot.TYPE + ":refund"));
        assertThat(Snapshot.knows(Snapshot.TYPE + ":refund")).isFalse();
        assertThat(Snapshot.knows(Snapshot.TYPE + ":customer")).isTrue();
    }

    /// No release writes these.
    @ParameterizedTest
    @ValueSource(strings = {"null", "1", "\"\"", "\"Order\"", "\"an order\"", "[\"order\"]"})
    void snapshotWithoutTheNameOfAKind_isMalformed(String kind) {
        assertThat(readKind(kind)).isInstanceOf(Reading.Malformed.class);
    }

    private static Reading readKind(String kind) {
        return new EventReader(Optional.empty()).readSnapshot("id", """
                {"type":"%s","timestamp":"2026-10-02T08:00:00Z","kind":%s,"data":{"id":"o"}}
                """.formatted(Snapshot.TYPE, kind).getBytes(StandardCharsets.UTF_8));
    }

    private static Facts gone(TrackedObject held) {
        return read(Snapshot.gone(held, LAST_DATE)).statements().getFirst().facts();
    }

    private static Event read(Snapshot snapshot) {
        return ((Reading.Understood) new EventReader(Optional.empty())
                .readSnapshot(snapshot.id(), snapshot.body())).event();
    }

    /// Each is read as an event of Polar's about the same object would be.
    @ParameterizedTest
    @EnumSource(Kind.class)
    void objectOfEachKind_isReadAsItself(Kind kind) throws Exception {
        Snapshot snapshot = Snapshot.of(object(kind, "2026-11-03T08:30:00Z"), LAST_DATE);

        TrackedObject statement = read(snapshot).statements().getFirst();

        assertThat(statement.id().getClass().getSimpleName().toLowerCase(Locale.ROOT))
                .isEqualTo(kind.wireName().replace("_", ""));
        assertThat(statement.id().value()).isEqualTo("o");
        assertThat(snapshot.moment()).as("modified after the answer before").isEqualTo("2026-11-03T08:30:00Z");
        assertThat(Snapshot.knows(Snapshot.TYPE + ":" + kind.wireName())).isTrue();
    }

    /// `customer.state_changed` tells the count as of the same moment, without any margin.
    @ParameterizedTest
    @EnumSource(Kind.class)
    void unchangedObject_countsAsOfItsReading_andAMeterAsOfItsOwnModification(Kind kind) throws Exception {
        Snapshot snapshot = Snapshot.of(object(kind, "2026-11-01T08:00:00Z"), LAST_DATE);

        assertThat(snapshot.moment()).isEqualTo(kind == Kind.METER || kind == Kind.CUSTOMER_METER
                ? Instant.parse("2026-11-01T08:00:00Z")
                : AS_OF);
    }

    @Test
    void memberThatIsGone_isDeleted_andOneThatIsListedIsNot() throws Exception {
        PolarObject listed = object(Kind.MEMBER, "2026-11-01T08:00:00Z");
        Member member = (Member) read(Snapshot.of(listed, LAST_DATE)).statements().getFirst();

        Facts gone = gone(member);

        assertThat(gone.get(Member.DELETED_AT)).isEqualTo(AS_OF);
        assertThat(gone.get(Member.CUSTOMER_ID)).isEqualTo("c");
        Facts again = read(Snapshot.of(listed, LAST_DATE.plusSeconds(1))).statements().getFirst().facts();
        assertThat(member.facts().merge(gone).merge(again).get(Member.DELETED_AT)).isNull();
    }

    private static PolarObject object(Kind kind, String modifiedAt) throws Exception {
        return PolarObject.of(kind, new Payload(kind.wireName(), JSON.readTree("""
                {"id": "o", "customer_id": "c", "benefit_id": "b", "modified_at": "%s"}""".formatted(modifiedAt))));
    }

    /// Polar's API and its webhooks must say the same of one object, or reconciliation would repair it for ever.
    @Test
    void unreadableCharactersAndNumbers_areReadAsInADelivery() throws Exception {
        String data = """
                {"id": "s", "customer_id": "c", "modified_at": "2026-11-03T08:00:00Z", "status": "act\\u0000ive",
                 "product": {"id": "p", "name": "Pro \\ud83d \\ud83d\\ude00",
                             "metadata": {"\\udc00": "\\ud83d", "n": 2000.0, "e": 1e99999999999}}}""";
        Snapshot snapshot = Snapshot.of(PolarObject.of(PolarObject.Kind.SUBSCRIPTION,
                new Payload("answer", ExactJson.read(data))), LAST_DATE);
        Reading delivered = new EventReader(Optional.empty()).read("evt",
                "{\"type\":\"subscription.updated\",\"timestamp\":\"2026-11-03T08:00:00Z\",\"data\":%s}".formatted(data)
                        .getBytes(StandardCharsets.UTF_8));

        Facts read = read(snapshot).statements().getFirst().facts();

        Facts told = ((Reading.Understood) delivered).event().statements().getFirst().facts();
        assertThat(Subscription.FIELDS).allSatisfy(field -> assertThat(read.get(field)).isEqualTo(told.get(field)));
        assertThat(read.get(Subscription.PRODUCT_NAME)).isEqualTo("Pro \ufffd \ud83d\ude00");
        assertThat(read.get(Subscription.PRODUCT_METADATA))
                .isEqualTo("{\"\ufffd\":\"\ufffd\",\"n\":2000.0,\"e\":1e99999999999}");
    }

    private static PolarObject grant(String modifiedAt) throws Exception {
        return PolarObject.of(PolarObject.Kind.GRANT, new Payload("grant", JSON.readTree("""
                {"id": "g", "customer_id": "c", "benefit_id": "b", "is_granted": true, "modified_at": "%s",
                 "customer": {"id": "c", "organization_id": "merchant", "created_at": "2026-11-01T08:00:00Z"}}
                """.formatted(modifiedAt))));
    }
}
