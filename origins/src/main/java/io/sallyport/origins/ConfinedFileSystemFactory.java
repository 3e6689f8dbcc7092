package io.sallyport.origins;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.Map;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.session.SessionContext;

/** Gives every SSH session the same folder as its whole file system. */
final class ConfinedFileSystemFactory extends VirtualFileSystemFactory {
    private final SharedFolder folder;

    ConfinedFileSystemFactory(SharedFolder folder) {
        super(folder.root());
        this.folder = folder;
    }

    @Override
    public FileSystem createFileSystem(SessionContext session) throws IOException {
        Path root = folder.root();
        return new ConfinedFileSystemProvider(folder).newFileSystem(root, Map.of());
    }
}
