package io.sallyport.process;

import org.jspecify.annotations.Nullable;

/** Something that whoever runs this process can mend; the message is a sentence for him. */
public final class OperatorException extends RuntimeException {
    public OperatorException(String sentence) {
        this(sentence, null);
    }

    public OperatorException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
