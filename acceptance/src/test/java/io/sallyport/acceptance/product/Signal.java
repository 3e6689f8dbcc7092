package io.sallyport.acceptance.product;

/** What an operator, or a fault, does to a process. */
public enum Signal {
    KILL,
    TERM,
    HUP,
    INT,
    STOP,
    CONT
}
