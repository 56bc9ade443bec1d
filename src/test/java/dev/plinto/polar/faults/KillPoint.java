package dev.plinto.polar.faults;

import dev.plinto.polar.faults.KillMoment.Server;
import dev.plinto.polar.testing.Trap;
import java.util.List;

/// Where a replica is killed: at what it sends to the database or to Polar, either before that arrives, or once it has
/// arrived and before its answer does.
enum KillPoint {
    BEFORE_THE_REQUEST_IS_RECORDED(Server.DATABASE, Trap.Side.BEFORE, "INSERT INTO idempotent_requests"),
    ONCE_IT_IS_RECORDED(Server.DATABASE, Trap.Side.AFTER, "INSERT INTO idempotent_requests"),
    BEFORE_IT_SAYS_THAT_IT_ACTS(Server.DATABASE, Trap.Side.BEFORE, "SET state = 'acting'"),
    ONCE_IT_SAYS_THAT_IT_ACTS(Server.DATABASE, Trap.Side.AFTER, "SET state = 'acting'"),
    BEFORE_THE_ACTION_IS_IN_THE_AUDIT_LOG(Server.DATABASE, Trap.Side.BEFORE, "INSERT INTO audit_log"),
    BEFORE_POLAR_MAKES_THE_CUSTOMER(Server.POLAR, Trap.Side.BEFORE, "POST /v1/customers/", "\"owner\""),
    ONCE_POLAR_MADE_THE_CUSTOMER(Server.POLAR, Trap.Side.AFTER, "POST /v1/customers/", "\"owner\""),
    BEFORE_POLAR_MAKES_THE_CHECKOUT(Server.POLAR, Trap.Side.BEFORE, "POST /v1/checkouts/", "\"plinto_request_id\""),
    ONCE_POLAR_MADE_THE_CHECKOUT(Server.POLAR, Trap.Side.AFTER, "POST /v1/checkouts/", "\"plinto_request_id\""),
    BEFORE_POLAR_CANCELS(Server.POLAR, Trap.Side.BEFORE, "PATCH /v1/subscriptions/"),
    ONCE_POLAR_CANCELLED(Server.POLAR, Trap.Side.AFTER, "PATCH /v1/subscriptions/"),
    BETWEEN_POLARS_ANSWER_AND_OURS(Server.DATABASE, Trap.Side.BEFORE, "SET state = 'answered'"),
    ONCE_OUR_ANSWER_IS_COMMITTED(Server.DATABASE, Trap.Side.AFTER, "SET state = 'answered'");

    private final Server server;
    private final Trap.Side side;
    private final String text;
    /// What is sent after the text, such as in its body: a request without it only asks for the token's scope. Empty if
    /// the text itself is the point.
    private final String then;

    KillPoint(Server server, Trap.Side side, String text) {
        this(server, side, text, "");
    }

    KillPoint(Server server, Trap.Side side, String text, String then) {
        this.server = server;
        this.side = side;
        this.text = text;
        this.then = then;
    }

    KillMoment moment() {
        return new KillMoment(server, side, then.isEmpty() ? List.of(text) : List.of(text, then));
    }
}
