package io.sallyport.copy.progress;

/** Hears of a copy. One file at a time, from one thread. */
public interface Progress {

    /** A file, as its user names it, with what is known of it before it moves. */
    record FileStart(String name, long bytes, long alreadyThere) {}

    /** A file that is whole at its place; {@code checked} says how that is known. */
    record FileDone(String name, long bytes, long moved, long millis, String checked) {}

    /** {@code bytes} of the file is -1 if it is not known. */
    void started(FileStart file);

    /** How much of the file that was started is there by now. */
    void moved(long bytes);

    void done(FileDone file);

    void failed(String name, String sentence, int exitCode);

    /** Something that its user should know, and that is no failure. */
    void note(String sentence);
}
