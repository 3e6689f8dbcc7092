package io.sallyport.copy.remote;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a server tells of a file or folder.
 *
 * @param bytes -1 if it is not told
 * @param modified null if it is not told
 */
public record RemoteFile(String name, boolean isFolder, long bytes, @Nullable Instant modified) {}
