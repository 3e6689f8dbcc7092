package io.sallyport.process.identity;

import io.sallyport.process.yaml.ConfigurationException;
import io.sallyport.process.yaml.Section;
import io.sallyport.process.yaml.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** What a check tells of a file, without the folder and the name of the file. */
final class Faults {
    private Faults() {}

    static List<String> of(Path folder, String yaml, Consumer<Section> check)
            throws IOException, ConfigurationException {
        Path file = Files.writeString(folder.resolve("some.yaml"), yaml);
        Section section = YamlFile.read(file);
        check.accept(section);
        try {
            section.faults().throwIfAny();
            return List.of();
        } catch (ConfigurationException faulty) {
            return faulty.faults().stream()
                    .map(fault -> fault.replace(file + ":", "").replace(folder + "/", ""))
                    .toList();
        }
    }
}
