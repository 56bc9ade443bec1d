package dev.plinto.polar.entitlement;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The live grants of an account that give one benefit, by id.
final class LiveBenefit {

    private static final int DIGEST_BYTES = 16;

    private final String benefitId;
    private final TreeMap<String, Grant> grants = new TreeMap<>();
    private @Nullable Fields fields; // null if they must be read of all grants again

    /// Each grant of a benefit embeds the benefit's fields; the newest copy counts for all of them.
    private record Fields(@Nullable StampedValue<String> type, @Nullable StampedValue<String> description,
            @Nullable StampedValue<String> feature) {

        Fields and(Facts grant) {
            return new Fields(StampedValue.newest(type, grant.stamped(Grant.BENEFIT_TYPE)),
                    StampedValue.newest(description, grant.stamped(Grant.DESCRIPTION)),
                    StampedValue.newest(feature, grant.stamped(Grant.FEATURE)));
        }

        /// Whether the grant's copy may be the newest.
        boolean mayBeOf(Facts grant) {
            return isOf(type, grant.stamped(Grant.BENEFIT_TYPE))
                    || isOf(description, grant.stamped(Grant.DESCRIPTION))
                    || isOf(feature, grant.stamped(Grant.FEATURE));
        }

        private static boolean isOf(@Nullable StampedValue<String> newest, @Nullable StampedValue<String> copy) {
            return newest != null && copy != null && newest.stamp().equals(copy.stamp());
        }

        static @Nullable String value(@Nullable StampedValue<String> field) {
            return field == null ? null : field.value();
        }
    }

    LiveBenefit(String benefitId) {
        this.benefitId = benefitId;
    }

    /// In a time that hardly depends on the number of grants, as [#remove(Grant)].
    void put(Grant grant) {
        remove(grant);
        grants.put(grant.id().value(), grant);
        fields = fields == null ? null : fields.and(grant.facts());
    }

    void remove(Grant grant) {
        Grant removed = grants.remove(grant.id().value());
        if (removed != null && fields != null && fields.mayBeOf(removed.facts())) {
            fields = null;
        }
    }

    boolean isEmpty() {
        return grants.isEmpty();
    }

    Collection<String> grantIds() {
        return List.copyOf(grants.keySet());
    }

    Entitlement entitlement() {
        Fields newest = fields();
        return new Entitlement(benefitId, Fields.value(newest.type), Fields.value(newest.description),
                Fields.value(newest.feature), grants.size(), digest(), first(Entitlement.MAX_GRANTS));
    }

    /// The benefit as it is, as a part of a change.
    BenefitChange change(Account account) {
        Fields newest = fields();
        return new BenefitChange(account, BenefitChange.Effect.CHANGED, benefitId, Fields.value(newest.type),
                Fields.value(newest.description), Fields.value(newest.feature), grants.size(),
                first(BenefitChange.MAX_GRANTS));
    }

    private Fields fields() {
        Fields newest = fields;
        if (newest == null) {
            newest = new Fields(null, null, null);
            for (Grant grant : grants.values()) {
                newest = newest.and(grant.facts());
            }
            fields = newest;
        }
        return newest;
    }

    private List<Entitlement.Through> first(int limit) {
        return grants.values().stream().limit(limit).map(Entitlement.Through::of).toList();
    }

    private String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String separator = "";
            for (Map.Entry<String, Grant> grant : grants.entrySet()) {
                digest.update((separator + grant.getKey()).getBytes(StandardCharsets.UTF_8));
                separator = "\n";
            }
            return HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException impossible) { // every Java platform has it
            throw new IllegalStateException(impossible);
        }
    }
}
