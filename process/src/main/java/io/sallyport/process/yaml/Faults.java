package io.sallyport.process.yaml;

import io.sallyport.process.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one configuration file, so that all of it can be told at once. */
public final class Faults {
    private final Path file;
    private final List<String> faults = new ArrayList<>();

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
        String fault = file + ":" + line + ": " + (path.isEmpty() ? "" : path + ": ") + what;
        faults.add(Printable.of(fault));
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
