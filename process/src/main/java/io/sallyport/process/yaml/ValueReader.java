package io.sallyport.process.yaml;

import java.nio.file.Path;

/** Reads one kind of value. */
public interface ValueReader<T> {
    /** What the value must be, as the rest of a sentence: {@code a number from 1 to 10}. */
    String wanted();

    /**
     * @param file the configuration file, where relative paths start
     * @throws IllegalArgumentException if the text is not such a value; its message is a detail for
     *     the user, or null
     */
    T parse(String text, Path file);

    /** Whether what stands there must not be repeated when it is faulty. */
    default boolean isSecret() {
        return false;
    }

    /** Stands in for a faulty value until the fault is told. */
    T placeholder();
}
