package dev.plinto.polar.entitlement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Per account the live grants that it holds, and so what it may use. Access follows grants and nothing else: no status
/// of a subscription and no clock takes it away early or gives it back late.
public final class EntitlementBook {

    private final Map<Account, Map<Id.Grant, Grant>> live = new HashMap<>();
    private final Map<Account, List<Entitlement>> told = new HashMap<>();

    /// Puts back what was stored.
    public void recall(Holding holding) {
        grantsOf(holding.account()).put(holding.grant().id(), holding.grant());
        told.remove(holding.account());
    }

    /// The accounts whose sets looked different afterwards, in a fixed order.
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
            told.put(account, now);
        });
        return changes;
    }

    public List<Entitlement> entitlements(Account account) {
        return told.computeIfAbsent(account, key -> Entitlement.of(grantsOf(key).values()));
    }

    /// Every account that may use something.
    public Map<Account, List<Entitlement>> all() {
        Map<Account, List<Entitlement>> sets = new TreeMap<>();
        live.forEach((account, grants) -> {
            if (!grants.isEmpty()) {
                sets.put(account, entitlements(account));
            }
        });
        return sets;
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
