package io.sallyport.origins;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.UUID;
import org.apache.sshd.common.file.root.RootedFileSystemProvider;
import org.apache.sshd.common.file.root.RootedPath;

/**
 * MINA's rooted file system, which by itself follows links out of its root and lets partners create
 * such links in two steps (a link to {@code .}, then one through it to {@code ..}).
 */
final class ConfinedFileSystemProvider extends RootedFileSystemProvider {
    private final SharedFolder folder;

    ConfinedFileSystemProvider(SharedFolder folder) {
        this.folder = folder;
    }

    /**
     * Every operation of the file system comes through here. A path that leads out becomes one in a
     * directory that does not exist, not an exception: that could only be an unchecked one, after
     * which MINA's SCP reports success.
     */
    @Override
    protected Path resolveLocalPath(RootedPath path) {
        Path local = super.resolveLocalPath(path);
        return folder.contains(local)
                ? local
                : folder.root()
                        .resolve(UUID.randomUUID().toString())
                        .resolve("leads-out-of-the-folder");
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
            Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
        return super.newDirectoryStream(
                directory, local -> folder.contains(local) && filter.accept(local));
    }

    @Override
    public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes) {
        throw new UnsupportedOperationException("symbolic links are not created here");
    }
}
