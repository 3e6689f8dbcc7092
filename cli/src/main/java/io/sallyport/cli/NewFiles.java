package io.sallyport.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.sallyport.cli.pki.Identity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Files that come into being together: all or none, and never in place of one that was there. */
final class NewFiles {
    // Part of creating the file: a chmod afterwards would leave a moment in which others can read.
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;
    private final List<NewFile> files = new ArrayList<>();

    private record NewFile(Path path, String text, List<FileAttribute<?>> attributes) {}

    NewFiles(Path folder) {
        this.folder = folder;
    }

    NewFiles add(String name, String text) {
        files.add(new NewFile(folder.resolve(name), text, List.of()));
        return this;
    }

    /** A file that only its owner may read and write. */
    private NewFiles addSecret(String name, String text) {
        files.add(new NewFile(folder.resolve(name), text, List.of(OWNER_ONLY)));
        return this;
    }

    /** {@code name.crt} and, as a secret, {@code name.key}. */
    NewFiles addIdentity(String name, Identity identity) {
        return add(name + ".crt", identity.certificatePem())
                .addSecret(name + ".key", identity.keyPem());
    }

    /**
     * Creates the folder if need be, and the files.
     *
     * @throws FileAlreadyExistsException if one is there already; nothing is written then
     * @throws IOException if one cannot be written; those before it are removed again
     */
    void write() throws IOException {
        Files.createDirectories(folder);
        for (NewFile file : files) {
            if (Files.exists(file.path(), NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(file.path().toString());
            }
        }
        var created = new ArrayList<Path>();
        try {
            for (NewFile file : files) {
                create(file, created);
            }
        } catch (IOException failure) {
            for (Path path : created) {
                Files.deleteIfExists(path);
            }
            throw failure;
        }
    }

    private static void create(NewFile file, List<Path> created) throws IOException {
        var attributes = file.attributes().toArray(FileAttribute<?>[]::new);
        try (var channel =
                Files.newByteChannel(file.path(), Set.of(CREATE_NEW, WRITE), attributes)) {
            created.add(file.path());
            var bytes = ByteBuffer.wrap(file.text().getBytes(UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }
}
