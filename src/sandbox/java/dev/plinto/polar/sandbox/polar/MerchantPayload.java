package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// `data` of `organization.updated`: the merchant and its settings, with Polar's defaults.
final class MerchantPayload {

    private static final List<String> MAILS = List.of(
            "order_confirmation", "payment_method_expiration_reminder", "subscription_cancellation",
            "subscription_confirmation", "subscription_cycled", "subscription_cycled_after_trial",
            "subscription_past_due", "subscription_paused", "subscription_resumed", "subscription_renewal_reminder",
            "subscription_revoked", "subscription_trial_conversion_reminder", "subscription_uncanceled",
            "subscription_updated");

    private MerchantPayload() {}

    static ObjectNode of(SimulatedMerchant merchant, SellingRules rules) {
        ObjectNode node = SimulatedJson.MAPPER.valueToTree(merchant);
        node.putNull("avatar_url")
                .put("proration_behavior", "prorate")
                .put("allow_customer_updates", true)
                .put("email", "billing@plinto.example")
                .put("website", "https://plinto.dev")
                .putArray("socials");
        node.put("status", "active")
                .putNull("details_submitted_at")
                .putNull("onboarding_resubmission_requested_at")
                .put("sso_enforced", false)
                .put("default_presentment_currency", "eur")
                .put("default_tax_behavior", "exclusive");
        node.putObject("feature_settings").put("member_model_enabled", true);
        node.putObject("subscription_settings")
                .put("allow_multiple_subscriptions", rules.allowMultipleSubscriptions)
                .put("proration_behavior", "prorate")
                .put("benefit_revocation_grace_period", 0)
                .put("prevent_trial_abuse", rules.preventTrialAbuse)
                .put("allow_customer_updates", true);
        ObjectNode mails = node.putObject("customer_email_settings");
        MAILS.forEach(mail -> mails.put(mail, true));
        ObjectNode portal = node.putObject("customer_portal_settings");
        portal.putObject("usage").put("show", true);
        portal.putObject("subscription").put("update_seats", true).put("update_plan", true).put("pause", false);
        node.putObject("dispute_settings").putNull("auto_accept_below_amount");
        node.putArray("embed_hosts");
        node.put("embed_hosts_enforced", true)
                .put("country", "ES")
                .putNull("account_id")
                .putNull("payout_account_id");
        node.putObject("capabilities")
                .put("checkout_payments", true)
                .put("subscription_renewals", true)
                .put("payouts", true)
                .put("refunds", true)
                .put("api_access", true)
                .put("dashboard_access", true);
        return node;
    }
}
