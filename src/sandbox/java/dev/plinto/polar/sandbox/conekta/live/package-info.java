/// The simulated Conekta that runs beside the service ([SandboxConekta]) and serves its API ([MountConektaApi]).
package dev.plinto.polar.sandbox.conekta.live;
