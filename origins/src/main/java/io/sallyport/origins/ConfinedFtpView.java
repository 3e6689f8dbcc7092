package io.sallyport.origins;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.util.List;
import org.apache.ftpserver.filesystem.nativefs.impl.NativeFileSystemView;
import org.apache.ftpserver.filesystem.nativefs.impl.NativeFtpFile;
import org.apache.ftpserver.ftplet.FileSystemView;
import org.apache.ftpserver.ftplet.FtpException;
import org.apache.ftpserver.ftplet.FtpFile;
import org.apache.ftpserver.ftplet.User;

/**
 * One FTP session's view of the folder: FtpServer's own, which follows links out of the folder,
 * without those.
 */
final class ConfinedFtpView implements FileSystemView {
    private final SharedFolder folder;
    private final User user;
    private final NativeFileSystemView unconfined;

    ConfinedFtpView(SharedFolder folder, User user) throws FtpException {
        this.folder = folder;
        this.user = user;
        this.unconfined = new NativeFileSystemView(user, false);
    }

    @Override
    public FtpFile getHomeDirectory() throws FtpException {
        return confined(unconfined.getHomeDirectory());
    }

    @Override
    public FtpFile getWorkingDirectory() throws FtpException {
        return confined(unconfined.getWorkingDirectory());
    }

    @Override
    public boolean changeWorkingDirectory(String directory) {
        return contains(unconfined.getFile(directory))
                && unconfined.changeWorkingDirectory(directory);
    }

    @Override
    public FtpFile getFile(String name) throws FtpException {
        return confined(unconfined.getFile(name));
    }

    @Override
    public boolean isRandomAccessible() {
        return unconfined.isRandomAccessible();
    }

    @Override
    public void dispose() {
        unconfined.dispose();
    }

    private FtpFile confined(FtpFile file) throws FtpException {
        if (!contains(file)) {
            throw new FtpException(file.getAbsolutePath() + " is not in the folder");
        }
        return new ConfinedFtpFile(file);
    }

    private boolean contains(FtpFile file) {
        try {
            return folder.contains(physical(file).toPath());
        } catch (InvalidPathException _) {
            return false;
        }
    }

    private static File physical(FtpFile file) {
        return (File) file.getPhysicalFile();
    }

    private final class ConfinedFtpFile extends NativeFtpFile {
        ConfinedFtpFile(FtpFile file) {
            super(file.getAbsolutePath(), physical(file), user);
        }

        @Override
        public List<FtpFile> listFiles() {
            List<FtpFile> files = super.listFiles();
            return files == null
                    ? List.of()
                    : files.stream().filter(ConfinedFtpView.this::contains).toList();
        }
    }
}
