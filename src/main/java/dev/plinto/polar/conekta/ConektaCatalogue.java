package dev.plinto.polar.conekta;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Which of Polar's products Conekta sells, as the settings say: by a plan, or once for an amount.
@ApplicationScoped
public class ConektaCatalogue {

    private final boolean isOn;
    private final Set<String> plans;
    private final Set<String> products;

    ConektaCatalogue(ConektaConfig config) {
        isOn = config.isOn();
        Map<String, String> productsOfPlans = ConektaSettings.productsOfPlans(config.plans());
        plans = Set.copyOf(productsOfPlans.keySet());
        Set<String> mapped = new HashSet<>(productsOfPlans.values());
        mapped.addAll(ConektaSettings.amountsOfProducts(config.products()).keySet());
        products = Set.copyOf(mapped);
    }

    /// Whether this deployment sells by Conekta at all.
    public boolean isOn() {
        return isOn;
    }

    /// The ids, at Conekta, of the plans that sell a product.
    public Set<String> plans() {
        return plans;
    }

    /// Whether Conekta sells every one of the products; of no products, whether it sells anything.
    public boolean has(Collection<String> wanted) {
        return !products.isEmpty() && products.containsAll(wanted);
    }
}
