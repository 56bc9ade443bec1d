package dev.plinto.polar.reconcile;

import dev.plinto.polar.polar.PolarObject.Kind;
import java.util.function.IntSupplier;

/// A run or dry run stops, since it could end what has not ended. The message says what to do.
public final class TooMuchMissing extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooMuchMissing(String message) {
        super(message, null, false, false);
    }

    /// One object is few; of more, both the number and the share count. A fault of Polar's, such as a list that is
    /// empty for a while, makes many objects missing.
    ///
    /// @param held how many current objects of the kind are stored
    static void requireFew(Kind kind, int missing, IntSupplier held, ReconcileConfig.Reconcile limits) {
        if (missing > limits.maxGone()) {
            throw new TooMuchMissing("More than " + limits.maxGone() + refusal(kind)
                    + "if they are really gone, raise POLAR_RECONCILE_MAX_GONE.");
        }
        if (missing > 1 && 100L * missing > (long) limits.maxGonePercent() * held.getAsInt()) {
            throw new TooMuchMissing("More than " + limits.maxGonePercent() + " % of the" + refusal(kind)
                    + "if they are really gone, raise POLAR_RECONCILE_MAX_GONE_PERCENT for one run.");
        }
    }

    /// Polar cannot be asked for a single grant: that all of its lists of grants are empty proves nothing.
    static void requireListed(Kind kind, boolean anyListed) {
        if (kind == Kind.GRANT && !anyListed) {
            throw new TooMuchMissing("Polar lists no grants at all, so all" + refusal(kind)
                    + "a grant that was revoked stays in Polar's list.");
        }
    }

    private static String refusal(Kind kind) {
        return " stored objects of the kind " + kind.wireName() + " are missing from Polar's list, and none of them is "
                + "ended. See status.polar.sh, and check that POLAR_ACCESS_TOKEN is for the right organization and "
                + "environment; ";
    }
}
