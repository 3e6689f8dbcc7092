package io.sallyport.process.yaml;

import java.util.List;

/** A configuration file has faults: one sentence each, with file, line and YAML path. */
public final class ConfigurationException extends Exception {
    private final List<String> faults;

    ConfigurationException(List<String> faults) {
        super(String.join(System.lineSeparator(), faults), null, false, false);
        this.faults = List.copyOf(faults);
    }

    public List<String> faults() {
        return faults;
    }
}
