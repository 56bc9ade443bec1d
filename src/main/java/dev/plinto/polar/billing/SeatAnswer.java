package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.billing.idempotency.Answer;
import dev.plinto.polar.polar.Payload;
import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.api.Answered;
import dev.plinto.polar.polar.api.Dated;
import dev.plinto.polar.polar.api.PolarSeat;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.stream.Stream;

/// A seat after a change, as it is told to who asked for the change: once the list of seats says the same. Only for
/// threads that may block.
@ApplicationScoped
class SeatAnswer {

    private final Answers answers;
    private final ObjectMapper json;

    SeatAnswer(Answers answers, ObjectMapper json) {
        this.answers = answers;
        this.json = json;
    }

    /// @param status of HTTP
    Answer of(int status, Dated<Answered<PolarSeat>> changed) throws InterruptedException {
        PolarSeat seat = changed.answer().object();
        boolean isProjected = answers.letIn(statements(changed.answer()), changed.at());
        ObjectNode body = json.createObjectNode()
                .put("seat_id", seat.id())
                .put("status", seat.status())
                .put("member_id", seat.memberId())
                .put("user_id", seat.userId())
                .put("email", seat.email())
                .put("claimed_at", seat.claimedAt().map(Rfc3339::format).orElse(null))
                .put("projected", isProjected);
        return new Answer(status, body.toString());
    }

    /// The user and the e-mail are the member's, whom Polar may have made for this seat.
    private static List<PolarObject> statements(Answered<PolarSeat> seat) {
        PolarObject itself = new PolarObject(PolarObject.Kind.SEAT, seat.object().id(), seat.modifiedAt(),
                seat.json());
        return Stream.concat(new Payload("seat", seat.json()).object("member").stream()
                .map(member -> PolarObject.of(PolarObject.Kind.MEMBER, member)), Stream.of(itself)).toList();
    }
}
