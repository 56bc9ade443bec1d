package dev.plinto.polar.sandbox.conekta.pages;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/// The templates, in `src/sandbox/resources/templates/sandbox/conekta`.
@CheckedTemplate(basePath = "sandbox/conekta")
final class ConektaPages {

    static native TemplateInstance message(Message message);

    static native TemplateInstance checkout(CheckoutPage page);

    static native TemplateInstance reference(ReferencePage page);

    static native TemplateInstance portal(PortalPage page);

    private ConektaPages() {}

    /// A page that only tells something; `link` may be null.
    record Message(String merchant, String title, String text, String link, String linkText) {

        static Message of(String title, String text) {
            return new Message(HostedConekta.MERCHANT, title, text, null, null);
        }
    }
}
