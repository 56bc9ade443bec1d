package dev.plinto.polar.entitlement;

import static java.util.Comparator.comparing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The live grants of each account, and the entitlements that they give. Access depends on grants alone: no
/// subscription status and no clock removes it early or restores it late. (Of what is bought from a provider that tells
/// no grants, the status decides which [DerivedGrants] are live.)
public final class EntitlementBook {

    private final Map<Account, TreeMap<String, LiveBenefit>> live = new HashMap<>();
    /// Of the accounts that events concerned since [#takeChanges()]: their sets before.
    private final Map<Account, List<Entitlement>> before = new HashMap<>();
    private final Set<Account> changed = new TreeSet<>();

    private record Key(Account account, String benefitId) {}

    /// Adds a stored live grant.
    public void load(Holding holding) {
        put(holding);
    }

    /// Returns what an event did, in the order of accounts and benefits.
    public List<BenefitChange> apply(List<Ledger.GrantMove> moves) {
        accountsOf(moves).forEach(account -> before.computeIfAbsent(account, this::entitlements));
        Map<Key, Optional<BenefitChange>> touched = new TreeMap<>(
                comparing(Key::account).thenComparing(Key::benefitId));
        Set<Key> moved = new HashSet<>();
        for (Ledger.GrantMove move : moves) {
            keys(move).forEach(key -> touched.computeIfAbsent(key, this::find));
            if (isVisible(move)) {
                moved.addAll(keys(move));
            }
        }
        moves.forEach(this::move);
        List<BenefitChange> changes = new ArrayList<>();
        touched.forEach((key, old) -> change(key, old, moved.contains(key)).ifPresent(changes::add));
        changes.forEach(change -> changed.add(change.account()));
        return changes;
    }

    /// What the events since the last call did in all, to each account to which any of them did something. The set may
    /// be as before: it must be told all the same, since what was told last may be another one. (After the restore of a
    /// backup, the topic can have newer messages than the database.)
    public List<EntitlementChange> takeChanges() {
        List<EntitlementChange> changes = changed.stream()
                .map(account -> EntitlementChange.between(account,
                        before.getOrDefault(account, List.of()).stream().map(Entitlement::benefitId).toList(),
                        entitlements(account)))
                .toList();
        before.clear();
        changed.clear();
        return changes;
    }

    /// In the order of benefits.
    public List<Entitlement> entitlements(Account account) {
        return benefitsOf(account).values().stream().map(LiveBenefit::entitlement).toList();
    }

    /// The sets of all accounts that may use something.
    public Map<Account, List<Entitlement>> all() {
        Map<Account, List<Entitlement>> all = new TreeMap<>();
        live.forEach((account, benefits) -> {
            if (!benefits.isEmpty()) {
                all.put(account, entitlements(account));
            }
        });
        return all;
    }

    /// The ids of all live grants of an account.
    public Set<String> grantIds(Account account) {
        Set<String> ids = new TreeSet<>();
        benefitsOf(account).values().stream().map(LiveBenefit::grantIds).forEach(ids::addAll);
        return ids;
    }

    public static Set<Account> accountsOf(List<Ledger.GrantMove> moves) {
        Set<Account> accounts = new TreeSet<>();
        moves.forEach(move -> keys(move).forEach(key -> accounts.add(key.account)));
        return accounts;
    }

    private Optional<BenefitChange> change(Key key, Optional<BenefitChange> old, boolean moved) {
        Optional<BenefitChange> now = find(key);
        if (now.isEmpty()) {
            return old.map(was -> was.as(BenefitChange.Effect.REVOKED));
        }
        if (old.isEmpty()) {
            return now.map(is -> is.as(BenefitChange.Effect.GRANTED));
        }
        return moved || !now.equals(old) ? now : Optional.empty();
    }

    /// As it is.
    private Optional<BenefitChange> find(Key key) {
        return Optional.ofNullable(benefitsOf(key.account).get(key.benefitId))
                .map(benefit -> benefit.change(key.account));
    }

    /// Not if only facts of the grant changed that no entitlement shows.
    private static boolean isVisible(Ledger.GrantMove move) {
        return !keys(move.before()).equals(keys(move.after()))
                || !Objects.equals(through(move.before()), through(move.after()));
    }

    private static Entitlement.@Nullable Through through(@Nullable Holding holding) {
        return holding == null ? null : Entitlement.Through.of(holding.grant());
    }

    private static Collection<Key> keys(Ledger.GrantMove move) {
        List<Key> keys = new ArrayList<>(keys(move.before()));
        keys.addAll(keys(move.after()));
        return keys;
    }

    private static List<Key> keys(@Nullable Holding holding) {
        return holding == null ? List.of() : List.of(new Key(holding.account(), holding.grant().benefitId()));
    }

    private void move(Ledger.GrantMove move) {
        if (move.before() != null) {
            remove(move.before());
        }
        if (move.after() != null) {
            put(move.after());
        }
    }

    private void put(Holding holding) {
        live.computeIfAbsent(holding.account(), account -> new TreeMap<>())
                .computeIfAbsent(holding.grant().benefitId(), LiveBenefit::new)
                .put(holding.grant());
    }

    private void remove(Holding holding) {
        benefitsOf(holding.account()).computeIfPresent(holding.grant().benefitId(), (id, benefit) -> {
            benefit.remove(holding.grant());
            return benefit.isEmpty() ? null : benefit;
        });
    }

    private Map<String, LiveBenefit> benefitsOf(Account account) {
        return live.getOrDefault(account, new TreeMap<>());
    }
}
