package dev.plinto.polar.reconcile;

import dev.plinto.polar.polar.PolarObject.Kind;
import java.util.function.IntSupplier;

/// Going on could end what has not ended. The message is for people and says what to do.
public final class TooMuchMissing extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooMuchMissing(String message) {
        super(message, null, false, false);
    }

    private static final int NOT_BY_CHANCE = 5;

    /// With a token of another merchant, everything would be lacking.
    static void requireFew(Kind kind, int lacking, int most) {
        if (lacking > most) {
            throw new TooMuchMissing("Polar's list lacks more than " + most + " objects of the kind " + kind.wireName()
                    + " that we hold, and none of them is ended. If POLAR_ACCESS_TOKEN is for the right organization "
                    + "and environment and they are really gone, raise POLAR_RECONCILE_MAX_GONE.");
        }
    }

    /// The same for a merchant with few of them: that all of some have gone at once, Polar would have told.
    static void requireSomeListed(Kind kind, int lacking, IntSupplier held) {
        if (lacking >= NOT_BY_CHANCE && lacking >= held.getAsInt()) {
            throw new TooMuchMissing("Polar's list has none of the " + lacking + " objects of the kind "
                    + kind.wireName()
                    + " that we hold, and none of them is ended. See whether POLAR_ACCESS_TOKEN is for the right "
                    + "organization and environment, and set POLAR_ORGANIZATION_ID.");
        }
    }
}
