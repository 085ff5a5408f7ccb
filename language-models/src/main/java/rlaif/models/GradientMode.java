package rlaif.models;

import ai.djl.pytorch.jni.JniUtils;

/// Whether the calling thread records operations for a backward pass, until closed; then as it was
/// before.
final class GradientMode implements AutoCloseable {

    private final boolean before;

    private GradientMode(boolean wanted) {
        before = JniUtils.isGradMode();
        JniUtils.setGradMode(wanted);
    }

    static GradientMode on() {
        return new GradientMode(true);
    }

    static GradientMode off() {
        return new GradientMode(false);
    }

    @Override
    public void close() {
        JniUtils.setGradMode(before);
    }
}
