package dev.plinto.polar.sandbox.conekta.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.provider.Answer;
import dev.plinto.polar.sandbox.provider.Call;
import dev.plinto.polar.sandbox.provider.PathTemplate;

/// An operation of Conekta's API: its method, its path, and what it does.
record Operation(String method, PathTemplate path, Work work) {

    /// What an operation does. It runs under the lock of the simulation.
    interface Work {

        /// @throws dev.plinto.polar.sandbox.conekta.Refusal if the request is wrong, or Conekta's rules forbid it
        Answer answer(Request request);
    }

    interface Writing {

        /// The object after it.
        ObjectNode answer(Request request);
    }

    /// Answered with 200, as almost everything.
    static Operation of(String method, String path, Writing work) {
        return answering(method, path, request -> Answer.ok(work.answer(request)));
    }

    static Operation answering(String method, String path, Work work) {
        return new Operation(method, new PathTemplate(path, parameter -> ""), work);
    }

    boolean is(Call call) {
        return method.equals(call.method()) && path.matches(call.path());
    }

    Answer answer(Call call) {
        return work.answer(new Request(call, path.parameters(call.path()).orElseThrow()));
    }
}
