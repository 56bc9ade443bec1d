package dev.plinto.polar.testing;

import dev.plinto.polar.sandbox.polar.BenefitTerms;
import dev.plinto.polar.sandbox.polar.Catalogue;
import dev.plinto.polar.sandbox.polar.ProductTerms;
import dev.plinto.polar.sandbox.polar.ProductTerms.Money;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The merchant changes what it sells: prices, visibility, trials and benefits of products, and the benefits.
final class Merchandise {

    private final SimulatedPolar polar;

    Merchandise(SimulatedPolar polar) {
        this.polar = polar;
    }

    /// Of whichever customer it is the turn.
    List<Consumer<UUID>> acts(Random random) {
        return List.of(
                customer -> changePrice(product(random), 100 + random.nextInt(9_900)),
                customer -> changeTerms(product(random), random),
                customer -> changeBenefits(product(random), random),
                customer -> changeBenefit(Lifecycle.any(benefits(), random), random),
                customer -> polar.catalogue().addProduct("Extra " + random.nextInt(9), 700,
                        benefits().subList(0, 1)));
    }

    private void changePrice(UUID product, int cents) {
        ProductTerms terms = polar.products().terms(product);
        Money money = product.equals(polar.catalogue().studio())
                ? new Money.PerSeat("volume", List.of(new ProductTerms.Tier(1, null, cents)))
                : new Money.Fixed(cents);
        polar.products().update(product, new ProductTerms(terms.name(), terms.description(), terms.visibility(),
                terms.recurringInterval(), terms.recurringIntervalCount(), terms.trialInterval(),
                terms.trialIntervalCount(), terms.isArchived(), terms.metadata(),
                List.of(new ProductTerms.Price.New("eur", "exclusive", money))));
    }

    private void changeTerms(UUID product, Random random) {
        ProductTerms terms = polar.products().terms(product);
        Map<String, Object> metadata = new TreeMap<>(terms.metadata());
        metadata.put("credits", random.nextInt(2_000));
        boolean hasTrial = terms.recurringInterval() != null && random.nextBoolean();
        polar.products().update(product, new ProductTerms(terms.name(), "For " + random.nextInt(9),
                random.nextBoolean() ? "public" : "private", terms.recurringInterval(), terms.recurringIntervalCount(),
                hasTrial ? "day" : null, hasTrial ? 14 : null, random.nextBoolean(), metadata, terms.prices()));
    }

    private void changeBenefits(UUID product, Random random) {
        List<UUID> changed = new ArrayList<>(polar.catalogue().benefitsOf(product));
        UUID benefit = Lifecycle.any(benefits(), random);
        if (!changed.remove(benefit)) {
            changed.add(benefit);
        }
        polar.products().setBenefits(product, changed);
    }

    private void changeBenefit(UUID benefit, Random random) {
        BenefitTerms terms = polar.benefits().terms(benefit);
        Map<String, Object> metadata = new TreeMap<>(terms.metadata());
        metadata.put("limit", random.nextInt(100));
        polar.benefits().update(benefit, new BenefitTerms(terms.type(), "Better by " + random.nextInt(9),
                terms.visibility(), terms.properties(), metadata));
    }

    private UUID product(Random random) {
        Catalogue catalogue = polar.catalogue();
        return List.of(catalogue.pro(), catalogue.team(), catalogue.studio(), catalogue.onboarding())
                .get(random.nextInt(4));
    }

    /// Of all products that the shop opened with.
    private List<UUID> benefits() {
        Catalogue catalogue = polar.catalogue();
        Set<UUID> benefits = new LinkedHashSet<>();
        Stream.of(catalogue.pro(), catalogue.team(), catalogue.studio(), catalogue.onboarding())
                .forEach(product -> benefits.addAll(catalogue.benefitsOf(product)));
        return List.copyOf(benefits);
    }
}
