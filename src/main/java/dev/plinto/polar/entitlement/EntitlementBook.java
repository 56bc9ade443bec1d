package dev.plinto.polar.entitlement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The live grants of each account, and the entitlements that they give. Access depends on grants alone: no
/// subscription status and no clock removes it early or restores it late.
public final class EntitlementBook {

    private final Map<Account, Map<Id.Grant, Grant>> live = new HashMap<>();
    private final Map<Account, List<Entitlement>> sets = new HashMap<>();

    /// Adds a stored live grant.
    public void load(Holding holding) {
        grantsOf(holding.account()).put(holding.grant().id(), holding.grant());
        sets.remove(holding.account());
    }

    /// Returns a change for each account whose set differs afterwards, in the order of accounts.
    public List<EntitlementChange> apply(List<Ledger.GrantMove> moves) {
        Map<Account, List<Entitlement>> before = new LinkedHashMap<>();
        for (Account account : accountsOf(moves)) {
            before.put(account, entitlements(account));
        }
        moves.forEach(this::move);
        List<EntitlementChange> changes = new ArrayList<>();
        before.forEach((account, old) -> {
            List<Entitlement> now = Entitlement.of(grantsOf(account).values());
            if (!now.equals(old)) {
                changes.add(EntitlementChange.between(account, old, now));
            }
            sets.put(account, now);
        });
        return changes;
    }

    public List<Entitlement> entitlements(Account account) {
        return sets.computeIfAbsent(account, key -> Entitlement.of(grantsOf(key).values()));
    }

    /// The sets of all accounts that may use something.
    public Map<Account, List<Entitlement>> all() {
        Map<Account, List<Entitlement>> all = new TreeMap<>();
        live.forEach((account, grants) -> {
            if (!grants.isEmpty()) {
                all.put(account, entitlements(account));
            }
        });
        return all;
    }

    public static Set<Account> accountsOf(List<Ledger.GrantMove> moves) {
        Set<Account> accounts = new TreeSet<>();
        for (Ledger.GrantMove move : moves) {
            if (move.before() != null) {
                accounts.add(move.before().account());
            }
            if (move.after() != null) {
                accounts.add(move.after().account());
            }
        }
        return accounts;
    }

    private void move(Ledger.GrantMove move) {
        if (move.before() != null) {
            grantsOf(move.before().account()).remove(move.before().grant().id());
        }
        if (move.after() != null) {
            grantsOf(move.after().account()).put(move.after().grant().id(), move.after().grant());
        }
    }

    private Map<Id.Grant, Grant> grantsOf(Account account) {
        return live.computeIfAbsent(account, key -> new HashMap<>());
    }
}
