package rlaif.models;

import ai.djl.Device;
import ai.djl.engine.StandardCapabilities;
import ai.djl.pytorch.jni.LibUtils;
import ai.djl.util.cuda.CudaUtils;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where tensors lie and are computed with: the processor, or one CUDA device.
///
/// @param gpu number of the CUDA device, from 0; -1: the processor
public record TensorDevice(int gpu) {

    /// The processor.
    public static final TensorDevice CPU = new TensorDevice(-1);

    /// What `rlaif` runs with; another needs other native libraries of DJL.
    static final String LIBTORCH = "2.7.1";

    static final String CUDA = "cu128";

    private static final Pattern GPU = Pattern.compile("gpu(?::([0-9]{1,3}))?");

    public TensorDevice {
        if (gpu < -1) {
            throw new IllegalArgumentException("gpu is " + gpu + "; it must be 0 or more, or -1");
        }
    }

    /// Reads `cpu`, `gpu` (the first) or `gpu:N`.
    ///
    /// @throws IllegalArgumentException if the text is none of them
    public static TensorDevice of(String text) {
        if (text.equals("cpu")) {
            return CPU;
        }
        Matcher gpu = GPU.matcher(text);
        if (!gpu.matches()) {
            throw new IllegalArgumentException(
                    "device '" + text + "' is none of cpu, gpu and gpu:N");
        }
        return new TensorDevice(gpu.group(1) == null ? 0 : Integer.parseInt(gpu.group(1)));
    }

    /// What keeps this device from being used, with the way round it; empty: nothing.
    public Optional<String> missing() {
        if (gpu < 0) {
            return Optional.empty();
        }
        return missing(
                CudaUtils.hasCuda() ? CudaUtils.getGpuCount() : 0,
                TensorThread.engine().hasCapability(StandardCapabilities.CUDA),
                LibUtils.getLibtorchPath());
    }

    /// @param devices CUDA devices that the driver shows
    /// @param cuda whether libtorch was built for CUDA
    /// @param libtorch folder it was loaded from
    Optional<String> missing(int devices, boolean cuda, String libtorch) {
        StringBuilder missing = new StringBuilder();
        if (devices == 0) {
            missing.append(
                    " No CUDA device is visible: nvidia-smi must list one, libcudart.so.12 must be on"
                            + " LD_LIBRARY_PATH, and CUDA_VISIBLE_DEVICES must not hide it.");
        } else if (gpu >= devices) {
            missing.append(
                    " There are "
                            + devices
                            + " CUDA devices; the last is gpu:"
                            + (devices - 1)
                            + ".");
        }
        if (!cuda) {
            missing.append(
                    (" The libtorch in %s computes on the processor only. Set PYTORCH_LIBRARY_PATH to the"
                                    + " lib folder of your own libtorch %s+%s, PYTORCH_VERSION=%s and"
                                    + " PYTORCH_FLAVOR=%s.")
                            .formatted(libtorch, LIBTORCH, CUDA, LIBTORCH, CUDA));
        }
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(this + " cannot be used." + missing);
    }

    Device device() {
        return gpu < 0 ? Device.cpu() : Device.gpu(gpu);
    }

    /// As it is written in a configuration.
    @Override
    public String toString() {
        return gpu < 0 ? "cpu" : "gpu:" + gpu;
    }
}
