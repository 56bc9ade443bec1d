package dev.plinto.polar.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.Verdict;
import dev.plinto.polar.polar.PolarDialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SignatureAlarmTest {

    private static final Logger LOGGER = Logger.getLogger(SignatureAlarm.class.getName());

    private final List<LogRecord> lines = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final SignatureAlarm alarm = new SignatureAlarm(
            new PolarDialect(Optional.empty()));

    @BeforeEach
    void listen() {
        LOGGER.addHandler(handler);
    }

    @AfterEach
    void stop() {
        LOGGER.removeHandler(handler);
    }

    @Test
    void manyBadSignaturesInARow_logOneLine() {
        bad(9);
        assertThat(lines).isEmpty();
        bad(20);
        assertThat(lines).hasSize(1);
    }

    @Test
    void validSignature_restartsTheCount_butNotTheLogInterval() {
        bad(9);
        alarm.verified(new Verdict.Valid("evt", "standard"));
        bad(9);
        assertThat(lines).isEmpty();
        bad(1);
        alarm.verified(new Verdict.Valid("evt", "standard"));
        bad(10);
        assertThat(lines).hasSize(1);
    }

    private void bad(int times) {
        IntStream.range(0, times).forEach(time -> alarm.verified(new Verdict.Bad()));
    }
}
