package io.sallyport.process.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a YAML file as a mapping that knows the place of everything in it. */
public final class YamlFile {
    private static final int BYTES_MAX = 1024 * 1024;
    private static final Pattern BARE_IPV6 =
            Pattern.compile("[\\s{,\\[]\\[[0-9a-fA-F:.]*:[^\\]]*]");

    private YamlFile() {}

    /**
     * Reads the file's one document.
     *
     * @throws ConfigurationException if there is no such file, or it is not YAML
     */
    public static Section read(Path file) throws ConfigurationException {
        var faults = new Faults(file);
        Optional<Node> root = Optional.empty();
        try {
            root = compose(text(file), faults);
        } catch (NoSuchFileException missing) {
            faults.add(1, "", "there is no such file; 'sallyport init' writes one to start from");
        } catch (AccessDeniedException denied) {
            faults.add(1, "", "the file can't be read by user " + System.getProperty("user.name"));
        } catch (CharacterCodingException notText) {
            faults.add(1, "", "the file is not text in UTF-8");
        } catch (IOException failed) {
            faults.add(1, "", "the file can't be read: " + failed.getMessage());
        }
        faults.throwIfAny();
        if (root.isPresent() && root.get() instanceof MappingNode mapping) {
            return new Section(faults, mapping);
        }
        faults.add(1, "", "the file must hold a mapping of keys to values");
        faults.throwIfAny();
        throw new IllegalStateException("unreachable");
    }

    private static String text(Path file) throws IOException {
        // A pipe would keep us waiting for as long as nobody writes to it.
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("it is not a regular file");
        }
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = stream.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new IOException("it is larger than 1 MiB, which no configuration is");
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        }
    }

    private static Optional<Node> compose(String text, Faults faults) {
        var settings =
                LoadSettings.builder()
                        .setAllowDuplicateKeys(true)
                        .setMaxAliasesForCollections(0)
                        .build();
        try {
            PlainYaml.check(settings, text, faults);
            if (!faults.isEmpty()) {
                return Optional.empty();
            }
            List<Node> documents = all(settings, text);
            if (documents.size() > 1) {
                faults.add(1, "", "the file must hold one document, not " + documents.size());
            }
            return documents.stream().findFirst();
        } catch (MarkedYamlEngineException malformed) {
            int line = malformed.getProblemMark().map(Mark::getLine).orElse(0) + 1;
            faults.add(line, "", "this is not YAML: " + malformed.getProblem() + hint(text, line));
        } catch (YamlEngineException malformed) {
            faults.add(1, "", "this is not YAML: " + malformed.getMessage());
        }
        return Optional.empty();
    }

    /** The most likely mistake in a file full of addresses has no good message of its own. */
    private static String hint(String text, int line) {
        boolean bare =
                text.lines()
                        .skip(line - 1)
                        .findFirst()
                        .filter(wrong -> BARE_IPV6.matcher(wrong).find())
                        .isPresent();
        return bare ? "; an IPv6 address in brackets needs quotes: \"[::1]:22\"" : "";
    }

    private static List<Node> all(LoadSettings settings, String text) {
        List<Node> nodes = new ArrayList<>();
        new Compose(settings).composeAllFromString(text).forEach(nodes::add);
        return nodes;
    }
}
