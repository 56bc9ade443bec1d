package dev.plinto.polar.reconcile;

import dev.plinto.polar.polar.PolarObject.Kind;
import java.util.function.IntSupplier;

/// A run or dry run stops, since it could end what has not ended. The message says what to do.
public final class TooMuchMissing extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooMuchMissing(String message) {
        super(message, null, false, false);
    }

    private static final int MIN_SUSPICIOUS = 5;

    /// With a token of another merchant, every stored object would be missing.
    static void requireFew(Kind kind, int missing, int limit) {
        if (missing > limit) {
            throw new TooMuchMissing("More than " + limit + " stored objects of the kind " + kind.wireName()
                    + " are missing from Polar's list, and none of them is ended. Check that POLAR_ACCESS_TOKEN is for "
                    + "the right organization and environment; if they are really gone, raise "
                    + "POLAR_RECONCILE_MAX_GONE.");
        }
    }

    /// Protects a merchant with few objects: Polar would have sent events if all of them had ended at once.
    static void requireSomeListed(Kind kind, int missing, IntSupplier current) {
        if (missing >= MIN_SUSPICIOUS && missing >= current.getAsInt()) {
            throw new TooMuchMissing("All " + missing + " stored objects of the kind " + kind.wireName()
                    + " are missing from Polar's list, and none of them is ended. Check that POLAR_ACCESS_TOKEN is for "
                    + "the right organization and environment, and set POLAR_ORGANIZATION_ID.");
        }
    }
}
