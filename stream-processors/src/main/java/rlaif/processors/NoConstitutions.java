package rlaif.processors;

import java.util.Optional;
import rlaif.judging.Constitution;

/// The constitutions of an application that judges nothing.
final class NoConstitutions implements ConstitutionSource {
    @Override
    public Constitution active() {
        throw new IllegalStateException("no stage of this application judges");
    }

    @Override
    public Optional<Constitution> version(String id, int version) {
        return Optional.empty();
    }
}
