package io.sallyport.acceptance.ftp;

import static io.sallyport.acceptance.ftp.FtpServerSettings.openToAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.peer.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder at the server and one at the client, prepared for every operation; tells afterwards
 * whether the operation did what it should, from the files alone.
 *
 * @param origin the folder at the server
 * @param remote what clients call it
 * @param local the folder at the client
 */
public record FtpWorkspace(Path origin, String remote, Path local, FtpMaterial material) {
    private static final List<String> LISTED = List.of("listed-1", "listed-2", "medium", "large");

    /** Prepares both folders; the name is theirs and in use once. */
    public static FtpWorkspace prepare(
            FtpServer server, String name, Path localParent, FtpMaterial material) {
        Path origin = server.folder().resolve(FtpServer.FILES).resolve(name);
        Path local = localParent.resolve(name);
        try {
            openToAll(Files.createDirectory(origin));
            openToAll(Files.createDirectory(origin.resolve("small")));
            Files.writeString(origin.resolve("listed-1"), "one\n");
            Files.writeString(origin.resolve("listed-2"), "two\n");
            Files.createLink(origin.resolve("large"), material.large());
            Files.createLink(origin.resolve("medium"), material.medium());
            openToAll(Files.write(origin.resolve("appended"), material.head()));
            Files.createDirectory(local);
            Files.write(local.resolve("resumed"), material.head());
        } catch (IOException cannotPrepare) {
            throw new UncheckedIOException(cannotPrepare);
        }
        return new FtpWorkspace(origin, "/" + FtpServer.FILES + "/" + name, local, material);
    }

    /** Fails unless the operation left what it should have, here and at the origin. */
    public void verify(FtpOperation operation) {
        switch (operation) {
            case LIST -> assertThat(text(local.resolve("list"))).contains(LISTED);
            case MLSD -> assertThat(text(local.resolve("mlsd"))).contains(LISTED);
            case STOR -> assertLarge(origin.resolve("stored"));
            case RETR -> assertLarge(local.resolve("retrieved"));
            case REST -> assertMedium(local.resolve("resumed"));
            case APPE -> assertMedium(origin.resolve("appended"));
            case ABOR -> assertThat(local.resolve("after-abort")).hasContent("one\n");
            case HUNDRED_FILES -> assertSmall(origin.resolve("small"));
            case TWO_SESSIONS -> {
                assertMedium(origin.resolve("first"));
                assertMedium(local.resolve("second"));
            }
        }
    }

    /** Removes both folders, as a matrix would fill a disk. */
    public void delete() {
        deleteRecursively(origin);
        deleteRecursively(local);
    }

    private void assertLarge(Path file) {
        assertThat(file).exists();
        assertThat(Payload.sha256(file)).as("SHA-256 of " + file).isEqualTo(material.largeSha256());
    }

    private void assertMedium(Path file) {
        assertThat(file).hasBinaryContent(material.mediumContent());
    }

    private static void assertSmall(Path folder) {
        for (int number = 0; number < FtpMaterial.SMALL_FILES; number++) {
            assertThat(folder.resolve(FtpMaterial.smallName(number)))
                    .hasBinaryContent(FtpMaterial.smallContent(number));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException cannotRead) {
            throw new AssertionError(file + " was not written", cannotRead);
        }
    }

    private static void deleteRecursively(Path directory) {
        try (Stream<Path> entries = Files.walk(directory)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        } catch (IOException cannotDelete) {
            throw new UncheckedIOException(cannotDelete);
        }
    }
}
