package dev.plinto.polar.entitlement;

/// How the events of one provider are read as statements.
public interface EventReading {

    /// Reads a delivered event.
    ///
    /// @param webhookId as it is stored: with what tells the provider's ids from others
    Reading read(String webhookId, byte[] body);

    /// Reads an event that this service made, or a newer release of it: what that release made is kept, whatever it is,
    /// until this service is upgraded.
    ///
    /// @param ceType as its record states, never its body
    Reading readOwn(String ceType, String webhookId, byte[] body);
}
