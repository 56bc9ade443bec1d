package dev.plinto.polar.privacy;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinto.polar.DataSubject;
import java.io.IOException;

/// What only the providers have, read from them while it is exported.
interface ProviderRecord {

    /// Writes one value. A provider that does not answer is named in it, and fails nothing.
    void write(DataSubject subject, JsonGenerator json) throws IOException;
}
