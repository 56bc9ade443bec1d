package dev.plinto.polar.privacy;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/// What only one provider has, read from it while it is exported.
interface ProviderRecord {

    /// Writes one field, or none for a provider that is off. A provider that does not answer is named in it, and fails
    /// nothing. It may take long: no transaction is to wait for it.
    void write(String organization, JsonGenerator json) throws IOException;
}
