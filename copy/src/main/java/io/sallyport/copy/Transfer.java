package io.sallyport.copy;

import io.sallyport.copy.progress.Progress;
import io.sallyport.copy.progress.Progress.FileDone;
import io.sallyport.copy.progress.Progress.FileStart;
import io.sallyport.copy.remote.Checksum;
import io.sallyport.copy.remote.CopyException;
import io.sallyport.copy.remote.Remote;
import io.sallyport.copy.remote.Remote.Ability;
import io.sallyport.copy.remote.RemoteFile;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * One file, so that it stands under its name only when it is whole: it moves under a temporary
 * name, is compared, and is renamed. What was cut stays under the temporary name, for resuming.
 */
final class Transfer {
    private final Remote remote;
    private final boolean resume;
    private final Duration idleTimeout;
    private final Progress progress;

    Transfer(Remote remote, boolean resume, Duration idleTimeout, Progress progress) {
        this.remote = remote;
        this.resume = resume;
        this.idleTimeout = idleTimeout;
        this.progress = progress;
    }

    void download(String path, RemoteFile file, Path target) throws IOException {
        Path name = target.getFileName();
        if (name == null) {
            throw CopyException.failed(target + " is no name for a file");
        }
        Path part =
                target.resolveSibling(
                        Temporary.nameFor(name.toString(), file.bytes(), file.modified()));
        long begun = System.nanoTime();
        long offset = downloadOffset(part, file.bytes());
        progress.started(new FileStart(target.toString(), file.bytes(), offset));
        if (offset == 0 || offset < file.bytes()) {
            receive(path, part, offset);
        }
        long bytes = Files.size(part);
        if (file.bytes() >= 0 && bytes != file.bytes()) {
            throw CopyException.failed(
                    "%s: %d bytes came, but the server says it has %d"
                            .formatted(target, bytes, file.bytes()));
        }
        String checked;
        try {
            checked = compare(path, part, bytes, file.bytes() >= 0);
        } catch (CopyException differs) {
            Files.deleteIfExists(part);
            throw differs;
        }
        if (file.modified() != null) {
            Files.setLastModifiedTime(part, FileTime.from(file.modified()));
        }
        Files.move(
                part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        done(target.toString(), bytes, offset, begun, checked);
    }

    /** What is there already, if it can be continued. */
    private long downloadOffset(Path part, long bytes) throws IOException {
        if (!resume || bytes < 0 || !remote.can(Ability.RESUME_DOWNLOAD) || !isFile(part)) {
            return 0;
        }
        long there = Files.size(part);
        return there <= bytes ? there : 0;
    }

    private static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    private void receive(String path, Path part, long offset) throws IOException {
        var options =
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        try (var silence = Silence.over(remote, idleTimeout);
                FileChannel file = FileChannel.open(part, options)) {
            file.truncate(offset);
            file.position(offset);
            try (var out = new CountedOutput(Channels.newOutputStream(file), offset, silence)) {
                silence.watched(() -> remote.read(path, offset, out));
                // Whole also after a loss of power, once it has its name.
                file.force(true);
            }
        }
    }

    void upload(Path source, String path) throws IOException {
        long bytes = Files.size(source);
        Instant modified = Files.getLastModifiedTime(source).toInstant();
        boolean renames = remote.can(Ability.RENAME);
        int slash = path.lastIndexOf('/') + 1;
        String part =
                renames
                        ? path.substring(0, slash)
                                + Temporary.nameFor(path.substring(slash), bytes, modified)
                        : path;
        long begun = System.nanoTime();
        long offset = renames ? uploadOffset(part, bytes) : 0;
        progress.started(new FileStart(source.toString(), bytes, offset));
        if (offset == 0 || offset < bytes) {
            send(source, part, offset, bytes);
        }
        if (Files.size(source) != bytes
                || !Files.getLastModifiedTime(source).toInstant().equals(modified)) {
            throw CopyException.failed(source + " has changed while it was copied");
        }
        long stored = remote.find(part).map(RemoteFile::bytes).orElse(-1L);
        if (stored >= 0 && stored != bytes) {
            throw CopyException.failed(
                    "%s: the server has stored %d of %d bytes".formatted(source, stored, bytes));
        }
        String checked;
        try {
            checked = compare(part, source, bytes, stored >= 0);
        } catch (CopyException differs) {
            remote.delete(part);
            throw differs;
        }
        remote.setModified(part, modified);
        if (renames) {
            remote.rename(part, path);
        }
        done(source.toString(), bytes, offset, begun, checked);
    }

    private long uploadOffset(String part, long bytes) throws IOException {
        if (!resume || !remote.can(Ability.RESUME_UPLOAD)) {
            return 0;
        }
        long there = remote.find(part).map(RemoteFile::bytes).orElse(0L);
        return there <= bytes ? Math.max(0, there) : 0;
    }

    private void send(Path source, String path, long offset, long bytes) throws IOException {
        try (var silence = Silence.over(remote, idleTimeout);
                FileChannel file = FileChannel.open(source, StandardOpenOption.READ)) {
            file.position(offset);
            var in = new CountedInput(Channels.newInputStream(file), offset, bytes, silence);
            silence.watched(() -> remote.write(path, offset, in, bytes - offset));
            if (in.count != bytes) {
                throw CopyException.failed(source + " has become shorter while it was copied");
            }
        }
    }

    /** Returns how it is known that both are the same. */
    private String compare(String path, Path here, long bytes, boolean sizeKnown)
            throws IOException {
        Optional<Checksum> there = remote.checksum(path);
        if (there.isPresent() && !there.get().isOf(here)) {
            throw CopyException.failed(
                    "%s: its %s is not the one of the server's %s, so it is not kept"
                            .formatted(here, there.get().algorithm(), path));
        }
        return there.map(checksum -> checksum.algorithm() + " equal")
                .orElse(sizeKnown ? "size equal" : bytes + " bytes, ended in order");
    }

    private void done(String name, long bytes, long offset, long begun, String checked) {
        long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
        progress.done(new FileDone(name, bytes, bytes - offset, millis, checked));
    }

    /** Tells of every byte that is written. */
    private final class CountedOutput extends FilterOutputStream {
        private final Silence silence;
        private long count;

        CountedOutput(OutputStream out, long offset, Silence silence) {
            super(out);
            this.count = offset;
            this.silence = silence;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            count += length;
            silence.moved();
            progress.moved(count);
        }
    }

    /** Tells of every byte that is read, and reads no more than the file had at first. */
    private final class CountedInput extends FilterInputStream {
        private final Silence silence;
        private final long end;
        private long count;

        CountedInput(InputStream in, long offset, long end, Silence silence) {
            super(in);
            this.count = offset;
            this.end = end;
            this.silence = silence;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int most = (int) Math.min(length, end - count);
            int got = most == 0 && length > 0 ? -1 : in.read(bytes, offset, most);
            if (got > 0) {
                count += got;
                silence.moved();
                progress.moved(count);
            }
            return got;
        }

        @Override
        public long transferTo(OutputStream out) throws IOException {
            var buffer = new byte[64 * 1024];
            long moved = 0;
            for (int got = read(buffer, 0, buffer.length);
                    got >= 0;
                    got = read(buffer, 0, buffer.length)) {
                out.write(buffer, 0, got);
                moved += got;
            }
            return moved;
        }
    }
}
