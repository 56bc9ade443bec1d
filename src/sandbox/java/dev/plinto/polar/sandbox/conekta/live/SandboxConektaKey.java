package dev.plinto.polar.sandbox.conekta.live;

import dev.plinto.polar.sandbox.conekta.SigningKey;
import dev.plinto.polar.sandbox.process.KeptFile;
import dev.plinto.polar.sandbox.process.SandboxFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;

/// The key with which the sandbox's Conekta signs. It is kept in the sandbox's directory, so that whoever knows its
/// public half accepts what is signed after the next start.
public final class SandboxConektaKey {

    private SandboxConektaKey() {}

    /// Made if there is none yet.
    public static SigningKey in(Path directory) {
        KeptFile file = new KeptFile(directory.resolve("conekta-key"));
        try {
            Optional<byte[]> saved = file.read();
            if (saved.isPresent()) {
                return SigningKey.restored(saved.get());
            }
            SigningKey made = SigningKey.numbered(0);
            file.write(made.saved());
            return made;
        } catch (IOException | GeneralSecurityException e) {
            // Without the exception's text: it may quote the key.
            throw new SandboxFailure(file.path() + " cannot be read or written: delete it, and start again", e);
        }
    }
}
