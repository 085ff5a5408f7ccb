package rlaif.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A formula of libtorch operations that DJL has no method for, in TorchScript: its source is
/// compiled once, and each of its operations runs, and is recorded for a backward pass, as if DJL
/// had called it.
///
/// Any thread may use it.
final class TorchFormula {

    /// What `pickle` makes of an object of class `__torch__.Formula` without attributes.
    private static final String OBJECT = "\u0080\u0002c__torch__\nFormula\n)\u0081}b.";

    /// What it makes of an empty tuple.
    private static final String NO_CONSTANTS = "\u0080\u0002).";

    private final PtSymbolBlock module;

    private TorchFormula(PtSymbolBlock module) {
        this.module = module;
    }

    /// Compiles a formula; it lives as long as the program.
    ///
    /// @param parameters as in Python: `x: Tensor, epsilon: float`
    /// @param body statements; the last returns a tensor
    static TorchFormula of(String parameters, String body) {
        byte[] archive = archive(source(parameters, body));
        try {
            return new TorchFormula(
                    JniUtils.loadModule(
                            (PtNDManager) TensorThread.newManager(),
                            new ByteArrayInputStream(archive),
                            false,
                            false));
        } catch (IOException e) {
            throw new UncheckedIOException("an archive in memory cannot be read", e);
        }
    }

    /// The formula's value, owned by the first operand's manager.
    NDArray of(NDArray... operands) {
        return IValueUtils.forward(module, new NDList(operands), true).getFirst();
    }

    /// Runs a formula that changes what it is given, without gradients.
    ///
    /// @param operands are closed
    void run(IValue... operands) {
        try {
            IValueUtils.forward(module, operands).close();
        } finally {
            Arrays.stream(operands).forEach(IValue::close);
        }
    }

    private static String source(String parameters, String body) {
        return """
        class Formula(Module):
          __parameters__ = []
          __buffers__ = []
          def forward(self: __torch__.Formula, %s) -> Tensor:
        %s\
        """
                .formatted(parameters, body.indent(4));
    }

    /// The archive that libtorch loads a module from.
    private static byte[] archive(String source) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            put(zip, "version", "3\n");
            put(zip, "code/__torch__.py", source);
            put(zip, "data.pkl", OBJECT);
            put(zip, "constants.pkl", NO_CONSTANTS);
        } catch (IOException e) {
            throw new UncheckedIOException("an archive in memory cannot be written", e);
        }
        return bytes.toByteArray();
    }

    /// Adds a file uncompressed, as libtorch wants it.
    private static void put(ZipOutputStream zip, String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        ZipEntry entry = new ZipEntry("formula/" + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }
}
