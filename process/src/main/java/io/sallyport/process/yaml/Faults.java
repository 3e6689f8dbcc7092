package io.sallyport.process.yaml;

import io.sallyport.process.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one configuration file, so that all of it can be told at once. */
public final class Faults {
    private final Path file;
    private final List<String> faults = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    Faults(Path file) {
        this.file = file;
    }

    /** The file that is read; relative paths in it start at its folder. */
    public Path file() {
        return file;
    }

    /**
     * @param line counted from 1
     * @param path the YAML path, such as {@code services.files.listen}
     * @param what what is wrong and how to mend it
     */
    void add(int line, String path, String what) {
        faults.add(written(line, path, what));
    }

    /** The same, of what can be used as it is, but may not be what was meant. */
    void warn(int line, String path, String what) {
        warnings.add(written(line, path, "warning: " + what));
    }

    private String written(int line, String path, String what) {
        return Printable.of(file + ":" + line + ": " + (path.isEmpty() ? "" : path + ": ") + what);
    }

    /** What may not be what was meant, though nothing is wrong with it. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    boolean isEmpty() {
        return faults.isEmpty();
    }

    /** Throws if anything was wrong. */
    public void throwIfAny() throws ConfigurationException {
        if (!faults.isEmpty()) {
            throw new ConfigurationException(faults);
        }
    }
}
