package dev.plinto.polar.privacy;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/// What only the providers have, read from them while it is exported.
interface ProviderRecord {

    /// Writes one value. A provider that does not answer is named in it, and fails nothing. It may take long: no
    /// transaction is to wait for it.
    void write(String organization, JsonGenerator json) throws IOException;
}
