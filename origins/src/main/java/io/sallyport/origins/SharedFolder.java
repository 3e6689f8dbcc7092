package io.sallyport.origins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * The one folder that an origin shows. Decides which names stay inside it; a symbolic link that
 * leads out of it does not exist for partners.
 */
final class SharedFolder {
    /** What Linux takes as a path; a longer one cannot name a file and is not worth looking at. */
    private static final int PATH_CHARACTERS_MAX = 4096;

    private final Path root;

    private SharedFolder(Path root) {
        this.root = root;
    }

    static SharedFolder of(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(
                    folder + " (an origin shows a folder: create it first)");
        }
        return new SharedFolder(folder.toRealPath());
    }

    Path root() {
        return root;
    }

    /**
     * The file of a name that a partner gave, {@code /} being the folder itself; empty if it is not
     * inside.
     */
    Optional<Path> resolve(String name) {
        try {
            Path path = root.resolve(withoutLeadingSlashes(name)).normalize();
            return contains(path) ? Optional.of(path) : Optional.empty();
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    /**
     * Whether an absolute path, existing or not, is in the folder by its name and after following
     * every link.
     */
    boolean contains(Path path) {
        Path name = path.normalize();
        if (!name.startsWith(root) || name.toString().length() > PATH_CHARACTERS_MAX) {
            return false;
        }
        Path existing = name;
        while (!existing.equals(root) && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            // Never null: everything below the root has a parent.
            existing = Objects.requireNonNull(existing.getParent());
        }
        try {
            return existing.toRealPath().startsWith(root);
        } catch (IOException _) {
            // A dangling link: opening it for writing would create its target, wherever that is.
            return false;
        }
    }

    private static String withoutLeadingSlashes(String name) {
        int start = 0;
        while (start < name.length() && name.charAt(start) == '/') {
            start++;
        }
        return name.substring(start);
    }
}
