package rlaif.cli.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The resolved settings: flag over environment over file over preset over default.
public final class Configuration {
    private static final List<String> PASSED_THROUGH = List.of("kafka.", "schema.registry.");

    private final Map<String, String> settings;
    private final Set<String> chosen;

    private Configuration(Map<String, String> settings, Set<String> chosen) {
        this.settings = settings;
        this.chosen = chosen;
    }

    /// Merges the sources, the strongest last, and refuses a name that nobody reads.
    public static Configuration resolve(
            Map<String, String> preset,
            Optional<Path> file,
            Map<String, String> environment,
            Map<String, String> flags) {
        Map<String, String> chosen = new LinkedHashMap<>();
        file.map(SettingsFile::read).ifPresent(chosen::putAll);
        for (Key key : Key.values()) {
            String value = environment.get(key.variable());
            if (value != null) {
                chosen.put(key.key(), value);
            }
        }
        chosen.putAll(flags);
        Map<String, String> merged = new LinkedHashMap<>(preset);
        merged.putAll(chosen);
        merged.forEach(Configuration::requireKnown);
        return new Configuration(merged, chosen.keySet());
    }

    private static void requireKnown(String name, String value) {
        Optional<Key> key = Key.named(name);
        if (key.isPresent()) {
            requireEntry(key.get(), name, value);
            return;
        }
        if (PASSED_THROUGH.stream().anyMatch(name::startsWith)) {
            return;
        }
        List<String> known = new ArrayList<>(Arrays.stream(Key.values()).map(Key::key).toList());
        known.add("kafka.bootstrap.servers");
        known.add("schema.registry.url");
        throw new ConfigurationException(
                "unknown setting " + name + ": did you mean " + NearestName.of(name, known) + "?");
    }

    /// A map's own name holds nothing that anybody would read.
    private static void requireEntry(Key key, String name, String value) {
        if (key.isMap() && name.equals(key.key()) && !value.isBlank()) {
            throw new ConfigurationException(
                    "%s is '%s': it must be written %s.NAME, one for each name (%s)"
                            .formatted(name, value, name, key.meaning()));
        }
    }

    public String text(Key key) {
        return settings.getOrDefault(key.key(), key.fallback()).strip();
    }

    /// The same, where an empty value means that none is given.
    public Optional<String> given(Key key) {
        return Optional.of(text(key)).filter(value -> !value.isEmpty());
    }

    /// Whether the value comes from anywhere but the defaults.
    public boolean isSet(Key key) {
        return settings.containsKey(key.key());
    }

    /// Whether a file, the environment or a flag says it: whoever runs this, and no preset.
    public boolean isChosen(Key key) {
        return chosen.contains(key.key());
    }

    /// A text that is not empty.
    public String name(Key key) {
        return given(key).orElseThrow(() -> wrong(key, "a name, and not empty"));
    }

    public Path path(Key key) {
        try {
            return Path.of(text(key));
        } catch (InvalidPathException impossible) {
            throw wrong(key, "a path");
        }
    }

    /// A file that is there and can be read.
    public Path file(Key key) {
        Path file = path(key).toAbsolutePath();
        if (Files.isReadable(file)) {
            return file;
        }
        throw new ConfigurationException(
                "%s %s cannot be read: %s"
                        .formatted(
                                key.key(),
                                file,
                                Files.exists(file) ? "not permitted" : "no such file"));
    }

    public boolean flag(Key key) {
        return switch (text(key)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(key, "true or false");
        };
    }

    /// A whole number, at least `least`.
    public int whole(Key key, int least) {
        try {
            int value = Integer.parseInt(text(key));
            if (value >= least) {
                return value;
            }
        } catch (NumberFormatException notWhole) {
            // Said below, with the same words as a number that is too small.
        }
        throw wrong(key, "a whole number from " + least);
    }

    /// A whole number, at least `least` and at most `most`.
    public int whole(Key key, int least, int most) {
        try {
            int value = Integer.parseInt(text(key));
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notWhole) {
            // Said below.
        }
        throw wrong(key, "a whole number from %d to %d".formatted(least, most));
    }

    /// A whole number from 0 that may pass the range of an `int`.
    public long count(Key key) {
        try {
            long value = Long.parseLong(text(key));
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException notWhole) {
            // Said below.
        }
        throw wrong(key, "a whole number from 0 to " + Long.MAX_VALUE);
    }

    /// Any whole number.
    public long seed() {
        try {
            return Long.parseLong(text(Key.SEED));
        } catch (NumberFormatException notWhole) {
            throw wrong(Key.SEED, "a whole number");
        }
    }

    /// A finite number, at least `least`.
    public double number(Key key, double least) {
        double value = parsed(text(key));
        if (Double.isFinite(value) && value >= least) {
            return value;
        }
        throw wrong(key, least == -Double.MAX_VALUE ? "a number" : "a number from " + least);
    }

    /// NaN: no number.
    private static double parsed(String text) {
        try {
            return Double.parseDouble(text.strip());
        } catch (NumberFormatException notNumber) {
            return Double.NaN;
        }
    }

    private static String written(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }

    /// A number, at least `least` and at most `most`.
    public double number(Key key, double least, double most) {
        double value = parsed(text(key));
        if (value >= least && value <= most) {
            return value;
        }
        throw wrong(key, "a number from %s to %s".formatted(written(least), written(most)));
    }

    /// A finite number above 0.
    public double positive(Key key) {
        double value = parsed(text(key));
        if (Double.isFinite(value) && value > 0) {
            return value;
        }
        throw wrong(key, "a number above 0");
    }

    /// A number above 0, at most `most`.
    public double positive(Key key, double most) {
        double value = parsed(text(key));
        if (value > 0 && value <= most) {
            return value;
        }
        throw wrong(key, "a number above 0 and at most " + written(most));
    }

    /// The entries below a map's name, whole numbers each, by name.
    public Map<String, Integer> wholes(Key key) {
        Map<String, Integer> entries = new TreeMap<>();
        settings.forEach((name, value) -> {
            if (name.startsWith(key.key() + ".")) {
                String entry = name.substring(key.key().length() + 1);
                try {
                    entries.put(entry, Integer.parseInt(value.strip()));
                } catch (NumberFormatException notWhole) {
                    throw new ConfigurationException(
                            name + " is '" + value + "': it must be a whole number");
                }
            }
        });
        return entries;
    }

    /// The entries below a map's name, numbers from 0 to 1 each, by name.
    public Map<String, Double> shares(Key key) {
        Map<String, Double> entries = new TreeMap<>();
        settings.forEach((name, value) -> {
            if (name.startsWith(key.key() + ".")) {
                double share = parsed(value);
                if (!(share >= 0 && share <= 1)) {
                    throw new ConfigurationException(
                            name + " is '" + value + "': it must be a number from 0 to 1");
                }
                entries.put(name.substring(key.key().length() + 1), share);
            }
        });
        return entries;
    }

    /// The settings that Kafka and the registry client read themselves, as given.
    public Map<String, String> passedThrough() {
        Map<String, String> passed = new TreeMap<>();
        settings.forEach((name, value) -> {
            if (PASSED_THROUGH.stream().anyMatch(name::startsWith)) {
                passed.put(name, value);
            }
        });
        return passed;
    }

    public ConfigurationException wrong(Key key, String must) {
        return new ConfigurationException(
                key.key() + " is '" + text(key) + "': it must be " + must);
    }
}
