package dev.plinto.polar.sandbox.polar.pages;

import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.live.SandboxPolar;
import dev.plinto.polar.sandbox.polar.rest.LocalApi;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.RequestScoped;
import java.util.List;
import java.util.Optional;

/// The simulated Polar as its pages see it.
@RequestScoped
class HostedPolar {

    static final String ROOT = "/sandbox/polar";

    private final SandboxPolar polar;
    private final LocalApi api;

    HostedPolar(SandboxPolar polar, HttpServerRequest request) {
        this.polar = polar;
        polar.useServicePort(request.localAddress().port());
        api = new LocalApi(polar.simulation());
    }

    LocalApi api() {
        return api;
    }

    /// The merchant's name.
    String merchant() {
        return polar.simulation().exclusively(() -> polar.simulation().catalogue().merchantName());
    }

    /// The address of a page; `path` begins after `/sandbox/polar`.
    String address(String path) {
        return ROOT + path;
    }

    /// Who has this session of the portal; empty if there is no such session, or it is over.
    Optional<Visitor> visitor(String token) {
        SimulatedPolar simulation = polar.simulation();
        return simulation.exclusively(() -> simulation.customerSessions().resolve(token)).map(session -> new Visitor(
                session.customer().toString(),
                Shown.text(api.get("/customers/" + session.customer() + "/members/" + session.member()).body(),
                        "email"),
                session.returnUrl()));
    }

    /// The invitations to seats that wait for their members.
    List<ShopPage.Invitation> invitations() {
        SimulatedPolar simulation = polar.simulation();
        return simulation.exclusively(() -> simulation.seatAssignments().invitations().stream()
                .map(invitation -> new ShopPage.Invitation(
                        invitation.email(), invitation.productName(),
                        address("/seats/claim?invitation_token="
                                + simulation.seatAssignments().tokenOf(invitation.seat()).orElseThrow())))
                .toList());
    }

    /// `returnUrl` may be null.
    record Visitor(String customer, String email, String returnUrl) {}
}
