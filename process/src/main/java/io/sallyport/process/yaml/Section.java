package io.sallyport.process.yaml;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * One mapping of a configuration file. Faults are collected, and a placeholder is returned in place
 * of a faulty value, which nobody sees: reading ends with {@link Faults#throwIfAny}. Every key that
 * is asked for is known; {@link #end} tells of others.
 */
public final class Section {
    private final Faults faults;
    private final String path;
    private final int line;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();
    private final Set<String> faulty = new HashSet<>();

    Section(Faults faults, MappingNode root) {
        this(faults, "", root, 1);
    }

    /**
     * @param otherwise the line if there is no mapping
     */
    private Section(Faults faults, String path, @Nullable MappingNode mapping, int otherwise) {
        this.faults = faults;
        this.path = path;
        this.line = mapping == null ? otherwise : lineOf(mapping);
        if (mapping == null) {
            return;
        }
        for (var entry : mapping.getValue()) {
            String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            int at = lineOf(entry.getKeyNode());
            if (values.put(key, entry.getValueNode()) != null) {
                faults.add(at, pathTo(key), "the key stands here twice");
            }
            lines.put(key, at);
        }
    }

    public Faults faults() {
        return faults;
    }

    /** The keys as written, for sections whose keys are names that the user chooses. */
    public List<String> keys() {
        known.addAll(values.keySet());
        return List.copyOf(values.keySet());
    }

    /** The keys that were asked for. */
    public Set<String> known() {
        return known;
    }

    public boolean has(String key) {
        known.add(key);
        return values.containsKey(key);
    }

    /** Whether the key is there and no fault of its value was found. */
    public boolean isSound(String key) {
        return has(key) && !faulty.contains(key);
    }

    /** Adds a fault at the place of the key, or of the section if the key is not there. */
    public void fault(String key, String what) {
        faulty.add(key);
        faults.add(lines.getOrDefault(key, line), pathTo(key), what);
    }

    /** Adds a warning at the same place as {@link #fault} would. */
    public void warn(String key, String what) {
        faults.warn(lines.getOrDefault(key, line), pathTo(key), what);
    }

    /** Whether the key's value is a mapping, for keys that take a word as well. */
    public boolean isSection(String key) {
        return has(key) && values.get(key) instanceof MappingNode;
    }

    /** A mapping that must be there; an empty one in its place if it is not. */
    public Section section(String key) {
        if (!has(key)) {
            fault(key, "is missing");
        }
        return optionalSection(key);
    }

    /** A mapping that may be missing or empty. */
    public Section optionalSection(String key) {
        known.add(key);
        Node node = values.get(key);
        if (node instanceof MappingNode mapping) {
            return new Section(faults, pathTo(key), mapping, line);
        }
        if (node != null && !isNothing(node)) {
            fault(key, "must be a mapping of keys to values");
        }
        return new Section(faults, pathTo(key), null, lines.getOrDefault(key, line));
    }

    /** A list of mappings, which may be missing. */
    public List<Section> sections(String key) {
        if (!has(key)) {
            return List.of();
        }
        List<Section> sections = new ArrayList<>();
        if (values.get(key) instanceof SequenceNode list) {
            for (Node node : list.getValue()) {
                String place = pathTo(key) + "[" + sections.size() + "]";
                if (!(node instanceof MappingNode)) {
                    faults.add(lineOf(node), place, "must be a mapping of keys to values");
                }
                sections.add(
                        new Section(
                                faults,
                                place,
                                node instanceof MappingNode mapping ? mapping : null,
                                lineOf(node)));
            }
        } else {
            fault(key, "must be a list of mappings");
        }
        return sections;
    }

    private static boolean isNothing(Node node) {
        return node instanceof ScalarNode scalar
                && scalar.isPlain()
                && List.of("", "~", "null").contains(scalar.getValue());
    }

    /** A value that must be there. */
    public <T> T value(String key, ValueReader<T> reader) {
        if (!has(key)) {
            fault(key, "is missing: it must be " + reader.wanted());
            return reader.placeholder();
        }
        return read(key, values.get(key), reader).orElse(reader.placeholder());
    }

    /** A value that may be missing. */
    public <T> T value(String key, ValueReader<T> reader, T otherwise) {
        return has(key) ? read(key, values.get(key), reader).orElse(otherwise) : otherwise;
    }

    /** One value or a list of them; empty if the key is missing. */
    public <T> List<T> list(String key, ValueReader<T> reader) {
        if (!has(key)) {
            return List.of();
        }
        Node node = values.get(key);
        Stream<Node> nodes =
                node instanceof SequenceNode sequence
                        ? sequence.getValue().stream()
                        : Stream.of(node);
        return nodes.map(entry -> read(key, entry, reader)).flatMap(Optional::stream).toList();
    }

    /** One value or a list of them, at least one of which must be there. */
    public <T> List<T> requiredList(String key, ValueReader<T> reader) {
        Node node = values.get(key);
        if (node == null || (node instanceof SequenceNode list && list.getValue().isEmpty())) {
            fault(key, "is missing: it must be " + reader.wanted() + ", or a list of such");
        }
        return list(key, reader);
    }

    private <T> Optional<T> read(String key, @Nullable Node node, ValueReader<T> reader) {
        if (!(node instanceof ScalarNode scalar)) {
            fault(key, "must be " + reader.wanted());
            return Optional.empty();
        }
        if (isNothing(scalar)) {
            fault(key, "has no value: it must be " + reader.wanted());
            return Optional.empty();
        }
        try {
            return Optional.of(reader.parse(scalar.getValue(), faults.file()));
        } catch (IllegalArgumentException unfit) {
            String detail = unfit.getMessage() == null ? "" : " (" + unfit.getMessage() + ")";
            faulty.add(key);
            faults.add(
                    lineOf(node),
                    pathTo(key),
                    "must be "
                            + reader.wanted()
                            + (reader.isSecret() ? "" : ", but is '" + scalar.getValue() + "'")
                            + detail);
            return Optional.empty();
        }
    }

    /** To be called when all known keys were asked for. */
    public void end() {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                String hint =
                        Nearest.to(key, known)
                                .map(nearest -> "did you mean '" + nearest + "'?")
                                .orElse("known here: " + String.join(", ", known));
                fault(key, "unknown key; " + hint);
            }
        }
    }

    private String pathTo(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static int lineOf(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }
}
