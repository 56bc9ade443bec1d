package dev.plinto.polar.sandbox.polar.rest;

import dev.plinto.polar.sandbox.provider.Answer;
import dev.plinto.polar.sandbox.provider.Call;
import dev.plinto.polar.sandbox.provider.PathTemplate;

/// An operation of Polar's API: its method, its path below `/v1` with parameters in braces, whom it is for, and what it
/// does.
record Operation(String method, PathTemplate path, Access access, Work work) {

    /// Polar has operations of these names where others have an id.
    private static final String NO_ID = "(?!(?:export|external|client|claim|ingest|names)(?:/|$))";

    /// What an operation does. It runs under the lock of the simulation.
    interface Work {

        /// @throws InvalidRequest if a parameter or the body is invalid
        /// @throws dev.plinto.polar.sandbox.polar.Refusal if Polar's rules forbid it
        Answer answer(Request request);
    }

    /// Whom an operation is for.
    enum Access {
        /// Who has the organization's access token.
        ORGANIZATION,
        /// Everybody: the path, or the body, holds a secret.
        ANYBODY
    }

    static Operation of(String method, String template, Work work) {
        return of(method, template, Access.ORGANIZATION, work);
    }

    static Operation forAnybody(String method, String template, Work work) {
        return of(method, template, Access.ANYBODY, work);
    }

    private static Operation of(String method, String template, Access access, Work work) {
        return new Operation(method, new PathTemplate(template, Operation::except), access, work);
    }

    boolean isAt(String requested) {
        return path.matches(requested);
    }

    boolean is(Call call) {
        return method.equals(call.method()) && isAt(call.path());
    }

    Answer answer(Call call) {
        return work.answer(new Request(call, path.parameters(call.path()).orElseThrow(
                () -> new IllegalArgumentException(call.path() + " is no path of " + this))));
    }

    /// Ids of the merchant's may be any text, also such a name.
    private static String except(String parameter) {
        return parameter.equals("id") ? NO_ID : "";
    }

    String template() {
        return path.toString();
    }

    @Override
    public String toString() {
        return method + " /v1" + path;
    }
}
