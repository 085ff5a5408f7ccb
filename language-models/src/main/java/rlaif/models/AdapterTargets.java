package rlaif.models;

import java.util.BitSet;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The matrices that `target_modules` of PEFT names: by the ends of their names, which mean every
/// layer, or one by one by whole paths, as PEFT writes them for small models.
final class AdapterTargets {

    private static final Pattern PATH = Pattern.compile("model\\.layers\\.(\\d{1,9})\\.(.+)");

    private final int layers; // of the base
    private final EnumSet<LoraTarget> everywhere = EnumSet.noneOf(LoraTarget.class);
    private final Map<LoraTarget, BitSet> byLayer = new EnumMap<>(LoraTarget.class);

    AdapterTargets(int layers) {
        this.layers = layers;
    }

    /// Adds what a name stands for.
    ///
    /// @return false: it is the name of no matrix of the base
    boolean add(String name) {
        Optional<LoraTarget> target = LoraTarget.of(name);
        if (target.isPresent()) {
            everywhere.add(target.get());
            return true;
        }
        Matcher path = PATH.matcher(name);
        if (!path.matches()) {
            return false;
        }
        int layer = Integer.parseInt(path.group(1));
        target = LoraTarget.of(path.group(2));
        if (target.isEmpty() || layer >= layers || !path.group(2).equals(target.get().path())) {
            return false;
        }
        byLayer.computeIfAbsent(target.get(), _ -> new BitSet()).set(layer);
        return true;
    }

    /// The kinds of matrices that are named in every layer.
    Set<LoraTarget> targets() {
        Set<LoraTarget> targets = EnumSet.copyOf(everywhere);
        targets.addAll(byLayer.keySet());
        return targets;
    }

    /// The path that lacks where a kind is named in some layers alone: of its first such layer.
    Optional<String> lacking() {
        return byLayer.entrySet().stream()
                .filter(entry -> !everywhere.contains(entry.getKey()))
                .filter(entry -> entry.getValue().cardinality() < layers)
                .map(entry ->
                        "model.layers.%d.%s"
                                .formatted(entry.getValue().nextClearBit(0), entry.getKey().path()))
                .findFirst();
    }
}
