package dev.plinto.polar.privacy;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinto.polar.DataSubject;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

@ApplicationScoped
class PolarRecord implements ProviderRecord {

    @Override
    public void write(DataSubject subject, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeEndObject();
    }
}
