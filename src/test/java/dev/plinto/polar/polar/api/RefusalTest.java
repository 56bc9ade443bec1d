package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.polar.api.FailureReason.FieldError;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What Polar's refusals mean, those too that the simulated Polar does not send.
class RefusalTest {

    @ParameterizedTest
    @CsvSource({"AboveMaximumSeats, TOO_MANY_SEATS", "AlreadyActiveSubscriptionError, ALREADY_SUBSCRIBED",
            "EmbedHostNotAllowed, EMBED_HOST_NOT_ALLOWED", "FeatureNotEnabled, NOT_PERMITTED",
            "NotPaidOrder, NO_INVOICE", "CustomerNotFound, UNKNOWN_CUSTOMER", "BadRequest, OTHER", "'', OTHER"})
    void error_isNamed(String error, Refusal named) {
        assertThat(new FailureReason.Refused(400, error, List.of()).refusal()).isEqualTo(named);
    }

    /// A rule that is broken and a wrong form have different errors.
    @ParameterizedTest
    @CsvSource({"PolarRequestValidationError, email, EMAIL_CONFLICT", "RequestValidationError, email, INVALID_FIELDS",
            "PolarRequestValidationError, external_id, EXTERNAL_ID_CONFLICT",
            "RequestValidationError, external_id, INVALID_FIELDS",
            "PolarRequestValidationError, owner.email, INVALID_FIELDS",
            "RequestValidationError, type, TEAM_REFUSED", "RequestValidationError, team.type, TEAM_REFUSED",
            "PolarRequestValidationError, products.0, PRODUCT_REFUSED",
            "PolarRequestValidationError, products_of_others, INVALID_FIELDS"})
    void field_isNamed(String error, String field, Refusal named) {
        assertThat(new FailureReason.Refused(422, error, List.of(new FieldError(field, "no"))).refusal())
                .isEqualTo(named);
    }
}
